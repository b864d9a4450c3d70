"""What the pages say: the one next action, the steps, who has not ordered, what is being worked on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.translation import gettext

from communities import people
from communities.models import Household, User
from communities.places import add_building, add_household
from communities.roles import Role
from config.kernel import clock
from config.kernel.audit import Actor, AuditEntry
from config.kernel.jobs import Job
from orders.models import Order, OrderWindow, SupplierOrder
from orders.states import WindowStatus
from orders.supply.dropping import drop_order
from orders.supply.pulling import acknowledge
from orders.windows.closing import close_window
from tests import factories as make
from tests.api.client import release, revise
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, at, do

Show = Callable[[OrderWindow], tuple[str, str]]


@pytest.fixture
def show(world: World, enter: Enter) -> Show:
    """The next action and the step where the round stands, as the organiser's page has them."""

    def read(window: OrderWindow) -> tuple[str, str]:
        context = enter(world.organiser).get(at(window)).context
        now = [str(step.name) for step in context["steps"] if step.state == "now"]
        return context["next"].action, now[0] if now else ""

    return read


def test_page_of_draft_asks_to_choose_then_to_make_ready(
    world: World, enter: Enter, show: Show
) -> None:
    empty = make.make_supplier(world.home, prices_fen=())
    bare = make.make_window(world.home, supplier=empty, organiser=world.organiser, state="draft")
    draft = make.make_window(world.home, organiser=world.organiser, state="draft")

    assert show(bare) == ("offers", "")
    assert show(draft) == ("ready", "")


def test_page_follows_the_round(
    world: World, prepared: OrderWindow, show: Show, enter: Enter
) -> None:
    browser = enter(world.organiser)

    assert show(prepared) == ("check", gettext("Checked"))
    do(browser, prepared, "check", revision="1")
    assert show(prepared) == ("release", gettext("Sent to the supplier"))
    do(browser, prepared, "release", revision="1")
    assert show(prepared) == ("", gettext("Acknowledged"))
    with transaction.atomic():
        order = SupplierOrder.objects.get(window=prepared)
        acknowledge(supplier_order=order, actor=Actor("supplier_key", 1))
    assert show(prepared) == ("", gettext("Picking"))


def test_page_before_opening_and_before_cutoff_has_nothing_to_press(
    world: World, open_window: OrderWindow, show: Show
) -> None:
    assert show(open_window) == ("", gettext("Ordering"))
    make.pass_cutoff(open_window)
    assert show(open_window) == ("", gettext("Ordering"))


def test_page_past_the_cutoff_waits_and_refreshes_itself_without_script(
    world: World, open_window: OrderWindow, enter: Enter
) -> None:
    make.pass_cutoff(open_window)

    response = enter(world.organiser).get(at(open_window))

    assert response.context["next"].waits is True
    assert (
        '<noscript><meta http-equiv="refresh" content="5"></noscript>' in response.content.decode()
    )
    assert "<progress></progress>" in response.content.decode()


def test_page_with_silent_supplier_gives_his_number(
    world: World, released: OrderWindow, enter: Enter
) -> None:
    supplier = released.supplier
    supplier.phone = "021-64380000"
    supplier.save(update_fields=["phone"])
    browser = enter(world.organiser)
    before = browser.get(at(released)).context["next"].phone
    moment = clock.now() - timedelta(minutes=31)
    SupplierOrder.objects.filter(window=released).update(released_at=moment)

    assert before == ""
    assert 'href="tel:021-64380000"' in browser.get(at(released)).content.decode()


def test_page_after_dropping_asks_to_check_revision_two(
    world: World, released: OrderWindow, show: Show, enter: Enter
) -> None:
    order = released.orders.order_by("pk").first()
    assert order is not None
    with transaction.atomic():
        drop_order(order=order, actor=Actor("user", world.organiser.pk), reason="搬走")
    assert show(released)[0] == ""
    revise(released)

    context = enter(world.organiser).get(at(released)).context

    assert context["next"].action == "check"
    assert context["next"].revision.revision == 2
    assert (context["totals"].orders, context["totals"].fen) == (1, 390)


def test_page_of_cancelled_window_says_why(
    world: World, prepared: OrderWindow, show: Show, enter: Enter
) -> None:
    do(enter(world.organiser), prepared, "cancel", reason="供货商停业")

    assert show(prepared) == ("", "")
    assert "供货商停业" in enter(world.volunteer).get(at(prepared)).content.decode()


def test_page_without_right_shows_the_step_but_no_button(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    text = enter(world.volunteer).get(at(prepared)).content.decode()

    assert at(prepared, "do/check/") not in text
    assert gettext("Your role does not allow this step; it waits for somebody else.") in text


def _mark_care(world: World, *rooms: str) -> None:
    Household.objects.filter(community=world.home, room__in=rooms).update(needs_care=True)
    with transaction.atomic():
        people.add_resident(
            household=make.household(world.home, "201"),
            name="王奶奶",
            phone="13812345678",
            is_contact=True,
            actor=make.SETUP,
        )


def test_page_before_cutoff_names_care_households_that_have_not_ordered(
    world: World, open_window: OrderWindow, enter: Enter
) -> None:
    _mark_care(world, "101", "201")
    Household.objects.filter(community=world.away).update(needs_care=True)
    make.order(open_window, make.household(world.home, "101"), 1)

    response = enter(world.volunteer).get(at(open_window))

    care = [(home.room, home.contact, home.phone) for home in response.context["care"]]
    assert care == [("201", "王奶奶", "138****5678")]
    assert "13812345678" not in response.content.decode()


def test_page_for_people_who_read_only_names_no_care_household(
    world: World, open_window: OrderWindow, enter: Enter
) -> None:
    _mark_care(world, "201")

    response = enter(world.property).get(at(open_window))

    assert response.context["care"] is None
    assert "王奶奶" not in response.content.decode()


def test_page_for_building_leader_names_his_building_only(
    world: World, open_window: OrderWindow, enter: Enter
) -> None:
    _mark_care(world, "201")

    with transaction.atomic():
        second = add_building(community=world.home, number="2", actor=make.SETUP)
        home = add_household(building=second, room="301", needs_care=True, actor=make.SETUP)
    leader: User = make.make_user(is_staff=True)
    make.grant(leader, Role.BUILDING_LEADER, world.home, building=second)

    response = enter(leader).get(at(open_window))

    assert [row.pk for row in response.context["care"]] == [home.pk]


def test_phone_is_shown_once_and_noted(
    world: World, open_window: OrderWindow, enter: Enter
) -> None:
    _mark_care(world, "201")
    person = make.household(world.home, "201").residents.get(name="王奶奶")

    response = enter(world.volunteer).post(at(open_window, "phone/"), {"resident": person.pk})

    assert 'href="tel:+8613812345678"' in response.content.decode()
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor_id) == ("resident.phone_shown", world.volunteer.pk)
    assert "13812345678" not in str(entry.data)


