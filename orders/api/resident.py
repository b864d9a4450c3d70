"""What residents do: look at the windows of their communities, order, change, cancel, look at their orders."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.api.endpoints import AccountEndpoint
from config.kernel.api.command import command
from config.kernel.api.fields import Fen, Moment, PublicId, Yuan
from config.kernel.api.pages import PageQuery, newest_first
from config.kernel.api.schema import describe
from orders.access import (
    access_order,
    access_window_as_resident,
    homes_in_windows,
    orders_of_resident,
    windows_for_resident,
)
from orders.api.bills import BillBody, bill_body
from orders.api.menu import menu, open_or_closed, summary
from orders.api.receipts import cancelled_receipt, order_body, receipt, whole
from orders.api.shapes import (
    Cancellation,
    ChangedOrder,
    HomeQuery,
    NewOrder,
    OrderBody,
    OrderPage,
    Receipt,
)
from orders.models import Order, OrderWindow
from orders.placing.errors import OrderChanged
from orders.placing.placing import cancel_order, change_order, place_order
from orders.states import OrderStatus, WindowStatus


class WindowSummary(serializers.Serializer[Any]):
    """`takes_orders` is a hint; the database's clock decides. A community that was left out (its own minimum was not
    reached) sees the group buy, but does not order in it when it is opened again.
    """

    id = serializers.UUIDField()
    title = serializers.CharField()
    supplier = serializers.CharField()
    supplier_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=WindowStatus.values)
    takes_orders = serializers.BooleanField()
    opens_at = Moment()
    closes_at = Moment(help_text="Exclusive: an order at this moment is too late.")
    deliver_on = serializers.DateField(allow_null=True)
    deliver_at = serializers.CharField(
        allow_null=True, help_text="`17:00`, by the clock of the community."
    )
    notice = serializers.CharField()
    my_households = serializers.ListField(
        child=serializers.UUIDField(), help_text="Those of mine that may order in it."
    )
    household_id = serializers.UUIDField(
        allow_null=True, help_text="For which of them an order is that names none."
    )


class Windows(AccountEndpoint):
    """GET /windows"""

    @extend_schema_serializer(component_name="WindowQuery")
    class Query(PageQuery):
        status = serializers.ChoiceField(choices=["open", "closed", "all"], default="open")

    @extend_schema_serializer(component_name="WindowPage")
    class Output(serializers.Serializer[Any]):
        results = WindowSummary(many=True)
        next_cursor = serializers.CharField(allow_null=True)

    @describe(
        id="listWindows",
        summary="Group buys of my communities, newest first",
        detail=(
            "`open`: published and not past the cutoff. `closed`: everything else that was ever "
            "open."
        ),
        tag="residents",
        answer=Output,
        query=Query,
    )
    def get(self, request: Request) -> Response:
        status = self.query.pop("status")
        windows = open_or_closed(windows_for_resident(self.account), status)
        page = newest_first(windows.select_related("supplier", "community"), **self.query)
        homes = homes_in_windows(self.account, [window.pk for window in page.rows])
        rows = [summary(one, one.community.zone, homes[one.pk]) for one in page.rows]
        return Response({"results": rows, "next_cursor": page.next_cursor})


class Window(AccountEndpoint):
    """GET /windows/{id}"""

    Query = HomeQuery

    @extend_schema_serializer(component_name="Window")
    class Output(WindowSummary):
        class Progress(serializers.Serializer[Any]):
            """Wanted so far against the minimum, over all communities and in the own one."""

            measure = serializers.ChoiceField(
                choices=[m for m in OrderWindow.Measure.values if m != "none"]
            )
            minimum = serializers.IntegerField()
            wanted = serializers.IntegerField()
            own_minimum = serializers.IntegerField()
            own_wanted = serializers.IntegerField()

        class CategoryLimit(serializers.Serializer[Any]):
            """At most so many pieces of all offers of a category together."""

            category = serializers.CharField()
            household_limit = serializers.IntegerField()
            my_remaining_limit = serializers.IntegerField()

        class Offer(serializers.Serializer[Any]):
            """null: no cap (remaining), no limit (household_limit, my_remaining_limit), no picture (photo), a weight
            that is not known (price_per_500g_fen).
            """

            class MyWait(serializers.Serializer[Any]):
                """My household's place in the line, counted from 1."""

                id = serializers.UUIDField()
                quantity = serializers.IntegerField()
                place = serializers.IntegerField()

            id = serializers.UUIDField()
            short_number = serializers.IntegerField()
            name = serializers.CharField()
            spec = serializers.CharField()
            unit = serializers.CharField()
            category = serializers.CharField()
            description = serializers.CharField()
            photo = serializers.CharField(
                allow_null=True, help_text="Path of the picture; needs the token too."
            )
            price_fen = Fen()
            price = Yuan()
            price_per_500g_fen = Fen(
                allow_null=True, help_text="To compare by, out of the specification."
            )
            weight_is_about = serializers.BooleanField(help_text="约")
            pieces_in_unit = serializers.IntegerField(allow_null=True)
            is_active = serializers.BooleanField(
                help_text="False: taken off the menu, but ordered by you."
            )
            remaining = serializers.IntegerField(
                allow_null=True,
                help_text="For who orders now: what the waiting list can be served from is its own.",
            )
            waiting = serializers.IntegerField(help_text="Pieces that others wait for.")
            my_wait = MyWait(allow_null=True)
            household_limit = serializers.IntegerField(allow_null=True)
            my_quantity = serializers.IntegerField()
            my_remaining_limit = serializers.IntegerField(allow_null=True)
            my_wait_limit = serializers.IntegerField(
                allow_null=True,
                help_text="Pieces for which my household may wait at most; null: nobody waits for it.",
            )
            order_multiple = serializers.IntegerField()
            minimum = serializers.IntegerField()

        community = serializers.CharField()
        server_time = Moment(help_text="By the clock that judges the cutoff.")
        minimum = Progress(allow_null=True)
        households = serializers.IntegerField(help_text="That have ordered so far, over all.")
        category_limits = CategoryLimit(many=True)
        offers = Offer(many=True)

    @describe(
        id="getWindow",
        summary="One group buy with its offers",
        detail=(
            "`server_time` is by the clock that judges the cutoff: count down from it, not from "
            "your own."
        ),
        tag="residents",
        answer=Output,
        query=HomeQuery,
        errors=(404,),
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        seen = access_window_as_resident(self.account, public_id=public_id, **self.query)
        homes = homes_in_windows(self.account, [seen.window_id])
        return Response(menu(seen, homes[seen.window_id]))


class OrdersOfWindow(AccountEndpoint):
    """GET and POST /windows/{id}/orders"""

    Query = PageQuery

    @describe(
        id="listMyOrdersInWindow",
        summary="My household's orders in one group buy",
        tag="residents",
        answer=OrderPage,
        query=PageQuery,
        errors=(404,),
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        seen = access_window_as_resident(self.account, public_id=public_id)
        page = newest_first(
            whole(orders_of_resident(self.account).filter(window=seen.window_id)), **self.query
        )
        return Response(
            {"results": [order_body(row) for row in page.rows], "next_cursor": page.next_cursor}
        )

    @describe(
        id="placeOrder",
        summary="Order",
        detail=(
            "Taken iff the window is open by the database's clock, whatever was shown before. "
            "`409` names what is wrong: `window_not_open`, `sold_out` and `over_limit` (fields: "
            "offer → pieces possible), `over_category_limit` (fields: category → pieces possible), "
            "`total_differs` (look at the prices again), `busy` and "
            "`idempotency_key_in_flight` (send the same again). After a lost reply send the "
            "same body under the same key: it never buys twice."
        ),
        tag="residents",
        answer=Receipt,
        status=201,
        body=NewOrder,
        errors=(404,),
    )
    @command
    def post(self, request: Request, public_id: UUID) -> Response:
        wanted = NewOrder.read(request.data)
        home = {"household": wanted.pop("household")} if "household" in wanted else {}
        seen = access_window_as_resident(self.account, public_id=public_id, **home)
        placed = place_order(
            window_id=seen.window_id,
            community_id=seen.community_id,
            household_id=seen.household_id,
            actor=self.actor,
            **wanted,
        )
        return Response(receipt(placed), status=201)


class MyOrders(AccountEndpoint):
    """GET /orders"""

    @extend_schema_serializer(component_name="OrderQuery")
    class Query(PageQuery):
        window = PublicId(required=False, help_text="Of this group buy.")
        supplier = PublicId(required=False, help_text="`supplier_id` of a group buy.")
        status = serializers.ChoiceField(choices=[*OrderStatus.values, "all"], default="all")

    @describe(
        id="listMyOrders",
        summary="My household's orders, newest first",
        tag="residents",
        answer=OrderPage,
        query=Query,
    )
    def get(self, request: Request) -> Response:
        orders, asked = orders_of_resident(self.account), dict(self.query)
        if (window := asked.pop("window", None)) is not None:
            orders = orders.filter(window__public_id=window)
        if (supplier := asked.pop("supplier", None)) is not None:
            orders = orders.filter(window__supplier__public_id=supplier)
        if (status := asked.pop("status")) != "all":
            orders = orders.filter(status=status)
        page = newest_first(whole(orders), **asked)
        return Response(
            {"results": [order_body(row) for row in page.rows], "next_cursor": page.next_cursor}
        )


class OneOrder(AccountEndpoint):
    """GET and PUT /orders/{id}"""

    @describe(
        id="getOrder", summary="One of my orders", tag="residents", answer=OrderBody, errors=(404,)
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        order = access_order(self.account, public_id=public_id)
        return Response(self._shown(order))

    def _shown(self, order: Order) -> dict[str, Any]:
        return order_body(whole(orders_of_resident(self.account)).get(pk=order.pk))

    @describe(
        id="changeOrder",
        summary="Put other lines in the place of an order's lines",
        detail=(
            "All lines are replaced; the number and the time of the first wish stay. Without "
            "`note` or `substitutes` the old ones stay. With `expected_version`: `409` "
            "`order_changed` if the order has another by now; `fields.order` is how it stands. Without "
            "it the same, if a waiting list has ever added goods to the order: nobody takes off unknowingly "
            "what he waited for."
        ),
        tag="residents",
        answer=Receipt,
        body=ChangedOrder,
        errors=(404,),
    )
    @command
    def put(self, request: Request, public_id: UUID) -> Response:
        wanted = ChangedOrder.read(request.data)
        order = access_order(self.account, public_id=public_id)
        try:
            placed = change_order(order=order, actor=self.actor, **wanted)
        except OrderChanged as error:
            error.fields["order"] = self._shown(order)
            raise
        return Response(receipt(placed))


class Bill(AccountEndpoint):
    """GET /orders/{id}/receipt"""

    @describe(
        id="getReceipt",
        summary="What I got and what it cost",
        detail="`text` is for a printer or a chat: the same, as plain lines.",
        tag="residents",
        answer=BillBody,
        errors=(404,),
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        order = access_order(self.account, public_id=public_id)
        return Response(bill_body(whole(orders_of_resident(self.account)).get(pk=order.pk)))


class CancelOrder(AccountEndpoint):
    """POST /orders/{id}/cancel"""

    @describe(
        id="cancelOrder",
        summary="Cancel an order before the cutoff",
        tag="residents",
        answer=Receipt,
        body=Cancellation,
        errors=(404,),
    )
    @command
    def post(self, request: Request, public_id: UUID) -> Response:
        given = Cancellation.read(request.data)
        order = access_order(self.account, public_id=public_id)
        cancel_order(order=order, actor=self.actor, **given)
        return Response(cancelled_receipt(order))
