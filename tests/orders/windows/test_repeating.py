"""Templates make their windows: once for each date, whenever and however often somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from pytest_django import Settings

from communities.models import Community
from config.kernel import jobs
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import Invalid
from config.kernel.jobs import Job
from orders.models import Offer, OrderWindow, WindowTemplate
from orders.windows import repeating, templates
from orders.windows.cancelling import cancel_window
from orders.windows.drafting import set_times
from orders.windows.limits import limits_of
from orders.windows.opening import back_to_draft, make_ready
from suppliers.models import Product
from tests import factories as make
from tests.factories.repeating import make_template, set_clock

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = Actor("user", 7)
Run = Callable[[], None]


@pytest.fixture
def home() -> Community:
    return make.make_community()


def picture() -> list[tuple[str, str]]:
    """Date → status of every window."""
    rows = OrderWindow.objects.order_by("template_on", "pk")
    return [(f"{on:%m-%d}", status) for on, status in rows.values_list("template_on", "status")]


def test_round_is_drafted_the_evening_before_opened_and_closed_in_its_time(
    home: Community, settings: Settings, run_jobs: Run
) -> None:
    make_template(home, notice="请自备袋子", minimum_measure="pieces", minimum=3)
    seen = []
    for moment in (
        *("2022-04-20 17:59:30", "2022-04-20 18:00:05", "2022-04-21 06:58:30"),
        *("2022-04-21 06:59:30", "2022-04-21 11:59:30", "2022-04-21 12:00:05"),
    ):
        set_clock(settings, moment)
        run_jobs()
        seen.append(picture())

    ready, opened = [("04-21", "ready")], [("04-21", "open")]
    assert seen == [[], ready, ready, opened, opened, [("04-21", "cancelled")]]
    window = OrderWindow.objects.get()
    assert window.title.endswith("4月21日 周四 第1团")
    assert (window.notice, window.minimum_measure, window.minimum) == ("请自备袋子", "pieces", 3)
    assert f"{window.deliver_at:%H:%M}" == "17:00"
    assert window.offers.count() == 2
    assert window.created_by is None


@pytest.mark.parametrize("beats", [1, 3])
def test_any_number_of_beats_makes_the_same_rounds(
    home: Community, settings: Settings, beats: int
) -> None:
    make_template(home)
    set_clock(settings, "2022-04-21 08:00:00")

    for _turn in range(2):
        for _beat in range(beats):
            jobs.sweep()
        for _beat in range(beats):
            for job_id in Job.objects.order_by("pk").values_list("pk", flat=True):
                jobs.run(job_id)

    assert picture() == [("04-21", "open")]
    stages = Job.objects.filter(stage__in=("orders.draft", "orders.open"))
    assert list(stages.order_by("pk").values_list("stage", flat=True)) == [
        *("orders.draft", "orders.open"),
    ]


def test_day_without_beat_makes_only_what_is_still_useful(
    home: Community, settings: Settings, run_jobs: Run
) -> None:
    make_template(home)
    set_clock(settings, "2022-04-20 18:30:00")
    run_jobs()
    # Nobody swept until two days later: the round of the 21st could not be opened, that of the 22nd was not drafted.
    set_clock(settings, "2022-04-22 10:15:00")

    run_jobs()

    assert picture() == [("04-21", "cancelled"), ("04-22", "open")]
    assert OrderWindow.objects.get(template_on=date(2022, 4, 21)).reason != ""
    set_clock(settings, "2022-04-23 12:00:05")
    run_jobs()
    assert picture()[2:] == []


def test_draft_job_run_again_drafts_nothing(
    home: Community, settings: Settings, run_jobs: Run
) -> None:
    make_template(home)
    set_clock(settings, "2022-04-21 08:00:00")
    run_jobs()
    entries = AuditEntry.objects.count()

    Job.objects.update(done_at=None, attempts=0, rung_at=None)
    for job_id in Job.objects.values_list("pk", flat=True):
        jobs.run(job_id)

    assert picture() == [("04-21", "open")]
    assert AuditEntry.objects.count() == entries
    assert not Job.objects.filter(done_at=None).exists()


def test_only_active_templates_of_active_suppliers_make_rounds(
    home: Community, settings: Settings, run_jobs: Run
) -> None:
    paused, ended, orphan = (make_template(home) for _one in range(3))
    with transaction.atomic():
        templates.pause_template(template=paused, actor=ACTOR)
        templates.end_template(template=ended, actor=ACTOR)
    orphan.supplier.is_active = False
    orphan.supplier.save(update_fields=["is_active"])
    set_clock(settings, "2022-04-21 08:00:00")

    run_jobs()
    assert picture() == []

    with transaction.atomic():
        templates.resume_template(template=paused, actor=ACTOR)
    run_jobs()
    assert picture() == [("04-21", "open")]


def test_job_that_finds_its_template_paused_is_not_the_last_word(
    home: Community, settings: Settings, run_jobs: Run
) -> None:
    template = make_template(home)
    set_clock(settings, "2022-04-21 08:00:00")
    (job_id,) = jobs.sweep()
    with transaction.atomic():
        templates.pause_template(template=template, actor=ACTOR)
    jobs.run(job_id)
    assert picture() == []

    with transaction.atomic():
        templates.resume_template(template=template, actor=ACTOR)
    run_jobs()

    assert picture() == [("04-21", "open")]


def test_round_put_back_to_draft_waits_for_the_person(
    home: Community, settings: Settings, run_jobs: Run
) -> None:
    make_template(home)
    set_clock(settings, "2022-04-20 18:30:00")
    run_jobs()
    window = OrderWindow.objects.get()
    set_clock(settings, "2022-04-21 07:00:05")
    (job_id,) = jobs.sweep()
    with transaction.atomic():
        back_to_draft(window=window, actor=ACTOR)
    # The job was found before, and finds it gone.
    jobs.run(job_id)
    run_jobs()
    assert picture() == [("04-21", "draft")]

    with transaction.atomic():
        make_ready(window=window, actor=ACTOR)
    run_jobs()

    assert picture() == [("04-21", "open")]


def test_round_with_other_times_opens_by_those(
    home: Community, settings: Settings, run_jobs: Run
) -> None:
    make_template(home)
    set_clock(settings, "2022-04-20 18:30:00")
    run_jobs()
    window = OrderWindow.objects.get()
    with transaction.atomic():
        set_times(
            window=window,
            opens_at=window.opens_at.replace(minute=30),
            closes_at=window.closes_at,
            deliver_on=window.deliver_on,
            actor=ACTOR,
        )
    set_clock(settings, "2022-04-21 07:10:00")
    run_jobs()
    assert picture() == [("04-21", "ready")]
    set_clock(settings, "2022-04-21 07:30:00")
    run_jobs()
    assert picture() == [("04-21", "open")]


def test_cancelled_round_does_not_come_again(
    home: Community, settings: Settings, run_jobs: Run
) -> None:
    make_template(home)
    set_clock(settings, "2022-04-20 18:30:00")
    run_jobs()
    with transaction.atomic():
        cancel_window(window=OrderWindow.objects.get(), actor=ACTOR, reason="店里没货")

    run_jobs()

    assert picture() == [("04-21", "cancelled")]


def goods(template: WindowTemplate) -> list[tuple[str, int | None, int | None]]:
    rows = Offer.objects.filter(window__template=template).order_by("short_number")
    return list(rows.values_list("name", "cap", "household_limit"))


@pytest.fixture
def shop(home: Community) -> list[Product]:
    """Two kinds of greens, one fish, one fish that is sold no more."""
    supplier = make.make_supplier(home, prices_fen=())
    return Product.objects.bulk_create(
        Product(supplier=supplier, name=name, unit="份", price_fen=500, category=kind, is_active=on)
        for name, kind, on in (
            *(("青菜", "蔬菜", True), ("带鱼", "水产", True)),
            *(("生菜", "蔬菜", True), ("鲳鱼", "水产", False)),
        )
    )


def test_rounds_offer_all_a_category_or_the_chosen_with_their_limits(
    home: Community, shop: list[Product], settings: Settings, run_jobs: Run
) -> None:
    supplier = shop[0].supplier
    everything = make_template(home, supplier=supplier)
    greens = make_template(home, supplier=supplier, goods="category", category="蔬菜")
    chosen = make_template(home, supplier=supplier, goods="chosen")
    with transaction.atomic():
        templates.choose_goods(
            template=chosen,
            goods={shop[1]: (60, 2), shop[2]: (None, None), shop[3]: (9, None)},
            actor=ACTOR,
        )
    set_clock(settings, "2022-04-21 08:00:00")

    run_jobs()

    assert goods(everything) == [("青菜", None, None), ("生菜", None, None), ("带鱼", None, None)]
    assert goods(greens) == [("青菜", None, None), ("生菜", None, None)]
    assert goods(chosen) == [("带鱼", 60, 2), ("生菜", None, None)]


def test_rounds_begin_with_the_limits_of_kinds_of_goods(
    home: Community, shop: list[Product], settings: Settings, run_jobs: Run
) -> None:
    template = make_template(home, supplier=shop[0].supplier)
    with transaction.atomic():
        for greens in (9, 3):
            templates.limit_categories(
                template=template,
                limits={"蔬菜": greens, "水产": None, "药品": 1},
                actor=ACTOR,
            )
    assert repeating.categories_to_limit(template) == ["水产", "药品", "蔬菜"]
    with pytest.raises(Invalid), transaction.atomic():
        templates.limit_categories(template=template, limits={"水产": 0}, actor=ACTOR)
    set_clock(settings, "2022-04-21 08:00:00")

    run_jobs()

    assert limits_of(OrderWindow.objects.get()) == {"蔬菜": 3}
    assert picture() == [("04-21", "open")]


def test_round_without_goods_stays_a_draft(
    home: Community, settings: Settings, run_jobs: Run
) -> None:
    make_template(home, goods="category", category="药品")
    set_clock(settings, "2022-04-21 08:00:00")

    run_jobs()

    assert picture() == [("04-21", "draft")]
    assert not Job.objects.filter(done_at=None).exists()


def test_due_dates_takes_the_same_statements_for_one_template_and_three(
    home: Community, settings: Settings, django_assert_num_queries: Callable[[int], object]
) -> None:
    set_clock(settings, "2022-04-21 08:00:00")
    for count in (1, 3):
        while WindowTemplate.objects.count() < count:
            make_template(home)
        # the time, templates, their dates, windows made already
        with django_assert_num_queries(4):  # type: ignore[attr-defined]
            assert len(repeating.due_dates()) == count
