"""The kernel's tables, each defined beside the functions that use it."""

from config.kernel.audit import AuditEntry
from config.kernel.heartbeats import Heartbeat
from config.kernel.idempotency import IdempotencyKey
from config.kernel.intake.models import Import, ImportFile, ImportRow
from config.kernel.jobs import Job
from config.kernel.outbox import OutboxMessage

__all__ = [
    "AuditEntry",
    "Heartbeat",
    "IdempotencyKey",
    "Import",
    "ImportFile",
    "ImportRow",
    "Job",
    "OutboxMessage",
]
