"""What residents would take, and what they need alone: surveys and single requests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.api.endpoints import AccountEndpoint
from config.kernel import clock
from config.kernel.api.command import command
from config.kernel.api.fields import Fen, Moment, PublicId, Strict, Text, Whole, Yuan, local
from config.kernel.api.pages import PageQuery, newest_first
from config.kernel.api.schema import describe
from config.kernel.money import yuan
from orders.demand.access import (
    ResidentSurvey,
    access_request_as_resident,
    access_survey_as_resident,
    household_that_asks,
    requests_of_resident,
    surveys_for_resident,
)
from orders.demand.asking import ask_for, withdraw_request
from orders.demand.replying import answer_survey
from orders.demand.surveys import MOST_ITEMS
from orders.models import (
    SingleRequest,
    Survey,
    SurveyCommunity,
    SurveyItem,
    SurveyReply,
    SurveyWish,
)
from orders.models.order import MAX_QUANTITY
from orders.states import RequestStatus, SurveyStatus


class SurveySummary(serializers.Serializer[Any]):
    """`takes_answers` is a hint; the database's clock decides."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    supplier = serializers.CharField()
    notice = serializers.CharField()
    takes_answers = serializers.BooleanField()
    open_until = Moment()


class Surveys(AccountEndpoint):
    """GET /surveys"""

    Query = PageQuery

    @extend_schema_serializer(component_name="SurveyPage")
    class Output(serializers.Serializer[Any]):
        results = SurveySummary(many=True)
        next_cursor = serializers.CharField(allow_null=True)

    @describe(
        id="listSurveys",
        summary="What my communities are asked, newest first",
        tag="residents",
        answer=Output,
        query=PageQuery,
    )
    def get(self, request: Request) -> Response:
        rows = surveys_for_resident(self.account).select_related("supplier", "community")
        page = newest_first(rows, **self.query)
        results = [_summary(survey, survey.community.zone) for survey in page.rows]
        return Response({"results": results, "next_cursor": page.next_cursor})


def _summary(survey: Survey, zone: str) -> dict[str, Any]:
    return {
        "id": survey.public_id,
        "title": survey.title,
        "supplier": survey.supplier.name,
        "notice": survey.notice,
        "takes_answers": survey.status == SurveyStatus.OPEN and clock.now() < survey.open_until,
        "open_until": local(survey.open_until, zone),
    }


