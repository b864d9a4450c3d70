"""What I agreed to, and leaving a household."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.api.devices import Nothing
from communities.api.endpoints import AccountEndpoint
from communities.joining.consenting import consents_of, give_consent, withdraw_consent
from communities.joining.leaving import household_to_leave
from communities.models import Consent
from communities.people import end_membership
from config.kernel import clock
from config.kernel.api.command import command
from config.kernel.api.fields import Moment, Strict, Text, local
from config.kernel.api.pages import PageQuery, newest_first
from config.kernel.api.schema import describe


@extend_schema_serializer(component_name="Consent")
class ConsentBody(serializers.Serializer[Any]):
    purpose = serializers.ChoiceField(choices=Consent.Purpose.values)
    version = serializers.CharField()
    given_at = Moment()
    withdrawn_at = Moment(allow_null=True)


def _body(row: Consent) -> dict[str, Any]:
    return {
        "purpose": row.purpose,
        "version": row.version,
        "given_at": local(row.given_at, settings.TIME_ZONE),
        "withdrawn_at": local(row.withdrawn_at, settings.TIME_ZONE),
    }


class MyConsents(AccountEndpoint):
    """GET and POST /me/consents"""

    Query = PageQuery

    @extend_schema_serializer(component_name="ConsentPage")
    class Output(serializers.Serializer[Any]):
        results = ConsentBody(many=True)
        next_cursor = serializers.CharField(allow_null=True)

    @extend_schema_serializer(component_name="ConsentGiven")
    class Input(Strict):
        purpose = serializers.ChoiceField(choices=Consent.Purpose.values)
        version = Text(max_length=20, help_text="As in GET /consents.")

    @describe(
        id="listMyConsents",
        summary="What I agreed to, newest first",
        tag="me",
        answer=Output,
        query=PageQuery,
    )
    def get(self, request: Request) -> Response:
        page = newest_first(consents_of(self.account), **self.query)
        rows = [_body(row) for row in page.rows]
        return Response({"results": rows, "next_cursor": page.next_cursor})

    @describe(id="giveConsent", summary="Agree to a text", tag="me", answer=ConsentBody, body=Input)
    @command
    def post(self, request: Request) -> Response:
        given = self.Input.read(request.data)
        return Response(_body(give_consent(user=self.account, at=clock.now(), **given)))


class WithdrawConsent(AccountEndpoint):
    """POST /me/consents/{purpose}/withdraw"""

    @extend_schema_serializer(component_name="Withdrawn")
    class Output(serializers.Serializer[Any]):
        withdrawn = serializers.BooleanField()

    @describe(
        id="withdrawConsent",
        summary="Withdraw a consent",
        detail=(
            "Withdrawn already, it stays so and the answer is the same; `404` where none was ever given. "
            "That for `ordering` ends by leaving the last household (`409` `leave_instead`)."
        ),
        tag="me",
        answer=Output,
        body=Nothing.SHAPE,
        errors=(404,),
    )
    @command
    def post(self, request: Request, purpose: str) -> Response:
        Nothing.read(request.data)
        withdraw_consent(user=self.account, purpose=purpose, at=clock.now())
        return Response({"withdrawn": True})


class LeaveHousehold(AccountEndpoint):
    """POST /me/households/{id}/leave"""

    @extend_schema_serializer(component_name="Left")
    class Output(serializers.Serializer[Any]):
        left = serializers.BooleanField()

    @describe(
        id="leaveHousehold",
        summary="Move out: order for this household no more",
        detail=(
            "At once; with the last household every token of the account ends, unless it has a post. What "
            "was ordered stands. Name and phone are erased after 30 days."
        ),
        tag="me",
        answer=Output,
        body=Nothing.SHAPE,
        errors=(404,),
    )
    @command
    def post(self, request: Request, public_id: UUID) -> Response:
        Nothing.read(request.data)
        membership = household_to_leave(self.account, public_id=public_id)
        end_membership(membership=membership, actor=self.actor, at=clock.now())
        return Response({"left": True})
