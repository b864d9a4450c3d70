"""The database is the last defence: each constraint of orders, attacked directly; foreign rows stay foreign."""

from __future__ import annotations

from datetime import date

import pytest

from communities.models import Community, User
from communities.people import add_resident
from config.kernel import clock
from config.kernel.intake.models import Import
from orders.consolidation.flags import settle_flag
from orders.models import (
    CategoryLimit,
    ListedLine,
    ListedPiece,
    Order,
    OrderFile,
    OrderWindow,
    SupplierOrder,
    WaitingWish,
    WindowTemplate,
)
from orders.supply.dropping import drop_order
from orders.windows.inviting import invite
from orders.windows.templates import choose_goods, limit_categories, skip_date
from tests import factories as make
from tests.attempts import constraints_of, refused_by
from tests.factories.demand import answer, items_of, make_request, make_survey
from tests.factories.proxy import write_down
from tests.factories.repeating import make_template

pytestmark = pytest.mark.django_db


def update(table: str, change: str, where: str) -> str:
    return f"UPDATE orders_{table} SET {change} WHERE id = %({where})s"  # noqa: S608 -- of this table


def window(change: str) -> str:
    return update("orderwindow", change, "window")


def offer(change: str) -> str:
    return update("offer", change, "offer")


def order(change: str) -> str:
    return update("order", change, "order")


def waiting(change: str) -> str:
    return update("waitingwish", change, "waiting")


def line(change: str) -> str:
    return update("orderline", change, "line")


def supplier_order(change: str, where: str = "released") -> str:
    return update("supplierorder", change, where)


def supplier_line(change: str) -> str:
    return update("supplierorderline", change, "supplier_line")


def template(change: str) -> str:
    return update("windowtemplate", change, "template")


def survey(change: str) -> str:
    return update("survey", change, "survey")


def asked(change: str) -> str:
    return update("singlerequest", change, "request")


def invited_again(host: str) -> str:
    return f"""
        INSERT INTO orders_invitation (public_id, {host}, community_id, minimum, status, invited_at, invited_by_id)
        SELECT gen_random_uuid(), {host}, community_id, minimum, status, invited_at, invited_by_id
        FROM orders_invitation
    """  # noqa: S608 -- a column of this table


