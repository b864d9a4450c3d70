"""Sessions and tokens end: by themselves, with the account, and in the tables too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from communities.models import User
from config.kernel import clock
from config.kernel.tasks import tidy
from tests import factories as make
from tests.api.client import signed_in


@pytest.mark.django_db
def test_account_that_is_locked_loses_its_session_and_token_at_once() -> None:
    user = make.make_resident(make.make_community())
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client, browser = signed_in(user), Client()
    browser.force_login(user)
    page = "/admin/password_change/"
    assert (client.read("me").status_code, browser.get(page).status_code) == (200, 200)

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert (client.read("me").status_code, browser.get(page).status_code) == (401, 302)


@pytest.mark.django_db
def test_tidy_forgets_sessions_that_have_ended_and_keeps_the_others() -> None:
    for name, hours in (("old", -1), ("live", 1)):
        Session.objects.create(
            session_key=name, session_data="", expire_date=clock.now() + timedelta(hours=hours)
        )

    tidy()
    tidy()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["live"]
