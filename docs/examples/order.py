"""A resident's program, with the typed client that `make client` makes: look, order, send again, cancel.

    make client
    PYTHONPATH=var/client python docs/examples/order.py http://127.0.0.1:8000 TOKEN

It orders one piece of the first offer that is left in the first group buy that takes orders, sends the same once more
as one does after a lost reply, and cancels. Each line it prints is a step; a refusal or nothing to order ends it with
a sentence.
"""

from __future__ import annotations

import sys
import uuid
from typing import TypeVar

from jidan_client import AuthenticatedClient
from jidan_client.api.me import get_me
from jidan_client.api.residents import (
    cancel_order,
    get_order,
    get_window,
    list_windows,
    place_order,
    suggest_order,
)
from jidan_client.models import (
    CancellationRequest,
    Error,
    Me,
    NewOrderRequest,
    Offer,
    Order,
    Receipt,
    Suggestion,
    Window,
    WindowPage,
    WishedLineRequest,
)

Answer = TypeVar("Answer")


def main(address: str, token: str) -> None:
    with AuthenticatedClient(base_url=address, token=token) as client:
        home = expected(Me, get_me.sync(client=client)).households[0]
        print(f"signed in: {home.building} {home.room}")
        window = look(client)
        receipt = order(client, window, left_in(window))
        cancel(client, receipt)


def look(client: AuthenticatedClient) -> Window:
    listed = expected(WindowPage, list_windows.sync(client=client)).results
    # The list has those too that will open.
    taking = next((one for one in listed if one.takes_orders), None)
    if taking is None:
        raise SystemExit("no group buy takes orders now")
    window = expected(Window, get_window.sync(taking.id, client=client))
    print(f"open: {window.title}, offers: {len(window.offers)}")
    before = expected(Suggestion, suggest_order.sync(window.id, client=client))
    print("same as last time:", before.total if before.order else "nothing yet")
    return window


def left_in(window: Window) -> Offer:
    """The first offer of which there is a piece that this household may have; None is no limit."""
    for offer in window.offers:
        if offer.is_active and offer.remaining != 0 and offer.my_remaining_limit != 0:
            return offer
    raise SystemExit("nothing is left of it")


def order(client: AuthenticatedClient, window: Window, offer: Offer) -> Receipt:
    wished = NewOrderRequest(
        lines=[WishedLineRequest(offer=offer.id, quantity=1)],
        # What the buyer was shown: if it is not the price any more, nothing is bought.
        expected_total_fen=offer.price_fen,
        note="放门口",
    )
    # Made before anything is sent, and kept with what the person wanted: however often it is sent, it buys once.
    key = str(uuid.uuid4())
    placed = expected(
        Receipt, place_order.sync(window.id, client=client, body=wished, idempotency_key=key)
    )
    print(f"ordered: no. {placed.number}, {placed.total} yuan")
    again = place_order.sync_detailed(window.id, client=client, body=wished, idempotency_key=key)
    same = expected(Receipt, again.parsed).id == placed.id
    print(f"sent again: same order {same}, replayed {again.headers['Idempotent-Replayed']}")
    return placed


def cancel(client: AuthenticatedClient, receipt: Receipt) -> None:
    key, why = str(uuid.uuid4()), CancellationRequest(reason="only an example")
    expected(Receipt, cancel_order.sync(receipt.id, client=client, body=why, idempotency_key=key))
    print("cancelled:", expected(Order, get_order.sync(receipt.id, client=client)).status)


def expected(kind: type[Answer], answer: object) -> Answer:
    """The answer, if it is of that kind; a refusal ends the program with its sentence."""
    if isinstance(answer, kind):
        return answer
    raise SystemExit(f"refused: {answer.detail if isinstance(answer, Error) else answer}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: order.py ADDRESS TOKEN")
    main(*sys.argv[1:])