ATTEMPTS = {
    # windows
    "window_closes_after_opening": window("closes_at = opens_at"),
    "window_minimum_not_negative": window("minimum = -1"),
    "window_extension_positive": window("extend_minutes = 0"),
    "window_held_has_deadline": window("status = 'held', held_until = NULL"),
    "window_closed_has_demand": window("demand_revision = 0"),
    "window_status_known": window("status = 'locked'"),
    "window_number_in_community": update("orderwindow", "number = 1", "later"),
    "window_community_once": """
        INSERT INTO orders_windowcommunity (window_id, community_id, status, minimum, last_number)
        VALUES (%(window)s, %(community)s, 'joined', 0, 0)
    """,
    "window_community_minimum": "UPDATE orders_windowcommunity SET minimum = -1",
    "window_community_status_known": "UPDATE orders_windowcommunity SET status = 'left'",
    "window_once_for_each_date": window("template_id = %(template)s, template_on = '2022-04-21'"),
    "window_of_template_has_date": window("template_id = %(template)s"),
    "window_template_same_community": window(
        "template_id = %(foreign_template)s, template_on = '2022-04-21'"
    ),
    # repeating ones
    "template_has_weekdays": template("weekdays = 128"),
    "template_closes_after_opening": template("closes = opens"),
    "template_days_in_order": template("closes_after = 1"),
    "template_valid_until_after_from": template("valid_until = valid_from - 1"),
    "template_minimum": template("minimum = -1"),
    "template_extension_positive": template("extend_minutes = 0"),
    "template_category_if_asked": template("goods = 'category'"),
    "template_status_known": template("status = 'gone'"),
    "template_product_once": """
        INSERT INTO orders_templateproduct (template_id, supplier_id, product_id)
        SELECT template_id, supplier_id, product_id FROM orders_templateproduct
    """,
    "template_product_limit_positive": "UPDATE orders_templateproduct SET household_limit = 0",
    "template_product_of_template": """
        UPDATE orders_templateproduct SET supplier_id = %(foreign_supplier)s, product_id = %(foreign_product)s
    """,
    "template_product_of_supplier": "UPDATE orders_templateproduct SET product_id = %(foreign_product)s",
    "template_limit_once": """
        INSERT INTO orders_templatelimit (template_id, category, household_limit)
        SELECT template_id, category, household_limit FROM orders_templatelimit
    """,
    "template_limit_positive": "UPDATE orders_templatelimit SET household_limit = 0",
    "template_limit_of_a_category": "UPDATE orders_templatelimit SET category = ''",
    "template_date_once": """
        INSERT INTO orders_templatedate (template_id, "on") SELECT template_id, "on" FROM orders_templatedate
    """,
    "template_date_moves": 'UPDATE orders_templatedate SET moved_to = "on"',
    # invitations
    "invitation_to_one_thing": "UPDATE orders_invitation SET template_id = %(template)s",
    "invitation_minimum": "UPDATE orders_invitation SET minimum = -1",
    "invitation_status_known": "UPDATE orders_invitation SET status = 'lost'",
    "invitation_to_window_once": invited_again("window_id"),
    "invitation_to_template_once": """
        WITH first AS (
            UPDATE orders_invitation SET window_id = NULL, template_id = %(template)s
            RETURNING community_id, minimum, status, invited_at, invited_by_id
        )
        INSERT INTO orders_invitation (public_id, template_id, community_id, minimum, status, invited_at,
                                       invited_by_id)
        SELECT gen_random_uuid(), %(template)s, first.* FROM first
    """,
    # surveys
    "survey_status_known": survey("status = 'gone', closed_at = now()"),
    "survey_closed_has_time": survey("status = 'closed'"),
    "survey_has_title": survey("title = ''"),
    "survey_community_once": """
        INSERT INTO orders_surveycommunity (survey_id, community_id)
        SELECT survey_id, community_id FROM orders_surveycommunity
    """,
    "survey_item_position": "UPDATE orders_surveyitem SET position = 1",
    "survey_item_product_once": """
        UPDATE orders_surveyitem SET product_id = (SELECT min(product_id) FROM orders_surveyitem)
        WHERE product_id IS NOT NULL
    """,
    "survey_item_has_name": "UPDATE orders_surveyitem SET name = ''",
    "survey_item_price": "UPDATE orders_surveyitem SET price_fen = -1",
    "survey_item_supplier_of_survey": """
        UPDATE orders_surveyitem SET supplier_id = %(foreign_supplier)s, product_id = NULL
    """,
    "survey_item_product_of_supplier": """
        UPDATE orders_surveyitem SET product_id = %(foreign_product)s WHERE position = 3
    """,
    "survey_reply_once": """
        INSERT INTO orders_surveyreply (survey_id, community_id, household_id, answered_at)
        SELECT survey_id, community_id, household_id, now() FROM orders_surveyreply
    """,
    "survey_reply_household_same_community": """
        UPDATE orders_surveyreply SET household_id = %(foreign_home)s
    """,
    "survey_reply_community_asked": """
        UPDATE orders_surveyreply SET community_id = %(foreign_community)s, household_id = %(foreign_home)s
    """,
    "survey_wish_once": """
        INSERT INTO orders_surveywish (reply_id, survey_id, item_id, quantity)
        SELECT reply_id, survey_id, item_id, 1 FROM orders_surveywish
    """,
    "survey_wish_range": "UPDATE orders_surveywish SET quantity = 10000",
    "survey_wish_reply_same_survey": """
        UPDATE orders_surveywish SET survey_id = %(foreign_survey)s, item_id = %(foreign_item)s
    """,
    "survey_wish_item_same_survey": "UPDATE orders_surveywish SET item_id = %(foreign_item)s",
    # single requests
    "request_status_known": asked("status = 'lost'"),
    "request_says_what": asked("what = ''"),
    "request_quantity_range": asked("quantity = 0"),
    "request_checked_has_question": asked("question = ''"),
    "request_checked_has_stock": asked("status = 'checked'"),
    "request_stock_by_date": asked("stock = 'by_date'"),
    "request_promised_has_date": asked("status = 'promised'"),
    "request_refused_has_reason": asked("status = 'refused'"),
    "request_household_same_community": asked("household_id = %(foreign_home)s"),
    # offers
    "offer_product_once": offer(
        "product_id = (SELECT product_id FROM orders_offer WHERE id = %(second_offer)s)"
    ),
    "offer_short_number": offer("short_number = 2"),
    "offer_price_not_negative": offer("price_fen = -1"),
    "offer_not_oversold": offer("taken = cap + 1"),
    "offer_taken_needs_cap": offer("cap = NULL"),
    "offer_waiting_needs_cap": "UPDATE orders_offer SET waiting = 1 WHERE cap IS NULL",
    "offer_limit_positive": offer("household_limit = 0"),
    "offer_multiple_positive": offer("order_multiple = 0"),
    "offer_minimum_positive": offer("minimum = 0"),
    "offer_supplier_of_window": offer(
        "supplier_id = %(foreign_supplier)s, product_id = %(foreign_product)s"
    ),
    "offer_product_of_supplier": offer("product_id = %(foreign_product)s"),
    # limits of categories
    "category_limit_once": """
        INSERT INTO orders_categorylimit (window_id, category, household_limit) VALUES (%(window)s, '肉类', 3)
    """,
    "category_limit_positive": "UPDATE orders_categorylimit SET household_limit = 0",
    "category_limit_of_a_category": "UPDATE orders_categorylimit SET category = ''",
    # waiting lists
    "waiting_once": """
        INSERT INTO orders_waitingwish (public_id, window_id, community_id, household_id, offer_id, quantity, price_fen,
                                        status, joined_at)
        SELECT gen_random_uuid(), window_id, community_id, household_id, offer_id, 1, 1, status, now()
        FROM orders_waitingwish WHERE id = %(waiting)s
    """,
    "waiting_quantity_range": waiting("quantity = 0"),
    "waiting_price_not_negative": waiting("price_fen = -1"),
    "waiting_status_known": waiting("status = 'asleep', ended_at = now()"),
    "waiting_served_has_order": waiting("status = 'served', ended_at = now()"),
    "waiting_ended_has_time": waiting("status = 'left'"),
    "waiting_household_same_community": waiting("household_id = %(foreign_home)s"),
    "waiting_community_joined_window": waiting(
        "community_id = %(foreign_community)s, household_id = %(foreign_home)s"
    ),
    "waiting_offer_same_window": waiting("offer_id = %(foreign_offer)s"),
    "waiting_order_same_window": waiting(
        "status = 'served', ended_at = now(), order_id = %(foreign_order)s"
    ),
    # orders
    "order_number": order("number = 2"),
    "order_total_not_negative": order("total_fen = -1"),
    "order_status_known": order("status = 'paid'"),
    "order_substitutes_known": order("substitutes = 'whatever'"),
    "order_cancelled_has_time": order("status = 'cancelled'"),
    "order_late_has_reason": order("channel = 'late', reason = ''"),
    "order_wished_before_placed": order("wished_at = placed_at + interval '1 second'"),
    "order_household_same_community": order("household_id = %(foreign_home)s"),
    "order_community_joined_window": order(
        "community_id = %(foreign_community)s, household_id = %(foreign_home)s, number = 99"
    ),
    "line_offer_once": line("offer_id = %(second_offer)s"),
    "line_quantity_range": line("quantity = 0"),
    "line_tolerance_range": line("tolerance = 10000"),
    "line_price_not_negative": line("price_fen = -1"),
    "line_order_same_window": update("orderline", "order_id = %(foreign_order)s", "free_line"),
    "line_offer_same_window": line("offer_id = %(foreign_offer)s"),
    # lines of lists
    "listed_row_once": """
        INSERT INTO orders_listedline (window_id, community_id, household_id, upload_id, number, mark, how)
        SELECT window_id, community_id, household_id, upload_id, number, mark, how FROM orders_listedline
    """,
    "listed_how_known": "UPDATE orders_listedline SET how = 'guess'",
    "listed_household_same_community": "UPDATE orders_listedline SET household_id = %(foreign_home)s",
    "listed_community_joined_window": """
        UPDATE orders_listedline SET community_id = %(foreign_community)s, household_id = %(foreign_home)s
    """,
    "listed_order_same_window": "UPDATE orders_listedline SET order_id = %(foreign_order)s",
    "listed_offer_once": """
        INSERT INTO orders_listedpiece (line_id, window_id, offer_id, quantity)
        SELECT line_id, window_id, offer_id, 1 FROM orders_listedpiece
    """,
    "listed_quantity_range": "UPDATE orders_listedpiece SET quantity = 0",
    "listed_piece_line_same_window": """
        UPDATE orders_listedpiece SET window_id = %(foreign_window)s, offer_id = %(foreign_offer)s
    """,
    "listed_piece_offer_same_window": "UPDATE orders_listedpiece SET offer_id = %(foreign_offer)s",
    # who asked
    "proxy_road_known": "UPDATE orders_proxywish SET road = 'rest'",
    "proxy_asker_known": "UPDATE orders_proxywish SET asked_by = ''",
    "proxy_payer_known": "UPDATE orders_proxywish SET payer = 'nobody'",
    "proxy_erased_is_empty": "UPDATE orders_proxywish SET erased_at = now(), asker_name = 'x'",
    "proxy_receiver_of_household": "UPDATE orders_proxywish SET receiver_id = %(foreign_resident)s",
    # supplier orders
    "supplier_order_revision": supplier_order("revision = 2"),
    "supplier_order_number": supplier_order("number = 'JD', revision = 1", "foreign_prepared"),
    "supplier_order_release_sequence": supplier_order("release_sequence = 1", "prepared"),
    "supplier_order_one_released": supplier_order(
        "status = 'released', released_at = now(), filed_at = now(), release_sequence = 9",
        "prepared",
    ),
    "supplier_order_one_unreleased": supplier_order("status = 'checked'"),
    "supplier_order_status_known": supplier_order("status = 'sent'"),
    "supplier_order_released_has_files": supplier_order("filed_at = NULL"),
    "supplier_order_acknowledged_released": supplier_order("acknowledged_at = now()", "prepared"),
    "supplier_order_total": supplier_order("total_fen = -1"),
    "supplier_order_supplier_of_window": supplier_order(
        "supplier_id = %(foreign_supplier)s, release_sequence = NULL", "prepared"
    ),
    "section_once": """
        INSERT INTO orders_supplierordersection (supplier_order_id, window_id, community_id, community_name,
                                                 community_address, households, pieces, total_fen)
        SELECT supplier_order_id, window_id, community_id, '', '', 0, 0, 0 FROM orders_supplierordersection
        WHERE id = %(section)s
    """,
    "section_community_joined_window": update(
        "supplierordersection", "community_id = %(foreign_community)s", "section"
    ),
    "section_order_same_window": """
        INSERT INTO orders_supplierordersection (supplier_order_id, window_id, community_id, community_name,
                                                 community_address, households, pieces, total_fen)
        VALUES (%(foreign_prepared)s, %(window)s, %(community)s, '', '', 0, 0, 0)
    """,
    "supplier_line_once": supplier_line("offer_id = %(second_offer)s"),
    "supplier_line_amount": supplier_line("amount_fen = amount_fen + 1"),
    "supplier_line_not_negative": supplier_line("ordered = -1, amount_fen = -price_fen"),
    "supplier_line_section_of_order": supplier_line("supplier_order_id = %(prepared)s"),
    "order_file_once": """
        INSERT INTO orders_orderfile (public_id, supplier_order_id, kind, format, name, media_type, content, size,
                                      sha256)
        SELECT gen_random_uuid(), supplier_order_id, kind, format, '', '', '', 0, '' FROM orders_orderfile
    """,
    # allocations and decisions
    "allocation_dropped_is_zero": "UPDATE orders_allocation SET quantity = 1 WHERE cause = 'dropped'",
    "allocation_has_release": "UPDATE orders_allocation SET supplier_order_id = NULL WHERE cause = 'release'",
    "allocation_line_same_window": "UPDATE orders_allocation SET line_id = %(foreign_line)s WHERE cause = 'dropped'",
    "allocation_order_same_window": """
        UPDATE orders_allocation SET supplier_order_id = %(foreign_prepared)s WHERE cause = 'release'
    """,
    "flag_decided_once": """
        INSERT INTO orders_flagdecision (window_id, key, reason, decided_by_id, decided_at)
        SELECT window_id, key, 'again', decided_by_id, now() FROM orders_flagdecision
    """,
    "flag_decision_has_reason": "UPDATE orders_flagdecision SET reason = ''",
}


