"""docs/rights.md: what a person wrote, with the tables of the expectations in their places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps

from communities.roles import Role
from tests.rights.console_pages import PAGES, RECORDS
from tests.rights.console_rules import (
    CHECKERS,
    COLLECTORS,
    COMMITTEE,
    COORDINATORS,
    HANDS,
    OVERSEERS,
    OWN,
    STAFF,
    WRITERS,
    Roles,
    Rule,
    Who,
)
from tests.rights.expectations import ROWS, Audience, Row
from tests.rights.test_console_actions import TABLE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rights.md"
_NEEDS = {Audience.ACCOUNTS: "a token", Audience.SUPPLIERS: "a supplier's key"}
_PART = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
# A group is spoken of by its name where it is exactly that.
_GROUPS: dict[Roles, str] = {
    frozenset(): "–",
    COMMITTEE: "committee",
    COORDINATORS: "coordinators",
    CHECKERS: "checkers",
    WRITERS: "writers",
    HANDS: "hands",
    COLLECTORS: "hands, treasurer",
    OVERSEERS: "coordinators, owners' committee",
    STAFF: "staff",
}
_NAMED = ("staff", "hands", "writers", "checkers", "coordinators")
_NOT_DONE = ("refused", "missing", "method", "log in")


def rewritten(page: str, parts: dict[str, str]) -> str:
    """The page with each `<!-- name --> … <!-- end -->` filled anew."""
    names = {match[2] for match in _PART.finditer(page)}
    assert names == set(parts), f"the page has places for {sorted(names)}"
    return _PART.sub(lambda match: f"{match[1]}\n{parts[match[2]]}\n\n{match[3]}", page)


def parts() -> dict[str, str]:
    return {
        "api": _table(
            "request | what | needs | open to | anybody else | otherwise", map(_request, ROWS)
        ),
        "groups": _table("group | roles", map(_group, _NAMED)),
        "records": _table("rows of | look | change | add", map(_records, RECORDS)),
        "pages": _table("page | look | do", (_page(name) for name in PAGES if _is_own(name))),
        "actions": _table("action | who", (_action(name) for name in TABLE)),
    }


def _table(head: str, lines: Iterable[Iterable[str]]) -> str:
    rows = [head.split(" | "), ["---"] * len(head.split(" | ")), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _request(row: Row) -> list[str]:
    refusals = [] if row.audience == Audience.EVERYBODY else ["401"]
    refusals += [] if row.who.says == "anybody" else [str(row.refusal)]
    answers = [row.answers] if isinstance(row.answers, int) else row.answers.values()
    states = sorted({str(status) for status in answers if status >= 400})
    return [
        f"`{row}`",
        row.does,
        _NEEDS.get(row.audience, "nothing"),
        row.who.says,
        ", ".join(refusals) or "–",
        ", ".join(states) or "–",
    ]


def _group(name: str) -> list[str]:
    roles = next(roles for roles, said in _GROUPS.items() if said == name)
    return [name, ", ".join(str(role.label) for role in Role if role in roles)]


def _records(name: str) -> list[str]:
    records = RECORDS[name]
    said = [_said(roles or frozenset()) for roles in (records.look, records.keep, records.add)]
    for column, what in enumerate(("look", "keep", "add")):
        said[column] += " at a region" if what in records.regions else ""
    model = apps.get_model(name.replace("_", "."))
    return [str(model._meta.verbose_name_plural), *said]


def _is_own(name: str) -> bool:
    """A page of ours. The admin's usual five of a model are in the table of rows, `desk:do` in that of actions."""
    usual = ("_changelist", "_add", "_change", "_history", "_delete")
    acts = any(name.startswith(f"admin:{one}_") for one in RECORDS) and not name.endswith(usual)
    return acts or (
        name.startswith(("desk:", "catalogue:", "intake:", "setup:")) and name != "desk:do"
    )


def _page(name: str) -> list[str]:
    rule = PAGES[name]
    return [f"`{name}`", _said(_doing(rule, "GET")), _said(_doing(rule, "POST"))]


def _doing(rule: Rule, method: str) -> Roles:
    """The roles that get further than a refusal, at a place of their own."""
    people = {role: Who(role, OWN.places) for role in Role if role != Role.RESIDENT}
    return frozenset(
        role for role, who in people.items() if not rule(who, method, OWN).startswith(_NOT_DONE)
    )


def _action(name: str) -> list[str]:
    return [f"`{name}`", _said(TABLE[name].roles)]


def _said(roles: Roles) -> str:
    listed = ", ".join(str(role.label) for role in Role if role in roles)
    return _GROUPS.get(roles, listed)
