"""What a supplier's program does: ask what is new, download, acknowledge."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Prefetch
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema_serializer
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel import clock
from config.kernel.api.command import command
from config.kernel.api.endpoints import Endpoint
from config.kernel.api.fields import Digits, Fen, Moment, Strict, Whole, Yuan, local
from config.kernel.api.pages import MAX_LIMIT
from config.kernel.api.schema import describe
from config.kernel.audit import Actor
from config.kernel.errors import NotFound
from config.kernel.money import yuan
from orders.access import access_supplier_order
from orders.api.files import file_answer
from orders.files.writing import CONTENT_TYPES
from orders.models import OrderFile, SupplierOrder, SupplierOrderSection
from orders.states import TOLD, SupplierOrderStatus
from orders.supply.errors import NotReleased
from orders.supply.pulling import acknowledge, feed, note_download
from suppliers.api_keys import SupplierKeyAuthentication
from suppliers.models import SupplierKey

MAX_REVISION = 2**31 - 1
MEDIA_TYPES = [kind.partition(";")[0] for kind in CONTENT_TYPES.values()]


class SupplierEndpoint(Endpoint):
    """Suppliers only: a resident's token is not even looked at."""

    authentication_classes = [SupplierKeyAuthentication]

    @property
    def key(self) -> SupplierKey:
        return cast("SupplierKey", self.request.auth)


class OrderFiles(SupplierEndpoint):
    """GET /supplier/order-files"""

    class Query(Strict):
        after = Digits(default=0, min_value=0, help_text="next_cursor of the answer before.")
        limit = Digits(default=50, min_value=1, max_value=MAX_LIMIT)

    @extend_schema_serializer(component_name="OrderFileFeed")
    class Output(serializers.Serializer[Any]):
        @extend_schema_serializer(component_name="SupplierOrder")
        class Revision(serializers.Serializer[Any]):
            """One revision as it stands now; it comes again when its status changes."""

            class Section(serializers.Serializer[Any]):
                name = serializers.CharField()
                address = serializers.CharField()
                households = serializers.IntegerField()
                pieces = serializers.IntegerField()
                total_fen = Fen()
                total = Yuan()

            class File(serializers.Serializer[Any]):
                kind = serializers.ChoiceField(choices=OrderFile.Kind.values)
                format = serializers.CharField()
                name = serializers.CharField()
                size = serializers.IntegerField()
                sha256 = serializers.CharField()
                url = serializers.URLField()

            number = serializers.CharField()
            revision = serializers.IntegerField()
            status = serializers.ChoiceField(choices=TOLD)
            cancels_all = serializers.BooleanField(
                help_text="The round was cancelled: nothing is wanted any more."
            )
            window = serializers.CharField()
            opens_at = Moment()
            closes_at = Moment()
            deliver_on = serializers.DateField(allow_null=True)
            released_at = Moment()
            acknowledged_at = Moment(allow_null=True)
            households = serializers.IntegerField()
            order_lines = serializers.IntegerField()
            pieces = serializers.IntegerField()
            total_fen = Fen()
            total = Yuan()
            communities = Section(many=True)
            files = File(many=True)

        results = Revision(many=True)
        next_cursor = serializers.IntegerField(
            help_text="Ask with it next time, also if nothing came."
        )
        has_more = serializers.BooleanField()

    @describe(
        id="listOrderFiles",
        summary="What was released, replaced or withdrawn since my last look, oldest first",
        detail=(
            "Ask with the `next_cursor` of the answer before: nothing is missed, nothing comes "
            "twice. A revision comes again when it is replaced (`superseded`) or taken back "
            "(`withdrawn`): pack by the `released` one."
        ),
        tag="suppliers",
        answer=Output,
        query=Query,
    )
    def get(self, request: Request) -> Response:
        after, limit = self.query["after"], self.query["limit"]
        rows = list(_with_files(feed(supplier=self.key.supplier, after=after))[: limit + 1])
        page = rows[:limit]
        return Response(
            {
                "results": [_revision(order, request) for order in page],
                "next_cursor": page[-1].release_sequence if page else after,
                "has_more": len(rows) > limit,
            }
        )


def _with_files(orders: Any) -> Any:
    """Three statements for any number of revisions; the bytes of the files are not among them."""
    files = OrderFile.objects.defer("content").order_by("kind", "format")
    sections = SupplierOrderSection.objects.order_by("pk")
    return orders.select_related("window__community").prefetch_related(
        Prefetch("files", queryset=files), Prefetch("sections", queryset=sections)
    )


def _revision(order: SupplierOrder, request: Request) -> dict[str, Any]:
    window, zone = order.window, order.window.community.zone
    return {
        "number": order.number,
        "revision": order.revision,
        "status": order.status,
        "cancels_all": order.cancels_all,
        "window": window.title,
        "opens_at": local(window.opens_at, zone),
        "closes_at": local(window.closes_at, zone),
        "deliver_on": window.deliver_on,
        "released_at": local(order.released_at, zone),
        "acknowledged_at": local(order.acknowledged_at, zone),
        "order_lines": order.order_lines,
        **_totals(order),
        "communities": [
            {"name": one.community_name, "address": one.community_address, **_totals(one)}
            for one in order.sections.all()
        ],
        "files": [_file(file, order, request) for file in order.files.all()],
    }


