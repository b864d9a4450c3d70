"""Two forms of a log line, both masked: JSON for machines, a short one for a terminal."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from config.kernel.masking import mask
from config.logs.context import context

# Characters. What is longer is cut before it is looked through, and again after: no half phone stays at the cut.
LONGEST_MESSAGE, LONGEST_ERROR = 4_000, 20_000
_SLACK = 500

_STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}
# What other libraries hang on records: objects with everything in them.
_NOT_OURS = {"request", "data", "sql", "params", "alias", "duration", "stack_info", "status_code"}
# JSON may hold them, and some readers take them for the end of a line.
_BREAKS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]|\n")


class JsonLines(logging.Formatter):
    """`time` (UTC), `level`, `logger`, `message`, what the record was given as `extra`, ids of the request or task,
    `error` (the traceback). One line, whatever the texts hold.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            **context(),
            **{name: _masked(value) for name, value in _extra(record).items()},
            "process": record.process,
        }
        if error := _error(self, record):
            line["error"] = error
        return json.dumps(line, ensure_ascii=False, default=str).translate(_BREAKS)


class PlainLines(logging.Formatter):
    """`LEVEL logger message`, with the id of the request or task behind it when something went wrong."""

    def format(self, record: logging.LogRecord) -> str:
        message = _CONTROL.sub(lambda match: repr(match[0])[1:-1], _message(record))
        line = f"{record.levelname} {record.name} {message}"
        if record.levelno >= logging.WARNING:
            line += "".join(f" {name}={value}" for name, value in context().items())
        if error := _error(self, record):
            line += f"\n{error}"
        return line


def _message(record: logging.LogRecord) -> str:
    try:
        return _short(record.getMessage())
    except (TypeError, ValueError):
        return _short(str(record.msg))


def _short(text: str) -> str:
    """Most short texts come again and again: routes, principals, what was done."""
    return _mask_again(text) if len(text) < 200 else _mask_long(text)


_mask_again = lru_cache(maxsize=4096)(mask)


def _mask_long(text: str) -> str:
    return mask(text[: LONGEST_MESSAGE + _SLACK])[:LONGEST_MESSAGE]


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(record).items()
        if name not in _STANDARD and name not in _NOT_OURS and not name.startswith("_")
    }


def _masked(value: object) -> object:
    """Numbers stay numbers, unless they could be a phone."""
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int) and abs(value) < 10**10:
        return value
    return _short(str(value))


def _error(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    """The traceback, its end if it is too long: there stands what happened. None for requests that Django refused as
    suspicious: a stranger could fill the disk with them.
    """
    if record.name.startswith("django.security"):
        return ""
    texts = []
    if record.exc_info:
        texts.append(formatter.formatException(record.exc_info))
    elif record.exc_text:
        texts.append(record.exc_text)
    if record.stack_info:
        texts.append(formatter.formatStack(record.stack_info))
    return mask("\n".join(texts)[-LONGEST_ERROR - _SLACK :])[-LONGEST_ERROR:]
