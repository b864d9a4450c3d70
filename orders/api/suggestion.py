"""Same as last time, over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.api.endpoints import AccountEndpoint
from config.kernel.api.fields import Fen, Moment, Yuan, local
from config.kernel.api.schema import describe
from config.kernel.money import yuan
from orders.access import access_window_as_resident
from orders.api.shapes import HomeQuery
from orders.models import Order
from orders.placing.again import Again, Suggestion, Verdict, same_as_last_time


class SuggestedLine(serializers.Serializer[Any]):
    """`quantity`: what can be had now of what was `wanted`; `offer` is null if the product is not offered this time."""

    offer = serializers.UUIDField(allow_null=True)
    short_number = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    spec = serializers.CharField()
    unit = serializers.CharField()
    wanted = serializers.IntegerField(help_text="What was ordered then.")
    quantity = serializers.IntegerField()
    tolerance = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=[verdict.value for verdict in Verdict])
    price_then_fen = Fen()
    price_fen = Fen(allow_null=True)
    dearer_by_fen = Fen(allow_null=True, help_text="Of one piece; below zero: cheaper.")


class SuggestedFrom(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    window_title = serializers.CharField()
    number = serializers.IntegerField()
    placed_at = Moment()


class OrderToSend(serializers.Serializer[Any]):
    """A body for POST …/orders, as it is."""

    @extend_schema_serializer(component_name="LineToSend")
    class Line(serializers.Serializer[Any]):
        offer = serializers.UUIDField()
        quantity = serializers.IntegerField()
        tolerance = serializers.IntegerField()

    lines = Line(many=True)
    expected_total_fen = Fen()


class SameAsLastTime(AccountEndpoint):
    """GET /windows/{id}/suggestion"""

    Query = HomeQuery

    @extend_schema_serializer(component_name="Suggestion")
    class Output(serializers.Serializer[Any]):
        last_order = SuggestedFrom(allow_null=True)
        lines = SuggestedLine(many=True)
        total_fen = Fen()
        total = Yuan()
        order = OrderToSend(allow_null=True)

    @describe(
        id="suggestOrder",
        summary="Same as last time",
        detail=(
            "My household's newest order from this supplier in another group buy, as far as it can "
            "be had in this one. Nothing is held: send `order` to place it. `last_order` is null "
            "if there was none, `order` if nothing of it can be had."
        ),
        tag="residents",
        answer=Output,
        query=HomeQuery,
        errors=(404,),
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        seen = access_window_as_resident(self.account, public_id=public_id, **self.query)
        suggestion = same_as_last_time(window_id=seen.window_id, household_id=seen.household_id)
        return Response(_body(suggestion))


def _body(suggestion: Suggestion) -> dict[str, Any]:
    wishes, total_fen = suggestion.wishes, suggestion.total_fen
    lines = [
        {"offer": wish.offer, "quantity": wish.quantity, "tolerance": wish.tolerance}
        for wish in wishes
    ]
    return {
        "last_order": _from(suggestion.last) if suggestion.last else None,
        "lines": [_line(again) for again in suggestion.lines],
        "total_fen": total_fen,
        "total": yuan(total_fen),
        "order": {"lines": lines, "expected_total_fen": total_fen} if lines else None,
    }


def _from(order: Order) -> dict[str, Any]:
    return {
        "id": order.public_id,
        "window_title": order.window.title,
        "number": order.number,
        "placed_at": local(order.placed_at, order.community.zone),
    }


def _line(again: Again) -> dict[str, Any]:
    shown, now = again.offer or again.line.offer, again.offer
    return {
        "offer": now.public_id if now else None,
        "short_number": now.short_number if now else None,
        "name": shown.name,
        "spec": shown.spec,
        "unit": shown.unit,
        "wanted": again.line.quantity,
        "quantity": again.quantity,
        "tolerance": again.tolerance,
        "verdict": again.verdict.value,
        "price_then_fen": again.line.price_fen,
        "price_fen": now.price_fen if now else None,
        "dearer_by_fen": now.price_fen - again.line.price_fen if now else None,
    }
