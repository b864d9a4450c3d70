"""Come in by the code of a household's slip: before there is an account, and for one more household."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities import personal
from communities.api.buckets import places, places_of
from communities.api.endpoints import AccountEndpoint, OpenEndpoint
from communities.api.trying import tried
from communities.joining import texts
from communities.joining.exchanging import take_token
from communities.joining.requesting import (
    CLAIM,
    Asked,
    UnknownCode,
    find_by_claim,
    request_join,
    withdraw_join,
)
from communities.models import JoinRequest
from communities.states import JoinStatus
from config.kernel import clock
from config.kernel.api.command import command, keyless
from config.kernel.api.fields import Strict, Text, YesNo
from config.kernel.api.schema import describe
from config.kernel.api.throttling import address_of
from config.kernel.audit import Actor
from config.kernel.errors import NotFound


class Claim(serializers.RegexField):
    """A secret that the client made, 256 random bits or more, base64url."""

    def __init__(self, **options: Any) -> None:
        super().__init__(f"^{CLAIM}$", **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class JoinOfAccount(Strict):
    """`consent`: the version of the text for `ordering` in GET /consents that the person agreed to."""

    code = Text(max_length=40, help_text="As on the slip: ABCD-EFGH-JK.")
    name = Text(max_length=40)
    phone = Text(required=False, allow_blank=True, max_length=30)
    lives_elsewhere = YesNo(default=False, help_text="I order for them, but do not live there.")
    device = Text(required=False, allow_blank=True, max_length=60)
    consent = Text(max_length=20)

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """Keyword arguments for request_join. Raises ValidationError."""
        values = super().read(data)
        given: dict[str, Any] = {
            name: values.pop(name) for name in ("code", "claim") if name in values
        }
        return {**given, "asked": Asked(**values)}


class JoinOfDevice(JoinOfAccount):
    claim = Claim(
        help_text="Made by this device, 256 random bits as base64url, kept by it. Never in an address."
    )


class Claimed(Strict):
    claim = Claim(help_text="The same as in POST /join.")


class JoinBody(serializers.Serializer[Any]):
    """`reason`: why not, if it was refused."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=JoinStatus.values)
    reason = serializers.CharField()


def join_body(join: JoinRequest) -> dict[str, Any]:
    return {"id": join.public_id, "status": join.status, "reason": join.reason}


class Consents(OpenEndpoint):
    """GET /consents"""

    @extend_schema_serializer(component_name="ConsentTexts")
    class Output(serializers.Serializer[Any]):
        class ConsentText(serializers.Serializer[Any]):
            purpose = serializers.ChoiceField(choices=list(texts.TEXTS))
            version = serializers.CharField()
            text = serializers.CharField(help_text="By Accept-Language; the Chinese one counts.")

        results = ConsentText(many=True)

    @describe(
        id="listConsentTexts",
        summary="What people are asked to agree to",
        tag="joining",
        answer=Output,
    )
    def get(self, request: Request) -> Response:
        language = "en" if get_language() == "en" else "zh"
        newest = {purpose: versions[-1] for purpose, versions in texts.TEXTS.items()}
        rows = [
            {"purpose": purpose, "version": text.version, "text": getattr(text, language)}
            for purpose, text in newest.items()
        ]
        return Response({"results": rows})


class Join(OpenEndpoint):
    """POST /join"""

    @describe(
        id="join",
        summary="Ask to order for the household whose slip I hold",
        detail=(
            "Nobody needs an account or a phone number. A volunteer or the building leader lets the "
            "person in; ask `POST /join/{id}` until then. `claim` is made by the device and makes a repeat "
            "harmless: the same claim is the same wish. `409` `unknown_code` says the same of every code "
            "that is not good; who guesses is stopped by `429`."
        ),
        tag="joining",
        answer=JoinBody,
        status=201,
        body=JoinOfDevice,
        keyless=True,
    )
    def post(self, request: Request) -> Response:
        given = JoinOfDevice.read(request.data)
        with tried(places(request, "join", settings.JOIN_RATES), UnknownCode):
            return self._ask(request, given)

    @keyless
    def _ask(self, request: Request, given: dict[str, Any]) -> Response:
        place = personal.blind_index(f"place {address_of(request)}")
        join = request_join(**given, place=place, at=clock.now())
        return Response(join_body(join), status=201)


class JoinStanding(OpenEndpoint):
    """POST /join/{id}"""

    @extend_schema_serializer(component_name="JoinStanding")
    class Output(JoinBody):
        token = serializers.CharField(
            allow_null=True, help_text="For `Authorization: Bearer`, once the wish is approved."
        )

    @describe(
        id="askJoin",
        summary="How the wish stands; once it is approved, the token",
        detail=(
            "The same claim gets the same token each time, for 30 days after the approval or until the "
            "device is signed out (`409` `claim_spent`): a lost reply loses nothing. Ask every half "
            "minute, and when the person comes back to the page."
        ),
        tag="joining",
        answer=Output,
        body=Claimed,
        errors=(404,),
        keyless=True,
    )
    @keyless
    def post(self, request: Request, public_id: UUID) -> Response:
        claim = Claimed.read(request.data)["claim"]
        join = _own(public_id, claim)
        token = take_token(join=join, claim=claim, at=clock.now())
        return Response({**join_body(join), "token": token or None})


class WithdrawJoin(OpenEndpoint):
    """POST /join/{id}/withdraw"""

    @describe(
        id="withdrawJoin",
        summary="Take the wish back; name and phone are forgotten",
        tag="joining",
        answer=JoinBody,
        body=Claimed,
        errors=(404,),
        keyless=True,
    )
    @keyless
    def post(self, request: Request, public_id: UUID) -> Response:
        join = _own(public_id, Claimed.read(request.data)["claim"])
        if join.status != JoinStatus.WITHDRAWN:
            withdraw_join(join=join, actor=Actor("slip"), at=clock.now())
        return Response(join_body(join))


def _own(public_id: UUID, claim: str) -> JoinRequest:
    """Raises NotFound: for a foreign wish as for none."""
    join = find_by_claim(public_id=public_id, claim=claim)
    if join is None:
        raise NotFound()
    return join


class JoinAnother(AccountEndpoint):
    """POST /me/households"""

    @describe(
        id="joinAnotherHousehold",
        summary="Ask to order for one more household",
        detail=(
            "As `POST /join`, for whoever is signed in: parents, a second flat. Once it is approved the "
            "household stands in `GET /me`."
        ),
        tag="joining",
        answer=JoinBody,
        status=201,
        body=JoinOfAccount,
    )
    def post(self, request: Request) -> Any:
        given = JoinOfAccount.read(request.data)
        with tried(places_of(self.account, "join", settings.JOIN_RATES), UnknownCode):
            return self._ask(request, given)

    @command
    def _ask(self, request: Request, given: dict[str, Any]) -> Response:
        return Response(
            join_body(request_join(**given, user=self.account, at=clock.now())), status=201
        )
