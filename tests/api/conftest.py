"""What every test of the API needs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import override_settings
from redis import Redis

from config.kernel.api.limiting import limiter


@pytest.fixture(autouse=True)
def _own_buckets() -> Iterator[None]:
    """Workers of xdist share one Valkey and have accounts of the same numbers: each counts in a database of its own."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    url = urlsplit(settings.REDIS_URL)._replace(path=f"/{8 + worker % 8}").geturl()
    with Redis.from_url(url) as valkey:
        valkey.flushdb()
    limiter.cache_clear()
    with override_settings(REDIS_URL=url):
        yield
    limiter.cache_clear()
