"""Twelve telephone orders of the example compound, typed by a person's fingers into a real browser; keys counted.

A person's pace: four keys a second, 15 s a call to say hello and which door it is, 3 s a product to hear it and 2 s to
read it back. Twelve calls must take ten minutes at most.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from communities.models import Building, Community, Household
from communities.roles import Role
from orders.models import Order, OrderLine, OrderWindow, ProxyWish
from seeds.wanping.plan import homes
from tests import factories as make
from tests.chromium import chromium, visiting
from tests.orders.placing.test_shorthand import READ, WRONG
from tests.volunteers.desk.pages import at

pytestmark = pytest.mark.journey

CALLS = 12
KEY, CALL, PRODUCT = 0.25, 15.0, 3.0 + 2.0
AT_MOST = 600.0


@dataclass
class Fingers:
    """Types key by key, and counts."""

    page: Page
    keys: int = 0

    def type(self, text: str) -> None:
        """A line break is the Enter key; each sign is a key that goes down and up."""
        self.page.keyboard.type(text)
        self.keys += len(text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1


@dataclass
class Compound:
    """The doors of the example, of which twelve have no smartphone; a hundred products, one of them capped."""

    community: Community
    window: OrderWindow
    callers: list[Household] = field(default_factory=list)


@pytest.fixture
def compound(transactional_db: None) -> Compound:
    plan = homes()
    community = make.make_community("宛平南苑", rooms=())
    Building.objects.filter(community=community).delete()
    for number in sorted({home.building for home in plan}):
        make.building(community, number, *[h.room for h in plan if h.building == number])
    supplier = make.make_supplier(community, prices_fen=[100 + 37 * n for n in range(100)])
    window = make.make_window(community, supplier=supplier, offers=[{"cap": 24}])
    rows = {
        (home.building.number, home.room): home
        for home in Household.objects.filter(community=community).select_related("building")
    }
    callers = [rows[home.building, home.room] for home in plan if not home.has_smartphone]
    Household.objects.filter(pk__in=[home.pk for home in callers]).update(has_smartphone=False)
    return Compound(community, window, callers)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def fingers(browser: Browser, compound: Compound, live_server: LiveServer) -> Iterator[Fingers]:
    """At the page that asks for a door, as a volunteer."""
    client = Client()
    client.force_login(make.make_staff(compound.community, Role.VOLUNTEER))
    with visiting(browser, client, live_server.url) as (page, said):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(live_server.url + at(compound.window, "entry/"))
        yield Fingers(page)
        assert said == []


def baskets() -> list[dict[int, int]]:
    """Three to six products each, one to three of them; as large as those of the example's calls."""
    chance = random.Random(12)
    return [
        {n: chance.choice((1, 1, 1, 2, 2, 3)) for n in chance.sample(range(1, 101), size)}
        for size in (3, 4, 5, 6) * 3
    ]


# Each as a person would write it; the last names one product per line.
WAYS: tuple[Callable[[dict[int, int]], str], ...] = (
    lambda basket: " ".join(f"{n}*{q}" for n, q in basket.items()),
    lambda basket: ",".join(f"{n} {q}" for n, q in basket.items()),
    lambda basket: "\n".join(f"{n} {q}" for n, q in basket.items()),
)


def test_twelve_calls_are_typed_in_ten_minutes(compound: Compound, fingers: Fingers) -> None:
    wanted = baskets()
    assert len(compound.callers) == CALLS

    for number, (home, basket) in enumerate(zip(compound.callers, wanted, strict=True)):
        _call(fingers, home, WAYS[number % len(WAYS)](basket))

    stored = {
        order.household_id: dict(
            OrderLine.objects.filter(order=order).values_list("offer__short_number", "quantity")
        )
        for order in Order.objects.filter(window=compound.window, channel="phone")
    }
    assert stored == {
        home.pk: basket for home, basket in zip(compound.callers, wanted, strict=True)
    }
    assert ProxyWish.objects.filter(road="phone", asked_by="household").count() == CALLS
    products = sum(map(len, wanted))
    seconds = fingers.keys * KEY + CALLS * CALL + products * PRODUCT
    print(f"{fingers.keys} keys, {products} products, {seconds:.0f} s at a person's pace")  # noqa: T201
    assert fingers.keys <= 400
    assert seconds <= AT_MOST


def _call(fingers: Fingers, home: Household, lines: str) -> None:
    """Nothing is touched but keys: door, lines, an empty line, yes."""
    page, door = fingers.page, f"{home.building.label} {home.room}"
    assert page.evaluate("document.activeElement.name") == "q"
    fingers.type(f"{home.building.number} {home.room}\n")
    page.wait_for_selector("textarea[name=lines]:focus")
    fingers.type(f"{lines}\n\n")
    page.wait_for_selector("#read-back button[value=save]:focus")
    assert page.inner_text("#read-back h1") == door
    fingers.press("Enter")
    page.wait_for_selector("input[name=q]:focus")
    assert door in page.inner_text(".messages")


def test_script_reads_the_lines_as_the_server_does(compound: Compound, fingers: Fingers) -> None:
    program = """texts => texts.map((text) => {
        const found = readShorthand(text);
        return [[...found.wanted], found.wrong];
    })"""

    found = fingers.page.evaluate(program, [*READ, *WRONG])

    for (text, wanted), (pairs, wrong) in zip(READ.items(), found, strict=False):
        assert [pairs, wrong] == [[list(pair) for pair in wanted.items()], []], text
    for (text, unread), (_pairs, wrong) in zip(WRONG.items(), found[len(READ) :], strict=True):
        assert wrong == [one.text for one in unread], text


def test_doors_are_suggested_and_what_is_read_back_can_be_changed(
    compound: Compound, fingers: Fingers
) -> None:
    page = fingers.page
    fingers.type("101")
    page.wait_for_selector("#suggested li:nth-child(4)")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        fingers.press(key)
    page.wait_for_selector("textarea[name=lines]:focus")
    assert page.inner_text("h1").startswith("2号楼 101")

    # Nothing has the focus yet, or a tap beside the field took it: no key is lost.
    page.evaluate("document.activeElement.blur()")
    fingers.type("12*2 5\n")
    assert "商品12 × 2袋" in page.inner_text("#preview")
    fingers.press("Enter")
    page.wait_for_selector("#read-back button[value=save]:focus")
    fingers.press("Escape")
    page.wait_for_selector("textarea[name=lines]:focus")
    assert page.input_value("textarea[name=lines]") == "12*2 5"
    fingers.press("Escape")
    page.wait_for_selector("input[name=q]:focus")

    assert not Order.objects.exists()


def test_enter_in_another_field_reads_back_what_was_typed_last(
    compound: Compound, fingers: Fingers
) -> None:
    """And not what the page proposed instead of what is short."""
    page = fingers.page
    page.goto(f"{page.url}?home={compound.callers[0].public_id}")
    page.fill("textarea[name=lines]", "1*99 2")
    page.click("button[name=step][value=read]:visible")
    page.locator("button[name=instead]").wait_for()

    page.fill("textarea[name=lines]", "3*2")
    page.locator("#lines summary").click()
    page.fill("input[name=note]", "放门口")
    page.press("input[name=note]", "Enter")

    page.locator("#read-back").wait_for()
    assert page.locator("input[name=lines]").input_value() == "3*2"
    assert page.locator("input[name=note]").input_value() == "放门口"