# Any unknown status breaks the rule about cancelled orders too, and that one is looked at first.
FIRST = {"order_status_known": "order_cancelled_has_time"}


@pytest.fixture(scope="module")
def world(shared_db: None) -> dict[str, object]:
    """A round with revision 1 released and 2 prepared; a foreign round that is prepared."""
    community, foreign = make.make_community(), make.make_community()
    organiser = make.make_staff(community)
    round_ = make.make_window(community, organiser=organiser, offers=[{"cap": 10}])
    CategoryLimit.objects.create(window=round_, category="肉类", household_limit=2)
    kept = Order.objects.get(pk=write_down(round_, make.household(community), 2, 1).id)
    gone = make.order(round_, make.household(community, "102"), 3)
    wish = WaitingWish.objects.create(
        window=round_,
        community=community,
        household=make.household(community),
        offer=make.offers_of(round_)[0],
        quantity=1,
        price_fen=390,
        joined_at=clock.now(),
    )
    _listed(kept)
    released = make.release(round_, organiser)
    SupplierOrder.objects.filter(pk=released.pk).update(number="JD")
    drop_order(order=gone, actor=make.SETUP, reason="moved away")
    prepared = make.prepare(round_)
    settle_flag(window=round_, key="odd", reason="asked", actor=organiser)
    OrderFile.objects.create(supplier_order=released, format="txt", content=b"", size=0)
    theirs = make.make_window(foreign)
    foreign_order = make.order(theirs, make.household(foreign), 1)
    stranger = add_resident(household=make.household(foreign), name="x", actor=make.SETUP)
    template, foreign_template = _repeating(round_, organiser), make_template(foreign)
    first, second = make.offers_of(round_)
    section = released.sections.get()
    return {
        "community": community.pk,
        "window": round_.pk,
        "template": template.pk,
        **_wishes(community, foreign),
        "foreign_template": foreign_template.pk,
        "later": make.make_window(community).pk,
        "offer": first.pk,
        "second_offer": second.pk,
        "order": kept.pk,
        "waiting": wish.pk,
        "line": kept.lines.get(offer=first).pk,
        "free_line": make.order(make.make_window(community), make.household(community), 1)
        .lines.get()
        .pk,
        "released": released.pk,
        "prepared": prepared.pk,
        "section": section.pk,
        "supplier_line": section.lines.get(offer=first).pk,
        "foreign_community": foreign.pk,
        "foreign_resident": stranger.pk,
        "foreign_home": make.household(foreign).pk,
        "foreign_supplier": theirs.supplier_id,
        "foreign_product": theirs.supplier.products.order_by("pk")[0].pk,
        "foreign_window": theirs.pk,
        "foreign_offer": make.offers_of(theirs)[0].pk,
        "foreign_order": foreign_order.pk,
        "foreign_line": foreign_order.lines.get().pk,
        "foreign_prepared": make.prepare(theirs).pk,
    }


