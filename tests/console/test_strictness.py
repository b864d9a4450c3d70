"""Every page of the admin under the strict policy, in Chinese, with the same number of statements for many rows."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Household, Resident, User
from communities.places import add_household
from orders.models import Order
from tests import factories as make
from tests.console import addresses as at
from tests.console.conftest import Enter, Place
from tests.console.test_scope import MODELS
from tests.volunteers.desk.pages import offences


def test_every_page_keeps_the_policy(home: Place, root: User, enter: Enter) -> None:
    browser = enter(root)
    pages = ["/admin/", "/admin/password_change/", "/admin/communities/"]
    for model in MODELS:
        pages += [at.changelist(model), at.change(home.rows[model]), at.history(home.rows[model])]
        if model is not Resident:
            pages.append(at.add(model))

    for page in pages:
        response = browser.get(page)
        if response.status_code == 403:
            continue
        assert response.status_code == 200, page
        assert offences(response) == [], page
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy


def test_secret_page_keeps_the_policy(home: Place, enter: Enter) -> None:
    address = f"/admin/communities/resident/{home.rows[Resident].pk}/phone/"

    assert offences(enter(home.organiser).post(address)) == []


def test_pages_that_refuse_keep_the_policy(home: Place, enter: Enter) -> None:
    browser = enter(home.organiser)

    for page, code in (("/admin/communities/user/add/", 403), ("/admin/nothing/", 404)):
        response = browser.get(page)
        assert response.status_code == code
        assert offences(response) == []
        assert '<a class="button quiet" href="/admin/desk/">' in response.content.decode()


def test_admin_and_desk_lead_to_each_other(home: Place, enter: Enter) -> None:
    browser = enter(home.organiser)

    assert 'href="/admin/desk/"' in browser.get("/admin/").content.decode()
    assert 'href="/admin/"' in browser.get("/admin/desk/").content.decode()


@pytest.mark.parametrize(("language", "word"), [("zh-CN", "密码"), ("en", "Password")])
def test_log_in_page_speaks_the_language_of_the_browser(db: None, language: str, word: str) -> None:
    text = Client(headers={"accept-language": language}).get("/admin/login/").content.decode()

    assert word in text
    assert "Django" not in text


@pytest.mark.parametrize("model", [Household, Resident, Order])
def test_list_takes_the_same_statements_for_one_row_and_many(
    home: Place, enter: Enter, model: type[Model]
) -> None:
    browser = enter(home.organiser)
    with CaptureQueriesContext(connection) as one:
        browser.get(at.changelist(model))
    _more(home)

    with CaptureQueriesContext(connection) as many:
        response = browser.get(at.changelist(model))

    assert len(at.listed(response)) == 21
    assert len(many) == len(one)


def _more(home: Place) -> None:
    """Twenty more households, each with a resident and an order."""
    window = make.make_window(home.community, organiser=home.organiser)
    for number in range(201, 221):
        with transaction.atomic():
            household = add_household(
                building=home.community.buildings.get(), room=str(number), actor=make.SETUP
            )
        Resident.objects.create(household=household, name=f"居民{number}")
        make.order(window, household, 1)
