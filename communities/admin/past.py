"""What happened, readable by those who answer for a community."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.admin.filters import SubjectKindFilter
from communities.admin.scoped import ReadOnlyAdmin
from communities.history import sentence_of, who_acted, with_names
from communities.roles import COORDINATORS, Role
from config.kernel.audit import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin[AuditEntry]):
    """Entries without a community (suppliers, accounts) are the superuser's."""

    viewers = COORDINATORS | {Role.OWNERS_COMMITTEE}
    audit_kind = "audit_entry"
    list_display = ("at", "what", "who", "subject", "data")
    list_filter = (("subject_kind", SubjectKindFilter),)
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        return with_names(super().get_queryset(request))

    def scope(self, rows: QuerySet[AuditEntry], ids: Sequence[int]) -> QuerySet[AuditEntry]:
        return rows.filter(community_id__in=ids)

    @admin.display(description=_("action"))
    def what(self, row: AuditEntry) -> str:
        return sentence_of(row.action)

    @admin.display(description=_("who"))
    def who(self, row: AuditEntry) -> str:
        return who_acted(row)

    @admin.display(description=_("subject"))
    def subject(self, row: AuditEntry) -> str:
        return f"{row.subject_kind} {row.subject_id}"
