"""Calls as the desk shows them: whose one sees, what still has to be called, a new one to be noted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.access import communities_of
from communities.console import community_ids, in_own_homes, user_of
from communities.models import Community, Household
from communities.roles import ANYBODY, HANDS, Role
from config.kernel.errors import Forbidden, NotFound
from orders.access import windows_bought_in
from orders.models import OrderWindow
from orders.states import WindowStatus
from volunteers.calling.calls import Caller
from volunteers.desk.homes import homes_meant
from volunteers.models import PhoneCall
from volunteers.states import CallStatus

_OPEN = (CallStatus.WAITING, CallStatus.TAKEN)


def calls_of(request: HttpRequest) -> QuerySet[PhoneCall]:
    """Of the homes whose doors the person may see, of the communities where he is more than a leader, and his own."""
    rows = PhoneCall.objects.all()
    if user_of(request).is_superuser:
        return rows
    rule = in_own_homes(request, HANDS, building="household__building_id")
    rule |= Q(household=None, community__in=community_ids(request, HANDS - {Role.BUILDING_LEADER}))
    # A number without a door that a leader noted himself.
    rule |= Q(
        household=None, created_by=user_of(request), community__in=community_ids(request, HANDS)
    )
    return rows.filter(rule)


def access_call(request: HttpRequest, *, public_id: UUID) -> PhoneCall:
    """Raises NotFound without any staff role in its community or for another's door, Forbidden without a hand's."""
    found = PhoneCall.objects.filter(public_id=public_id)
    row = found.select_related("household__building", "community", "called_by").first()
    if row is None or row.community_id not in community_ids(request, ANYBODY - {Role.RESIDENT}):
        raise NotFound()
    if row.community_id not in community_ids(request, HANDS):
        raise Forbidden()
    if not calls_of(request).filter(pk=row.pk).exists():
        raise NotFound()
    return row


def calls_to_return(request: HttpRequest) -> QuerySet[PhoneCall]:
    """What still has to be called back, what is due first; care calls have their own page."""
    rows = calls_of(request).filter(kind=PhoneCall.Kind.BACK, status__in=_OPEN)
    rows = rows.select_related("household__building", "community", "called_by")
    return rows.order_by(F("due_at").asc(nulls_last=True), "pk")


def rounds_for(household: Household | None, *, now: datetime) -> list[OrderWindow]:
    """In which the household could order on the telephone now, what closes first comes first. One statement."""
    if household is None:
        return []
    rows = windows_bought_in([household.community_id]).filter(
        status=WindowStatus.OPEN, opens_at__lte=now, closes_at__gt=now
    )
    return list(rows.select_related("community").order_by("closes_at", "pk"))


class CallForm(forms.Form):
    """A call to be returned. `cleaned_data` holds the community and the household (or None); `caller` the rest."""

    community = forms.ModelChoiceField(label=_("Community"), queryset=Community.objects.none())
    door = forms.CharField(label=_("Door"), max_length=40, required=False)
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=25,
        required=False,
        help_text=_("Not needed where the household's own number is known."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Name"), max_length=40, required=False)
    note = forms.CharField(label=_("About what"), max_length=200, required=False)
    due = forms.TimeField(
        label=_("Call back by"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, *args: Any, request: HttpRequest, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.now = request, now
        places = communities_of(user_of(request), HANDS).order_by("name", "pk")
        field = self.fields["community"]
        field.queryset = places  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: row.name  # type: ignore[attr-defined]
        first = list(places[:2])
        if len(first) == 1:
            self.initial["community"] = first[0].pk

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["household"] = None
        community, door = cleaned.get("community"), cleaned.get("door")
        if community and door:
            cleaned["household"] = self._home(community, door)
        return cleaned

    def _home(self, community: Community, door: str) -> Household | None:
        homes = Household.objects.filter(community=community, is_active=True)
        if not user_of(self.request).is_superuser:
            homes = homes.filter(in_own_homes(self.request, HANDS))
        homes = homes.select_related("building", "community")
        found = [home for home in homes_meant(homes, door) if home.is_whole]  # type: ignore[attr-defined]
        if len(found) == 1:
            return found[0]
        if found:
            names = "、".join(f"{home.building.label} {home.room}" for home in found[:5])
            self.add_error("door", _("Which one: %(doors)s?") % {"doors": names})
        else:
            self.add_error("door", _("No such door here. Building and room, like 2-301."))
        return None

    @property
    def caller(self) -> Caller:
        due, community = self.cleaned_data["due"], self.cleaned_data["community"]
        due_at = None
        if due is not None:
            local = self.now.astimezone(ZoneInfo(community.zone))
            due_at = local.replace(hour=due.hour, minute=due.minute, second=0, microsecond=0)
            due_at += timedelta(days=1) if due_at < local else timedelta()
        values = {name: self.cleaned_data[name] for name in ("name", "phone", "note")}
        return Caller(**values, due_at=due_at)
