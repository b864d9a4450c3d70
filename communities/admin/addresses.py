"""A community's own rules for reading addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.address_rules import add_address_rule
from communities.admin.filters import OwnRelatedFilter
from communities.admin.scoped import ScopedAdmin
from communities.console import actor_of
from communities.models import AddressRule
from communities.roles import COORDINATORS


@admin.register(AddressRule)
class AddressRuleAdmin(ScopedAdmin[AddressRule]):
    """What people write and what it means there: the next list is read by it."""

    viewers = COORDINATORS
    editors = COORDINATORS
    audit_kind = "address_rule"
    label_related = ("community",)
    list_display = ("kind", "words", "meaning", "building_label", "community_name")
    list_display_links = ("kind", "words")
    list_filter = (("community", OwnRelatedFilter), "kind")
    list_select_related = ("community", "building", "household")
    ordering = ("community_id", "kind", "words", "pk")
    search_fields = ("words", "meaning")

    def scope(self, rows: QuerySet[AddressRule], ids: Sequence[int]) -> QuerySet[AddressRule]:
        return rows.filter(community_id__in=ids)

    def label(self, row: AddressRule) -> str:
        return f"{row.get_kind_display()} {row.words}".strip()

    def get_fields(self, request: HttpRequest, obj: AddressRule | None = None) -> tuple[str, ...]:
        rest = ("kind", "words", "meaning", "building")
        return ("community_name", *rest) if obj else ("community", *rest)

    def get_readonly_fields(
        self, request: HttpRequest, obj: AddressRule | None = None
    ) -> tuple[str, ...]:
        return ("community_name",) if obj else ()

    def create(self, request: HttpRequest, obj: AddressRule, form: Any) -> None:
        rule = add_address_rule(
            community=obj.community,
            kind=obj.kind,
            words=obj.words,
            meaning=obj.meaning,
            building=obj.building,
            actor=actor_of(request),
        )
        self.adopt(obj, rule, form)

    @admin.display(description=_("building"))
    def building_label(self, row: AddressRule) -> str:
        room = f" {row.household.room}" if row.household else ""
        return f"{row.building.label}{room}" if row.building else "-"

    @admin.display(description=_("community"), ordering="community__name")
    def community_name(self, row: AddressRule) -> str:
        return row.community.name
