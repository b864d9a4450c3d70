"""An uploaded file and its rows, from the upload to what each row led to."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.kernel.audit import Actor
from config.kernel.intake import kinds
from config.kernel.states import Transitions


class Import(models.Model):
    """One file for one subject. Its bytes are in ImportFile, its rows in ImportRow: both erasable.

    `round` counts the readings of a failed file and the slices of a confirmed one, so that the jobs
    of both find a new revision. CONFIRMED is what the person did; `applied_at` says when the last
    row was done.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", pgettext_lazy("import", "being read")
        READ = "read", pgettext_lazy("import", "to be checked")
        CONFIRMED = "confirmed", pgettext_lazy("import", "confirmed")
        FAILED = "failed", pgettext_lazy("import", "could not be read")

    transitions: ClassVar[Transitions] = Transitions(
        {
            Status.UPLOADED: {Status.READ, Status.FAILED},
            Status.READ: {Status.CONFIRMED},
            Status.FAILED: {Status.UPLOADED},
        }
    )

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20)
    subject_kind = models.CharField(_("subject"), max_length=40)
    subject_id = models.BigIntegerField(_("id of the subject"))
    filename = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    # The same file may be imported again once another one has been confirmed after it.
    attempt = models.PositiveIntegerField(default=1)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.UPLOADED)
    round = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("uploaded"))
    created_by_kind = models.CharField(max_length=20)
    created_by_id = models.BigIntegerField()
    error_code = models.CharField(_("error"), max_length=40, blank=True, default="")
    error_params = models.JSONField(default=dict, blank=True)
    # The header as it stands in the file, and which field was found in which column.
    header = models.JSONField(default=list, blank=True)
    columns = models.JSONField(default=dict, blank=True)
    notes = models.JSONField(default=list, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    confirmed_by_kind = models.CharField(max_length=20, blank=True, default="")
    confirmed_by_id = models.BigIntegerField(default=0)
    applied_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_kind", "subject_id", "sha256", "attempt"],
                name="import_once_per_content",
            ),
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(status="confirmed"),
                name="import_applied_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(status="failed") ^ Q(error_code=""), name="import_failed_has_error"
            ),
        ]
        indexes = [
            # stages: files to be read, confirmed files with rows still to be applied.
            models.Index(
                fields=["status"],
                name="import_unfinished",
                condition=Q(status="uploaded") | Q(status="confirmed", applied_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.filename} ({self.pk})"

    @property
    def confirmed_by(self) -> Actor:
        return Actor(self.confirmed_by_kind, self.confirmed_by_id)


class ImportFile(models.Model):
    """The bytes as they were uploaded."""

    upload = models.OneToOneField(Import, models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.upload_id}"


class ImportRow(models.Model):
    """One row of the file, numbered as the spreadsheet numbers it.

    `cells` are the texts of the file, never changed; `mended` maps a field to what a person wrote
    instead; `values` is what the judge made of both.
    """

    class Verdict(models.TextChoices):
        OK = kinds.OK, pgettext_lazy("row", "in order")
        DOUBTFUL = kinds.DOUBTFUL, _("please check")
        REFUSED = kinds.REFUSED, pgettext_lazy("row", "refused")

    class Decision(models.TextChoices):
        NONE = "", _("not decided")
        TAKE = "take", _("take it")
        LEAVE = "leave", _("leave it out")

    class Result(models.TextChoices):
        NONE = "", _("not yet")
        CREATED = kinds.CREATED, pgettext_lazy("row", "created")
        UPDATED = kinds.UPDATED, pgettext_lazy("row", "changed")
        UNCHANGED = kinds.UNCHANGED, pgettext_lazy("row", "unchanged")
        LEFT = "left", pgettext_lazy("row", "left out")
        FAILED = "failed", pgettext_lazy("row", "not stored")

    upload = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(default=list)
    flags = models.JSONField(default=list, blank=True)
    mended = models.JSONField(default=dict, blank=True)
    values = models.JSONField(default=dict, blank=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    reasons = models.JSONField(default=list, blank=True)
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision, default=Decision.NONE, blank=True
    )
    result = models.CharField(
        _("result"), max_length=10, choices=Result, default=Result.NONE, blank=True
    )
    result_kind = models.CharField(max_length=40, blank=True, default="")
    result_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="import_row_once"),
            models.CheckConstraint(
                condition=Q(result_id=None) | Q(result__in=["created", "updated", "unchanged"]),
                name="import_row_result_named",
            ),
        ]
        indexes = [
            # The preview by verdict, page by page.
            models.Index(fields=["upload", "verdict", "number"], name="import_row_by_verdict"),
            # confirming.apply_slice: rows of a confirmed file that are still to be applied.
            models.Index(
                fields=["upload", "number"], name="import_row_open", condition=Q(result="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} row {self.number}"

    @property
    def is_taken(self) -> bool:
        """Would be applied if the import were confirmed now."""
        if self.verdict == self.Verdict.DOUBTFUL:
            return self.decision == self.Decision.TAKE
        return self.verdict == self.Verdict.OK and self.decision != self.Decision.LEAVE

    def text_of(self, name: str, columns: dict[str, int]) -> str:
        """The text of a field, as mended or as in the file; empty if the file has no such column."""
        if name in self.mended:
            return str(self.mended[name])
        column = columns.get(name)
        cells: list[Any] = self.cells
        return "" if column is None or column >= len(cells) else str(cells[column])
