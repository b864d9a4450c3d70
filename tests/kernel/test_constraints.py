"""The database is the last defence: the kernel's constraints (imports have their own tests), attacked directly."""

from __future__ import annotations

import pytest

from config.kernel import audit, clock
from config.kernel.constraints import CompositeForeignKey
from config.kernel.jobs import Job
from tests.attempts import constraints_of, refused_by

pytestmark = pytest.mark.django_db

_KEY = """
    INSERT INTO kernel_idempotencykey (principal, key, request_hash, status, body, created_at)
    VALUES ('user:1', 'abcdefgh', '', {}, '', now())
"""
ATTEMPTS = {
    "job_once_per_subject": """
        INSERT INTO kernel_job (stage, subject_kind, subject_id, revision, created_at, run_after, attempts, failures,
                                last_error, progress_done, progress_total)
        SELECT stage, subject_kind, subject_id, revision, now(), now(), 0, 0, '', 0, 0 FROM kernel_job
    """,
    "job_done_or_parked": "UPDATE kernel_job SET done_at = now(), parked_at = now()",
    "idempotency_once_per_principal": f"{_KEY.format(200)}; {_KEY.format(201)}",
    "idempotency_only_success": _KEY.format(409),
}


@pytest.fixture(autouse=True)
def _job() -> None:
    moment = clock.now()
    Job.objects.create(
        stage="s", subject_kind="window", subject_id=1, created_at=moment, run_after=moment
    )


@pytest.mark.parametrize("name", ATTEMPTS)
def test_direct_write_is_refused_by_the_constraint(name: str) -> None:
    assert refused_by(ATTEMPTS[name], {}) == name


def test_every_constraint_is_attacked() -> None:
    assert set(ATTEMPTS) == {
        name for name in constraints_of("kernel") if not name.startswith("import")
    }


def test_composite_key_is_equal_to_itself_and_rebuilds_itself() -> None:
    key = CompositeForeignKey(
        name="k", fields=["a", "b"], to="orders.Order", to_fields=["id", "window"]
    )

    path, args, kwargs = key.deconstruct()

    assert path == "config.kernel.constraints.CompositeForeignKey"
    assert CompositeForeignKey(*args, **kwargs) == key
    assert key != CompositeForeignKey(**{**kwargs, "fields": ["a"]})


def test_audit_is_not_a_place_for_values_without_json() -> None:
    with pytest.raises(TypeError):
        audit.record(actor=audit.SYSTEM, action="a", subject=("b", 1), data={"who": object()})
