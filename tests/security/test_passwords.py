"""How passwords are kept: which work a log-in costs, for whom, and what becomes of older hashes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from argon2 import low_level
from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    PBKDF2PasswordHasher,
    check_password,
    make_password,
)
from django.test import Client

from communities.models import User
from communities.passwords import Argon2Hasher
from tests import factories as make
from tests.architecture.source import ROOT

RIGHT = "langes-wort-77"
ENCODED = re.compile(r"argon2\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]+\$[^$]+")

# What one hash adds (KiB) to the peak of a process that has loaded everything it needs. Not getrusage: its peak is
# handed down by the process that started this one.
_MEASURE = """
import sys
from argon2.low_level import Type, hash_secret
def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
time_cost, memory_cost, lanes = map(int, sys.argv[1:])
hash_secret(b"x" * 12, b"salt" * 4, 1, 8, 1, 16, Type.ID)
before = peak()
hash_secret(b"x" * 12, b"salt" * 4, time_cost, memory_cost, lanes, 16, Type.ID)
print(peak() - before)
"""


def log_in(name: str, password: str) -> Any:
    return Client().post("/admin/login/", {"username": name, "password": password})


def peak(hasher: Argon2PasswordHasher) -> float:
    """MiB."""
    costs = [str(cost) for cost in (hasher.time_cost, hasher.memory_cost, hasher.parallelism)]
    command = [sys.executable, "-c", _MEASURE, *costs]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)
    return int(ended.stdout) / 1024


def test_hash_of_a_password_says_its_costs() -> None:
    assert ENCODED.fullmatch(make_password(RIGHT))


def test_hash_takes_19_mebibytes_where_the_frameworks_own_takes_100() -> None:
    assert 17 <= peak(Argon2Hasher()) <= 24
    assert peak(Argon2PasswordHasher()) >= 90


@pytest.mark.django_db
@pytest.mark.parametrize("older", [Argon2PasswordHasher(), PBKDF2PasswordHasher()])
def test_log_in_with_an_older_hash_renews_it(
    older: Argon2PasswordHasher | PBKDF2PasswordHasher,
) -> None:
    user = make.make_user("wang", is_staff=True)
    before = older.encode(RIGHT, older.salt())
    User.objects.filter(pk=user.pk).update(password=before)

    assert log_in("wang", "falsch").status_code == 200
    user.refresh_from_db()
    assert user.password == before

    assert log_in("wang", RIGHT).status_code == 302
    user.refresh_from_db()
    assert ENCODED.fullmatch(user.password)
    assert check_password(RIGHT, user.password)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[int, int, int]]:
    """Counts what is really hashed, by time, memory and lanes, below everything that could choose to skip it."""
    counted: Counter[tuple[int, int, int]] = Counter()
    hash_secret, verify_secret = low_level.hash_secret, low_level.verify_secret

    def hashing(secret: bytes, salt: bytes, *rest: Any, **named: Any) -> bytes:
        costs = [*rest, *named.values()][:3]
        counted[costs[0], costs[1], costs[2]] += 1
        return hash_secret(secret, salt, *rest, **named)

    def verifying(encoded: bytes, secret: bytes, kind: Any) -> bool:
        found = re.search(rb"m=(\d+),t=(\d+),p=(\d+)", encoded)
        assert found
        counted[int(found[2]), int(found[1]), int(found[3])] += 1
        return verify_secret(encoded, secret, kind)

    monkeypatch.setattr(low_level, "hash_secret", hashing)
    monkeypatch.setattr(low_level, "verify_secret", verifying)
    monkeypatch.setattr("argon2._password_hasher.verify_secret", verifying, raising=False)
    return counted


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["nobody", "staff", "resident", "locked", "without a password"])
def test_log_in_that_fails_costs_the_same_work_whoever_it_is(
    who: str, work: Counter[tuple[int, int, int]]
) -> None:
    """Else the time of an answer would tell which accounts there are."""
    if who != "nobody":
        user = make.make_user("wang", password=RIGHT, is_staff=who != "resident")
        if who == "locked":
            User.objects.filter(pk=user.pk).update(is_active=False)
        if who == "without a password":
            user.set_unusable_password()
            user.save(update_fields=["password"])
    work.clear()

    answer = log_in("wang", "falsch")

    assert dict(work) == {(2, 19456, 1): 1}
    (error,) = answer.context["form"].errors.as_data()["__all__"]
    assert error.code == "invalid_login"
