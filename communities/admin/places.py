"""Regions, communities, buildings, households."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from communities.admin.filters import OwnRelatedFilter
from communities.admin.scoped import (
    ConsoleForm,
    ReadOnlyInline,
    ScopedAdmin,
    page_of,
)
from communities.console import (
    actor_of,
    in_own_homes,
    user_of,
)
from communities.models import Building, Community, Household, Membership, Region, Resident
from communities.natural import natural_key
from communities.places import (
    add_building,
    add_household,
    building_key,
    create_community,
    create_region,
)
from communities.roles import COORDINATORS, HANDS, Role


@admin.register(Region)
class RegionAdmin(ScopedAdmin[Region]):
    """Everybody sees the way from the root to his communities, and what lies below a region where he holds a role."""

    editors = frozenset({Role.COMMITTEE})
    audit_kind = "region"
    fields = ("parent", "kind", "name")
    list_display = ("name", "kind", "parent")
    list_select_related = ("parent",)
    ordering = ("path",)
    search_fields = ("name",)

    def rows_for(self, request: HttpRequest, roles: Any) -> QuerySet[Region]:
        """For looking: the ancestors of one's nodes too. For editing: only what lies below a region one holds."""
        rows = admin.ModelAdmin.get_queryset(self, request)
        if user_of(request).is_superuser:
            return rows
        held = Membership.objects.live().filter(user=user_of(request), role__in=roles)
        nodes = list(held.values_list("region__path", "community__region__path"))
        rules = Q(pk__in=[])
        for below, around in nodes:
            if below:
                rules |= Q(path__startswith=below)
            if frozenset(roles) == frozenset(self.viewers):
                rules |= Q(
                    pk__in=[int(part) for part in (below or around or "").split("/") if part]
                )
        return rows.filter(rules)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A superuser also where there is none yet: the first region of an empty database."""
        if user_of(request).is_superuser:
            return True
        return (
            self.may(request, self.editors, None) and self.rows_for(request, self.editors).exists()
        )

    def get_readonly_fields(
        self, request: HttpRequest, obj: Region | None = None
    ) -> tuple[str, ...]:
        # A region that moved would take along the paths of all below it.
        return ("parent",) if obj else ()

    def get_form(
        self, request: HttpRequest, obj: Region | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "parent" in form.base_fields:
            # Only a superuser plants a new tree.
            form.base_fields["parent"].required = not user_of(request).is_superuser
        return form

    def create(self, request: HttpRequest, obj: Region, form: Any) -> None:
        region = create_region(
            kind=obj.kind, name=obj.name, parent=obj.parent, actor=actor_of(request)
        )
        self.adopt(obj, region, form)


class CommunityForm(ConsoleForm[Community]):
    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise forms.ValidationError(_("This is not the name of a time zone.")) from error
        return zone


@admin.register(Community)
class CommunityAdmin(ScopedAdmin[Community]):
    editors = frozenset({Role.COMMITTEE})
    audit_kind = "community"
    form = CommunityForm
    list_display = ("name", "kind", "region_name", "fenced", "release_needs_two")
    list_select_related = ("region",)
    ordering = ("name", "pk")
    search_fields = ("name", "short_name", "address")

    def scope(self, rows: QuerySet[Community], ids: Sequence[int]) -> QuerySet[Community]:
        return rows.filter(pk__in=ids)

    def community_id_of(self, row: Community) -> int | None:
        return row.pk

    def has_add_permission(self, request: HttpRequest) -> bool:
        return page_of(Region).has_add_permission(request)

    def get_fields(self, request: HttpRequest, obj: Community | None = None) -> tuple[str, ...]:
        # Where a community belongs decides who may see it.
        is_fixed = obj is not None and not user_of(request).is_superuser
        rest = (
            *("kind", "name", "short_name", "address", "zone", "service_name", "service_phone"),
            *("fenced", "release_needs_two", "quiet_from", "quiet_until"),
        )
        return ("region_name" if is_fixed else "region", *rest)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Community | None = None
    ) -> tuple[str, ...]:
        return ("region_name",) if obj else ()

    def create(self, request: HttpRequest, obj: Community, form: Any) -> None:
        community = create_community(
            region=obj.region,
            name=obj.name,
            short_name=obj.short_name,
            kind=obj.kind,
            address=obj.address,
            zone=obj.zone,
            actor=actor_of(request),
        )
        more = (
            *("service_name", "service_phone", "fenced", "release_needs_two"),
            *("quiet_from", "quiet_until"),
        )
        self.adopt(obj, community, form, more)

    @admin.display(description=_("region"))
    def region_name(self, row: Community) -> str:
        return row.region.name


@admin.register(Building)
class BuildingAdmin(ScopedAdmin[Building]):
    editors = COORDINATORS
    audit_kind = "building"
    label_related = ("community",)
    list_display = ("label", "community_name", "floors", "has_lift")
    list_filter = (("community", OwnRelatedFilter),)
    list_select_related = ("community",)
    ordering = ("community_id", "sort_key", "pk")
    search_fields = ("label", "number")

    def scope(self, rows: QuerySet[Building], ids: Sequence[int]) -> QuerySet[Building]:
        return rows.filter(community_id__in=ids)

    def label(self, row: Building) -> str:
        return f"{row.community.name} · {row.label}"

    def get_fields(self, request: HttpRequest, obj: Building | None = None) -> tuple[str, ...]:
        rest = ("lane", "number", "unit", "floors", "doors", "has_lift")
        return ("community_name", "label", *rest) if obj else ("community", *rest)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Building | None = None
    ) -> tuple[str, ...]:
        return ("community_name",) if obj else ()

    def create(self, request: HttpRequest, obj: Building, form: Any) -> None:
        building = add_building(
            community=obj.community,
            lane=obj.lane,
            number=obj.number,
            unit=obj.unit,
            floors=obj.floors,
            actor=actor_of(request),
        )
        self.adopt(obj, building, form, ("doors", "has_lift"))

    def derive(self, obj: Building, form: Any) -> list[str]:
        if not {"lane", "number", "unit"} & set(form.changed_data):
            return []
        obj.sort_key = building_key(lane=obj.lane, number=obj.number, unit=obj.unit)
        return ["sort_key"]

    @admin.display(description=_("community"), ordering="community__name")
    def community_name(self, row: Building) -> str:
        return row.community.name


class ResidentInline(ReadOnlyInline[Resident]):
    model = Resident
    fields = ("link", "phone_masked", "is_contact")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resident]:
        return super().get_queryset(request).filter(left_at=None)

    @admin.display(description=_("name"))
    def link(self, row: Resident) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:communities_resident_change", args=[row.pk]),
            row.name,
        )


@admin.register(Household)
class HouseholdAdmin(ScopedAdmin[Household]):
    """A building leader looks at the households of his own building only."""

    viewers = HANDS
    editors = COORDINATORS
    audit_kind = "household"
    label_related = ("building",)
    list_display = ("room", "building_label", "needs_care", "has_smartphone", "is_active")
    list_display_links = ("room",)
    list_filter = (
        ("community", OwnRelatedFilter),
        ("building", OwnRelatedFilter),
        "needs_care",
        "has_smartphone",
        "is_active",
    )
    list_select_related = ("building",)
    ordering = ("building__community_id", "building__sort_key", "sort_key", "pk")
    search_fields = ("room", "building__label")
    inlines = (ResidentInline,)
    change_form_template = "admin/communities/household/change_form.html"

    def rows_for(self, request: HttpRequest, roles: Any) -> QuerySet[Household]:
        rows = admin.ModelAdmin.get_queryset(self, request)
        return rows if user_of(request).is_superuser else rows.filter(in_own_homes(request, roles))

    def label(self, row: Household) -> str:
        return f"{row.building.label} {row.room}"

    def get_fields(self, request: HttpRequest, obj: Household | None = None) -> tuple[str, ...]:
        rest = ("room", "people", "needs_care", "has_smartphone")
        return ("building_label", *rest, "is_active") if obj else ("building", *rest)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Household | None = None
    ) -> tuple[str, ...]:
        return ("building_label",) if obj else ()

    def create(self, request: HttpRequest, obj: Household, form: Any) -> None:
        household = add_household(
            building=obj.building,
            room=obj.room,
            people=obj.people,
            needs_care=obj.needs_care,
            has_smartphone=obj.has_smartphone,
            actor=actor_of(request),
        )
        self.adopt(obj, household, form)

    def derive(self, obj: Household, form: Any) -> list[str]:
        if "room" not in form.changed_data:
            return []
        obj.sort_key = natural_key(obj.room)
        return ["sort_key"]

    @admin.display(description=_("building"), ordering="building__sort_key")
    def building_label(self, row: Household) -> str:
        return row.building.label
