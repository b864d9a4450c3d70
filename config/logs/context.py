"""What a program works on right now: the request of this thread, or the task of this process."""

from __future__ import annotations

import re
from contextvars import ContextVar
from uuid import uuid4

from celery import current_task

# Set by config.logs.requests for the length of a request.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_WELL_FORMED = re.compile(r"[0-9A-Za-z._-]{8,64}")


def accepted_id(given: str | None) -> str:
    """The id that a proxy or client gave if it is 8 to 64 letters, digits, `.`, `_` or `-`; else a new one."""
    return given if given and _WELL_FORMED.fullmatch(given) else uuid4().hex


def context() -> dict[str, str]:
    """`request_id` inside a request. Inside a task `task`, `task_id`, and `root_id`: the sweep that rang for it."""
    if current := request_id.get():
        return {"request_id": current}
    if current_task and current_task.request.id:
        request = current_task.request
        return {
            "task": str(current_task.name),
            "task_id": str(request.id),
            "root_id": str(request.root_id or request.id),
        }
    return {}
