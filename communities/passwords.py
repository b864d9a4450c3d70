"""Argon2id with OWASP's smallest memory, so that sixteen log-ins at once take 0.3 GiB and not 1.6."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Django's own sentence is in English only: its Chinese catalogue has an older one."""

    def get_error_message(self) -> str:
        return _("This password is too short: at least %(count)s characters.") % {
            "count": self.min_length
        }


class Argon2Hasher(Argon2PasswordHasher):
    """19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet); Django's default takes 100 MiB."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
