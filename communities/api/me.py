"""Who I am, where I live, what I was told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import access_own_household
from communities.api.endpoints import AccountEndpoint
from communities.joining.own_name import rename
from communities.joining.own_phone import phone_of
from communities.models import Community, Household, InboxMessage, Membership, Region, User
from communities.notices import count_unread, mark_read
from communities.places import set_substitutes
from communities.roles import Role
from communities.wording import sentence_of
from config.kernel import clock
from config.kernel.api.command import command, keyless
from config.kernel.api.fields import Moment, Strict, Text, local
from config.kernel.api.pages import Cursor, PageQuery, cursor_of, newest_first
from config.kernel.api.schema import describe


class MyPlace(serializers.Serializer[Any]):
    """A community or a region."""

    kind = serializers.ChoiceField(choices=["community", "region"])
    id = serializers.UUIDField(allow_null=True, help_text="Of a community.")
    name = serializers.CharField()


class MyHousehold(serializers.Serializer[Any]):
    """A door for which I order."""

    id = serializers.UUIDField()
    building = serializers.CharField()
    room = serializers.CharField()
    community = MyPlace()
    substitutes = serializers.ChoiceField(
        choices=Household.Substitutes.values,
        help_text="What its orders say about goods that are short, if they say nothing else.",
    )


class MyMembership(serializers.Serializer[Any]):
    """What I do, and where."""

    role = serializers.ChoiceField(choices=Role.values)
    place = MyPlace()


class Me(AccountEndpoint):
    """GET and PUT /me"""

    @extend_schema_serializer(component_name="Me")
    class Output(serializers.Serializer[Any]):
        id = serializers.UUIDField()
        name = serializers.CharField()
        phone = serializers.CharField(allow_null=True, help_text="Masked. Null: none is kept.")
        phone_is_confirmed = serializers.BooleanField(
            help_text="By a code, or given with a slip. False too if there is none."
        )
        households = MyHousehold(many=True)
        memberships = MyMembership(many=True)

    @extend_schema_serializer(component_name="MyName")
    class Input(Strict):
        name = Text(max_length=40, help_text="As volunteers and slips shall call me.")

    @describe(id="getMe", summary="My name, households and roles", tag="me", answer=Output)
    def get(self, request: Request) -> Response:
        return Response(_me(self.account))

    @describe(
        id="setMyName",
        summary="Set my name right",
        detail="On the lists of my households, too. What was printed or ordered keeps the old one.",
        tag="me",
        answer=Output,
        body=Input,
        keyless=True,
    )
    @keyless
    def put(self, request: Request) -> Response:
        rename(user=self.account, **self.Input.read(request.data))
        return Response(_me(self.account))


def _me(user: User) -> dict[str, Any]:
    """Two statements."""
    held = list(
        Membership.objects.live()
        .filter(user=user)
        .select_related("region", "community", "household__building", "household__community")
        .order_by("pk")
    )
    phone, is_confirmed = phone_of(user)
    return {
        "id": user.public_id,
        "name": user.get_full_name(),
        "phone": phone,
        "phone_is_confirmed": is_confirmed,
        "households": [
            _household(one.household) for one in held if one.household and one.household.is_active
        ],
        "memberships": [
            {"role": one.role, "place": _place(one.community or one.region)} for one in held
        ],
    }


def _household(household: Household) -> dict[str, Any]:
    return {
        "id": household.public_id,
        "building": household.building.label,
        "room": household.room,
        "community": _place(household.community),
        "substitutes": household.substitutes,
    }


def _place(place: Community | Region | None) -> dict[str, Any]:
    if isinstance(place, Community):
        return {"kind": "community", "id": place.public_id, "name": place.name}
    # One of the two is there: membership_at_one_node.
    return {"kind": "region", "id": None, "name": place.name if place else ""}


class HouseholdSettings(AccountEndpoint):
    """PUT /me/households/{id}"""

    @extend_schema_serializer(component_name="HouseholdSettings")
    class Input(Strict):
        substitutes = serializers.ChoiceField(
            choices=Household.Substitutes.values,
            help_text=(
                "If goods are short: a like product is fine, one that is not dearer, rather the "
                "money back, or a call first."
            ),
        )

    @describe(
        id="setHousehold",
        summary="What my household's orders say if they say nothing else",
        tag="me",
        answer=MyHousehold,
        body=Input,
        errors=(404,),
    )
    @command
    def put(self, request: Request, public_id: UUID) -> Response:
        given = self.Input.read(request.data)
        household = access_own_household(self.account, public_id=public_id)
        set_substitutes(household=household, actor=self.actor, **given)
        return Response(_household(household))


class Messages(AccountEndpoint):
    """GET /me/messages"""

    Query = PageQuery

    @extend_schema_serializer(component_name="MessagePage")
    class Output(serializers.Serializer[Any]):
        class Message(serializers.Serializer[Any]):
            cursor = serializers.CharField(help_text="For `up_to` of POST /me/messages/read.")
            kind = serializers.CharField(help_text="For programs: window.closed, order.dropped …")
            text = serializers.CharField(help_text="The sentence, by Accept-Language.")
            data = serializers.DictField(help_text="What the sentence was made from.")  # type: ignore[assignment]
            created_at = Moment()
            read_at = Moment(allow_null=True)

        results = Message(many=True)
        next_cursor = serializers.CharField(allow_null=True)
        unread = serializers.IntegerField(help_text="In the whole inbox.")

    @describe(
        id="listMyMessages",
        summary="My inbox, newest first",
        tag="me",
        answer=Output,
        query=PageQuery,
    )
    def get(self, request: Request) -> Response:
        page = newest_first(InboxMessage.objects.filter(user=self.account), **self.query)
        return Response(
            {
                "results": [_message(row) for row in page.rows],
                "next_cursor": page.next_cursor,
                "unread": count_unread(self.account),
            }
        )


class MessagesRead(AccountEndpoint):
    """POST /me/messages/read"""

    @extend_schema_serializer(component_name="ReadMessages")
    class Input(Strict):
        up_to = Cursor(help_text="`cursor` of the newest message that was seen.")

    @extend_schema_serializer(component_name="UnreadMessages")
    class Output(serializers.Serializer[Any]):
        unread = serializers.IntegerField(help_text="Messages that came after it.")

    @describe(
        id="markMyMessagesRead",
        summary="Mark my messages as read",
        detail="Every message up to and including the one named. A message that came meanwhile stays unread.",
        tag="me",
        body=Input,
        answer=Output,
    )
    @command
    def post(self, request: Request) -> Response:
        up_to = self.Input.read(request.data)["up_to"]
        mark_read(user=self.account, up_to=up_to, at=clock.now())
        return Response({"unread": count_unread(self.account)})


def _message(row: InboxMessage) -> dict[str, Any]:
    return {
        "cursor": cursor_of(row.pk),
        "kind": row.kind,
        "text": sentence_of(row.kind, row.data),
        "data": row.data,
        "created_at": local(row.created_at, settings.TIME_ZONE),
        "read_at": local(row.read_at, settings.TIME_ZONE),
    }
