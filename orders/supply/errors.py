"""Why a supplier order does not move."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError


class FilesNotReady(DomainError):
    code = "files_not_ready"
    detail = _("The files are still being made. Please wait a moment.")


class SecondPersonNeeded(DomainError):
    code = "second_person_needed"
    detail = _("In this community a second person must release what the first one checked.")


class Acknowledged(DomainError):
    code = "acknowledged"
    detail = _(
        "The supplier has acknowledged the order already; from now on only a new revision can change it."
    )


class NotReleased(DomainError):
    """`fields`: the status, and the revision that counts now (null if none does)."""

    code = "not_released"
    detail = _("This revision does not count (any more).")


class BeforeCutoff(DomainError):
    code = "before_cutoff"
    detail = _("Before the cutoff the household itself can change or cancel the order.")


class NotClosed(DomainError):
    code = "not_closed"
    detail = _(
        "An order can be added late only between the cutoff and the release; this group buy is: %(status)s."
    )


class AlreadyReleased(DomainError):
    code = "already_released"
    detail = _(
        "The order has gone to the supplier: nothing can be added to it any more. "
        "Undo the release first, or take the wish into the next group buy."
    )


class CommunityLeftOut(DomainError):
    code = "community_left_out"
    detail = _("This community was left out of the group buy at its cutoff.")
