"""The figures out of the chat text of `as_text`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orders.files.as_text import RULE
from orders.files.figures import (
    DifferenceBack,
    ReadBack,
    SectionBack,
    difference_checksum,
    order_checksum,
)
from orders.files.found import UnreadableFile, check_sums, fen
from orders.files.labels import EN, ZH_HANS, Labels, pattern

_FACTS = ("number", "totals", "checksum")
_SECTION = re.compile(r"■([0-9]+)/([0-9]+) (.*)")


@dataclass(frozen=True, slots=True)
class _Parts:
    """The language, the labelled lines of the head, and the blocks between rules."""

    labels: Labels
    facts: Mapping[str, str]
    blocks: Sequence[Sequence[str]]

    @property
    def sections(self) -> Sequence[Sequence[str]]:
        """The blocks after the totals, each begins with its numbered heading."""
        return self.blocks[1:]


def read_order_text(content: bytes) -> ReadBack:
    """UnreadableFile for a line that cannot be placed, sums or a checksum that do not hold."""
    parts = _parts(content)
    number, revisions = _number(parts)
    if len(revisions) != 1:
        raise UnreadableFile(f"one revision expected, found {revisions}")
    totals = _section(parts, parts.blocks[0], parts.facts["totals"], "")
    sections = tuple(
        _section(parts, block[2:], block[1] if block[1:] else "", name)
        for name, block in zip(_names(parts), parts.sections, strict=True)
    )
    code = order_checksum(number, revisions[0], (totals, *sections))
    _check_code(parts, code)
    return ReadBack(number, revisions[0], totals, sections, code)


def read_difference_text(content: bytes) -> DifferenceBack:
    """UnreadableFile for a line that cannot be placed or a checksum that does not hold."""
    parts = _parts(content)
    number, revisions = _number(parts)
    if len(revisions) != 2:
        raise UnreadableFile(f"two revisions expected, found {revisions}")
    _names(parts)
    blocks = [parts.blocks[0], *(block[1:] for block in parts.sections)]
    tables = [_changes(parts, block) for block in blocks]
    revision, old = revisions
    code = difference_checksum(number, (old, revision), tables)
    _check_code(parts, code)
    return DifferenceBack(number, revision, old, tables[0], tuple(tables[1:]), code)


def _parts(content: bytes) -> _Parts:
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise UnreadableFile("the text is no UTF-8") from error
    head, *blocks = _blocks(lines)
    if lines[-1] != "" or len(blocks) < 2:
        raise UnreadableFile("the text is cut off")
    for labels in (ZH_HANS, EN):
        prefixes = {f"{getattr(labels, key)}{labels.separator}": key for key in _FACTS}
        facts = {
            key: line.removeprefix(prefix)
            for line in [*head, *blocks[-1]]
            for prefix, key in prefixes.items()
            if line.startswith(prefix)
        }
        if facts.keys() == set(_FACTS):
            return _Parts(labels, facts, blocks[:-1])
    raise UnreadableFile("the text does not say its number, totals and checksum")


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines[:-1]:
        if line == RULE:
            blocks.append([])
        else:
            blocks[-1].append(line)
    return blocks


def _number(parts: _Parts) -> tuple[str, list[int]]:
    number, _, revisions = parts.facts["number"].partition(" ")
    return number, [int(digits) for digits in re.findall(r"[0-9]+", revisions)]


def _names(parts: _Parts) -> list[str]:
    """The communities of the sections, whose headings must count 1/n to n/n."""
    names = []
    for ordinal, block in enumerate(parts.sections, start=1):
        match = _SECTION.fullmatch(block[0] if block else "")
        if match is None or match.group(1, 2) != (str(ordinal), str(len(parts.sections))):
            raise UnreadableFile(f"no heading {ordinal} of {len(parts.sections)}: {block[:1]}")
        names.append(match.group(3))
    return names


def _section(parts: _Parts, lines: Sequence[str], sums: str, name: str) -> SectionBack:
    labels = parts.labels
    goods = rf"(\d+)\. .*? ×(\d+) {_amount(labels)}"
    found: dict[int, tuple[int, int]] = {}
    for match in _matches(parts, goods, lines):
        found[int(match[1])] = (int(match[2]), fen(match[3]))
    total = re.fullmatch(
        pattern(labels.kinds, n=r"\d+")
        + pattern(labels.pieces, n=r"(\d+)")
        + pattern(labels.households, n=r"(\d+)")
        + _amount(labels),
        sums.replace(" ", ""),
    )
    if total is None:
        raise UnreadableFile(f"no sums: {sums!r}")
    section = SectionBack(int(total[2]), found, int(total[1]), fen(total[3]), name)
    check_sums(section.lines, section.pieces, section.total_fen)
    return section


def _changes(parts: _Parts, lines: Sequence[str]) -> dict[int, tuple[int, int, int]]:
    goods = rf"(\d+)\. .*? (\d+)→(\d+) \(([+-]?\d+)\) {_amount(parts.labels)}"
    found: dict[int, tuple[int, int, int]] = {}
    for match in _matches(parts, goods, lines):
        old, new = int(match[2]), int(match[3])
        if new - old != int(match[4]):
            raise UnreadableFile(f"{old} to {new} is not {match[4]}")
        found[int(match[1])] = (old, new, fen(match[5]))
    return found


def _matches(parts: _Parts, goods: str, lines: Sequence[str]) -> Iterator[re.Match[str]]:
    if lines == [parts.labels.nothing]:
        return
    # The lazy name gives way to the last figures of the line: fullmatch anchors them at its end.
    seen: set[str] = set()
    for line in lines:
        match = re.fullmatch(goods, line)
        if match is None or match[1] in seen:
            raise UnreadableFile(f"no line of figures, or its number came before: {line!r}")
        seen.add(match[1])
        yield match


def _amount(labels: Labels) -> str:
    return pattern(labels.yuan, amount=r"([+-]?[0-9,]+\.[0-9]{2})")


def _check_code(parts: _Parts, code: str) -> None:
    printed = parts.facts["checksum"].replace(" ", "")
    if printed != code:
        raise UnreadableFile(f"checksum {printed} is printed, the figures give {code}")
