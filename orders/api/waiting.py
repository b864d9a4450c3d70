"""Waiting lists over REST: join, look at one's place, leave."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.api.endpoints import AccountEndpoint
from config.kernel.api.command import command
from config.kernel.api.fields import Fen, Moment, PublicId, Strict, Whole, Yuan, local
from config.kernel.api.pages import PageQuery, newest_first
from config.kernel.api.schema import describe
from config.kernel.errors import NotFound
from config.kernel.money import yuan
from orders.access import access_waiting, access_window_as_resident, waiting_of_resident
from orders.api.menu import takes_orders
from orders.api.receipts import window_body
from orders.api.shapes import MAX_FEN, Cancellation, WindowOfOrder
from orders.models import Offer, WaitingWish
from orders.models.order import MAX_QUANTITY
from orders.placing.errors import UnknownOffer
from orders.states import WaitingStatus
from orders.waiting.joining import join_waiting, leave_waiting
from orders.waiting.line import with_places


class WaitedFor(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    short_number = serializers.IntegerField()
    name = serializers.CharField()
    spec = serializers.CharField()
    unit = serializers.CharField()
    price_fen = Fen(help_text="As agreed to.")


@extend_schema_serializer(component_name="Waiting")
class WaitingBody(serializers.Serializer[Any]):
    """`place` counts from 1 and is null for who waits no more; `order` is the one that was placed for a wish that was
    served. `can_be_served` is a hint: false after the cutoff.
    """

    id = serializers.UUIDField()
    window = WindowOfOrder()
    offer = WaitedFor()
    household = serializers.CharField()
    household_id = serializers.UUIDField()
    quantity = serializers.IntegerField()
    total_fen = Fen()
    total = Yuan()
    status = serializers.ChoiceField(choices=WaitingStatus.values)
    place = serializers.IntegerField(allow_null=True)
    can_be_served = serializers.BooleanField()
    order = serializers.UUIDField(allow_null=True)
    joined_at = Moment()
    ended_at = Moment(allow_null=True)


def _body(wish: WaitingWish) -> dict[str, Any]:
    """`wish` comes from with_places."""
    waits = wish.status == WaitingStatus.WAITING
    zone = wish.community.zone
    total_fen = wish.price_fen * wish.quantity
    return {
        "id": wish.public_id,
        "window": window_body(wish.window),
        "offer": {
            "id": wish.offer.public_id,
            "short_number": wish.offer.short_number,
            "name": wish.offer.name,
            "spec": wish.offer.spec,
            "unit": wish.offer.unit,
            "price_fen": wish.price_fen,
        },
        "household": f"{wish.household.building.label} {wish.household.room}",
        "household_id": wish.household.public_id,
        "quantity": wish.quantity,
        "total_fen": total_fen,
        "total": yuan(total_fen),
        "status": wish.status,
        "place": wish.place if waits else None,  # type: ignore[attr-defined]
        "can_be_served": waits and takes_orders(wish.window),
        "order": wish.order.public_id if wish.order else None,
        "joined_at": local(wish.joined_at, zone),
        "ended_at": local(wish.ended_at, zone),
    }


class Join(AccountEndpoint):
    """POST /windows/{id}/offers/{offer_id}/wait"""

    @extend_schema_serializer(component_name="WishToWait")
    class Input(Strict):
        quantity = Whole(min_value=1, max_value=MAX_QUANTITY)
        expected_total_fen = Whole(
            min_value=0, max_value=MAX_FEN, help_text="The price times the quantity."
        )
        household = PublicId(
            required=False,
            help_text="For whom, if one orders for several; else for the one joined first.",
        )

    @describe(
        id="joinWaiting",
        summary="Wait for an offer that is sold out",
        detail=(
            "As pieces come free, those who wait are served in the order of joining: an order is "
            "placed for the household by itself, at the price agreed to and within its limits, "
            "until the cutoff; a message tells, and it may be cancelled like any other. A wish is "
            "served whole or not at all; a smaller one behind it may be served first, and pieces "
            "that suit no wish are sold to anybody. `409`: `not_sold_out` (order what is left, "
            "`fields` says how many), `already_waiting`, `too_many_to_wait_for` (`fields` says how "
            "many at most), and what `placeOrder` has."
        ),
        tag="residents",
        answer=WaitingBody,
        status=201,
        body=Input,
        errors=(404,),
    )
    @command
    def post(self, request: Request, public_id: UUID, offer_id: UUID) -> Response:
        given = self.Input.read(request.data)
        home = {"household": given.pop("household")} if "household" in given else {}
        seen = access_window_as_resident(self.account, public_id=public_id, **home)
        try:
            wish = join_waiting(
                window_id=seen.window_id,
                community_id=seen.community_id,
                household_id=seen.household_id,
                actor=self.actor,
                offer=offer_id,
                **given,
            )
        except UnknownOffer:
            # Taken off the menu it may be; the address of what never was on it names nothing.
            if not Offer.objects.filter(window=seen.window_id, public_id=offer_id).exists():
                raise NotFound() from None
            raise
        return Response(_shown(self.account, wish), status=201)


def _shown(account: Any, wish: WaitingWish) -> dict[str, Any]:
    return _body(with_places(waiting_of_resident(account)).get(pk=wish.pk))


class MyWaiting(AccountEndpoint):
    """GET /waiting"""

    @extend_schema_serializer(component_name="WaitingQuery")
    class Query(PageQuery):
        window = PublicId(required=False, help_text="Of this group buy.")
        status = serializers.ChoiceField(
            choices=[*WaitingStatus.values, "all"], default=WaitingStatus.WAITING
        )

    @extend_schema_serializer(component_name="WaitingPage")
    class Output(serializers.Serializer[Any]):
        results = WaitingBody(many=True)
        next_cursor = serializers.CharField(allow_null=True)

    @describe(
        id="listMyWaiting",
        summary="What my household waits for, newest first",
        tag="residents",
        answer=Output,
        query=Query,
    )
    def get(self, request: Request) -> Response:
        wishes, asked = waiting_of_resident(self.account), dict(self.query)
        if (window := asked.pop("window", None)) is not None:
            wishes = wishes.filter(window__public_id=window)
        if (status := asked.pop("status")) != "all":
            wishes = wishes.filter(status=status)
        page = newest_first(with_places(wishes), **asked)
        return Response(
            {"results": [_body(row) for row in page.rows], "next_cursor": page.next_cursor}
        )


class OneWaiting(AccountEndpoint):
    """GET /waiting/{id}"""

    @describe(
        id="getWaiting",
        summary="My place in a waiting list",
        tag="residents",
        answer=WaitingBody,
        errors=(404,),
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        wish = access_waiting(self.account, public_id=public_id)
        return Response(_shown(self.account, wish))


class Leave(AccountEndpoint):
    """POST /waiting/{id}/leave"""

    @describe(
        id="leaveWaiting",
        summary="Give up a place in a waiting list",
        detail="`409` `not_waiting`: it was served meanwhile (`fields.order`) or given up already.",
        tag="residents",
        answer=WaitingBody,
        body=Cancellation,
        errors=(404,),
    )
    @command
    def post(self, request: Request, public_id: UUID) -> Response:
        given = Cancellation.read(request.data)
        wish = access_waiting(self.account, public_id=public_id)
        leave_waiting(wish=wish, actor=self.actor, **given)
        return Response(_shown(self.account, wish))
