"""A phone of 360 px in a real browser, which sees the page over a real server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Browser, BrowserContext, Page, Route
from pytest_django.live_server_helper import LiveServer

from communities.models import Community, User
from communities.tokens import issue_token
from orders.models import OrderWindow
from tests import factories as make
from tests.chromium import TELL, chromium, listen

# SHOTS=folder keeps pictures of the screens.
_SHOTS = os.environ.get("SHOTS")


@dataclass
class Phone:
    """One person's phone. `said`: what its console says of broken rules and broken scripts."""

    context: BrowserContext
    page: Page
    address: str
    said: list[str]

    def open(self, place: str = "") -> Page:
        """The page, or one of its screens by its address behind the #."""
        is_there = self.page.url.startswith(f"{self.address}/m/")
        self.page.goto(f"{self.address}/m/{place}")
        if is_there:
            self.page.reload()  # behind the # alone nothing is loaded anew
        return self.page

    def sign_in(self, token: str) -> None:
        """As it is after joining, before the first page is opened."""
        self.context.add_init_script(
            "if (!sessionStorage.length) {"
            f" sessionStorage.setItem('tab', 'opened'); localStorage.setItem('jidan.token', '\"{token}\"');"
            " }"
        )

    def shoot(self, name: str) -> None:
        if _SHOTS:
            self.page.wait_for_timeout(150)
            self.page.screenshot(path=Path(_SHOTS) / f"{name}.png", full_page=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def new_phone(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Phone]]:
    made: list[Phone] = []

    def make_phone(language: str = "zh-CN", width: int = 360) -> Phone:
        context = browser.new_context(
            locale=language, viewport={"width": width, "height": 740}, has_touch=True
        )
        context.set_default_timeout(10_000)
        context.add_init_script(TELL)
        page = context.new_page()
        phone = Phone(context, page, live_server.url, listen(page))
        made.append(phone)
        return phone

    yield make_phone
    for phone in made:
        phone.context.close()


@pytest.fixture
def phone(new_phone: Callable[..., Phone]) -> Phone:
    return new_phone()


def more(page: Page, name: str, times: int = 1) -> None:
    for _tap in range(times):
        page.get_by_role("button", name=f"{name}加一").click()


def lose(route: Route) -> None:
    """The request arrives, its answer does not."""
    route.fetch()
    route.abort()


def token_of(resident: User) -> str:
    with transaction.atomic():
        return issue_token(user=resident, actor=make.SETUP)


@dataclass
class Home:
    community: Community
    window: OrderWindow
    resident: User
    token: str


@pytest.fixture
def home(transactional_db: None) -> Home:
    community = make.make_community()
    supplier = make.make_supplier(community, prices_fen=(390, 1250, 2980))
    window = make.make_window(
        community,
        supplier=supplier,
        notice="今天下午五点送到门口",
        offers=[{"cap": 3}, {"household_limit": 2}, {}],
    )
    resident = make.make_resident(community)
    return Home(community, window, resident, token_of(resident))
