"""What people agreed to, and moving out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from communities.joining import texts
from communities.joining.consenting import note_consent, withdraw_noted
from communities.models import Community, Consent, Household, Resident
from communities.people import add_resident
from communities.roles import Role
from config.kernel import clock
from config.kernel.audit import Actor, AuditEntry
from config.kernel.tasks import tidy
from tests import factories as make
from tests.api.client import Api, signed_in, wish
from tests.communities.joining.world import VERSION

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community()


def mine(client: Api) -> list[tuple[str, bool]]:
    rows = client.read("me/consents").json()["results"]
    return [(row["purpose"], row["withdrawn_at"] is None) for row in rows]


def test_texts_are_told_in_both_languages() -> None:
    zh = Api().read("consents").json()["results"]
    en = Api(**{"accept-language": "en"}).read("consents").json()["results"]

    assert [row["purpose"] for row in zh] == ["ordering", "care_notes", "direct_delivery"]
    assert zh[0]["text"].startswith("为了给您家团购")
    assert en[0]["text"].startswith("To order for your household")
    assert {row["version"] for row in zh} == {VERSION}


def test_every_purpose_has_a_text_and_no_version_stands_twice() -> None:
    assert set(texts.TEXTS) == set(Consent.Purpose.values)
    for versions in texts.TEXTS.values():
        names = [text.version for text in versions]
        assert names == sorted(set(names))


def test_consent_is_given_once_and_withdrawn(community: Community) -> None:
    client = signed_in(make.make_resident(community))
    body = {"purpose": "care_notes", "version": VERSION}

    none = client.send("me/consents/care_notes/withdraw", {})
    given = [client.send("me/consents", body).json() for _turn in range(2)]
    before = mine(client)
    withdrawn = [client.send("me/consents/care_notes/withdraw", {}).json() for _turn in range(2)]

    assert none.status_code == 404
    assert given[0] == given[1]
    assert before == [("care_notes", True)]
    assert withdrawn == [{"withdrawn": True}] * 2
    assert mine(client) == [("care_notes", False)]
    assert AuditEntry.objects.filter(action="consent.withdrawn").count() == 1


def test_withdraw_after_an_old_answer_to_the_consent_is_no_error(community: Community) -> None:
    client = signed_in(make.make_resident(community))
    body = {"purpose": "direct_delivery", "version": VERSION}
    first = client.send("me/consents", body, key="agreed-once")
    client.send("me/consents/direct_delivery/withdraw", {})

    repeat = client.send("me/consents", body, key="agreed-once")
    again = client.send("me/consents/direct_delivery/withdraw", {})

    assert repeat.content == first.content
    assert again.json() == {"withdrawn": True}
    assert mine(client) == [("direct_delivery", False)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"purpose": "care_notes", "version": "1999-01-01"}, "consent_outdated"),
        ({"purpose": "everything", "version": VERSION}, "invalid"),
    ],
)
def test_consent_to_something_else_is_refused(
    community: Community, body: dict[str, Any], code: str
) -> None:
    client = signed_in(make.make_resident(community))

    assert client.send("me/consents", body).json()["code"] == code
    assert not Consent.objects.exists()


def test_withdrawal_of_notes_on_care_erases_the_note_unless_another_agreed(
    community: Community,
) -> None:
    home, other = make.household(community), make.household(community, "102")
    Household.objects.filter(pk__in=[home.pk, other.pk]).update(needs_care=True)
    volunteer = Actor("user", make.make_staff(community).pk)
    said: dict[str, Any] = {"purpose": "care_notes", "actor": volunteer, "at": clock.now()}
    with transaction.atomic():
        old = add_resident(household=home, name="王奶奶", actor=make.SETUP)
        note_consent(resident=old, **said)
    client = signed_in(make.make_resident(community))
    client.send("me/consents", {"purpose": "care_notes", "version": VERSION})

    def noted() -> list[bool]:
        homes = Household.objects.filter(pk__in=[home.pk, other.pk]).order_by("pk")
        return list(homes.values_list("needs_care", flat=True))

    client.send("me/consents/care_notes/withdraw", {})
    assert noted() == [True, True]
    with transaction.atomic():
        withdraw_noted(resident=old, **said)
    assert noted() == [False, True]
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    # A note of later is no matter of a withdrawal said twice.
    Household.objects.filter(pk=home.pk).update(needs_care=True)
    with transaction.atomic():
        withdraw_noted(resident=old, **said)
    assert noted() == [True, True]


def test_consent_to_ordering_ends_by_leaving(community: Community) -> None:
    client = signed_in(make.make_resident(community))
    client.send("me/consents", {"purpose": "ordering", "version": VERSION})

    answer = client.send("me/consents/ordering/withdraw", {})

    assert (answer.status_code, answer.json()["code"]) == (409, "leave_instead")
    assert mine(client) == [("ordering", True)]


def test_oral_consent_is_noted_once_by_whoever_heard_it(community: Community) -> None:
    volunteer = make.make_staff(community, Role.VOLUNTEER)
    with transaction.atomic():
        resident = add_resident(
            household=make.household(community), name="王奶奶", actor=make.SETUP
        )
        for _turn in range(2):
            note_consent(
                resident=resident,
                purpose="care_notes",
                actor=Actor("user", volunteer.pk),
                at=clock.now(),
            )

    (consent,) = Consent.objects.all()
    assert (consent.resident, consent.how, consent.noted_by) == (resident, "oral", volunteer)


def test_leave_ends_tokens_and_consents_and_keeps_the_order(community: Community) -> None:
    user = make.make_resident(community)
    home, window = make.household(community), make.make_window(community)
    with transaction.atomic():
        add_resident(
            household=home, name="王阿姨", phone="13800138000", user=user, actor=make.SETUP
        )
    client = signed_in(user)
    client.send(f"windows/{window.public_id}/orders", wish(window, 1))
    client.send("me/consents", {"purpose": "ordering", "version": VERSION})

    answer = client.send(f"me/households/{home.public_id}/leave", {})

    assert answer.json() == {"left": True}
    assert client.read("me").status_code == 401
    assert home.orders.filter(status="placed").count() == 1
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    assert Resident.objects.get().name == "王阿姨"


def test_whoever_moved_out_is_forgotten_after_thirty_days(community: Community) -> None:
    home = make.household(community)
    with transaction.atomic():
        for name in ("早搬走", "刚搬走", "没搬"):
            add_resident(household=home, name=name, phone="13800138000", actor=make.SETUP)
    month = clock.now() - timedelta(days=30)
    for name, left_at in (("早搬走", month - timedelta(minutes=10)), ("刚搬走", month)):
        Resident.objects.filter(name=name).update(left_at=left_at + timedelta(minutes=5))

    tidy()

    assert list(Resident.objects.order_by("pk").values_list("name", "phone_masked")) == [
        ("", ""),
        ("刚搬走", "138****8000"),
        ("没搬", "138****8000"),
    ]


def test_leave_a_household_of_somebody_else_is_not_found(community: Community) -> None:
    client = signed_in(make.make_resident(community))
    foreign = make.household(community, "102")

    assert client.send(f"me/households/{foreign.public_id}/leave", {}).status_code == 404
    assert len(client.read("me").json()["households"]) == 1
