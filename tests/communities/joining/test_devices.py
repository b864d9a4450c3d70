"""Tokens live on devices: listed, ended one by one, all dead with the last role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken

from communities.joining.consenting import give_consent, note_consent
from communities.models import Community, Consent, Device, Membership, Resident, User
from communities.people import add_resident, end_membership
from communities.roles import Role
from communities.tokens import SignIn, issue_token
from config.kernel import clock
from config.kernel.audit import Actor
from tests import factories as make
from tests.api.client import Api, signed_in, wish
from tests.communities.joining.world import VERSION

pytestmark = pytest.mark.django_db


def device(user: User, name: str) -> Api:
    with transaction.atomic():
        how = SignIn(via=Device.Via.SLIP, device=name)
        return Api(f"Bearer {issue_token(user=user, actor=make.SETUP, how=how)}")


def listed(client: Api) -> list[tuple[str, bool]]:
    rows = client.read("me/devices").json()["results"]
    return [(row["name"], row["is_this"]) for row in rows]


def end(membership: Membership) -> None:
    with transaction.atomic():
        end_membership(membership=membership, actor=make.SETUP, at=clock.now())


@pytest.fixture
def community() -> Community:
    return make.make_community()


def test_device_is_listed_and_signed_out_at_once(community: Community) -> None:
    user = make.make_resident(community)
    device(make.make_resident(community, "102"), "隔壁")
    old, new = device(user, "旧手机"), device(user, "新手机")
    rows = new.read("me/devices").json()["results"]
    lost = next(row["id"] for row in rows if row["name"] == "旧手机")

    answer = new.send(f"me/devices/{lost}/revoke", {})

    assert answer.json() == {"signed_out": True}
    assert old.read("me").status_code == 401
    assert listed(new) == [("新手机", True)]


def test_device_of_somebody_else_is_not_found(community: Community) -> None:
    stranger = make.make_resident(community, "102")
    theirs = device(stranger, "隔壁")
    own = device(make.make_resident(community), "手机")
    foreign = Device.objects.get(token__user=stranger)

    answer = own.send(f"me/devices/{foreign.public_id}/revoke", {})

    assert answer.status_code == 404
    assert theirs.read("me").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_devices_takes_two_statements(community: Community, count: int) -> None:
    user = make.make_resident(community)
    clients = [device(user, f"手机{number}") for number in range(count)]

    # 1 the token with the account, 2 the devices with their tokens
    with CaptureQueriesContext(connection) as queries:
        rows = clients[0].read("me/devices").json()["results"]

    assert (len(rows), len(queries)) == (count, 2)


def test_use_is_noted_once_a_day_and_only_by_reading(community: Community) -> None:
    user = make.make_resident(community)
    client, window = device(user, "手机"), make.make_window(community)
    long_ago = clock.now() - timedelta(days=1, seconds=1)
    Device.objects.update(used_at=long_ago)

    client.send(f"windows/{window.public_id}/orders", wish(window, 1))
    placed = Device.objects.get().used_at
    with CaptureQueriesContext(connection) as first:
        client.read("me")
    read = Device.objects.get().used_at
    with CaptureQueriesContext(connection) as second:
        client.read("me")

    assert placed == long_ago
    assert read > long_ago
    assert len(first) == len(second) + 1


@pytest.mark.parametrize("lines", [1, 2])
def test_order_over_the_api_takes_twelve_statements(community: Community, lines: int) -> None:
    """DESIGN §10, authentication included, transaction control not."""
    client = device(make.make_resident(community), "手机")
    window = make.make_window(community, offers=[{"cap": 9}, {"cap": 9}])

    body = wish(window, *[1] * lines)

    with CaptureQueriesContext(connection) as queries:
        answer = client.send(f"windows/{window.public_id}/orders", body)

    assert answer.status_code == 201
    counted = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(counted) == 12, counted


def test_end_membership_of_the_only_household_ends_the_tokens_at_once(community: Community) -> None:
    user = make.make_resident(community)
    client, window = signed_in(user), make.make_window(community)
    order = client.send(f"windows/{window.public_id}/orders", wish(window, 1)).json()
    neighbour = signed_in(make.make_resident(community, "102"))

    end(user.memberships.get())

    paths = ("me", "windows", f"windows/{window.public_id}", f"orders/{order['id']}", "orders")
    assert {client.read(path).status_code for path in paths} == {401}
    late = client.send(f"windows/{window.public_id}/orders", wish(window, 1))
    assert late.status_code == 401
    assert not AuthToken.objects.filter(user=user).exists()
    assert neighbour.read("me").status_code == 200


def test_end_membership_of_one_household_of_two_leaves_the_other(community: Community) -> None:
    user = make.make_resident(community)
    client = signed_in(user)
    second = make.grant(user, Role.RESIDENT, community, household=make.household(community, "102"))

    end(user.memberships.exclude(pk=second.pk).get())

    homes = client.read("me").json()["households"]
    assert [one["room"] for one in homes] == ["102"]


def test_token_issued_while_the_last_role_ends_is_good_for_nothing(community: Community) -> None:
    """It was written after those of the account were deleted; each request asks for the role too."""
    user = make.make_resident(community)
    end(user.memberships.get())
    late = signed_in(user)

    assert late.read("me").status_code == 401
    assert AuthToken.objects.filter(user=user).count() == 1


def test_staff_without_a_household_keeps_his_token(community: Community) -> None:
    client = signed_in(make.make_staff(community))

    assert client.read("me").json()["households"] == []


def test_end_membership_marks_the_resident_as_moved_out(community: Community) -> None:
    user = make.make_resident(community)
    home = make.household(community)
    with transaction.atomic():
        mine, other = (
            add_resident(household=home, name=name, user=account, actor=make.SETUP)
            for name, account in (("王", user), ("李", None))
        )

    end(user.memberships.get())

    left: dict[str, Any] = dict(Resident.objects.values_list("name", "left_at"))
    assert left[mine.name] is not None
    assert left[other.name] is None


def test_end_membership_ends_the_consents_given_and_noted_with_the_last_household(
    community: Community,
) -> None:
    user = make.make_resident(community)
    home = make.household(community)
    second = make.grant(user, Role.RESIDENT, community, household=make.household(community, "102"))
    with transaction.atomic():
        mine = add_resident(household=home, name="王", user=user, actor=make.SETUP)
        other = add_resident(household=home, name="李", actor=make.SETUP)
        at, actor = clock.now(), Actor("user", user.pk)
        give_consent(user=user, purpose="ordering", version=VERSION, at=at)
        for person in (mine, other):
            note_consent(resident=person, purpose="care_notes", actor=actor, at=at)

    def live() -> list[tuple[str, str]]:
        rows = Consent.objects.filter(withdrawn_at=None).order_by("pk")
        return [(one.purpose, one.resident.name if one.resident else "") for one in rows]

    end(user.memberships.exclude(pk=second.pk).get())
    assert live() == [("ordering", ""), ("care_notes", "李")]
    end(second)
    assert live() == [("care_notes", "李")]
