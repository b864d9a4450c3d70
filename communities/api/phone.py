"""Sign in by a one-time code to a phone, or by the login code of a mini-program."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities import personal
from communities.api.buckets import places, places_of
from communities.api.endpoints import AccountEndpoint, OpenEndpoint
from communities.api.joining import Claim
from communities.api.trying import take_all, tried
from communities.joining import mini_program
from communities.joining.one_time import WrongCode, ask_for_code, compare_code, normalised
from communities.joining.phones import Person, sign_in_by_phone
from communities.models import SignInCode
from config.kernel import clock
from config.kernel.api.command import keyless
from config.kernel.api.fields import Strict, Text
from config.kernel.api.schema import describe
from config.kernel.errors import DomainError


class PhoneSignInOff(DomainError):
    code = "phone_sign_in_off"
    detail = _("Codes by phone are not set up here. Please join with your household's slip.")


class AskForCode(OpenEndpoint):
    """POST /auth/code"""

    @extend_schema_serializer(component_name="CodeWish")
    class Input(Strict):
        phone = Text(max_length=30)
        claim = Claim(
            required=False,
            help_text="That of POST /auth/token: then only this device can use the code, or spend its tries.",
        )

    @extend_schema_serializer(component_name="CodeOnItsWay")
    class Output(serializers.Serializer[Any]):
        good_for_seconds = serializers.IntegerField()

    @describe(
        id="askForCode",
        summary="Have a one-time code sent to a phone",
        detail=(
            "The answer is the same whether the number is known here or not; only to one of the roster a "
            "code is sent. Six digits, good for five minutes and five tries. Asked again within two "
            "minutes, the same code is sent once more. `409` `phone_sign_in_off`: not set up here."
        ),
        tag="joining",
        answer=Output,
        body=Input,
        keyless=True,
    )
    def post(self, request: Request) -> Response:
        given = self.Input.read(request.data)
        number = number_of(given["phone"])
        take_all(places(request, "code", settings.CODE_RATES, phone=personal.blind_index(number)))
        return self._ask(request, number, given.get("claim", ""))

    @keyless
    def _ask(self, request: Request, number: str, claim: str) -> Response:
        ask_for_code(number=number, claim=claim, at=clock.now())
        return Response({"good_for_seconds": SignInCode.GOOD_FOR.seconds})


class SignInByPhone(OpenEndpoint):
    """POST /auth/token"""

    @extend_schema_serializer(component_name="PhoneSignIn")
    class Input(Strict):
        phone = Text(max_length=30)
        code = serializers.RegexField(r"^[0-9]{6}$")
        claim = Claim(
            help_text="Made by this device, as in POST /join: a repeat gets the same token."
        )
        choice = serializers.RegexField(r"^[0-9a-f]{32}$", required=False)
        device = Text(required=False, allow_blank=True, max_length=60)
        consent = Text(
            required=False,
            max_length=20,
            help_text="Needed by whoever signs in for the first time: the version of `ordering`.",
        )

    @extend_schema_serializer(component_name="SignedIn")
    class Output(serializers.Serializer[Any]):
        class Choice(serializers.Serializer[Any]):
            """One of several people who have this number."""

            choice = serializers.CharField()
            name = serializers.CharField()
            households = serializers.ListField(child=serializers.CharField())

        token = serializers.CharField(allow_null=True)
        choices = Choice(many=True)

    @describe(
        id="signInByPhone",
        summary="Sign in with the code that came to the phone",
        detail=(
            "If several people have the number, `token` is null and `choices` names them: send the same "
            "again with one `choice`. `409` `wrong_code` says the same of a wrong, late, used or never "
            "sent code; `consent_outdated` asks for the consent of whoever is new. `number_not_confirmed`, "
            "`number_closed`, `account_has_post`: the number does not let this person in, the slip does."
        ),
        tag="joining",
        answer=Output,
        body=Input,
        errors=(404,),
        keyless=True,
    )
    def post(self, request: Request) -> Response:
        given = self.Input.read(request.data)
        number = number_of(given.pop("phone"))
        rates = places(
            request, "code-try", settings.CODE_TRY_RATES, phone=personal.blind_index(number)
        )
        with tried(rates, WrongCode):
            outcome = _sign_in(number, **given)
            if outcome is None:
                raise WrongCode()
        if isinstance(outcome, str):
            return Response({"token": outcome, "choices": []})
        return Response({"token": None, "choices": [_choice(one) for one in outcome]})


def number_of(typed: str) -> str:
    """Raises PhoneSignInOff, Invalid."""
    if not settings.CODE_SENDER:
        raise PhoneSignInOff()
    return normalised(typed)


@transaction.atomic(durable=True)
def _sign_in(
    number: str, *, code: str, claim: str, choice: str = "", device: str = "", consent: str = ""
) -> str | list[Person] | None:
    """None for a wrong code: that it was tried must be committed, so nothing is raised here."""
    now = clock.now()
    row = compare_code(number=number, typed=code, claim=claim, at=now)
    if row is None:
        return None
    return sign_in_by_phone(
        code=row, choice=choice, claim=claim, device=device, consent=consent, at=now
    )


def _choice(person: Person) -> dict[str, Any]:
    homes = [
        f"{one.household.community.name} {one.household.building.label} {one.household.room}"
        for one in person.residents
    ]
    return {"choice": person.choice, "name": person.name, "households": homes}


class MiniProgramCode(Strict):
    """`code` is what the mini-program's login gave, good for one question."""

    code = Text(max_length=200)


