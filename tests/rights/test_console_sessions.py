"""A log-in is worth what the person may do at this moment, ends when it should, and leads nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client

from communities.models import Membership, User
from communities.people import end_membership
from communities.roles import Role
from config.kernel import clock
from tests import factories as make
from tests.rights.digest import changed, digest, look_once, rolled_back
from tests.rights.world import World

pytestmark = pytest.mark.django_db
PASSWORD, OTHER = "langes-wort-77", "neues-wort-88"
DESK, RECORDS, LOG_IN = "/admin/desk/", "/admin/communities/household/", "/admin/login/"
COOKIE = settings.SESSION_COOKIE_NAME
ELSEWHERE = (
    *("//evil.example", "///evil.example", "https:evil.example", "https:///evil.example"),
    *(
        "https://evil.example/admin/",
        "http:\\\\evil.example",
        "\\\\evil.example",
        "/\\evil.example",
    ),
    *("/\t/evil.example", "\t//evil.example", " //evil.example", "\x01//evil.example"),
    *(
        "/\n/evil.example",
        "https:/\\evil.example",
        "ftp://testserver/x",
        "//testserver@evil.example",
    ),
    *("http://testserver@evil.example/", "http://testserver.evil.example/", "//[::1]x]/"),
    *("javascript:alert(1)", "data:text/html,x", "\u2028//evil.example"),
)


@pytest.fixture(scope="module")
def officers(world: World) -> Iterator[dict[str, User]]:
    """`wang` organises at home; `li` is the superuser."""
    with rolled_back():
        wang, li = (
            make.make_user(name, password=PASSWORD, is_staff=True) for name in ("wang", "li")
        )
        make.grant(wang, Role.ORGANISER, world.communities["home"])
        User.objects.filter(pk=li.pk).update(is_superuser=True)
        look_once()
        yield {"wang": wang, "li": li}


def _sign_in(name: str, password: str = PASSWORD, **where: Any) -> Client:
    client = Client(headers={"accept-language": "zh-CN"}, **where)
    client.post(LOG_IN, {"username": name, "password": password})
    return client


def _status(client: Client, address: str) -> str:
    """200, 403, or `log in`."""
    response = client.get(address)
    is_out = response.status_code == 302 and response["Location"].startswith(LOG_IN)
    return "log in" if is_out else str(response.status_code)


@pytest.fixture
def wang(officers: dict[str, User]) -> Client:
    client = _sign_in("wang")
    assert (_status(client, DESK), _status(client, RECORDS)) == ("200", "200")
    return client


def test_cookie_is_for_this_site_and_no_script(wang: Client) -> None:
    cookie = wang.cookies[COOKIE]

    assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")
    assert bool(cookie["secure"]) == (not settings.EMBEDDED)
    assert cookie["path"] == "/"


def test_log_in_gives_a_session_that_nobody_knew(officers: dict[str, User]) -> None:
    before = Session.objects.count()
    client = Client(headers={"cookie": f"{COOKIE}=abcdefghijklmnopqrstuvwxyz012345"})

    client.post(LOG_IN, {"username": "wang", "password": PASSWORD})

    assert client.cookies[COOKIE].value != "abcdefghijklmnopqrstuvwxyz012345"
    assert Session.objects.count() == before + 1


def test_log_in_again_leaves_the_old_session_behind(wang: Client) -> None:
    first = wang.cookies[COOKIE].value

    wang.post(LOG_IN, {"username": "li", "password": PASSWORD})

    assert wang.cookies[COOKIE].value != first
    assert not Session.objects.filter(session_key=first).exists()


def test_log_out_ends_the_session_everywhere(wang: Client) -> None:
    thief = Client()
    thief.cookies[COOKIE] = wang.cookies[COOKIE].value
    assert _status(thief, DESK) == "200"

    wang.post("/admin/logout/")

    assert _status(thief, DESK) == _status(thief, RECORDS) == "log in"
    assert not Session.objects.filter(session_key=thief.cookies[COOKIE].value).exists()


def test_log_out_by_a_link_is_refused(wang: Client) -> None:
    assert wang.get("/admin/logout/").status_code == 405
    assert _status(wang, DESK) == "200"


def test_role_that_ends_counts_from_the_next_request(wang: Client, world: World) -> None:
    with transaction.atomic():
        membership = Membership.objects.get(user__username="wang")
        end_membership(membership=membership, actor=make.SETUP, at=clock.now())
    window = world.windows["home_ready"]
    before = digest()

    assert _status(wang, RECORDS) == _status(wang, DESK) == "403"
    assert wang.post(f"{DESK}{window.public_id}/do/open/").status_code == 404
    assert not changed(before, digest())


@pytest.mark.parametrize(
    ("change", "records", "desk"),
    [
        ({"is_active": False}, "log in", "log in"),
        ({"is_staff": False}, "log in", "403"),
    ],
)
def test_account_that_is_closed_is_out_at_once(
    wang: Client, change: dict[str, bool], records: str, desk: str
) -> None:
    User.objects.filter(username="wang").update(**change)

    assert (_status(wang, RECORDS), _status(wang, DESK)) == (records, desk)


def test_superuser_who_is_none_any_more_sees_nothing(officers: dict[str, User]) -> None:
    client = _sign_in("li")
    assert _status(client, RECORDS) == "200"

    User.objects.filter(username="li").update(is_superuser=False)

    assert _status(client, RECORDS) == _status(client, DESK) == "403"


def test_new_password_ends_all_other_sessions(wang: Client) -> None:
    other = _sign_in("wang")
    words = {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER}

    response = wang.post(
        "/admin/password_change/", {**words, "is_superuser": "on", "username": "x"}
    )

    assert response["Location"] == "/admin/password_change/done/"
    assert (_status(wang, DESK), _status(other, DESK)) == ("200", "log in")
    account = User.objects.get(username="wang")
    assert (account.is_superuser, account.check_password(OTHER)) == (False, True)


def test_new_password_without_the_old_one_is_refused(wang: Client) -> None:
    before = digest()

    for old in ("", "falsch", OTHER):
        words = {"old_password": old, "new_password1": OTHER, "new_password2": OTHER}
        assert wang.post("/admin/password_change/", words).status_code == 200
    assert not changed(before, digest())


def test_password_set_by_the_superuser_ends_the_sessions_of_the_account(
    wang: Client, officers: dict[str, User]
) -> None:
    form = {
        "username": "wang",
        "new_password": OTHER,
        "is_staff": "on",
        "is_active": "on",
        **{f"memberships-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")},
    }

    _sign_in("li").post(f"/admin/communities/user/{officers['wang'].pk}/change/", form)

    assert _status(wang, DESK) == "log in"
    assert _status(_sign_in("wang", OTHER), DESK) == "200"


@pytest.mark.parametrize("account", ["resident", "inactive"])
def test_log_in_of_an_account_without_the_console_makes_no_session(
    officers: dict[str, User], account: str
) -> None:
    user = User.objects.get(username=account)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    before = digest()

    client = _sign_in(account)

    assert COOKIE not in client.cookies
    assert not changed(before, digest())


def test_log_in_takes_nothing_but_name_and_password(officers: dict[str, User]) -> None:
    more = {"is_superuser": "on", "is_staff": "on", "user": "1", "role": "committee", "id": "1"}

    Client().post(LOG_IN, {"username": "wang", "password": PASSWORD, **more})

    account = User.objects.get(username="wang")
    assert (account.is_superuser, account.memberships.get().role) == (False, Role.ORGANISER)


def test_log_in_leads_to_no_other_host(officers: dict[str, User]) -> None:
    """In the form, or in the address above it. The choice of language tries more of them: it needs no password."""
    client, words = Client(), {"username": "wang", "password": PASSWORD}

    for number, where in enumerate(ELSEWHERE[::3]):
        places = [({**words, "next": where}, {}), (words, {"next": where})]
        form, query = places[number % 2]
        assert client.post(LOG_IN, form, query_params=query)["Location"] == DESK, where


def test_log_in_leads_back_to_a_page_of_ours(officers: dict[str, User]) -> None:
    form = {"username": "wang", "password": PASSWORD, "next": f"{RECORDS}?q=101"}

    assert Client().post(LOG_IN, form)["Location"] == f"{RECORDS}?q=101"


def test_choice_of_language_leads_to_no_other_host() -> None:
    client = Client()

    for where in ELSEWHERE:
        header = where.encode("ascii", "ignore").decode()
        by_form = client.post(f"{DESK}language/", {"language": "en", "next": where})
        by_header = client.post(f"{DESK}language/", headers={"referer": header})
        by_query = client.get(f"{DESK}language/", {"next": where})
        assert {by_form["Location"], by_header["Location"], by_query["Location"]} == {"/"}, where


def test_log_out_leads_to_no_other_host(wang: Client) -> None:
    session = wang.cookies[COOKIE].value

    for where in ELSEWHERE:
        with rolled_back():
            wang.cookies[COOKIE] = session
            response = wang.post("/admin/logout/", {"next": where})
        assert response.status_code in (200, 302)
        assert "evil" not in response.headers.get("Location", ""), where


@pytest.mark.parametrize("is_in", [True, False])
def test_address_that_looks_like_another_host_leads_nowhere_else(wang: Client, is_in: bool) -> None:
    client = wang if is_in else Client()

    for path in (
        *(
            "//evil.example",
            "//evil.example/admin",
            "/admin//evil.example",
            "/admin/%2F/evil.example",
        ),
        *("/admin/\\evil.example", "/admin/desk//evil.example", "/admin/desk", "/admin"),
        "/admin/communities/user/%2F%2Fevil.example",
    ):
        target = client.get("/", PATH_INFO=path).headers.get("Location", "/")
        assert target.startswith("/"), path
        assert not target.startswith(("//", "/\\")), path
