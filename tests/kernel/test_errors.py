"""Anticipated errors: a code, a status, a sentence in the reader's language."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from config.kernel.errors import Busy, DomainError, NotFound


class Missing(DomainError):
    code = "missing"
    detail = _("%(count)s of %(name)s are missing.")


def test_sentence_fills_named_placeholders() -> None:
    with translation.override("en"):
        assert str(Missing(count=3, name="pears")) == "3 of pears are missing."


def test_sentence_without_values_keeps_a_per_cent_sign() -> None:
    assert DomainError("100 %").sentence == "100 %"


def test_error_says_when_to_try_again() -> None:
    assert Busy().retry_after == 1
    assert NotFound().retry_after is None


def test_fields_default_to_none() -> None:
    assert Missing(count=1, name="x").fields == {}
    assert Missing(fields={"a": ["b"]}, count=1, name="x").fields == {"a": ["b"]}