def _listed(order: Order) -> None:
    upload = Import.objects.create(subject_id=0, created_at=clock.now(), created_by_id=0, size=1)
    line = ListedLine.objects.create(
        window=order.window,
        community=order.community,
        household=order.household,
        upload=upload,
        number=1,
        how=ListedLine.How.PLACE,
    )
    offer = order.window.offers.all()[0]
    ListedPiece.objects.create(line=line, window=order.window, offer=offer, quantity=1)


def _wishes(community: Community, foreign: Community) -> dict[str, int]:
    """An answered survey and a request that a supplier is asked about; a foreign survey that nobody answered."""
    survey, theirs = make_survey(community, words=["豆浆"]), make_survey(foreign)
    answer(survey, make.household(community), 1)
    request = make_request(make.household(community), supplier=survey.supplier)
    return {
        "survey": survey.pk,
        "request": request.pk,
        "foreign_survey": theirs.pk,
        "foreign_item": items_of(theirs)[0].pk,
    }


def _repeating(window: OrderWindow, organiser: User) -> WindowTemplate:
    """With a chosen product, a date off, a window of another date, and an invitation to the round itself."""
    template = make_template(window.community, supplier=window.supplier, organiser=organiser)
    goods = {window.supplier.products.order_by("pk")[0]: (5, 1)}
    choose_goods(template=template, goods=goods, actor=make.SETUP)
    limit_categories(template=template, limits={"蔬菜": 3}, actor=make.SETUP)
    skip_date(template=template, on=date(2022, 4, 22), actor=make.SETUP)
    made = make.make_window(window.community, supplier=window.supplier, organiser=organiser)
    OrderWindow.objects.filter(pk=made.pk).update(template=template, template_on=date(2022, 4, 21))
    guest = make.make_community()
    beside = make.make_window(window.community, supplier=window.supplier, organiser=organiser)
    invite(host=beside, community=guest, minimum=1, actor=organiser)
    return template


@pytest.mark.parametrize("name", ATTEMPTS)
def test_direct_write_is_refused_by_the_constraint(name: str, world: dict[str, object]) -> None:
    assert refused_by(ATTEMPTS[name], world) == FIRST.get(name, name)


def test_every_constraint_is_attacked() -> None:
    assert set(ATTEMPTS) == constraints_of("orders")


@pytest.mark.parametrize(
    "sql",
    [
        offer("taken = cap"),
        offer("cap = 100"),
        order("status = 'cancelled', cancelled_at = now()"),
        line("quantity = 9999"),
        supplier_order("acknowledged_at = now()"),
    ],
)
def test_direct_write_of_something_proper_is_accepted(sql: str, world: dict[str, object]) -> None:
    assert refused_by(sql, world) is None
