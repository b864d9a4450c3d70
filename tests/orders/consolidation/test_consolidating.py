"""Many orders into one: sums per section, multiples, who is in and who is not."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from communities.models import Community, User
from config.kernel.audit import Actor, AuditEntry
from config.kernel.jobs import Subject
from orders.consolidation.consolidating import Sum, consolidate, ordered_by_section, waiting
from orders.models import Offer, Order, OrderLine, OrderWindow, SupplierOrder, SupplierOrderLine
from orders.placing.placing import cancel_order
from orders.placing.wishes import Wish
from orders.supply.dropping import drop_order
from tests import factories as make

pytestmark = pytest.mark.django_db

ACTOR = Actor("user", 77)


@pytest.fixture
def community() -> Community:
    return make.make_community()


@pytest.fixture
def organiser(community: Community) -> User:
    return make.make_staff(community)


def lines(order: SupplierOrder) -> list[tuple[str, int, int, int, int, int]]:
    rows = SupplierOrderLine.objects.filter(supplier_order=order).order_by("section_id", "position")
    return list(
        rows.values_list(
            "section__community_name", "position", "wanted", "tolerance", "ordered", "amount_fen"
        )
    )


def test_consolidate_sums_placed_orders_by_community_and_product(community: Community) -> None:
    other = make.make_community(address="宛平南路 1 号")
    window = make.make_window(community, others=[other, make.make_community()])
    beside = make.make_window(community, supplier=window.supplier)
    make.order(beside, make.household(community), 9, 9)
    make.order(window, make.household(community, "101"), 2, 1)
    make.order(window, make.household(community, "101"), 1)
    make.order(window, make.household(community, "102"), 0, 4)
    make.order(window, make.household(other, "102"), 5)
    gone = make.order(window, make.household(other, "101"), 9)
    cancel_order(order=gone, actor=make.SETUP)
    make.close(window)

    order = consolidate(window_id=window.pk, revision=1)

    assert order is not None
    assert lines(order) == [
        (community.name, 1, 3, 0, 3, 1170),
        (community.name, 2, 5, 0, 5, 6250),
        (other.name, 1, 5, 0, 5, 1950),
    ]
    sections = order.sections.order_by("pk")
    facts = ("community", "community_address", "households", "pieces", "total_fen")
    assert list(sections.values_list(*facts)) == [
        (community.pk, "", 2, 8, 7420),
        (other.pk, "宛平南路 1 号", 1, 5, 1950),
    ]
    assert (order.households, order.order_lines, order.pieces, order.total_fen) == (3, 5, 13, 9370)
    assert (order.status, order.revision, order.cancels_all) == ("prepared", 1, False)
    assert order.supplier == window.supplier
    assert (order.filed_at, order.release_sequence) == (None, None)


def test_consolidate_keeps_the_texts_and_prices_of_the_offer(community: Community) -> None:
    window = make.make_window(community)
    make.order(window, make.household(community), 1)
    Offer.objects.filter(short_number=1).update(
        name="青菜", spec="约500g", unit="份", barcode="690", category="蔬菜", case_size=12
    )

    order = make.prepare(window)

    line = SupplierOrderLine.objects.get(supplier_order=order)
    assert (line.name, line.spec, line.unit, line.barcode) == ("青菜", "约500g", "份", "690")
    assert (line.category, line.case_size, line.price_fen) == ("蔬菜", 12, 390)


def test_consolidate_numbers_the_order_by_the_day_of_the_cutoff_there(community: Community) -> None:
    window = make.make_window(community)
    make.order(window, make.household(community), 1)
    make.close(window)
    # 16:30 UTC is the next day in Shanghai.
    OrderWindow.objects.filter(pk=window.pk).update(
        opens_at="2022-04-20T08:00Z", closes_at="2022-04-20T16:30Z"
    )

    order = consolidate(window_id=window.pk, revision=1)

    assert order is not None
    assert order.number == f"JD220421-{window.pk}"


def test_consolidate_leaves_the_orders_untouched(community: Community) -> None:
    window = make.make_window(community)
    make.order(window, make.household(community), 2, 1)
    make.close(window)
    before = list(Order.objects.values()), list(OrderLine.objects.values())

    consolidate(window_id=window.pk, revision=1)

    assert (list(Order.objects.values()), list(OrderLine.objects.values())) == before


def test_consolidate_rounds_each_section_by_itself(community: Community) -> None:
    other = make.make_community()
    window = make.make_window(community, others=[other], offers=[{"order_multiple": 4}])
    make.order(window, make.household(community), 6)
    make.order(window, make.household(other), 6)

    order = make.prepare(window)

    # Together it would be twelve.
    assert [(line[2], line[4]) for line in lines(order)] == [(6, 4), (6, 4)]
    assert (order.pieces, order.total_fen) == (8, 8 * 390)


def test_consolidate_fills_a_multiple_with_the_tolerance_of_several_households(
    community: Community,
) -> None:
    window = make.make_window(community, offers=[{"order_multiple": 4}])
    (offer, _second) = make.offers_of(window)
    for room in ("101", "102"):
        make.place_wishes(window, make.household(community, room), [Wish(offer.public_id, 3, 1)])

    order = make.prepare(window)

    assert lines(order) == [(community.name, 1, 6, 2, 8, 8 * 390)]


def test_consolidate_that_rounds_everything_away_keeps_the_line(community: Community) -> None:
    window = make.make_window(community, offers=[{"order_multiple": 4}])
    make.order(window, make.household(community), 3)

    order = make.prepare(window)

    assert lines(order) == [(community.name, 1, 3, 0, 0, 0)]
    assert (order.households, order.order_lines, order.pieces, order.cancels_all) == (
        1,
        1,
        0,
        False,
    )


# cap, (wanted, tolerance) of A and B → ordered for A and B; sold in fours (docs/consolidation.md)
CAPS = [
    (None, (3, 1), (6, 2), 4, 8),
    (12, (3, 1), (6, 2), 4, 8),
    (11, (3, 1), (6, 2), 4, 4),
    (9, (3, 1), (6, 2), 0, 4),
]


@pytest.mark.parametrize(("cap", "one", "two", "for_one", "for_two"), CAPS)
def test_ordered_by_section_uses_tolerance_no_further_than_the_cap_has_room(
    cap: int | None, one: tuple[int, int], two: tuple[int, int], for_one: int, for_two: int
) -> None:
    sums = [Sum(1, 7, *one, lines=1), Sum(2, 7, *two, lines=1)]

    ordered = ordered_by_section(sums, {7: Offer(cap=cap, order_multiple=4)})

    assert ordered == {sums[0]: for_one, sums[1]: for_two}
    assert cap is None or sum(ordered.values()) <= cap


def test_consolidate_a_second_time_is_the_same_revision(community: Community) -> None:
    window = make.make_window(community)
    make.order(window, make.household(community), 1)
    first = make.prepare(window)

    again = consolidate(window_id=window.pk, revision=1)

    assert again == first
    assert SupplierOrder.objects.count() == 1
    assert AuditEntry.objects.filter(action="supplier_order.prepared").count() == 1


def test_consolidate_for_a_demand_that_has_moved_on_makes_nothing(community: Community) -> None:
    window = make.make_window(community)
    make.order(window, make.household(community), 1)
    make.close(window)

    assert consolidate(window_id=window.pk, revision=2) is None
    assert consolidate(window_id=window.pk, revision=0) is None
    assert not SupplierOrder.objects.exists()


@pytest.mark.parametrize("state", ["open", "held"])
def test_consolidate_before_the_close_makes_nothing(state: str, community: Community) -> None:
    window = make.make_window(community, minimum_measure="households", minimum=9)
    make.order(window, make.household(community), 1)
    if state == "held":
        make.close(window)

    assert consolidate(window_id=window.pk, revision=0) is None
    assert waiting() == []


def test_consolidate_without_what_was_taken_off_supersedes_the_unreleased_revision(
    community: Community,
) -> None:
    window = make.make_window(community)
    make.order(window, make.household(community, "101"), 2)
    late = make.order(window, make.household(community, "102"), 0, 3)
    first = make.prepare(window)
    drop_order(order=late, actor=ACTOR, reason="moved away")
    assert waiting() == [Subject("window", window.pk, 2)]

    second = make.prepare(window)

    first.refresh_from_db()
    assert (first.status, second.status) == ("superseded", "prepared")
    assert second.number == first.number
    assert lines(second) == [(community.name, 1, 2, 0, 2, 780)]
    assert (second.households, second.order_lines) == (1, 1)
    assert waiting() == []
    entry = AuditEntry.objects.get(action="supplier_order.superseded")
    assert (entry.subject_id, entry.actor_kind) == (first.pk, "job")


def test_consolidate_with_everything_taken_off_takes_everything_back(
    community: Community, organiser: User
) -> None:
    window = make.make_window(community)
    only = make.order(window, make.household(community), 2)
    make.release(window, organiser)
    drop_order(order=only, actor=ACTOR, reason="moved away")

    zero = make.prepare(window)

    assert (zero.revision, zero.cancels_all, zero.pieces, zero.households) == (2, True, 0, 0)
    assert lines(zero) == []


def test_waiting_lists_closed_windows_without_a_revision_for_their_demand(
    community: Community,
) -> None:
    make.make_window(community)
    make.make_window(community, state="ready")
    done = make.make_window(community)
    make.order(done, make.household(community), 1)
    make.prepare(done)
    window = make.make_window(community)
    make.order(window, make.household(community), 1)
    make.close(window)

    assert waiting() == [Subject("window", window.pk, 1)]


@pytest.mark.parametrize(("households", "communities"), [(10, 1), (1000, 3)])
def test_consolidate_takes_the_same_statements_for_any_number_of_lines_and_communities(
    households: int,
    communities: int,
    community: Community,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    others = [make.make_community() for _ in range(1, communities)]
    window = make.make_window(community, others=others)
    for place in (community, *others):
        make.order(window, make.household(place), 1)
    make.add_orders(window, make.household(community), households - communities)
    make.close(window)

    # 1 the lock, 2 the window, 3 the time, 4 this revision, 5 unreleased ones, 6 sums, 7 households, 8 offers,
    # 9 the time zone, 10 the order, 11 communities, 12 sections, 13 lines, 14 the audit
    with django_assert_num_queries(13):
        order = consolidate(window_id=window.pk, revision=1)

    assert order is not None
    assert order.sections.count() == communities
    assert (order.order_lines, order.pieces) == (households, households)
