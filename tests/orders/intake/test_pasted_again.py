"""A list pasted again, longer: a line that was taken is known by its words, and nothing is lost or doubled."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import transaction

from communities.address_questions import answer_address
from communities.importing import preview
from communities.models import AddressQuestion
from config.kernel import clock
from config.kernel.intake.erasing import forget_personal
from config.kernel.intake.models import Import
from config.kernel.intake.rows import decide_row, refresh_rows, take_doubtful
from config.kernel.intake.selectors import counts_of
from orders.forgetting import forget_rounds
from orders.intake.memory import Lines, Taken, mark_of, remembered
from orders.models import ListedLine, Order, OrderWindow
from tests.factories import SETUP
from tests.orders.intake.conftest import Place, codes_of

LIST = "1. 1-101 蔬菜包1份\n2. 2-302 鸡蛋1板\n3. 1-101 再加鸡蛋1板\n"
MANY = "4. 1-601 鸡蛋60板\n5. 1-602 鸡蛋 32元\n6. 2-302 不要了\n"
STORED = {"1-101": {"蔬菜包": 1, "鸡蛋": 1}, "2-302": {"鸡蛋": 1}}
ONE: Lines = frozenset({(1, 1)})
TWO: Lines = frozenset({(1, 2)})


@pytest.fixture
def place(module_place: Place, db: None) -> Place:
    return deepcopy(module_place)


def how_of(upload: Import) -> list[str]:
    return [row.values["how"] for row in upload.rows.order_by("number")]


def take(upload: Import, number: int) -> None:
    with transaction.atomic():
        decide_row(upload=upload, number=number, decision="take", actor=SETUP)


@pytest.fixture
def pasted(place: Place) -> Place:
    """LIST, with the addition taken."""
    upload = place.read(LIST)
    take(upload, 3)
    place.store(upload)
    assert place.orders() == STORED
    return place


def test_paste_with_an_addition_again_adds_nothing(pasted: Place) -> None:
    text = LIST
    for number in (4, 5):
        text += f"{number}. 1-20{number - 3} 鲜牛奶1瓶\n"
        longer = pasted.read(text)
        assert how_of(longer) == [*["same"] * (number - 1), "place"]
        assert codes_of(longer) == {one: [] for one in range(1, number + 1)}
        assert preview.fresh_rows(longer) == 1
        pasted.store(longer)

    assert pasted.orders() == {**STORED, "1-201": {"鲜牛奶": 1}, "1-202": {"鲜牛奶": 1}}


def test_paste_a_fortnight_later_is_compared_until_the_round_is_forgotten(pasted: Place) -> None:
    """The import's own rows are empty after a week."""
    later = clock.now() + timedelta(days=14)
    with transaction.atomic():
        assert forget_personal(later) == 1
    longer = pasted.read(LIST + "4. 1-601 鸡蛋1板\n")
    assert how_of(longer) == ["same", "same", "same", "place"]
    assert codes_of(longer) == {1: [], 2: [], 3: [], 4: []}
    assert set(ListedLine.objects.values_list("window", "number", "how")) == {
        (pasted.window.pk, 1, "place"),
        (pasted.window.pk, 2, "place"),
        (pasted.window.pk, 3, "add"),
    }
    assert "2-302" not in str(list(ListedLine.objects.values()))

    OrderWindow.objects.filter(pk=pasted.window.pk).update(
        status="cancelled", cancelled_at=later - timedelta(days=31)
    )
    with transaction.atomic():
        forget_rounds(later)
    assert not ListedLine.objects.exists()


def test_addition_a_second_time_and_an_unsaid_one_are_asked(pasted: Place) -> None:
    upload = pasted.read(LIST + "4. 1-101 再加鸡蛋1板\n5. 2-302 再加鲜牛奶2瓶\n")
    assert how_of(upload) == ["same", "same", "same", "add", "add"]
    assert codes_of(upload)[4] == ["asks_to_add"]

    take(upload, 4)
    pasted.store(upload)
    again = pasted.read(LIST + "4. 1-101 再加鸡蛋1板\n5. 2-302 再加鲜牛奶2瓶\n6. 1-601 鸡蛋1板\n")

    assert how_of(again) == ["same", "same", "same", "same", "add", "place"]
    assert pasted.orders() == {**STORED, "1-101": {"蔬菜包": 1, "鸡蛋": 2}}


