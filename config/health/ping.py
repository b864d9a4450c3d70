"""Whether a worker or beat answers: `python -m config.health.ping celery@HOST [SECONDS]`, for health checks.

`celery inspect ping` would load Django and all of our apps for it, every half minute in each container.
"""

from __future__ import annotations

import sys

from celery import Celery

from config import env

_PATIENCE = 5.0


def main(name: str, seconds: str = "") -> int:
    """Exit code 0 if the node `name` answers within `seconds`, 1 if not. A broker that is away raises."""
    with Celery(broker=env.text("REDIS_URL"), set_as_current=False) as app:
        answers = app.control.ping(destination=[name], timeout=float(seconds or _PATIENCE))
    return 0 if answers else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
