"""What became of my wishes to order for a household."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import access_own_join, joins_of
from communities.api.devices import Nothing
from communities.api.endpoints import AccountEndpoint
from communities.api.joining import JoinBody, join_body
from communities.joining.requesting import withdraw_join
from communities.models import JoinRequest
from communities.states import JoinStatus
from config.kernel import clock
from config.kernel.api.command import command
from config.kernel.api.fields import Moment, local
from config.kernel.api.pages import PageQuery, newest_first
from config.kernel.api.schema import describe


class MyJoins(AccountEndpoint):
    """GET /me/joins"""

    Query = PageQuery

    @extend_schema_serializer(component_name="JoinPage")
    class Output(serializers.Serializer[Any]):
        @extend_schema_serializer(component_name="MyJoin")
        class MyJoin(JoinBody):
            community = serializers.CharField()
            building = serializers.CharField()
            room = serializers.CharField()
            lives_elsewhere = serializers.BooleanField()
            asked_at = Moment()
            decided_at = Moment(allow_null=True)

        results = MyJoin(many=True)
        next_cursor = serializers.CharField(allow_null=True)

    @describe(
        id="listMyJoins",
        summary="Which households I asked to order for, and what became of it",
        detail="Newest first. `waiting`: nobody has decided yet; after 14 days such a wish lapses.",
        tag="joining",
        answer=Output,
        query=PageQuery,
    )
    def get(self, request: Request) -> Response:
        rows = joins_of(self.account).select_related("household__building", "community")
        page = newest_first(rows, **self.query)
        return Response(
            {"results": [_row(join) for join in page.rows], "next_cursor": page.next_cursor}
        )


def _row(join: JoinRequest) -> dict[str, Any]:
    zone = join.community.zone
    return {
        **join_body(join),
        "community": join.community.name,
        "building": join.household.building.label,
        "room": join.household.room,
        "lives_elsewhere": join.lives_elsewhere,
        "asked_at": local(join.asked_at, zone),
        "decided_at": local(join.decided_at, zone),
    }


class WithdrawMine(AccountEndpoint):
    """POST /me/joins/{id}/withdraw"""

    @describe(
        id="withdrawMyJoin",
        summary="Take such a wish back; the name and phone in it are forgotten",
        detail=(
            "A repeat changes nothing. `409` `illegal_transition` or `stale_status`: it was approved or refused "
            "meanwhile; `GET /me/joins` says which."
        ),
        tag="joining",
        answer=JoinBody,
        body=Nothing.SHAPE,
        errors=(404,),
    )
    @command
    def post(self, request: Request, public_id: UUID) -> Response:
        Nothing.read(request.data)
        join = access_own_join(self.account, public_id=public_id)
        if join.status != JoinStatus.WITHDRAWN:
            withdraw_join(join=join, actor=self.actor, at=clock.now())
        return Response(join_body(join))
