"""Residents with telephones: those who have what is scarce, wait for it, come too late, join, leave, are asked."""

from __future__ import annotations

import json
import random
import secrets
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction

from communities.models import Household, Membership
from communities.people import AlreadyEnded, end_membership
from config.kernel import clock
from tests.faults.phone import Reply
from tests.faults.roads.lines import Mouth, phone
from tests.faults.roads.scene import PATIENCE, Asked, Ended, Scene, basket_body
from tests.faults.roads.world import VERSION, Door, Seat

Act = Callable[[], None]
# Of those who hold, wait and ask, so many give up what they have.
_GIVE_UP = 0.6
_DEVICES = 2


def acts(scene: Scene) -> list[Act]:
    town = scene.town
    scene.heard.joining = _DEVICES * len(town.joining)
    return [
        *(
            partial(_hold, scene, seat, held)
            for seat, held in zip(town.holding, town.held, strict=True)
        ),
        *(partial(_wait, scene, seat) for seat in town.waiting[1:]),
        *(partial(_buy, scene, seat) for seat in town.buying),
        *(partial(_answer, scene, seat, turn) for seat in town.buying for turn in range(2)),
        *(partial(_join, scene, door, turn) for door in town.joining for turn in range(_DEVICES)),
        *(
            partial(_order_until_the_end, scene, seat, other)
            for seat, other in zip(town.leaving, town.second, strict=True)
        ),
    ]


def _mouth(scene: Scene, seat: Seat, name: str) -> Mouth:
    return scene.mouth(phone(scene.address, f"Bearer {seat.token}"), name, seat.principal)


def told(reply: Reply) -> Any:
    return json.loads(reply.body)


def _hold(scene: Scene, seat: Seat, held: str) -> None:
    """One piece of what others wait for, and one of something else: some give it back, whole or the one piece."""
    rng, mouth = scene.rng(f"hold {seat.room}"), _mouth(scene, seat, f"hold {seat.room}")
    scene.dawdle(rng, after=0.4)
    if rng.random() < _GIVE_UP:
        key = scene.key(f"hold-{seat.room}")
        if rng.random() < 0.5:
            mouth.ask("POST", f"orders/{held}/cancel", {}, key=key)
        else:
            body = basket_body((scene.town.goods[1], rng.randint(1, 3)))
            mouth.ask("PUT", f"orders/{held}", body, key=key)
    mouth.close()


def _wait(scene: Scene, seat: Seat) -> None:
    """In the line for what is sold out; some leave it again. Where pieces are free at that moment, one orders them."""
    rng, mouth = scene.rng(f"wait {seat.room}"), _mouth(scene, seat, f"wait {seat.room}")
    scarce, window = scene.town.scarce, scene.town.window.public_id
    scene.dawdle(rng, 0.6)
    pieces = rng.choice((1, 1, 2))
    body = {"quantity": pieces, "expected_total_fen": pieces * scarce.price_fen}
    path = f"windows/{window}/offers/{scarce.id}/wait"
    answer = mouth.ask("POST", path, body, key=scene.key(f"wait-{seat.room}"))
    if answer.status == 201 and rng.random() < _GIVE_UP / 2:
        scene.dawdle(rng, 0.5)
        path = f"waiting/{told(answer)['id']}/leave"
        mouth.ask("POST", path, {}, key=scene.key(f"leave-{seat.room}"))
    elif answer.status == 409:
        key = scene.key(f"instead-{seat.room}")
        mouth.ask("POST", f"windows/{window}/orders", basket_body((scarce, 1)), key=key)
    mouth.close()


def _buy(scene: Scene, seat: Seat) -> None:
    """Newcomers: what is scarce too, until they are told that it is gone, then something else; a single request."""
    rng, mouth = scene.rng(f"buy {seat.room}"), _mouth(scene, seat, f"buy {seat.room}")
    town, path = scene.town, f"windows/{scene.town.window.public_id}/orders"
    for turn in range(4):
        scene.dawdle(rng, 0.3)
        body = basket_body((town.scarce, 1), (town.goods[2], 1))
        mouth.ask("POST", path, body, key=scene.key(f"scarce-{seat.room}-{turn}"))
    mouth.ask("POST", path, basket_body((town.goods[3], 2)), key=scene.key(f"buy-{seat.room}"))
    for turn in range(2):
        body = {"what": f"高钙奶粉 {turn}", "quantity": 1 + turn}
        answer = mouth.ask("POST", "requests", body, key=scene.key(f"request-{seat.room}-{turn}"))
        if answer.status == 201 and turn:
            path = f"requests/{told(answer)['id']}/withdraw"
            mouth.ask("POST", path, {}, key=scene.key(f"withdraw-{seat.room}"))
    mouth.close()