class SignInByMiniProgram(OpenEndpoint):
    """POST /auth/mini-program"""

    @extend_schema_serializer(component_name="MiniProgramSignIn")
    class Input(MiniProgramCode):
        claim = Claim(
            help_text="Made by this device, as in POST /join: a repeat gets the same token."
        )
        device = Text(required=False, allow_blank=True, max_length=60)

    @extend_schema_serializer(component_name="Token")
    class Output(serializers.Serializer[Any]):
        token = serializers.CharField()

    @describe(
        id="signInByMiniProgram",
        summary="Sign in with the login code of a mini-program",
        detail=(
            "After a lost reply ask the mini-program for a new code and send it with the same claim. `409` "
            "`not_bound`: join by the slip or sign in by phone first, then `POST /me/mini-program`; "
            "`wrong_code`; `mini_program_off`: not set up here."
        ),
        tag="joining",
        answer=Output,
        body=Input,
        keyless=True,
    )
    def post(self, request: Request) -> Response:
        given = self.Input.read(request.data)
        with tried(places(request, "mini-program", settings.CODE_TRY_RATES), WrongCode):
            digest = mini_program.identify(code=given.pop("code"))
        return self._sign_in(request, digest, given)

    @keyless
    def _sign_in(self, request: Request, digest: str, given: dict[str, Any]) -> Response:
        token = mini_program.sign_in(digest=digest, **given)
        return Response({"token": token})


class BindMiniProgram(AccountEndpoint):
    """POST /me/mini-program"""

    @extend_schema_serializer(component_name="Bound")
    class Output(serializers.Serializer[Any]):
        bound = serializers.BooleanField()

    @describe(
        id="bindMiniProgram",
        summary="From now on sign in to this account by the mini-program",
        detail="Whatever account the person had there before. A repeat changes nothing.",
        tag="me",
        answer=Output,
        body=MiniProgramCode,
        keyless=True,
    )
    def post(self, request: Request) -> Response:
        given = MiniProgramCode.read(request.data)
        with tried(places_of(self.account, "mini-program", settings.CODE_TRY_RATES), WrongCode):
            digest = mini_program.identify(**given)
        return self._bind(request, digest)

    @keyless
    def _bind(self, request: Request, digest: str) -> Response:
        mini_program.bind(user=self.account, digest=digest, actor=self.actor, at=clock.now())
        return Response({"bound": True})
