"""The parts this is built of: pinned by hash, the same in both locks, each with a reason and a licence we allow."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import metadata
from typing import Any, NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source import ROOT

RUN, DEV = "requirements.lock", "requirements-dev.lock"

# Permissive ones, and those whose conditions end at their own files.
LICENCES = {
    *(
        "0BSD",
        "Apache-2.0",
        "BSD",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "MIT",
        "MIT-0",
        "MPL-2.0",
    ),
    *("OFL-1.1", "PSF-2.0"),
}
# What other words mean the same.
SAME = {
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD 3-Clause": "BSD-3-Clause",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
}
# Looked at one by one.
WEIGHED = {
    "axe-playwright-python": "Names none; its LICENSE is MIT, and the axe-core inside is MPL-2.0.",
    "psycopg2-binary": "LGPL with exceptions: used as it is, through its interface; no source of it is ours.",
    "pypdfium2": "BSD-3-Clause, Apache-2.0, and those of PDFium's parts, all permissive.",
}


class Part(NamedTuple):
    requirement: Requirement
    hashes: frozenset[str]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def pin(self) -> tuple[str, str]:
        """Version and marker; the extras asked for may differ."""
        return str(self.requirement.specifier), str(self.requirement.marker)


def parts(text: str) -> list[Part]:
    """The requirements of a lock. Whatever stands in it and is none of pinned name, marker and hash is an error."""
    found = []
    for entry in re.sub(r"\s*\\\n\s*", " ", text).splitlines():
        if not entry.strip() or entry.lstrip().startswith("#"):
            continue
        words, *hashes = entry.split(" --hash=")
        requirement = Requirement(words)
        assert requirement.url is None, entry
        assert re.fullmatch(r"==[0-9][\w.!+]*", str(requirement.specifier)), entry
        assert hashes, entry
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one.strip()) for one in hashes), entry
        found.append(Part(requirement, frozenset(one.strip() for one in hashes)))
    return found


@cache
def lock(name: str) -> dict[str, Part]:
    listed = parts((ROOT / name).read_text("utf-8"))
    named = {part.name: part for part in listed}
    assert len(named) == len(listed), f"{name} names a part twice"
    return named


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def direct(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in requirements}


@pytest.mark.parametrize("name", [RUN, DEV])
def test_lock_pins_every_part_by_hash_and_names_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")

    assert len(lock(name)) > 40
    assert "://" not in text


HASH = "--hash=sha256:" + "0" * 64


@pytest.mark.parametrize(
    "line",
    [
        "django==5.2.19",
        f"django>=5.2 {HASH}",
        f"django==5.* {HASH}",
        f"django @ https://example.org/django.whl {HASH}",
        "django==5.2.19 --hash=md5:" + "0" * 32,
        f"--index-url https://example.org/simple {HASH}",
        f"-e . {HASH}",
    ],
)
def test_lock_that_is_loose_is_noticed(line: str) -> None:
    assert len(parts(f"# comment\ndjango==5.2.19 \\\n    {HASH}\n")) == 1

    with pytest.raises((AssertionError, ValueError)):
        parts(line)


def test_locks_name_the_same_versions_and_hashes() -> None:
    run, dev = lock(RUN), lock(DEV)

    assert {name for name in run if name not in dev} == set()
    assert [name for name in run if run[name].hashes != dev[name].hashes] == []
    assert [n for n in run if run[n].pin != dev[n].pin] == []


def test_locks_name_the_extras_that_parts_ask_of_each_other() -> None:
    """pip before 23.3, as Python 3.11 brings it, looks for name[extra] apart from name: it takes a newer one."""
    asked: dict[str, set[str]] = {}
    for name in lock(DEV):
        for text in _requires(name):
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                asked.setdefault(canonicalize_name(requirement.name), set()).update(
                    requirement.extras
                )

    loose = {name for name, extras in asked.items() if extras - lock(DEV)[name].requirement.extras}
    assert loose == set()
    assert sum(bool(extras) for extras in asked.values()) > 2


def _requires(name: str) -> list[str]:
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:  # for another platform
        return []


def test_locks_hold_what_the_project_asks_for() -> None:
    asked = direct(project()["project"]["dependencies"])
    to_work = direct(project()["dependency-groups"]["dev"])

    assert asked - lock(RUN).keys() == set()
    assert to_work - lock(DEV).keys() == set()
    assert to_work & asked == set()


def test_every_part_we_chose_has_its_reason() -> None:
    page = (ROOT / "docs/dependencies.md").read_text("utf-8")
    rows = [row.split("|")[1:3] for row in page.splitlines() if row.startswith("| ")][1:]
    reasons: dict[str, str] = {
        canonicalize_name(name.split(" ")[0]): reason.strip()
        for names, reason in rows
        for name in names.strip().split(", ")
    }
    asked = direct(project()["project"]["dependencies"])

    assert asked - reasons.keys() == set()
    assert reasons.keys() - asked == set()
    assert [name for name in asked if len(reasons[name]) < 10] == []
    described = page[page.index("To work on it") :].lower()
    tools = direct(project()["dependency-groups"]["dev"])
    assert [name for name in tools if not is_described(name, described)] == []


def is_described(name: str, text: str) -> bool:
    """By its name, or as `pytest (with -cov …)`; stubs (types-…) speak for themselves."""
    short = name.removeprefix("pytest") if name.startswith("pytest-") else name
    return name.startswith("types-") or short.replace("djangorestframework", "drf") in text


def licences(name: str) -> set[str]:
    """Of an installed part, as SPDX names them where that can be told."""
    about = metadata.metadata(name)
    marks = [
        text.split(" :: ")[-1] for text in about.get_all("Classifier") or [] if "License ::" in text
    ]
    texts = about.get_all("License-Expression") or marks or about.get_all("License") or [""]
    named = {
        one.strip()
        for text in texts
        for one in re.split(r" AND | OR ", text.splitlines()[0] if text else "unknown")
    }
    return {SAME.get(one, one) for one in named} - {"DFSG approved"}


def installed(name: str) -> list[str]:
    return [
        part.name
        for part in lock(name).values()
        if part.requirement.marker is None or part.requirement.marker.evaluate()
    ]


def test_licence_of_every_part_is_one_of_ours() -> None:
    names = installed(DEV)
    strange = {
        name: bad for name in names if (bad := licences(name) - LICENCES) and name not in WEIGHED
    }

    assert len(names) > 100
    assert strange == {}
    assert "psycopg2-binary" in [name for name in names if licences(name) - LICENCES]


def test_installed_parts_are_those_of_the_lock() -> None:
    wrong = [
        name
        for name in installed(DEV)
        if metadata.version(name) != str(lock(DEV)[name].requirement.specifier).removeprefix("==")
    ]

    assert wrong == []
