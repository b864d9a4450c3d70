"""Forms as people write them, over eight compounds: never a wrong household for certain, few right ones in doubt."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from communities.addresses.finding import find, locate
from communities.addresses.located import Certainty, Located, Reason
from tests.communities.addresses.compounds import COMPOUNDS, name_of


class Form(NamedTuple):
    """`means` is a household, `?` a place that must be doubted, `-` no place at all. A `line` is a chat's, a `field`
    holds an address only; `chat` names the group it came from."""

    compound: str
    kind: str
    chat: str
    text: str
    means: str


def _forms() -> list[Form]:
    table = Path(__file__).with_name("corpus.tsv").read_text(encoding="utf-8")
    return [Form(*row.split("\t")) for row in table.splitlines()[1:]]


FORMS = _forms()


def _read(form: Form) -> Located:
    register = COMPOUNDS[form.compound]
    read = locate if form.kind == "field" else find
    return read(form.text, register, home=register.group(form.chat))


def _who(form: Form, located: Located) -> str:
    if located.household_id is None:
        return ""
    return name_of(located.household_id, COMPOUNDS[form.compound])


def test_the_corpus_is_large_varied_and_without_repetition() -> None:
    assert len(FORMS) >= 550
    assert len(set(FORMS)) == len(FORMS)
    assert {form.compound for form in FORMS} == set(COMPOUNDS)


def test_no_form_is_sure_of_a_wrong_household() -> None:
    sure = [(form, _read(form)) for form in FORMS if _read(form).certainty == Certainty.SURE]
    wrong = [
        (form, _who(form, located)) for form, located in sure if _who(form, located) != form.means
    ]
    assert wrong == []


def test_nine_of_ten_right_addresses_are_sure() -> None:
    right = [form for form in FORMS if form.means not in {"?", "-"}]
    unsure = [form for form in right if _read(form).certainty != Certainty.SURE]
    assert len(unsure) <= len(right) // 10, unsure


def test_what_is_no_address_takes_nothing_from_its_line() -> None:
    none = [form for form in FORMS if form.means == "-"]
    taken = [form for form in none if _read(form).spans or _read(form).candidates]
    assert taken == []


def test_what_must_be_doubted_is_not_lost() -> None:
    """An address that leads nowhere still stands apart from names and quantities."""
    doubted = [form for form in FORMS if form.means == "?"]
    lost = [form for form in doubted if _read(form).certainty == Certainty.NONE]
    assert lost == []
    assert not any(_read(form).reason in {Reason.FOUND, Reason.NO_ADDRESS} for form in doubted)


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("2-301 张阿姨 A2 B1", "张阿姨 A2 B1"),
        ("张三 2号楼301室2份", "张三 2份"),
        ("2号楼 张三 301 蔬菜包2份", "张三 蔬菜包2份"),
        ("紫龙路500弄嘉怡水岸58号902 老李 2份", "老李 2份"),
        ("58-902A2B1", "A2B1"),
        ("５８号９０２ 鸡蛋2", "鸡蛋2"),
        ("1️⃣6️⃣-1️⃣0️⃣1️⃣ 王 1份", "王 1份"),
        ("58-902 -1", "-1"),
        ("62-301 王 1份", "王 1份"),  # no such building: still no three hundred and one pieces
    ],
)
def test_find_takes_exactly_the_address(line: str, rest: str) -> None:
    located = find(line, COMPOUNDS["jiayi"])
    assert located.certainty != Certainty.NONE
    assert " ".join(located.remainder(line).split()) == rest
    assert all(0 <= start < end <= len(line) for start, end in located.spans)
