"""Who agreed to what."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models.people import Resident, User


class Consent(models.Model):
    """An agreement to one version of a text (communities.joining.texts), by an account or by a resident without one.

    `noted_by`: the volunteer to whom it was given by word of mouth. Never changed, only withdrawn.
    """

    class Purpose(models.TextChoices):
        ORDERING = "ordering", _("ordering for the household")
        CARE_NOTES = "care_notes", _("notes on care")
        DIRECT_DELIVERY = "direct_delivery", _("delivery by the supplier")

    class How(models.TextChoices):
        IN_APP = "in_app", _("by the person, on a device")
        ORAL = "oral", _("by word of mouth")

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="consents")
    resident = models.ForeignKey(Resident, models.CASCADE, null=True, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    version = models.CharField(_("version of the text"), max_length=20)
    how = models.CharField(_("how"), max_length=10, choices=How)
    noted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(_("given"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, resident=None)
                | Q(user=None, resident__isnull=False),
                name="consent_of_one",
            ),
            # A volunteer notes what a resident said; an account speaks for itself.
            models.CheckConstraint(
                condition=Q(how="in_app", user__isnull=False, noted_by=None)
                | Q(how="oral", resident__isnull=False),
                name="consent_how",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_withdrawn_after_given",
            ),
            models.UniqueConstraint(
                fields=["user", "purpose", "version"],
                condition=Q(withdrawn_at=None, user__isnull=False),
                name="consent_of_account_once",
            ),
            models.UniqueConstraint(
                fields=["resident", "purpose", "version"],
                condition=Q(withdrawn_at=None, resident__isnull=False),
                name="consent_of_resident_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version} ({self.pk})"