def test_changed_line_replaces_its_own_and_keeps_what_was_added(pasted: Place) -> None:
    changed = LIST.replace("蔬菜包1份", "蔬菜包3份")
    upload = pasted.read(changed)
    assert codes_of(upload) == {1: ["order_differs"], 2: [], 3: []}

    pasted.choose(upload, 1, "update")
    pasted.store(upload)

    assert pasted.orders() == {**STORED, "1-101": {"蔬菜包": 3, "鸡蛋": 1}}
    assert how_of(pasted.read(changed + "4. 1-601 鸡蛋1板\n")) == ["same", "same", "same", "place"]
    assert codes_of(pasted.read(LIST + "4. 1-602 鸡蛋1板\n"))[1] == ["order_differs"]


def test_cancelling_line_below_its_order_is_obeyed_once(pasted: Place) -> None:
    text = LIST + "4. 1-601 鸡蛋1板\n5. 1-601 不要了\n"
    upload = pasted.read(text)
    take(upload, 5)
    pasted.store(upload)
    assert pasted.orders() == STORED
    again = pasted.read(text + "6. 1-602 鸡蛋1板\n7. 1-601 鸡蛋2板\n")

    assert how_of(again) == [*["same"] * 5, "place", "place"]
    assert codes_of(again)[7] == ["was_cancelled"]


def test_mended_rows_are_remembered_by_their_words(place: Place) -> None:
    text = "1. 9-901 鸡蛋1板\n2. 1-102 苹果3斤\n3. 1-103 鸡蛋1板\n"
    upload = place.read(text)
    assert [codes[:1] for codes in codes_of(upload).values()] == [
        ["address_building_unknown"],
        ["no_goods"],
        [],
    ]
    place.mend(upload, 1, address="2号楼 301")
    place.mend(upload, 2, goods="蔬菜包×3")
    place.store(upload)

    again = place.read(text + "4. 9-901 鸡蛋2板\n")
    assert codes_of(again) == {1: [], 2: [], 3: [], 4: ["address_building_unknown"]}
    assert how_of(again)[:3] == ["same"] * 3
    row = again.rows.get(number=1)
    assert row.text_of("address", again.columns) == "2号楼 301"
    place.mend(again, 1, goods="鸡蛋×5")
    assert codes_of(again)[1] == ["order_differs"]
    place.store(again)

    assert place.orders() == {
        "2-301": {"鸡蛋": 1},
        "1-102": {"蔬菜包": 3},
        "1-103": {"鸡蛋": 1},
    }
    assert Order.objects.filter(window=place.window).count() == 3


def test_another_list_asks_about_nobody_of_the_first(pasted: Place) -> None:
    pasted.store(pasted.read(LIST + "4. 1-601 鸡蛋1板\n5. 1-602 鸡蛋1板\n"))
    other = pasted.read("1. 2-101 鸡蛋1板\n2. 2-302 再加鸡蛋1板\n3. 2-103 鸡蛋1板\n")
    assert codes_of(other) == {1: [], 2: ["asks_to_add"], 3: []}
    assert {"code": "missing_not_asked", "params": {"count": 3}} in other.notes
    pasted.store(other)

    # The first again, without one of its households: that one is asked about, those of the other list are not.
    shorter = pasted.read(LIST + "4. 1-601 鸡蛋1板\n")
    assert codes_of(shorter) == {1: [], 2: [], 3: [], 4: [], 5: ["gone_from_list"]}
    assert shorter.rows.get(number=5).text_of("address", shorter.columns) == "1号楼 602"


def test_list_that_may_be_another_group_buys_asks_about_nobody(pasted: Place) -> None:
    upload = pasted.read("1. 1-101 蔬菜包1份\n2. 1-102 苹果2斤\n3. 1-103 香蕉1斤\n")

    assert [codes[:1] for codes in codes_of(upload).values()] == [[], ["no_goods"], ["no_goods"]]


