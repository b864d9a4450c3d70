"""Repeating group buys are set up and changed; single dates are skipped, moved, restored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from communities.models import Community
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import DomainError, Invalid
from config.kernel.states import IllegalTransition
from orders.models import OrderWindow, TemplateDate, TemplateProduct, WindowTemplate
from orders.windows import templates
from orders.windows.drafting import ForeignProduct
from orders.windows.templates import AlreadyDrafted, Ended, NotOneOfItsDates
from tests import factories as make
from tests.factories.repeating import make_template, set_clock

pytestmark = pytest.mark.django_db
ACTOR = Actor("user", 7)
THURSDAY = date(2022, 4, 21)


@pytest.fixture
def home() -> Community:
    return make.make_community()


def call(verb: Callable[..., object], template: WindowTemplate, **details: Any) -> None:
    with transaction.atomic():
        verb(template=template, actor=ACTOR, **details)


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"closes": time(7)}, "closes"),
        ({"weekdays": 0}, "weekdays"),
        ({"weekdays": 128}, "weekdays"),
        ({"closes_after": 1}, "delivers_after"),
        ({"valid_until": date(2022, 3, 31)}, "valid_until"),
        ({"goods": "category"}, "category"),
        ({"category": "蔬菜"}, "category"),
        ({"extend_minutes": 0}, "extend_minutes"),
    ],
)
def test_create_template_with_rules_that_contradict_each_other_is_refused(
    home: Community, rules: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make_template(home, **rules)

    assert list(refused.value.fields) == [field]
    assert WindowTemplate.objects.count() == 0


def test_change_template_changes_the_rounds_to_come_and_counts(home: Community) -> None:
    template, other = make_template(home), make_template(home)

    call(templates.change_template, template, opens=time(6), closes=time(11))

    template.refresh_from_db()
    other.refresh_from_db()
    assert (template.opens, template.closes, template.version) == (time(6), time(11), 2)
    assert (other.opens, other.version) == (time(7), 1)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.data) == ("template.changed", {"fields": ["closes", "opens"]})


def test_ended_template_is_changed_no_more(home: Community) -> None:
    template = make_template(home)
    call(templates.end_template, template)

    with pytest.raises(Ended):
        call(templates.change_template, template, opens=time(6))
    with pytest.raises(IllegalTransition):
        call(templates.resume_template, template)

    template.refresh_from_db()
    assert (template.status, template.opens) == ("ended", time(7))


def test_choose_goods_of_another_supplier_is_refused(home: Community) -> None:
    template, foreign = make_template(home), make.make_supplier(home).products.all()[0]
    own = template.supplier.products.all()[0]
    call(templates.choose_goods, template, goods={own: (5, 1)})

    with pytest.raises(ForeignProduct):
        call(templates.choose_goods, template, goods={own: (6, None), foreign: (None, None)})

    assert list(TemplateProduct.objects.values_list("product", "cap", "household_limit")) == [
        (own.pk, 5, 1)
    ]


def test_skip_date_cancels_the_round_that_was_drafted_for_it(
    home: Community, settings: Settings, run_jobs: Callable[[], None]
) -> None:
    template = make_template(home)
    set_clock(settings, "2022-04-20 18:30:00")
    run_jobs()

    for _click in range(2):
        call(templates.skip_date, template, on=THURSDAY)
    set_clock(settings, "2022-04-21 18:30:00")
    run_jobs()

    rows = OrderWindow.objects.order_by("template_on").values_list("template_on", "status")
    assert list(rows) == [(THURSDAY, "cancelled"), (date(2022, 4, 22), "ready")]
    assert TemplateDate.objects.get().moved_to is None


def test_skip_date_of_a_round_that_is_open_is_refused(
    home: Community, settings: Settings, run_jobs: Callable[[], None]
) -> None:
    template = make_template(home)
    set_clock(settings, "2022-04-21 08:00:00")
    run_jobs()

    with pytest.raises(AlreadyDrafted):
        call(templates.skip_date, template, on=THURSDAY)

    assert OrderWindow.objects.get().status == "open"
    assert TemplateDate.objects.count() == 0


def test_moved_date_comes_on_the_other_day_and_skipped_one_not_at_all(
    home: Community, settings: Settings, run_jobs: Callable[[], None]
) -> None:
    template = make_template(home, weekdays=8)
    set_clock(settings, "2022-04-19 09:00:00")
    call(templates.skip_date, template, on=THURSDAY)
    call(templates.restore_date, template, on=THURSDAY)
    call(templates.move_date, template, on=THURSDAY, to=date(2022, 4, 23))
    call(templates.skip_date, template, on=date(2022, 4, 28))
    for day in range(20, 30):
        set_clock(settings, f"2022-04-{day} 19:00:00")
        run_jobs()

    window = OrderWindow.objects.get()
    assert (window.template_on, window.deliver_on) == (THURSDAY, date(2022, 4, 23))
    assert window.title.endswith("4月23日 周六 第1团")


@pytest.mark.parametrize(
    ("verb", "details", "error"),
    [
        (templates.skip_date, {"on": date(2022, 4, 22)}, NotOneOfItsDates),
        (templates.skip_date, {"on": date(2022, 3, 31)}, NotOneOfItsDates),
        (templates.move_date, {"on": date(2022, 4, 22), "to": THURSDAY}, NotOneOfItsDates),
        (templates.move_date, {"on": THURSDAY, "to": THURSDAY}, Invalid),
        (templates.move_date, {"on": THURSDAY, "to": date(2022, 5, 22)}, Invalid),
        (templates.move_date, {"on": THURSDAY, "to": date(2022, 4, 19)}, Invalid),
    ],
)
def test_date_that_cannot_be_changed_so_is_refused(
    home: Community,
    settings: Settings,
    verb: Callable[..., object],
    details: dict[str, date],
    error: type[DomainError],
) -> None:
    template = make_template(home, weekdays=8)
    set_clock(settings, "2022-04-20 09:00:00")

    with pytest.raises(error):
        call(verb, template, **details)

    assert TemplateDate.objects.count() == 0


def test_drafted_date_is_neither_moved_nor_restored(
    home: Community, settings: Settings, run_jobs: Callable[[], None]
) -> None:
    template = make_template(home)
    set_clock(settings, "2022-04-20 18:30:00")
    run_jobs()

    with pytest.raises(AlreadyDrafted):
        call(templates.move_date, template, on=THURSDAY, to=date(2022, 4, 23))
    call(templates.skip_date, template, on=THURSDAY)
    with pytest.raises(AlreadyDrafted):
        call(templates.restore_date, template, on=THURSDAY)

    assert list(TemplateDate.objects.values_list("on", "moved_to")) == [(THURSDAY, None)]