def _totals(of: SupplierOrder | SupplierOrderSection) -> dict[str, Any]:
    return {
        "households": of.households,
        "pieces": of.pieces,
        "total_fen": of.total_fen,
        "total": yuan(of.total_fen),
    }


def _file(file: OrderFile, order: SupplierOrder, request: Request) -> dict[str, Any]:
    path = reverse("order-file", args=[order.number, file.format])
    return {
        "kind": file.kind,
        "format": file.format,
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "url": request.build_absolute_uri(f"{path}?revision={order.revision}&kind={file.kind}"),
    }


def _file_of(media: str) -> OpenApiResponse:
    shape = OpenApiTypes.OBJECT if media == "application/json" else OpenApiTypes.BINARY
    return OpenApiResponse(shape, "The file in its media type.")


def _part_of(_media: str) -> OpenApiResponse:
    return OpenApiResponse(OpenApiTypes.BINARY, "The range asked for.")


class OrderFileBytes(SupplierEndpoint):
    """GET and HEAD /supplier/order-files/{number}/{format}"""

    class Query(Strict):
        revision = Digits(
            required=False, min_value=1, max_value=MAX_REVISION, help_text="Default: the newest."
        )
        kind = serializers.ChoiceField(choices=OrderFile.Kind.values, default=OrderFile.Kind.ORDER)

    def perform_content_negotiation(
        self, request: Request, force: bool = False
    ) -> tuple[BaseRenderer, str]:
        """Accept is not asked: the format stands in the address, and refusals are JSON in any case."""
        return JSONRenderer(), "application/json"

    @describe(
        id="getOrderFile",
        summary="The bytes of one file",
        detail=(
            "Without `revision`: the one that counts; `409` `not_released` if none does (taken "
            "back, a new one will follow). ETag is the SHA-256 of the feed; If-None-Match, "
            "Range and If-Range are understood. `kind=difference`: what changed against the "
            "revision before."
        ),
        tag="suppliers",
        answer={
            **{(200, media): _file_of(media) for media in MEDIA_TYPES},
            **{(206, media): _part_of(media) for media in MEDIA_TYPES},
            304: OpenApiResponse(description="You have these bytes already."),
        },
        query=Query,
        errors=(404, 409, 416),
    )
    def get(self, request: Request, number: str, format: str) -> HttpResponse:  # noqa: A002 -- the address's word
        revision = self.query.get("revision")
        order = access_supplier_order(self.key.supplier, number=number, revision=revision)
        if revision is None and order.status != SupplierOrderStatus.RELEASED:
            # Whoever does not name a revision wants the one that counts, and none does.
            raise NotReleased(fields={"status": order.status, "current_revision": None})
        files = OrderFile.objects.defer("content").filter(supplier_order=order, format=format)
        file = files.filter(kind=self.query["kind"]).first()
        if file is None:
            raise NotFound()
        file.supplier_order = order
        answer = file_answer(file, str(request.method), request.headers)
        if answer.status_code != 304 and request.method == "GET":
            note_download(file=file, at=clock.now())
        answer.headers["Jidan-Revision"] = str(order.revision)
        answer.headers["Jidan-Status"] = order.status
        return answer


class Acknowledge(SupplierEndpoint):
    """POST /supplier/orders/{number}/acknowledge"""

    @extend_schema_serializer(component_name="Acknowledgement")
    class Input(Strict):
        revision = Whole(min_value=1, max_value=MAX_REVISION)

    @extend_schema_serializer(component_name="Acknowledged")
    class Output(serializers.Serializer[Any]):
        number = serializers.CharField()
        revision = serializers.IntegerField()
        status = serializers.ChoiceField(choices=TOLD)
        acknowledged_at = Moment()

    @describe(
        id="acknowledgeOrder",
        summary="We have this revision and deliver by it",
        detail=(
            "From now on the order can only be changed by a new revision. `409` `not_released`: "
            "this revision was replaced or taken back meanwhile; `fields.current_revision` "
            "counts now."
        ),
        tag="suppliers",
        answer=Output,
        body=Input,
        errors=(404,),
    )
    @command
    def post(self, request: Request, number: str) -> Response:
        given = self.Input.read(request.data)
        order = access_supplier_order(self.key.supplier, number=number, **given)
        order = acknowledge(supplier_order=order, actor=Actor("supplier_key", self.key.pk))
        return Response(
            {
                "number": order.number,
                "revision": order.revision,
                "status": order.status,
                "acknowledged_at": local(order.acknowledged_at, order.window.community.zone),
            }
        )
