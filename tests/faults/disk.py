"""Full disks under an upload: of the web server, and of the database."""

from __future__ import annotations

import hashlib
import os
import random
import re
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import requests
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from communities.roles import Role
from config.kernel.intake.models import Import, ImportFile
from config.kernel.intake.uploads import NoRoom
from suppliers.models import Supplier
from tests import factories as make
from tests.faults.stage import Stage
from tests.faults.tally import Tally

_MEGABYTE = 1024 * 1024
_UPLOAD = 4 * _MEGABYTE
# A plain user's PostgreSQL may write files of this size; WAL segments of 16 MB must still fit.
_LARGEST_FILE = 20 * _MEGABYTE


def run(stage: Stage, rng: random.Random, *, small: bool) -> Tally:
    tally = Tally(rounds=2)
    stage.fresh_database()
    desk = _Desk(stage)
    _full_web(stage, desk, rng, tally)
    _full_database(stage, desk, rng, tally)
    stage.end_programs()
    return tally


class _Desk:
    """Somebody who keeps a supplier's catalogue, signed in."""

    def __init__(self, stage: Stage) -> None:
        community = make.make_community()
        self.supplier: Supplier = make.make_supplier(community)
        client = Client()
        client.force_login(make.make_staff(community, Role.ORGANISER))
        self._stage = stage
        self._session = requests.Session()
        self._session.trust_env = False
        token = "a" * 32
        for name, value in (("sessionid", client.cookies["sessionid"].value), ("csrftoken", token)):
            self._session.cookies.set(name, value)
        self._session.headers.update({"X-CSRFToken": token, "Accept-Language": "en"})
        self._path = reverse("catalogue:index", args=[self.supplier.public_id])

    def upload(self, content: bytes) -> requests.Response:
        return self._session.post(
            self._stage.address + self._path,
            files={"file": ("goods.csv", content)},
            allow_redirects=False,
            timeout=60,
        )


def _is_stored(content: bytes) -> bool:
    hashed = hashlib.sha256(content).hexdigest()
    stored = ImportFile.objects.filter(upload__sha256=hashed)
    return any(bytes(file.content) == content for file in stored)


def _rows() -> tuple[int, int]:
    return Import.objects.count(), ImportFile.objects.count()


# The web server's disk.


def _full_web(stage: Stage, desk: _Desk, rng: random.Random, tally: Tally) -> None:
    """Web may write no file of more than a megabyte, as on a full disk; it does not have to."""
    content = rng.randbytes(_UPLOAD)
    program = stage.start_web(workers=1)
    stage.wait_until(stage.answers)
    _limit_files(program.process.pid, _MEGABYTE)
    tally.faults["disk_full"] += 1
    answer = desk.upload(content)
    if answer.status_code != 302 or not _is_stored(content):
        tally.violations.append(f"an upload needs the web server's disk: {answer.status_code}")
    stage.end_programs()
    usual = stage.start_web(
        workers=1, environment={"DJANGO_SETTINGS_MODULE": "tests.faults.usual_uploads"}
    )
    stage.wait_until(stage.answers)
    _limit_files(usual.process.pid, _MEGABYTE)
    answer = desk.upload(rng.randbytes(_UPLOAD))
    tally.control("Django's own upload handlers need the disk", failed=answer.status_code == 500)
    stage.end_programs()


def _limit_files(leader: int, size: int) -> None:
    """Of a process and its children; what they start later inherits it."""
    for process in (psutil.Process(leader), *psutil.Process(leader).children(recursive=True)):
        hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, hard))


# The database's disk.


def _full_database(stage: Stage, desk: _Desk, rng: random.Random, tally: Tally) -> None:
    stage.start_web(workers=1)
    stage.wait_until(stage.answers)
    with _small_disk(stage) as grow:
        for _file in range(8):
            content, before = rng.randbytes(_UPLOAD), _rows()
            answer = desk.upload(content)
            if answer.status_code != 302:
                break
        tally.faults["disk_full"] += 1
        with translation.override("en"):
            sentence = NoRoom().sentence
        if _shown(answer) != sentence or _rows() != before or _is_stored(content):
            said = f"{answer.status_code} {_shown(answer)!r}, rows {before} → {_rows()}"
            tally.violations.append(f"a full disk is not told, or something was stored: {said}")
        grow()
        answer = desk.upload(content)
        if answer.status_code != 302 or not _is_stored(content):
            tally.violations.append("the next upload does not work when there is room again")


def _shown(answer: requests.Response) -> str:
    """The sentence of the page's message."""
    found = re.search(r'<li class="error"[^>]*>(.*?)</li>', answer.text, re.DOTALL)
    return " ".join(found[1].split()) if found else ""


@contextmanager
def _small_disk(stage: Stage) -> Iterator[Callable[[], None]]:
    """The uploads' table on a disk of 10 MB; call what is yielded to make it larger."""
    folder = Path("/run/jidan-faults") if os.geteuid() == 0 else None
    if folder is not None and _mount(folder, "10m"):
        with _tablespace(stage, folder):
            yield lambda: _grow(folder)
        subprocess.run(["umount", folder], check=True)
        folder.rmdir()
        return
    postgres = stage.postgres()
    assert postgres.process is not None
    leader = postgres.process.pid
    _limit_files(leader, _LARGEST_FILE)
    try:
        yield lambda: _limit_files(leader, resource.RLIM_INFINITY)
    finally:
        _limit_files(leader, resource.RLIM_INFINITY)


def _grow(folder: Path) -> None:
    assert _mount(folder, "100m", "remount,")


def _mount(folder: Path, size: str, more: str = "") -> bool:
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"{more}size={size}", "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@contextmanager
def _tablespace(stage: Stage, folder: Path) -> Iterator[None]:
    postgres = stage.postgres()
    account = postgres.home.account
    place = folder / "tables"
    place.mkdir()
    if account is not None:
        os.chown(place, account.uid, account.gid)
    with postgres._admin_cursor() as admin:
        admin.execute("CREATE TABLESPACE faults_small LOCATION %s", [str(place)])
        admin.execute("GRANT CREATE ON TABLESPACE faults_small TO PUBLIC")
        try:
            _move_uploads("faults_small")
            yield
        finally:
            _move_uploads("pg_default")
            admin.execute("DROP TABLESPACE faults_small")


def _move_uploads(where: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE kernel_importfile SET TABLESPACE {where}")
