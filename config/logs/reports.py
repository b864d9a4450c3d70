"""Django's error reports (mails to ADMINS, the pages of DEBUG) with the masks of the log."""

from __future__ import annotations

import re
from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from config.kernel.masking import HIDDEN, mask


class HidingFilter(SafeExceptionReporterFilter):
    """Hides what was posted, every cookie, and variables and settings whose names speak of secrets; DEBUG or not."""

    cleansed_substitute = HIDDEN
    hidden_settings = re.compile(
        "API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|COOKIE|URL|LOCATION|DATABASES|PHONE",
        re.IGNORECASE,
    )

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return dict.fromkeys(request.POST if request is not None else (), HIDDEN)

    def get_safe_cookies(self, request: HttpRequest | None) -> dict[str, Any]:
        return dict.fromkeys(request.COOKIES if request is not None else (), HIDDEN)

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> ItemsView[str, Any]:
        found = super().get_traceback_frame_variables(request, tb_frame)
        return {
            name: HIDDEN if self.hidden_settings.search(name) else value for name, value in found
        }.items()


class MaskedReporter(ExceptionReporter):
    """The finished report goes through the masks: nobody knows in which of its parts a phone stands."""

    def get_traceback_html(self) -> SafeString:
        return mark_safe(mask(super().get_traceback_html()))  # noqa: S308 -- masks add no markup

    def get_traceback_text(self) -> SafeString:
        return mark_safe(mask(super().get_traceback_text()))  # noqa: S308 -- plain text