def test_line_is_asked_about_once_and_the_answer_is_its_door(place: Place) -> None:
    text = "1. 1-101 鸡蛋1板\n2. 9-901 鸡蛋1板 13800138000\n"
    place.store(place.read(text))
    place.store(place.read(text + "3. 1-102 鸡蛋1板\n"))
    question = AddressQuestion.objects.get(community=place.community)
    assert (question.phone_masked, question.subject_kind) == ("138****8000", "chat_line")

    home = place.community.households.get(building__number="2", room="301")
    with transaction.atomic():
        answer_address(question=question, household=home, by=place.organiser, at=clock.now())
    upload = place.read(text + "3. 1-102 鸡蛋1板\n4. 1-103 鸡蛋1板\n")
    assert codes_of(upload) == {1: [], 2: [], 3: [], 4: []}
    place.store(upload)

    assert place.orders()["2-301"] == {"鸡蛋": 1}
    assert AddressQuestion.objects.filter(community=place.community).count() == 1


def test_yes_to_all_passes_by_quantities_and_a_question_can_be_skipped(pasted: Place) -> None:
    upload = pasted.read(LIST.replace("2-302 鸡蛋1板", "2-302 鸡蛋2板") + MANY)
    assert codes_of(upload) == {
        1: [],
        2: ["order_differs"],
        3: [],
        4: ["many"],
        5: ["no_number"],
        6: ["asks_to_cancel"],
    }
    counts = counts_of(upload)
    assert (counts.questions, counts.asked, counts.unusable, counts.together) == (1, 1, 0, 1)
    with transaction.atomic():
        assert take_doubtful(upload=upload, actor=SETUP) == 1
        decide_row(upload=upload, number=2, decision="leave", actor=SETUP)
    assert (counts_of(upload).asked, counts_of(upload).together) == (0, 0)
    pasted.store(upload)

    assert pasted.orders() == {**STORED, "1-602": {"鸡蛋": 1}}


def test_list_read_before_another_was_stored_is_judged_again(place: Place) -> None:
    first, second = place.read(LIST), place.read(LIST + "4. 1-601 鸡蛋1板\n")
    take(first, 3)
    take(second, 3)
    place.store(first)

    with transaction.atomic():
        assert [refresh_rows(upload=second) for _time in range(2)] == [True, False]
    place.store(second)

    assert place.orders() == {**STORED, "1-601": {"鸡蛋": 1}}


def taken(upload: int, mark: str, how: str = "place", lines: Lines = ONE) -> Taken:
    return Taken(upload, mark, 7, lines, how, 1)


@pytest.mark.parametrize(
    ("rows", "marks"),
    [
        ([taken(1, "a"), taken(2, "a", "same")], ["a"]),
        ([taken(1, "a"), taken(2, "b", "add")], ["b", "a"]),
        ([taken(1, "a"), taken(2, "a", "same"), taken(2, "a", "add")], ["a", "a"]),
        ([taken(1, "a"), taken(2, "b", "update", TWO)], ["b"]),
        ([taken(1, "a"), taken(2, "a", "same"), taken(2, "b", "cancel")], ["a", "b"]),
        ([taken(1, "a"), taken(2, "", "cancel")], []),
        ([taken(1, "a"), taken(2, "other words", "same")], ["other words"]),
    ],
)
def test_remembered_lines_of_list_after_list(rows: list[Taken], marks: list[str]) -> None:
    assert [one.mark for one in remembered(rows).get(7, [])] == marks


def test_mark_of_a_line_knows_its_words_window_and_group() -> None:
    mark = mark_of("4-202 加老豆腐1", subject_id=1, group="")

    assert mark == mark_of("4-202　加老豆腐１。 ", subject_id=1, group="")
    others = [
        ("4-202 加老豆腐2", 1, ""),
        ("4-202 加老豆腐1", 2, ""),
        ("4-202 加老豆腐1", 1, "4号楼"),
    ]
    assert mark not in {mark_of(text, subject_id=one, group=group) for text, one, group in others}
