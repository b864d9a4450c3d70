"""`celery worker --include tests.faults.counting_worker`: a worker that counts."""

from __future__ import annotations

from tests.faults import counting

counting.register()
