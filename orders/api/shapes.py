"""The shapes that several of the residents' operations share; the views make them, the schema describes them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from communities.models import Household
from config.kernel.api.fields import Fen, Moment, PublicId, Strict, Text, Whole, Yuan
from orders.models import Order, ProxyWish
from orders.models.order import MAX_QUANTITY
from orders.placing.wishes import MAX_LINES, Wish
from orders.states import OrderStatus, WindowStatus

# An order at the highest price and quantity of every line stays far below; a bigint holds it.
MAX_FEN = 10**15


class WishedLine(Strict):
    """`tolerance`: up to so many pieces more, if they fill an order multiple."""

    offer = PublicId()
    quantity = Whole(min_value=1, max_value=MAX_QUANTITY)
    tolerance = Whole(min_value=0, max_value=MAX_QUANTITY, default=0)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Two bags and up to one more",
            {
                "lines": [
                    {
                        "offer": "3f0e9b0a-6c1e-4a55-8f29-6f0b4a2c8d11",
                        "quantity": 2,
                        "tolerance": 1,
                    }
                ],
                "expected_total_fen": 780,
                "note": "放门口",
            },
            request_only=True,
        )
    ]
)
class WishedOrder(Strict):
    """What the household wants, and the total it was shown: the price times the quantity, summed over the lines."""

    default_error_messages = {"twice": _("The same product stands twice.")}

    lines = serializers.ListField(child=WishedLine(), min_length=1, max_length=MAX_LINES)
    expected_total_fen = Whole(min_value=0, max_value=MAX_FEN)
    note = Text(required=False, allow_blank=True, max_length=200)
    substitutes = serializers.ChoiceField(
        choices=Household.Substitutes.values,
        required=False,
        help_text="If goods are short; without it what the household's settings say.",
    )

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        offers: set[UUID] = {line["offer"] for line in lines}
        if len(offers) != len(lines):
            self.fail("twice")
        return lines

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """Keyword arguments for the verbs of placing. Raises ValidationError."""
        values = super().read(data)
        wishes = [Wish(**line) for line in values.pop("lines")]
        return {**values, "wishes": wishes}


class HomeQuery(Strict):
    """`?household=`"""

    household = PublicId(
        required=False,
        help_text="Of mine, for whoever orders for several; else the one joined first.",
    )


class NewOrder(WishedOrder):
    """`household`: for whom, if one orders for several; else for the one joined first."""

    household = PublicId(required=False)


class ChangedOrder(WishedOrder):
    """Other lines; `expected_version` guards against somebody at home, or a waiting list, that changed the order
    meanwhile. An order to which a waiting list has added goods is not changed without it.
    """

    expected_version = Whole(required=False, min_value=1, max_value=2**31 - 1)


class Cancellation(Strict):
    """Why, if somebody wants to say."""

    reason = Text(required=False, allow_blank=True, max_length=200)


class Receipt(serializers.Serializer[Any]):
    """What a command on an order answers. `number` is the number in the list (接龙号)."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=OrderStatus.values)
    version = serializers.IntegerField(help_text="Grows with each change.")
    total_fen = Fen()
    total = Yuan()
    placed_at = Moment()
    changed_at = Moment(allow_null=True)


@extend_schema_serializer(component_name="OrderLine")
class LineBody(serializers.Serializer[Any]):
    """`allocated`, `charged_fen`: what the household really gets and owes for it; null until the order has gone to the
    supplier. `reason` says why it is less, if it is.
    """

    offer = serializers.UUIDField()
    short_number = serializers.IntegerField()
    name = serializers.CharField()
    spec = serializers.CharField()
    unit = serializers.CharField()
    quantity = serializers.IntegerField()
    tolerance = serializers.IntegerField()
    price_fen = Fen()
    price = Yuan()
    amount_fen = Fen()
    amount = Yuan()
    allocated = serializers.IntegerField(allow_null=True)
    charged_fen = Fen(allow_null=True)
    reason = serializers.CharField()


@extend_schema_serializer(component_name="Proxy")
class ProxyBody(serializers.Serializer[Any]):
    """Who asked for an order that somebody else wrote down, and who pays for it. `sentence` is for people."""

    road = serializers.ChoiceField(choices=ProxyWish.Road.values)
    asked_by = serializers.ChoiceField(choices=ProxyWish.Asker.values)
    payer = serializers.ChoiceField(choices=ProxyWish.Payer.values)
    wished_at = Moment(help_text="When it was asked for: a call counts when it rang.")
    sentence = serializers.CharField()


class WindowOfOrder(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=WindowStatus.values)
    deliver_on = serializers.DateField(allow_null=True)
    supplier = serializers.CharField()
    supplier_id = serializers.UUIDField()


@extend_schema_serializer(component_name="Order")
class OrderBody(serializers.Serializer[Any]):
    """`can_change` is a hint; the database's clock decides. `charged_fen`: what is owed for what was got, null until
    that is known; `difference_fen` is it minus `total_fen`. `reason`: why the order ended, if it was cancelled.
    """

    id = serializers.UUIDField()
    window = WindowOfOrder()
    household = serializers.CharField()
    household_id = serializers.UUIDField()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=OrderStatus.values)
    can_change = serializers.BooleanField()
    version = serializers.IntegerField()
    total_fen = Fen()
    total = Yuan()
    charged_fen = Fen(allow_null=True)
    charged = Yuan(allow_null=True)
    difference_fen = Fen(allow_null=True)
    note = serializers.CharField()
    substitutes = serializers.ChoiceField(choices=Household.Substitutes.values)
    reason = serializers.CharField()
    channel = serializers.ChoiceField(choices=Order.Channel.values)
    proxy = ProxyBody(allow_null=True)
    placed_at = Moment()
    changed_at = Moment(allow_null=True)
    cancelled_at = Moment(allow_null=True)
    lines = LineBody(many=True)


class OrderPage(serializers.Serializer[Any]):
    results = OrderBody(many=True)
    next_cursor = serializers.CharField(allow_null=True)
