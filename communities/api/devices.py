"""My devices, and signing out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.api.endpoints import AccountEndpoint
from communities.devices import access_device, devices_of, sign_out
from communities.models import Device
from config.kernel.api.command import command
from config.kernel.api.fields import Moment, Strict, local
from config.kernel.api.pages import PageQuery, newest_first
from config.kernel.api.schema import describe


class Nothing(Strict):
    """An empty object. Described by hand: of a serializer without members the schema says nothing."""

    SHAPE = {"application/json": {"type": "object", "additionalProperties": False}}


@extend_schema_serializer(component_name="Device")
class DeviceBody(serializers.Serializer[Any]):
    """`used_at` is known to the day."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    via = serializers.ChoiceField(choices=Device.Via.values)
    is_this = serializers.BooleanField(help_text="The one that asks.")
    signed_in_at = Moment()
    used_at = Moment()
    expires_at = Moment(allow_null=True)


class SignedOut(serializers.Serializer[Any]):
    signed_out = serializers.BooleanField()


class Devices(AccountEndpoint):
    """GET /me/devices"""

    Query = PageQuery

    @extend_schema_serializer(component_name="DevicePage")
    class Output(serializers.Serializer[Any]):
        results = DeviceBody(many=True)
        next_cursor = serializers.CharField(allow_null=True)

    @describe(
        id="listMyDevices",
        summary="Where I am signed in, newest first",
        tag="me",
        answer=Output,
        query=PageQuery,
    )
    def get(self, request: Request) -> Response:
        page = newest_first(devices_of(self.account), **self.query)
        rows = [_body(row, this=request.auth.pk) for row in page.rows]
        return Response({"results": rows, "next_cursor": page.next_cursor})


def _body(row: Device, *, this: str) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "name": row.name,
        "via": row.via,
        "is_this": row.token_id == this,
        "signed_in_at": local(row.token.created, settings.TIME_ZONE),
        "used_at": local(row.used_at, settings.TIME_ZONE),
        "expires_at": local(row.token.expiry, settings.TIME_ZONE),
    }


class RevokeDevice(AccountEndpoint):
    """POST /me/devices/{id}/revoke"""

    @describe(
        id="revokeDevice",
        summary="Sign one of my devices out, at once",
        tag="me",
        answer=SignedOut,
        body=Nothing.SHAPE,
        errors=(404,),
    )
    @command
    def post(self, request: Request, public_id: UUID) -> Response:
        Nothing.read(request.data)
        device = access_device(self.account, public_id=public_id)
        sign_out(user=self.account, token_id=device.token_id, actor=self.actor)
        return Response({"signed_out": True})


class SignOut(AccountEndpoint):
    """POST /auth/sign-out"""

    @describe(
        id="signOut", summary="Sign this device out", tag="me", answer=SignedOut, body=Nothing.SHAPE
    )
    @command
    def post(self, request: Request) -> Response:
        Nothing.read(request.data)
        sign_out(user=self.account, token_id=request.auth.pk, actor=self.actor)
        return Response({"signed_out": True})
