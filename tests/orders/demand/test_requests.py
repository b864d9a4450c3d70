"""Single requests: asked, checked with a supplier, promised or refused, handed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from communities.models import Community, InboxMessage, Resident
from config.kernel import outbox
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import DomainError, Invalid
from config.kernel.states import IllegalTransition
from orders.demand import answering, asking, stocking
from orders.demand.asking import MOST_WAITING, TooManyRequests
from orders.demand.stocking import SupplierElsewhere
from orders.models import SingleRequest
from suppliers.models import Supplier
from tests import factories as make
from tests.factories.demand import make_request
from volunteers.desk.demand_forms import QuestionForm

pytestmark = pytest.mark.django_db
ACTOR = Actor("user", 7)
FRIDAY, SUNDAY = date(2022, 4, 22), date(2022, 4, 24)


@pytest.fixture
def home() -> Community:
    return make.make_community()


@pytest.fixture
def shop(home: Community) -> Supplier:
    return make.make_supplier(home)


@pytest.fixture
def asked(home: Community) -> SingleRequest:
    return make_request(
        make.household(home), by=make.make_resident(home), for_whom="婆婆", note="门铃坏了"
    )


def told() -> list[tuple[str, dict[str, Any]]]:
    outbox.deliver_due()
    return list(InboxMessage.objects.order_by("pk").values_list("kind", "data"))


def test_request_goes_its_way_and_the_household_is_told(
    asked: SingleRequest, shop: Supplier
) -> None:
    stocking.check_stock(request=asked, supplier=shop, question="高钙奶粉", actor=ACTOR)
    stocking.tell_stock(request=asked, stock="by_date", on=FRIDAY, note="周五到", actor=ACTOR)
    answering.promise(request=asked, on=FRIDAY, answer="到了送上门", actor=ACTOR)
    answering.promise(request=asked, on=SUNDAY, answer="晚两天", actor=ACTOR)
    answering.hand_over(request=asked, actor=ACTOR)

    asked.refresh_from_db()
    assert (asked.status, asked.stock, asked.stock_on) == ("done", "by_date", FRIDAY)
    assert (asked.promised_on, asked.answer) == (SUNDAY, "晚两天")
    actions = AuditEntry.objects.filter(subject_kind="request").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        *("request.asked", "request.checking", "request.checked"),
        *("request.promised", "request.promised", "request.done"),
    ]


def test_household_is_told_of_each_promise_and_of_a_refusal(asked: SingleRequest) -> None:
    answering.promise(request=asked, on=FRIDAY, answer="", actor=ACTOR)
    promised = told()
    for _click in range(2):
        answering.promise(request=asked, on=SUNDAY, answer="", actor=ACTOR)
    moved = told()
    answering.refuse(request=asked, answer="断货了", actor=ACTOR)

    what = {"what": "高钙奶粉"}
    assert promised == [("request.promised", {**what, "on": "2022-04-22"})]
    assert moved[1:] == [("request.promised", {**what, "on": "2022-04-24"})]
    assert told()[2:] == [("request.refused", {**what, "reason": "断货了"})]


def test_audit_and_outbox_hold_nothing_personal(asked: SingleRequest, shop: Supplier) -> None:
    stocking.check_stock(request=asked, supplier=shop, question="奶粉", actor=ACTOR)
    answering.refuse(request=asked, answer="断货了", actor=ACTOR)

    kept = [str(entry.data) for entry in AuditEntry.objects.all()]
    kept += [str(message.payload) for message in outbox.OutboxMessage.objects.all()]
    assert [
        text for text in kept for word in ("婆婆", "门铃", "奶粉", "断货") if word in text
    ] == []


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ("  ", Invalid),
        ("奶粉，电话13812345678", Invalid),
        ("奶粉，打138 1234 5678", Invalid),
        ("3号楼502室王阿姨要奶粉", Invalid),
        ("王秀英 3-502 高钙奶粉", Invalid),
        ("138.0013.8000", Invalid),
        ("高钙奶粉 138_0013_8000", Invalid),
        ("1号101的奶粉", Invalid),
    ],
)
def test_question_to_a_supplier_has_words_and_does_not_tell_who_asks(
    asked: SingleRequest, shop: Supplier, question: str, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        stocking.check_stock(request=asked, supplier=shop, question=question, actor=ACTOR)

    asked.refresh_from_db()
    assert (asked.status, asked.supplier, asked.question) == ("asked", None, "")


@pytest.mark.parametrize(
    ("what", "name", "tells"),
    [
        ("高钙奶粉 900g", "欧阳若曦", False),
        ("5号电池 4节", "欧阳若曦", False),
        ("欧阳若曦常吃的奶粉", "欧阳若曦", True),
        ("高钙奶粉，打138_0013_8000", "欧阳若曦", True),
    ],
)
def test_words_that_tell_who_asks_do_not_stand_in_the_field_already(
    asked: SingleRequest, what: str, name: str, tells: bool
) -> None:
    Resident.objects.filter(household=asked.household_id).delete()
    Resident.objects.create(household=asked.household, name=name)
    asked.what = what

    assert stocking.tells_who_asks(asked, what) == tells
    assert QuestionForm(request=asked).initial["question"] == ("" if tells else what)


def test_supplier_of_another_community_is_not_asked(asked: SingleRequest) -> None:
    foreign = make.make_supplier(make.make_community())

    with pytest.raises(SupplierElsewhere):
        stocking.check_stock(request=asked, supplier=foreign, question="奶粉", actor=ACTOR)

    asked.refresh_from_db()
    assert asked.status == "asked"


def test_asking_another_supplier_forgets_what_the_first_one_said(
    home: Community, asked: SingleRequest, shop: Supplier
) -> None:
    second = make.make_supplier(home)
    stocking.check_stock(request=asked, supplier=shop, question="奶粉", actor=ACTOR)
    stocking.tell_stock(request=asked, stock="not", on=None, note="没有", actor=ACTOR)

    stocking.check_stock(request=asked, supplier=second, question="奶粉", actor=ACTOR)

    asked.refresh_from_db()
    assert (asked.supplier, asked.status) == (second, "checking")
    assert (asked.stock, asked.stock_note, asked.stocked_at) == ("", "", None)


@pytest.mark.parametrize(("stock", "on"), [("by_date", None), ("have", FRIDAY), ("not", FRIDAY)])
def test_stock_has_a_date_if_and_only_if_it_comes_by_one(
    asked: SingleRequest, shop: Supplier, stock: str, on: date | None
) -> None:
    stocking.check_stock(request=asked, supplier=shop, question="奶粉", actor=ACTOR)

    with pytest.raises(Invalid):
        stocking.tell_stock(request=asked, stock=stock, on=on, note="", actor=ACTOR)

    asked.refresh_from_db()
    assert (asked.status, asked.stock) == ("checking", "")


def _stock(asked: SingleRequest) -> None:
    stocking.tell_stock(request=asked, stock="have", on=None, note="", actor=ACTOR)


def _done(asked: SingleRequest) -> None:
    answering.hand_over(request=asked, actor=ACTOR)


def _withdraw(asked: SingleRequest) -> None:
    asking.withdraw_request(request=asked, actor=ACTOR)


def _refuse(asked: SingleRequest) -> None:
    answering.refuse(request=asked, answer="没有", actor=ACTOR)


@pytest.mark.parametrize(
    ("before", "verb"),
    [(None, _stock), (None, _done), (_withdraw, _refuse), (_refuse, _withdraw), (_refuse, _done)],
)
def test_step_that_the_state_does_not_allow_is_refused(
    asked: SingleRequest,
    before: Callable[[SingleRequest], None] | None,
    verb: Callable[[SingleRequest], None],
) -> None:
    if before:
        before(asked)
    status = asked.status

    with pytest.raises(IllegalTransition):
        verb(asked)

    asked.refresh_from_db()
    assert asked.status == status


def test_refusal_needs_a_reason(asked: SingleRequest) -> None:
    with pytest.raises(Invalid):
        answering.refuse(request=asked, answer="  ", actor=ACTOR)

    asked.refresh_from_db()
    assert (asked.status, asked.answer) == ("asked", "")


def test_household_with_twenty_waiting_requests_asks_no_more(home: Community) -> None:
    door, user = make.household(home), make.make_resident(home)
    made = [make_request(door, by=user) for _one in range(MOST_WAITING)]
    with pytest.raises(TooManyRequests):
        make_request(door, by=user)
    make_request(make.household(home, "102"))
    _withdraw(made[0])

    make_request(door, by=user)

    assert SingleRequest.objects.filter(household=door).count() == MOST_WAITING + 1
