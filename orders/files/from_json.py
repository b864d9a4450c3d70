"""The figures out of the JSON of `as_json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from config.kernel.money import yuan
from orders.files.figures import ReadBack, SectionBack, order_checksum
from orders.files.found import UnreadableFile, check_sums

_SCHEMA = "jidan.order/1"


def read_order_json(content: bytes) -> ReadBack:
    """UnreadableFile unless the schema is ours, every figure agrees and the checksum holds."""
    try:
        order = json.loads(content)
    except ValueError as error:
        raise UnreadableFile(f"no JSON: {error}") from error
    if _get(order, "schema") != _SCHEMA:
        raise UnreadableFile(f"schema {_get(order, 'schema')!r} is not {_SCHEMA!r}")
    totals = _table(order, "")
    sections = tuple(
        _table(part, str(_get(part, "community"))) for part in _list(order, "sections")
    )
    # One community that repeats the totals has no table of its own on paper either.
    if sections == (totals,):
        sections = ()
    number, revision = str(_get(order, "number")), _integer(order, "revision")
    code = order_checksum(number, revision, (totals, *sections))
    if code != _get(order, "checksum"):
        raise UnreadableFile(f"the figures give checksum {code}")
    return ReadBack(number, revision, totals, sections, code)


def _table(part: object, community_name: str) -> SectionBack:
    lines = dict(_line(line) for line in _list(part, "lines"))
    if len(lines) != len(list(_list(part, "lines"))):
        raise UnreadableFile("a position stands twice")
    totals = _get(part, "totals")
    section = SectionBack(
        households=_integer(totals, "households"),
        lines=lines,
        pieces=_integer(totals, "pieces"),
        total_fen=_amount(totals, "total"),
        community_name=community_name,
    )
    check_sums(section.lines, section.pieces, section.total_fen)
    return section


def _line(line: object) -> tuple[int, tuple[int, int]]:
    return _integer(line, "position"), (_integer(line, "ordered"), _amount(line, "amount"))


def _amount(part: object, name: str) -> int:
    fen = _integer(part, f"{name}_fen")
    if _get(part, f"{name}_yuan") != yuan(fen):
        raise UnreadableFile(f"{fen} fen is not {_get(part, f'{name}_yuan')!r} yuan")
    return fen


def _integer(part: object, key: str) -> int:
    value = _get(part, key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnreadableFile(f"{key} is {value!r}, no whole number")
    return value


def _list(part: object, key: str) -> Iterator[object]:
    value = _get(part, key)
    if not isinstance(value, list):
        raise UnreadableFile(f"{key} is no list")
    return iter(value)


def _get(part: object, key: str) -> object:
    if not isinstance(part, Mapping) or key not in part:
        raise UnreadableFile(f"no {key}")
    return part[key]
