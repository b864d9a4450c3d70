"""How web is served, by `manage.py up` and in containers alike: `gunicorn -c python:config.gunicorn`."""

from __future__ import annotations

import os
from pathlib import Path

worker_class = "config.serving.PatientWorker"
workers = int(os.environ.get("WEB_WORKERS", "2"))
# Loaded once and then forked: half the time to start, and what the workers never change is in memory once.
preload_app = True
# Enough to be at work while others wait for the database. With eight, orders of one window mostly wait for each other:
# a tenth fewer a second, and twice the longest wait (docs/benchmarks.md).
threads = int(os.environ.get("WEB_THREADS", "4"))

# Seconds. A worker that hangs is replaced; a stop lets requests in flight end.
timeout = 30
graceful_timeout = 8
keepalive = 5

# Workers are replaced now and then, not all at once: a leak somewhere stays small.
max_requests = 20_000
max_requests_jitter = 2_000

# The heartbeat is a file: on a slow disk a busy worker would be taken for dead.
_MEMORY = "/dev/shm"  # noqa: S108 -- gunicorn makes a file that only it can open
worker_tmp_dir = _MEMORY if Path(_MEMORY).is_dir() else None
control_socket_disable = True

# The scheme is judged by Django alone (BEHIND_TLS_PROXY): no peer, loopback neither, is believed here.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}

logger_class = "config.logs.gunicorn.GunicornLog"
