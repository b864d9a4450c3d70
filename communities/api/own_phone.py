"""The own phone number: a code goes to it first, then it is kept, and is confirmed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities import personal
from communities.api.buckets import places, places_of
from communities.api.endpoints import AccountEndpoint
from communities.api.phone import AskForCode, number_of
from communities.api.trying import take_all, tried
from communities.joining.one_time import WrongCode
from communities.joining.own_phone import ask_for_own_code, confirm_number, require_keepable
from communities.models import SignInCode, User
from config.kernel import clock
from config.kernel.api.command import keyless
from config.kernel.api.fields import Strict, Text
from config.kernel.api.schema import describe


class AskForOwnCode(AccountEndpoint):
    """POST /me/phone/code"""

    @extend_schema_serializer(component_name="OwnNumber")
    class Input(Strict):
        phone = Text(max_length=30)

    @describe(
        id="askForOwnCode",
        summary="Have a one-time code sent to a phone that is mine",
        detail=(
            "To the number that is kept with my name, to confirm it, or while it is not confirmed to another one. "
            "Limits, life and answer are those of `POST /auth/code`; the code is good for "
            "`POST /me/phone` of this account only. The answer is the same for a number that is known here and "
            "one that is not. `409`: no code goes out; `not_on_the_roster`, `number_is_confirmed` say of my account "
            "what they say there, `phone_sign_in_off`: no codes are sent here."
        ),
        tag="me",
        answer=AskForCode.Output,
        body=Input,
        keyless=True,
    )
    def post(self, request: Request) -> Response:
        number = number_of(self.Input.read(request.data)["phone"])
        # The buckets of signing in: a number gets no more messages because two doors lead to it.
        rates, index = settings.CODE_RATES, personal.blind_index(number)
        # Whoever gets no code uses up none of a neighbour's.
        require_keepable(user=self.account, number=number)
        mine = places_of(self.account, "own-code", rates)
        take_all(mine, places(request, "code", rates, phone=index))
        return self._ask(request, number)

    @keyless
    def _ask(self, request: Request, number: str) -> Response:
        ask_for_own_code(user=self.account, number=number, at=clock.now())
        return Response({"good_for_seconds": SignInCode.GOOD_FOR.seconds})


class MyPhone(AccountEndpoint):
    """POST /me/phone"""

    @extend_schema_serializer(component_name="OwnCode")
    class Input(Strict):
        phone = Text(max_length=30)
        code = serializers.RegexField(r"^[0-9]{6}$")

    @extend_schema_serializer(component_name="MyPhone")
    class Output(serializers.Serializer[Any]):
        phone = serializers.CharField(help_text="Masked.")
        phone_is_confirmed = serializers.BooleanField()

    @describe(
        id="confirmMyPhone",
        summary="The code that came to my phone: the number is mine",
        detail=(
            "It takes the place of a number that was kept with my name and never confirmed, in all my households, "
            "and is confirmed; I am told. `409` `wrong_code` says the same of a wrong, late, used or never sent "
            "code; `number_is_confirmed`: mine is another one, which a volunteer changes; `not_on_the_roster`: no "
            "list of residents names me yet. A repeat changes nothing."
        ),
        tag="me",
        answer=Output,
        body=Input,
        keyless=True,
    )
    def post(self, request: Request) -> Response:
        given = self.Input.read(request.data)
        number = number_of(given["phone"])
        index, rates = personal.blind_index(number), settings.CODE_TRY_RATES
        mine = places_of(self.account, "own-code-try", rates)
        everybodys = places(request, "code-try", rates, phone=index)
        with tried(mine, WrongCode), tried(everybodys, WrongCode):
            if not _confirm(self.account, number, given["code"]):
                raise WrongCode()
        return Response({"phone": personal.mask_phone(number), "phone_is_confirmed": True})


@transaction.atomic(durable=True)
def _confirm(user: User, number: str, typed: str) -> bool:
    """A wrong try must be committed, so nothing is raised for it here."""
    return confirm_number(user=user, number=number, typed=typed, at=clock.now())
