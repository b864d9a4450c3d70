"""A receipt: what a household ordered, what it got and what that cost, as members and as plain lines."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from config.kernel.api.fields import Fen, Moment, Yuan
from config.kernel.money import yuan
from orders.api.receipts import order_body
from orders.api.shapes import LineBody
from orders.models import Order
from orders.states import OrderStatus

_SETTLED = "final"
_SO_FAR = "so_far"


@extend_schema_serializer(component_name="Bill")
class BillBody(serializers.Serializer[Any]):
    """`stage`: `so_far` while only the order counts (to_pay_fen is what was ordered), `final` once what was got is
    known.
    """

    id = serializers.UUIDField()
    window_title = serializers.CharField()
    supplier = serializers.CharField()
    community = serializers.CharField()
    household = serializers.CharField()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=OrderStatus.values)
    stage = serializers.ChoiceField(choices=[_SO_FAR, _SETTLED])
    placed_at = Moment()
    lines = LineBody(many=True)
    ordered_fen = Fen()
    to_pay_fen = Fen()
    to_pay = Yuan()
    difference_fen = Fen()
    reason = serializers.CharField()
    text = serializers.CharField()


def bill_body(order: Order) -> dict[str, Any]:
    """`order` comes from receipts.whole."""
    shown = order_body(order)
    is_final = shown["charged_fen"] is not None
    to_pay_fen = shown["charged_fen"] if is_final else order.total_fen
    body = {
        "id": order.public_id,
        "window_title": order.window.title,
        "supplier": order.window.supplier.name,
        "community": order.community.name,
        "household": shown["household"],
        "number": order.number,
        "status": order.status,
        "stage": _SETTLED if is_final else _SO_FAR,
        "placed_at": shown["placed_at"],
        "lines": shown["lines"],
        "ordered_fen": order.total_fen,
        "to_pay_fen": to_pay_fen,
        "to_pay": yuan(to_pay_fen),
        "difference_fen": to_pay_fen - order.total_fen,
        "reason": shown["reason"],
    }
    return {**body, "text": _text(body)}


def _text(body: dict[str, Any]) -> str:
    """Short lines, for a strip of paper or a chat."""
    head = [
        f"{body['community']} {body['household']}",
        body["window_title"],
        _("No. %(number)s · %(placed)s")
        % {"number": body["number"], "placed": body["placed_at"][:16].replace("T", " ")},
    ]
    if body["status"] == OrderStatus.CANCELLED:
        head.append(_("Cancelled: %(reason)s") % {"reason": body["reason"] or "–"})
    lines = [row for line in body["lines"] for row in _rows(line)]
    foot = [_("Ordered ¥%(amount)s") % {"amount": yuan(body["ordered_fen"])}]
    if body["difference_fen"]:
        foot.append(_("Difference ¥%(amount)s") % {"amount": yuan(body["difference_fen"])})
    foot.append(_("To pay ¥%(amount)s") % {"amount": body["to_pay"]})
    return "\n".join([*head, "", *lines, "", *foot]) + "\n"


def _rows(line: dict[str, Any]) -> list[str]:
    name = " ".join(part for part in (line["name"], line["spec"]) if part)
    rows = [
        f"{line['short_number']} {name}",
        f"   {line['quantity']}{line['unit']} × {line['price']} = {line['amount']}",
    ]
    if line["allocated"] not in (None, line["quantity"]):
        got = _("got %(quantity)s: ¥%(amount)s") % {
            "quantity": line["allocated"],
            "amount": yuan(line["charged_fen"]),
        }
        rows.append(f"   {got}" + (f" ({line['reason']})" if line["reason"] else ""))
    return rows
