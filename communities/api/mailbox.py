"""Messages by e-mail: where to, and when not."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.api.endpoints import AccountEndpoint
from communities.mailing.address import confirm_mailbox, forget_mailbox, set_mailbox
from communities.models import Mailbox
from config.kernel import clock
from config.kernel.api.command import command
from config.kernel.api.fields import ClockTime, Strict, Text
from config.kernel.api.schema import describe
from config.kernel.errors import DomainError

_CLOCK = "%H:%M"


@extend_schema_serializer(component_name="Mailbox")
class MailboxBody(serializers.Serializer[Any]):
    address = serializers.CharField(allow_null=True, help_text="Masked. Null: no letters.")
    is_confirmed = serializers.BooleanField(help_text="Until then nothing but the code goes there.")
    quiet_from = ClockTime(allow_null=True, help_text="Own quiet hours. Null: the community's.")
    quiet_until = ClockTime(allow_null=True)


def _body(box: Mailbox | None) -> dict[str, Any]:
    if box is None:
        return dict.fromkeys(("address", "quiet_from", "quiet_until")) | {"is_confirmed": False}
    return {
        "address": box.address_masked,
        "is_confirmed": box.confirmed_at is not None,
        "quiet_from": _clock(box.quiet_from),
        "quiet_until": _clock(box.quiet_until),
    }


def _clock(moment: time | None) -> str | None:
    return None if moment is None else moment.strftime(_CLOCK)


class HalfQuiet(DomainError):
    code = "half_quiet_hours"
    status = 422
    detail = _("Quiet hours need a beginning and an end.")


class MyMailbox(AccountEndpoint):
    """GET and PUT /me/mailbox"""

    @extend_schema_serializer(component_name="SetMailbox")
    class Input(Strict):
        address = Text(
            required=False,
            allow_blank=True,
            max_length=254,
            help_text="Left out: as before. Empty: no letters any more.",
        )
        quiet_from = ClockTime(allow_null=True, required=False)
        quiet_until = ClockTime(allow_null=True, required=False)

    @describe(
        id="getMyMailbox", summary="Where my messages go by e-mail", tag="me", answer=MailboxBody
    )
    def get(self, request: Request) -> Response:
        return Response(_body(Mailbox.objects.filter(user=self.account).first()))

    @describe(
        id="setMyMailbox",
        summary="Have my messages sent by e-mail, too",
        detail=(
            "A new address is sent a code of six digits, good for 30 minutes: `POST /me/mailbox/confirm`. "
            "What may wait is not sent in the quiet hours. `429` `too_many_codes`: five codes a day. "
            "`422` `not_an_address`, `half_quiet_hours`."
        ),
        tag="me",
        answer=MailboxBody,
        body=Input,
    )
    @command
    def put(self, request: Request) -> Response:
        given = self.Input.read(request.data)
        address, quiet = given.get("address"), _quiet(given)
        if address is not None and not address.strip():
            forget_mailbox(user=self.account)
            return Response(_body(None))
        box = set_mailbox(user=self.account, address=address, quiet=quiet, at=clock.now())
        return Response(_body(box))


def _quiet(given: dict[str, Any]) -> tuple[time, time] | None:
    start, end = given.get("quiet_from"), given.get("quiet_until")
    if start is not None and end is not None:
        return start, end
    if start is None and end is None:
        return None
    raise HalfQuiet()


class ConfirmMailbox(AccountEndpoint):
    """POST /me/mailbox/confirm"""

    @extend_schema_serializer(component_name="ConfirmMailbox")
    class Input(Strict):
        code = serializers.RegexField(r"^[0-9]{6}$")

    @describe(
        id="confirmMyMailbox",
        summary="The code that came to the address",
        detail=(
            "A wrong one leaves `is_confirmed` false; after five of them, or 30 minutes, have another sent by "
            "naming the address once more."
        ),
        tag="me",
        answer=MailboxBody,
        body=Input,
        errors=(404,),
    )
    @command
    def post(self, request: Request) -> Response:
        typed = self.Input.read(request.data)["code"]
        return Response(_body(confirm_mailbox(user=self.account, typed=typed, at=clock.now())))
