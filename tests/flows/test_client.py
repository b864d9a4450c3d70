"""The typed client that `make client` makes out of docs/openapi.yaml: the same each time, good for an order."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from communities.tokens import issue_token
from orders.models import Order, OrderWindow
from tests import factories as make

pytestmark = pytest.mark.journey

ROOT = Path(__file__).resolve().parents[2]


def generate(folder: Path) -> dict[str, bytes]:
    """Path → bytes of what is made there."""
    subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"),
            *("--path", "docs/openapi.yaml", "--config", "docs/client.yaml", "--overwrite"),
            *("--output-path", str(folder)),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("client")
    assert generate(folder / "once") == generate(folder / "again")
    return folder / "once"


def run(client: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "docs/examples/order.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(client), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
def test_example_orders_sends_again_and_cancels(client: Path, live_server: LiveServer) -> None:
    community = make.make_community(rooms=("101", "102"))
    supplier = make.make_supplier(community)
    make.order(make.make_window(community, supplier=supplier), make.household(community), 2)
    window = make.make_window(community, supplier=supplier)
    make.order(window, make.household(community, "102"), 1)
    # Listed too, but not open yet.
    later = make.make_window(community, supplier=supplier)
    soon = timezone.now() + timedelta(minutes=30)
    OrderWindow.objects.filter(pk=later.pk).update(opens_at=soon)
    with transaction.atomic():
        token = issue_token(user=make.make_resident(community), actor=make.SETUP)

    done = run(client, live_server.url, token)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "signed in: 1号楼 101",
        f"open: {window.title}, offers: 2",
        "same as last time: 7.80",
        "ordered: no. 2, 3.90 yuan",
        "sent again: same order True, replayed true",
        "cancelled: cancelled",
    ]
    orders = Order.objects.filter(window=window, household__room="101")
    assert [(row.status, row.note) for row in orders] == [("cancelled", "放门口")]


@pytest.mark.django_db(transaction=True)
def test_example_that_cannot_order_says_why_it_ends(client: Path, live_server: LiveServer) -> None:
    with transaction.atomic():
        token = issue_token(user=make.make_resident(make.make_community()), actor=make.SETUP)

    refused, early = run(client, live_server.url, "0" * 64), run(client, live_server.url, token)

    assert (refused.returncode, early.returncode) == (1, 1)
    assert refused.stderr.startswith("refused: ")
    assert early.stderr == "no group buy takes orders now\n"