def _answer(scene: Scene, seat: Seat, turn: int) -> None:
    """Two of a household answer the survey at once, and change their minds."""
    name = f"survey {seat.room} {turn}"
    rng, mouth = scene.rng(name), _mouth(scene, seat, name)
    for again in range(2):
        scene.dawdle(rng, 0.4)
        chosen = rng.sample(scene.town.items, rng.randint(0, 3))
        wanted = {item: rng.randint(1, 9) for item in chosen}
        lines = [{"item": item, "quantity": pieces} for item, pieces in wanted.items()]
        path = f"surveys/{scene.town.survey.public_id}/answer"
        key = scene.key(f"survey-{seat.room}-{turn}-{again}")
        sent = time.time()
        answer = mouth.ask("PUT", path, {"lines": lines}, key=key)
        if answer.status == 200:
            scene.heard.answers.append((seat.household, wanted, sent, answer.heard))
    mouth.close()


# Coming in, and going.


def _join(scene: Scene, door: Door, turn: int) -> None:
    """With a slip in hand: ask, wait until somebody decides, or take it back; whoever is let in orders."""
    name = f"join {door.room} {turn}"
    rng, claim = scene.rng(name), secrets.token_urlsafe(32)
    mouth = scene.mouth(phone(scene.address), name)
    try:
        scene.dawdle(rng, 0.6)
        body = {"code": door.code, "name": f"王阿姨{turn}", "consent": VERSION, "claim": claim}
        asked = told(mouth.ask("POST", "join", body))["id"]
        if rng.random() < _GIVE_UP / 3:
            mouth.ask("POST", f"join/{asked}/withdraw", {"claim": claim})
        standing = _decided(mouth, asked, claim, rng)
        token = standing["token"] or ""
        scene.heard.asked.append(Asked(asked, door.household, standing["status"], token))
    finally:
        scene.heard.joining -= 1
        mouth.close()
    if token:
        _first_order(scene, token, f"{door.room}-{turn}")


def _decided(mouth: Mouth, asked: str, claim: str, rng: random.Random) -> dict[str, Any]:
    """What the device is told in the end, twice the same. Raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        standing: dict[str, Any] = told(mouth.ask("POST", f"join/{asked}", {"claim": claim}))
        if standing["status"] != "waiting":
            again = told(mouth.ask("POST", f"join/{asked}", {"claim": claim}))
            if again != standing:
                raise AssertionError("a device was told two things of its wish")
            return standing
        time.sleep(rng.uniform(0.2, 0.5))
    raise TimeoutError("nobody decided about a wish to join")


def _first_order(scene: Scene, token: str, name: str) -> None:
    from knox.crypto import hash_token  # noqa: PLC0415 -- looked up by nobody else here

    users = Membership.objects.filter(user__auth_token_set__digest=hash_token(token))
    user = scene.patiently(lambda: users.values_list("user_id", flat=True).first())
    mouth = scene.mouth(phone(scene.address, f"Bearer {token}"), f"in {name}", f"user:{user}")
    path = f"windows/{scene.town.window.public_id}/orders"
    body = basket_body((scene.town.goods[1], 1))
    answer = mouth.ask("POST", path, body, key=scene.key(f"in-{name}"))
    if answer.status != 201:
        scene.heard.failed.append(f"who was let in cannot order: {answer.status} {answer.body!r}")
    mouth.close()


def _order_until_the_end(scene: Scene, seat: Seat, other: Seat) -> None:
    """One device orders again and again, until the other one, or a volunteer, ends that; then twice more."""
    rng, mouth = scene.rng(f"leave {seat.room}"), _mouth(scene, seat, f"leave {seat.room}")
    path = f"windows/{scene.town.window.public_id}/orders"
    end, ended = time.monotonic() + scene.seconds * rng.uniform(0.2, 0.9), False
    for turn in range(200):
        body = basket_body((scene.town.goods[4], 1))
        mouth.ask("POST", path, body, key=scene.key(f"leaving-{seat.room}-{turn}"))
        if ended and turn % 2:
            break
        if not ended and time.monotonic() > end:
            how = rng.choice(("revoked", "moved out", "thrown out"))
            _end(scene, how, seat, other)
            scene.heard.ended.append(Ended(how, time.time(), mouth))
            ended = True
        time.sleep(rng.uniform(0.05, 0.25))
    # What was answered before is answered to nobody any more either.
    mouth.ask("POST", path, body, key=scene.key(f"leaving-{seat.room}-0"))
    mouth.close()


def _end(scene: Scene, how: str, seat: Seat, other: Seat) -> None:
    if how == "thrown out":
        scene.insist(partial(_throw_out, scene, seat))
        return
    mouth = _mouth(scene, other, f"other {other.room}")
    if how == "revoked":
        path = f"me/devices/{seat.device}/revoke"
    else:
        home = scene.patiently(lambda: Household.objects.get(pk=seat.household))
        path = f"me/households/{home.public_id}/leave"
    mouth.ask("POST", path, {}, key=scene.key(f"end-{seat.room}"))
    mouth.close()


def _throw_out(scene: Scene, seat: Seat) -> None:
    membership = Membership.objects.get(user=seat.user, household=seat.household)
    try:
        with transaction.atomic(durable=True):
            end_membership(membership=membership, actor=scene.town.actor, at=clock.now())
    except AlreadyEnded:
        return
