"""The Chinese catalogue: whole, up to date with code and templates, and in the words of the project."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.db.models import Choices
from django.template import Template
from django.template.base import Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation

from orders.states import OrderStatus, WindowStatus
from volunteers.states import PickListStatus

_ROOT = Path(__file__).resolve().parents[2]
_APPS = ("communities", "config", "orders", "seeds", "suppliers", "volunteers")
# Where the context (or None), the msgid and the plural (or None) stand among the arguments.
_CALLS: dict[str, tuple[int | None, int, int | None]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[-+ #0-9.]*[a-z]")


class Entry(NamedTuple):
    """What a translation is looked up by, and the plural it is chosen for ("" without one)."""

    context: str
    msgid: str
    plural: str


def _entry(message: Message) -> Entry:
    ids = message.id if isinstance(message.id, (list, tuple)) else (message.id, "")
    return Entry(message.context or "", *ids)


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


@cache
def _catalogue() -> dict[Entry, Message]:
    with (_ROOT / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        return {_entry(message): message for message in read_po(file) if message.id}


def _written() -> Iterator[tuple[str, str]]:
    """Context and msgid of every entry as it stands in the file, one after the other, however its lines are broken."""
    text = (_ROOT / "locale/zh_Hans/LC_MESSAGES/django.po").read_text("utf-8")
    for found in re.finditer(r'^(?:msgctxt (.*)\n)?msgid ((?:".*"\n)+)', text, re.MULTILINE):
        yield (found[1] or "", "".join(line[1:-1] for line in found[2].splitlines()))


def _calls(source: Path) -> Iterator[tuple[str, list[ast.expr]]]:
    """Calls of gettext and its sisters, those inside f-strings too: (place, arguments)."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _CALLS
        ):
            yield (
                f"{source.relative_to(_ROOT)}:{node.lineno}",
                [
                    ast.Constant("") if place is None else node.args[place]
                    for place in _CALLS[node.func.id]
                ],
            )


def _in_code() -> Iterator[tuple[str, Entry]]:
    """Calls with literal arguments; sentences looked up in tables are marked by gettext_noop in the table."""
    for app in _APPS:
        for source in (_ROOT / app).rglob("*.py"):
            for where, arguments in _calls(source):
                texts = [str(a.value) for a in arguments if isinstance(a, ast.Constant)]
                if len(texts) == 3:
                    yield where, Entry(*texts)


def _in_templates() -> Iterator[tuple[str, Entry]]:
    """As Django's own parser reads them."""
    for app in _APPS:
        for source in (_ROOT / app).rglob("templates/**/*.html"):
            nodelist = Template(source.read_text("utf-8")).nodelist
            where = str(source.relative_to(_ROOT))
            for node in nodelist.get_nodes_by_type(Node):
                if isinstance(node, TranslateNode):
                    yield where, _of_tag(node)
                elif isinstance(node, BlockTranslateNode):
                    yield where, _of_block(node)


def _of_tag(node: TranslateNode) -> Entry:
    context = node.message_context.var if node.message_context else ""
    literal = str(node.filter_expression.var.literal)
    return Entry(str(context), literal.replace("%", "%%"), "")


def _of_block(node: BlockTranslateNode) -> Entry:
    context = node.message_context.var if node.message_context else ""
    singular, plural = (
        node.render_token_list(tokens)[0] if tokens else ""
        for tokens in (node.singular, node.plural)
    )
    if node.trimmed:
        singular, plural = (translation.trim_whitespace(text) for text in (singular, plural))
    return Entry(str(context), singular, plural)


def test_read_catalogue_always_finds_every_entry_translated() -> None:
    assert len(_catalogue()) > 800
    assert [e for e, m in _catalogue().items() if m.fuzzy or not all(_strings(m))] == []
    assert {len(_strings(m)) for m in _catalogue().values()} == {1}


def test_read_catalogue_always_finds_every_entry_once() -> None:
    """Merged by union it keeps the lines of both sides, and of two entries only one would be shown."""
    times = Counter(_written())

    # One more: the header.
    assert len(times) == len(_catalogue()) + 1
    assert [entry for entry, count in times.items() if count > 1] == []


def test_compare_catalogue_with_code_finds_the_same_messages() -> None:
    """Gettext sees no call inside an f-string: such a message is missing here until the call moves out."""
    used = {entry: where for where, entry in [*_in_code(), *_in_templates()]}
    missing = {entry.msgid: where for entry, where in used.items() if entry not in _catalogue()}
    assert missing == {}, "run `make messages` and translate"
    assert [entry for entry in _catalogue() if entry not in used] == [], "run `make messages`"


def test_call_gettext_with_a_filled_text_never_happens() -> None:
    filled = [
        where
        for app in _APPS
        for source in (_ROOT / app).rglob("*.py")
        for where, arguments in _calls(source)
        if any(isinstance(a, (ast.JoinedStr, ast.BinOp)) for a in arguments)
    ]
    assert filled == []


def test_compare_placeholders_finds_the_same_in_both_languages() -> None:
    wrong = []
    for entry, message in _catalogue().items():
        source, target = entry.plural or entry.msgid, _strings(message)[0]
        wanted = {match[0] for match in _PLACEHOLDER.finditer(source)}
        if wanted != {match[0] for match in _PLACEHOLDER.finditer(target)}:
            wrong.append((source, target))
    assert wrong == []


def test_fill_placeholders_of_every_translation_leaves_no_stray_percent() -> None:
    for message in _catalogue().values():
        target = _strings(message)[0]
        names = _PLACEHOLDER.findall(target)
        if names:
            assert target % dict.fromkeys(names, 1)


def test_read_catalogue_never_calls_a_group_buy_a_window() -> None:
    assert [text for m in _catalogue().values() for text in _strings(m) if "窗口" in text] == []


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (WindowStatus, "草稿 待开团 下单中 未达起订量，待决定 已截单 已结清 已取消"),
        (OrderStatus, "已下单 已取消"),
        (PickListStatus, "待分拣 分拣中 已装袋 已被替换"),
    ],
)
def test_show_states_in_chinese_says_the_words_of_the_design(
    states: type[Choices], words: str
) -> None:
    with translation.override("zh-hans"):
        assert " ".join(str(label) for label in states.labels) == words