class OneSurvey(AccountEndpoint):
    """GET /surveys/{id}"""

    @extend_schema_serializer(component_name="Survey")
    class Output(SurveySummary):
        @extend_schema_serializer(component_name="SurveyItem")
        class Item(serializers.Serializer[Any]):
            """The price is a hint, null where nobody knows it: nothing is bought here."""

            id = serializers.UUIDField()
            name = serializers.CharField()
            spec = serializers.CharField()
            unit = serializers.CharField()
            price_fen = Fen(allow_null=True)
            price = Yuan(allow_null=True)
            my_quantity = serializers.IntegerField()

        community = serializers.CharField()
        answered_at = Moment(allow_null=True, help_text="When the own household answered.")
        items = Item(many=True)

    @describe(
        id="getSurvey",
        summary="One survey with what it asks for",
        tag="residents",
        answer=Output,
        errors=(404,),
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        seen = access_survey_as_resident(self.account, public_id=public_id)
        return Response(_survey(seen))


def _survey(seen: ResidentSurvey) -> dict[str, Any]:
    """Four statements, whatever the number of items."""
    asked = SurveyCommunity.objects.select_related("community", "survey__supplier").get(
        survey=seen.survey_id, community=seen.community_id
    )
    zone = asked.community.zone
    reply = SurveyReply.objects.filter(survey=seen.survey_id, household=seen.household_id).first()
    mine = dict(
        SurveyWish.objects.filter(reply=reply.pk if reply else 0).values_list("item", "quantity")
    )
    items = SurveyItem.objects.filter(survey=seen.survey_id).order_by("position")
    return {
        **_summary(asked.survey, zone),
        "community": asked.community.name,
        "answered_at": local(reply.answered_at, zone) if reply else None,
        "items": [
            {
                "id": item.public_id,
                "name": item.name,
                "spec": item.spec,
                "unit": item.unit,
                "price_fen": item.price_fen,
                "price": None if item.price_fen is None else yuan(item.price_fen),
                "my_quantity": mine.get(item.pk, 0),
            }
            for item in items
        ],
    }


class Answer(AccountEndpoint):
    """PUT /surveys/{id}/answer"""

    @extend_schema_serializer(component_name="SurveyAnswer")
    class Input(Strict):
        """Without lines: we have read it and want nothing."""

        default_error_messages = {"twice": _("The same product stands twice.")}

        @extend_schema_serializer(component_name="SurveyAnswerLine")
        class Line(Strict):
            item = PublicId()
            quantity = Whole(min_value=1, max_value=MAX_QUANTITY)

        lines = serializers.ListField(child=Line(), max_length=MOST_ITEMS)

        def validate_lines(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
            if len({line["item"] for line in lines}) != len(lines):
                self.fail("twice")
            return lines

    @extend_schema_serializer(component_name="SurveyAnswered")
    class Output(serializers.Serializer[Any]):
        id = serializers.UUIDField()
        answered_at = Moment()
        lines = serializers.IntegerField()

    @describe(
        id="answerSurvey",
        summary="What my household would take",
        detail=(
            "Takes the place of the household's earlier answer. No order, nothing to pay. `409` "
            "`survey_closed`: too late; `unknown_item`: it asks for something else."
        ),
        tag="residents",
        answer=Output,
        body=Input,
        errors=(404,),
    )
    @command
    def put(self, request: Request, public_id: UUID) -> Response:
        given = self.Input.read(request.data)
        seen = access_survey_as_resident(self.account, public_id=public_id)
        moment = answer_survey(
            survey_id=seen.survey_id,
            community_id=seen.community_id,
            household_id=seen.household_id,
            wishes={line["item"]: line["quantity"] for line in given["lines"]},
            actor=self.account,
        )
        zone = Survey.objects.select_related("community").get(pk=seen.survey_id).community.zone
        return Response(
            {
                "id": public_id,
                "answered_at": local(moment, zone),
                "lines": len(given["lines"]),
            }
        )


@extend_schema_serializer(component_name="SingleRequest")
class RequestBody(serializers.Serializer[Any]):
    """Something a household needs that no group buy offers."""

    id = serializers.UUIDField()
    household = serializers.CharField()
    what = serializers.CharField()
    quantity = serializers.IntegerField()
    for_whom = serializers.CharField()
    note = serializers.CharField()
    status = serializers.ChoiceField(choices=RequestStatus.values)
    asked_at = Moment()
    answer = serializers.CharField()
    promised_on = serializers.DateField(allow_null=True)
    answered_at = Moment(allow_null=True)
    can_withdraw = serializers.BooleanField()


def _request_body(request: SingleRequest) -> dict[str, Any]:
    """Needs household.building and community loaded."""
    zone = request.community.zone
    return {
        "id": request.public_id,
        "household": f"{request.household.building.label} {request.household.room}",
        "what": request.what,
        "quantity": request.quantity,
        "for_whom": request.for_whom,
        "note": request.note,
        "status": request.status,
        "asked_at": local(request.asked_at, zone),
        "answer": request.answer,
        "promised_on": request.promised_on,
        "answered_at": local(request.answered_at, zone),
        "can_withdraw": SingleRequest.transitions.allows(request.status, RequestStatus.WITHDRAWN),
    }


def _with_home(rows: QuerySet[SingleRequest]) -> QuerySet[SingleRequest]:
    return rows.select_related("household__building", "community")


class Requests(AccountEndpoint):
    """GET and POST /requests"""

    Query = PageQuery

    @extend_schema_serializer(component_name="SingleRequestPage")
    class Output(serializers.Serializer[Any]):
        results = RequestBody(many=True)
        next_cursor = serializers.CharField(allow_null=True)

    @extend_schema_serializer(component_name="NewSingleRequest")
    class Input(Strict):
        """Without `household`: for the one I joined first. Names and phones belong into `for_whom` and `note`, which
        no supplier reads.
        """

        what = Text(max_length=120)
        quantity = Whole(min_value=1, max_value=MAX_QUANTITY, default=1)
        for_whom = Text(required=False, allow_blank=True, max_length=40, default="")
        note = Text(required=False, allow_blank=True, max_length=200, default="")
        household = PublicId(required=False)

    @describe(
        id="listMyRequests",
        summary="What my household asked for, newest first, with the answers",
        tag="residents",
        answer=Output,
        query=PageQuery,
    )
    def get(self, request: Request) -> Response:
        page = newest_first(_with_home(requests_of_resident(self.account)), **self.query)
        results = [_request_body(row) for row in page.rows]
        return Response({"results": results, "next_cursor": page.next_cursor})

    @describe(
        id="askForSomething",
        summary="Ask for something that no group buy offers",
        detail=(
            "A volunteer answers; the message comes into the inbox. `409` `too_many_requests`: "
            "twenty of the household's wait already."
        ),
        tag="residents",
        answer=RequestBody,
        status=201,
        body=Input,
        errors=(404,),
    )
    @command
    def post(self, request: Request) -> Response:
        given = self.Input.read(request.data)
        home = household_that_asks(self.account, given.pop("household", None))
        made = ask_for(household=home, actor=self.account, **given)
        row = _with_home(requests_of_resident(self.account)).get(pk=made.pk)
        return Response(_request_body(row), status=201)


class WithdrawRequest(AccountEndpoint):
    """POST /requests/{id}/withdraw"""

    @extend_schema_serializer(component_name="Withdrawal")
    class Input(Strict):
        """With a note it takes the place of the old one."""

        note = Text(required=False, allow_blank=True, max_length=200)

    @describe(
        id="withdrawRequest",
        summary="We do not need it any more",
        detail="`409` `illegal_transition`: it was handed over, refused or taken back before.",
        tag="residents",
        answer=RequestBody,
        body=Input,
        errors=(404,),
    )
    @command
    def post(self, request: Request, public_id: UUID) -> Response:
        given = self.Input.read(request.data)
        row = access_request_as_resident(self.account, public_id=public_id)
        withdraw_request(request=row, actor=self.actor, **given)
        return Response(_request_body(row))
