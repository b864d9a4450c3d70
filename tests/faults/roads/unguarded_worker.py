"""`celery worker --include tests.faults.roads.unguarded_worker`."""

from __future__ import annotations

from tests.faults.roads.unguarded import take_away

take_away()
