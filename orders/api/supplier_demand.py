"""What suppliers hear before an order: surveys as totals, and what they are asked to look for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel import clock
from config.kernel.api.command import command
from config.kernel.api.fields import Day, Moment, Strict, Text, local
from config.kernel.api.pages import PageQuery, newest_first
from config.kernel.api.schema import describe
from config.kernel.audit import Actor
from orders.api.supplier import SupplierEndpoint
from orders.demand.access import access_request_as_supplier, requests_to
from orders.demand.stocking import tell_stock
from orders.demand.totalling import ItemTotal, totals
from orders.models import SingleRequest, Survey, SurveyCommunity
from orders.states import RequestStatus, SurveyStatus


class SupplierSurveys(SupplierEndpoint):
    """GET /supplier/surveys"""

    Query = PageQuery

    @extend_schema_serializer(component_name="SupplierSurveyPage")
    class Output(serializers.Serializer[Any]):
        @extend_schema_serializer(component_name="SupplierSurvey")
        class One(serializers.Serializer[Any]):
            """Totals so far: not an order. `is_over`: no more answers come."""

            @extend_schema_serializer(component_name="SupplierSurveyItem")
            class Item(serializers.Serializer[Any]):
                product = serializers.UUIDField(allow_null=True, help_text="null: words only.")
                name = serializers.CharField()
                spec = serializers.CharField()
                unit = serializers.CharField()
                pieces = serializers.IntegerField()
                households = serializers.IntegerField()

            id = serializers.UUIDField()
            title = serializers.CharField()
            communities = serializers.ListField(child=serializers.CharField())
            open_until = Moment()
            is_over = serializers.BooleanField()
            replies = serializers.IntegerField(help_text="Households that answered.")
            items = Item(many=True)

        results = One(many=True)
        next_cursor = serializers.CharField(allow_null=True)

    @describe(
        id="listSupplierSurveys",
        summary="What households would take of my goods, newest survey first",
        detail="To plan stock by. Nothing here is an order, and nothing says who wants what.",
        tag="suppliers",
        answer=Output,
        query=PageQuery,
    )
    def get(self, request: Request) -> Response:
        asked = SurveyCommunity.objects.order_by("pk").select_related("community")
        rows = Survey.objects.filter(supplier=self.key.supplier_id)
        with_sums = rows.select_related("community").annotate(count=Count("replies"))
        page = newest_first(with_sums.prefetch_related(Prefetch("asked", asked)), **self.query)
        summed = totals(page.rows)
        results = [_survey(survey, summed[survey.pk]) for survey in page.rows]
        return Response({"results": results, "next_cursor": page.next_cursor})


def _survey(survey: Any, summed: list[ItemTotal]) -> dict[str, Any]:
    return {
        "id": survey.public_id,
        "title": survey.title,
        "communities": [one.community.name for one in survey.asked.all()],
        "open_until": local(survey.open_until, survey.community.zone),
        "is_over": survey.status != SurveyStatus.OPEN or survey.open_until <= clock.now(),
        "replies": survey.count,
        "items": [
            {
                "product": one.item.product.public_id if one.item.product else None,
                "name": one.item.name,
                "spec": one.item.spec,
                "unit": one.item.unit,
                "pieces": one.pieces,
                "households": one.households,
            }
            for one in summed
        ],
    }


@extend_schema_serializer(component_name="StockQuestion")
class QuestionBody(serializers.Serializer[Any]):
    """What somebody needs, without saying who."""

    id = serializers.UUIDField()
    community = serializers.CharField()
    question = serializers.CharField()
    quantity = serializers.IntegerField()
    waits = serializers.BooleanField(help_text="For your answer.")
    asked_at = Moment()
    stock = serializers.ChoiceField(choices=SingleRequest.Stock.values, allow_null=True)
    on = serializers.DateField(allow_null=True)
    note = serializers.CharField()


def _question(request: SingleRequest) -> dict[str, Any]:
    """Needs community loaded."""
    return {
        "id": request.public_id,
        "community": request.community.name,
        "question": request.question,
        "quantity": request.quantity,
        "waits": request.status == RequestStatus.CHECKING,
        "asked_at": local(request.checked_at, request.community.zone),
        "stock": request.stock or None,
        "on": request.stock_on,
        "note": request.stock_note,
    }


class SupplierRequests(SupplierEndpoint):
    """GET /supplier/requests"""

    Query = PageQuery

    @extend_schema_serializer(component_name="StockQuestionPage")
    class Output(serializers.Serializer[Any]):
        results = QuestionBody(many=True)
        next_cursor = serializers.CharField(allow_null=True)

    @describe(
        id="listStockQuestions",
        summary="What I am asked to look for, newest first",
        tag="suppliers",
        answer=Output,
        query=PageQuery,
    )
    def get(self, request: Request) -> Response:
        rows = requests_to(self.key.supplier).select_related("community")
        page = newest_first(rows, **self.query)
        results = [_question(row) for row in page.rows]
        return Response({"results": results, "next_cursor": page.next_cursor})


class AnswerRequest(SupplierEndpoint):
    """POST /supplier/requests/{id}/answer"""

    @extend_schema_serializer(component_name="StockAnswer")
    class Input(Strict):
        """`on` with `by_date` only."""

        stock = serializers.ChoiceField(choices=SingleRequest.Stock.values)
        on = Day(required=False, allow_null=True, default=None)
        note = Text(required=False, allow_blank=True, max_length=120, default="")

    @describe(
        id="answerStockQuestion",
        summary="We have it, not, or by a date",
        detail="`409` `illegal_transition`: answered already, or no longer asked.",
        tag="suppliers",
        answer=QuestionBody,
        body=Input,
        errors=(404,),
    )
    @command
    def post(self, request: Request, public_id: UUID) -> Response:
        given = self.Input.read(request.data)
        row = access_request_as_supplier(self.key.supplier, public_id=public_id)
        tell_stock(request=row, actor=Actor("supplier_key", self.key.pk), **given)
        return Response(_question(row))
