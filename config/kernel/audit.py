"""Who changed what: one AuditEntry beside each change of state and each edit by a person, in its transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from config.kernel import clock
from config.kernel.locks import require_atomic


@dataclass(frozen=True)
class Actor:
    """Who acts: kind `user`, `supplier_key`, `job` or `command`, and the id of its row (0 where there is none)."""

    kind: str
    id: int = 0

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


SYSTEM = Actor("job")
# By hand, for every change of state waits for it: the ORM takes longer to write this sentence than PostgreSQL to do it.
_INSERT = """
    INSERT INTO kernel_auditentry (at, actor_kind, actor_id, action, subject_kind, subject_id, community_id, data)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb)
"""


class AuditEntry(models.Model):
    """One fact of the past. Holds ids and field names, never a personal value."""

    at = models.DateTimeField(_("at"))
    actor_kind = models.CharField(_("who"), max_length=20)
    actor_id = models.BigIntegerField(_("id of who"))
    action = models.CharField(_("action"), max_length=60)
    subject_kind = models.CharField(_("subject"), max_length=40)
    subject_id = models.BigIntegerField(_("id of the subject"))
    community_id = models.BigIntegerField(_("id of the community"), null=True)
    data = models.JSONField(_("data"), default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            # The history of one subject, newest first.
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="audit_by_subject"),
            # The console of one community, newest first.
            models.Index(fields=["community_id", "-id"], name="audit_by_community"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.action} {self.subject_kind}:{self.subject_id}"


def record(
    *,
    actor: Actor,
    action: str,
    subject: tuple[str, int],
    community_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Write one entry into the caller's transaction. `data`: ids, field names, numbers and reasons; JSON-able."""
    require_atomic()
    written = json.dumps(data or {})
    values = [clock.now(), actor.kind, actor.id, action, *subject, community_id, written]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
