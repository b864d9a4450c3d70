"""Anticipated errors. A verb raises one; the edge renders `{code, detail, fields}` with its HTTP status."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """What a person or a client did cannot be done; the sentence says why, in the reader's language.

    Subclasses set `code` (stable, for machines), `status` (HTTP) and `detail` (a lazy translation with named
    placeholders filled from the keyword arguments). `fields` maps a field's name to its own sentences or values.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 409
    detail: str | Promise = _("This cannot be done.")

    def __init__(
        self,
        detail: str | Promise | None = None,
        *,
        fields: dict[str, Any] | None = None,
        **values: Any,
    ) -> None:
        self.template = self.detail if detail is None else detail
        self.values = values
        self.fields = fields or {}
        super().__init__(self.code)

    @property
    def sentence(self) -> str:
        """The detail in the language that is active now."""
        return str(self.template) % self.values if self.values else str(self.template)

    def __str__(self) -> str:
        return self.sentence

    @property
    def retry_after(self) -> int | None:
        """Seconds after which the same request makes sense again, or None."""
        return None


class NotFound(DomainError):
    """The object does not exist, or is not yours: the answer is the same."""

    code = "not_found"
    status = 404
    detail = _("Not found.")


class Forbidden(DomainError):
    """The object is yours to see, but your role is too low for this."""

    code = "forbidden"
    status = 403
    detail = _("Your role does not allow this.")


class Invalid(DomainError):
    """The shape of the input is wrong; `fields` says where."""

    code = "invalid"
    status = 400
    detail = _("Please check the input.")


class Busy(DomainError):
    """A lock could not be had within its time, or two transactions stood in each other's way."""

    code = "busy"
    detail = _("Very many people are at it right now. Please try again in a moment.")

    @property
    def retry_after(self) -> int | None:
        return 1