@pytest.mark.parametrize(("name", "code"), [("property", 403), ("stranger", 404)])
def test_phone_for_others_is_refused_and_not_noted(
    world: World, open_window: OrderWindow, enter: Enter, name: str, code: int
) -> None:
    _mark_care(world, "201")
    person = make.household(world.home, "201").residents.get(name="王奶奶")
    before = AuditEntry.objects.count()

    response = enter(getattr(world, name)).post(at(open_window, "phone/"), {"resident": person.pk})

    assert response.status_code == code
    assert AuditEntry.objects.count() == before


def test_phone_of_foreign_resident_is_not_found(
    world: World, open_window: OrderWindow, enter: Enter
) -> None:
    with transaction.atomic():
        person = people.add_resident(
            household=make.household(world.away),
            name="外人",
            phone="13987654321",
            actor=make.SETUP,
        )

    response = enter(world.volunteer).post(at(open_window, "phone/"), {"resident": person.pk})

    assert response.status_code == 404


def test_progress_changes_its_version_with_the_state_only(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    browser = enter(world.organiser)
    page = browser.get(at(prepared)).context["version"]
    first = browser.get(at(prepared, "progress/")).json()

    do(browser, prepared, "check", revision="1")
    second = browser.get(at(prepared, "progress/")).json()

    assert first == {"version": page, "work": []}
    assert second["version"] != page


def test_progress_reports_work_done_and_total(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    moment = clock.now()
    Job.objects.create(
        stage="orders.files",
        subject_kind="supplier_order",
        subject_id=prepared.supplier_orders.get().pk,
        created_at=moment,
        run_after=moment,
        progress_done=2,
        progress_total=5,
    )

    answer = enter(world.volunteer).get(at(prepared, "progress/")).json()

    assert answer["work"] == [
        {"name": gettext("Making the supplier's files"), "done": 2, "total": 5}
    ]


def test_index_puts_first_what_needs_a_person(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    running = make.make_window(world.home, organiser=world.organiser)
    draft = make.make_window(world.home, organiser=world.organiser, state="draft")
    gone = make.make_window(world.home, organiser=world.organiser)
    do(enter(world.organiser), gone, "cancel", reason="不办了")

    groups = enter(world.organiser).get(DESK).context["groups"]

    assert [[row.pk for row in group] for group in groups] == [
        [prepared.pk],
        [running.pk],
        [draft.pk],
        [gone.pk],
    ]
    assert (groups[0][0].order_count, groups[0][0].amount_fen) == (2, 3 * 390 + 1250)


def test_index_puts_held_and_failed_rounds_first(world: World, enter: Enter) -> None:
    held = make.make_window(
        world.home, organiser=world.organiser, minimum_measure="pieces", minimum=9
    )
    make.order(held, make.household(world.home), 1)
    make.pass_cutoff(held)
    with transaction.atomic():
        assert close_window(window_id=held.pk) == WindowStatus.HELD
    failed = make.make_window(world.home, organiser=world.organiser)
    moment = clock.now()
    Job.objects.create(
        stage="orders.close",
        subject_kind="window",
        subject_id=failed.pk,
        created_at=moment,
        run_after=moment,
        parked_at=moment,
    )

    groups = enter(world.organiser).get(DESK).context["groups"]

    assert {row.pk for row in groups[0]} == {held.pk, failed.pk}


def test_index_offers_a_new_window_to_coordinators_only(world: World, enter: Enter) -> None:
    assert f'href="{DESK}new/"' in enter(world.organiser).get(DESK).content.decode()
    assert f'href="{DESK}new/"' not in enter(world.checker).get(DESK).content.decode()


def test_language_switch_keeps_the_page(
    world: World, open_window: OrderWindow, enter: Enter
) -> None:
    browser = enter(world.organiser)

    response = browser.post(f"{DESK}language/", {"language": "en", "next": at(open_window)})

    assert (response.status_code, response["Location"]) == (302, at(open_window))
    assert '<html lang="en">' in browser.get(at(open_window)).content.decode()


def test_window_whose_every_order_was_taken_off_waits_for_no_lists(
    world: World, enter: Enter, released: OrderWindow
) -> None:
    for order in Order.objects.filter(window=released):
        with transaction.atomic():
            drop_order(order=order, actor=make.SETUP, reason="moved away")
    release(revise(released), world.organiser)
    SupplierOrder.objects.filter(window=released, status="released").update(
        acknowledged_at=clock.now()
    )

    page = enter(world.organiser).get(at(released)).content.decode()

    assert "没有要分发的" in page
    assert "正在制作分拣单" not in page
