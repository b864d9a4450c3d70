"""Log lines of all our programs: Django's, Celery's and gunicorn's go through the same masking formatters."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config import env

_FORMS = ("json", "line")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def from_environment() -> dict[str, Any]:
    """By LOG_FORMAT (json; in the embedded mode line) and LOG_LEVEL. Raises ImproperlyConfigured."""
    form = env.text("LOG_FORMAT", "line" if env.flag("JIDAN_EMBEDDED", False) else "json")
    level = env.text("LOG_LEVEL", "INFO").upper()
    if form not in _FORMS:
        raise ImproperlyConfigured(f"LOG_FORMAT must be one of {', '.join(_FORMS)} (got {form!r}).")
    if level not in _LEVELS:
        raise ImproperlyConfigured(
            f"LOG_LEVEL must be one of {', '.join(_LEVELS)} (got {level!r})."
        )
    return configuration(form=form, level=level)


def configuration(*, form: str, level: str) -> dict[str, Any]:
    """For logging.config.dictConfig. `form`: json (one object a line, for machines) or line (for a terminal).

    Every request has its line as json; on a terminal only those that failed or took long.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "config.logs.lines.JsonLines"},
            "line": {"()": "config.logs.lines.PlainLines"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would print a second time, without masks.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "django.db.backends": {"level": "WARNING"},
            # Two lines a second for looking whether anything is due; config.kernel.jobs logs what was done.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            # A refused request is an answer, not a failure; errors of ours stay.
            "django.request": {"level": "ERROR"},
            "config.logs.requests": {"level": level if form == "json" else "WARNING"},
            "gunicorn.error": {"handlers": [], "propagate": True},
            "gunicorn.access": {"handlers": [], "propagate": True},
        },
    }
