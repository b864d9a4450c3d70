"""Messages by e-mail: an address that was confirmed, once per person and event, not at night."""

from __future__ import annotations

from datetime import time, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.core.mail.message import sanitize_address
from django.db import transaction

from communities import personal
from communities.mailing import sending
from communities.mailing.address import MOST_CODES, code_of, confirm_mailbox, set_mailbox
from communities.models import Community, Mailbox, MailMessage, User
from communities.notices import tell
from communities.people import end_membership
from config.kernel import clock
from config.kernel.tasks import tidy
from tests import factories as make
from tests.api.client import signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "wang@example.org"


@pytest.fixture
def community() -> Community:
    """Nothing is quiet there."""
    community = make.make_community()
    Community.objects.filter(pk=community.pk).update(quiet_from="00:00", quiet_until="00:00")
    return community


@pytest.fixture
def reader(community: Community) -> User:
    """With a confirmed address; a neighbour has none."""
    make.make_resident(community, "102")
    user = make.make_resident(community)
    reach(user)
    return user


def reach(user: User, quiet: tuple[time, time] | None = None) -> Mailbox:
    with transaction.atomic():
        box = set_mailbox(user=user, address=ADDRESS, quiet=quiet, at=clock.now())
        box = confirm_mailbox(user=user, typed=code_of(box), at=clock.now())
    MailMessage.objects.filter(message=None).delete()
    return box


def say(*users: User, kind: str = "window.closed", **data: Any) -> None:
    key = f"{kind}:{len(data)}"
    with transaction.atomic():
        tell(
            user_ids=[user.pk for user in users],
            event_key=key,
            kind=kind,
            data={"title": "联华 第3团", **data},
        )


def deliver() -> list[tuple[str, str]]:
    """What the job does; subjects and first lines of what lies in the post."""
    if sending.due():
        sending.send_due()
    return [(str(one.subject), str(one.body).split("\n")[0]) for one in mail.outbox]


def statuses() -> list[str]:
    return list(MailMessage.objects.order_by("pk").values_list("status", flat=True))


def test_message_goes_once_to_whoever_has_confirmed_an_address(reader: User) -> None:
    neighbour = User.objects.get(memberships__household__room="102")
    with transaction.atomic():
        set_mailbox(user=neighbour, address="li@example.org", quiet=None, at=clock.now())
    MailMessage.objects.all().delete()

    for _event in range(2):
        say(reader, neighbour)
        deliver()

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([ADDRESS], "【集单】 联华 第3团")
    assert letter.body.startswith("联华 第3团：")
    assert (neighbour.inbox.count(), statuses()) == (1, ["sent"])


@pytest.mark.parametrize(
    ("own", "kind", "sent"),
    [
        (None, "window.closed", 1),
        (("00:00", "23:59"), "window.closed", 0),
        (("00:00", "23:59"), "delivery.arrived", 1),
    ],
)
def test_own_quiet_hours_come_before_the_communitys(
    own: tuple[str, str] | None, kind: str, sent: int, reader: User
) -> None:
    start, end = own or (None, None)
    Mailbox.objects.update(quiet_from=start, quiet_until=end)

    say(reader, kind=kind, building="1号楼", place="大门")

    assert len(deliver()) == sent
    assert statuses() == (["sent"] if sent else ["waiting"])
    assert sending.due() == []


def test_community_that_is_quiet_holds_letters_back(reader: User) -> None:
    Community.objects.update(quiet_from="00:00", quiet_until="23:59:59")

    say(reader)
    assert deliver() == []
    Mailbox.objects.update(quiet_from="00:00", quiet_until="00:00")
    MailMessage.objects.update(available_at=clock.now())

    assert len(deliver()) == 1


def test_letter_that_comes_after_the_cutoff_it_names_is_not_sent(reader: User) -> None:
    late = (clock.now() - timedelta(minutes=1)).isoformat()

    say(reader, kind="window.opened", closes_at=late)

    assert deliver() == []
    assert statuses() == ["expired"]


@pytest.mark.parametrize(
    ("error", "status", "failures"),
    [
        (SMTPServerDisconnected("gone"), "waiting", 1),
        (SMTPRecipientsRefused({ADDRESS: (550, b"no such user")}), "failed", 1),
        (None, "sent", 0),
    ],
)
def test_finish_puts_off_what_may_succeed_and_says_no_address(
    error: Exception | None, status: str, failures: int, reader: User
) -> None:
    say(reader)
    with transaction.atomic():
        found, letter = sending.begin()
        assert sending.begin() == (False, None)
        assert letter is not None
        sending.finish(letter_id=letter.id, turn=letter.turn, error=error)
        sending.finish(letter_id=letter.id, turn=letter.turn - 1, error=None)

    row = MailMessage.objects.get()
    assert (found, row.status, row.failures) == (True, status, failures)
    assert row.last_error == (type(error).__name__ if error else "")


def test_address_is_confirmed_by_the_code_that_was_sent_there(community: Community) -> None:
    client = signed_in(make.make_resident(community))
    empty = {"address": None, "is_confirmed": False, "quiet_from": None, "quiet_until": None}
    assert client.read("me/mailbox").json() == empty

    body = {"address": ADDRESS, "quiet_from": "21:30", "quiet_until": "08:00"}
    named = client.send("me/mailbox", body, method="PUT").json()
    wrong = client.send("me/mailbox/confirm", {"code": "000000"}).json()
    ((subject, line),) = deliver()
    code = "".join(sign for sign in line if sign.isdigit())
    right = client.send("me/mailbox/confirm", {"code": code}).json()
    later = client.send("me/mailbox", {}, method="PUT").json()

    assert subject == "【集单】验证码"
    shown = {**body, "address": "w***@example.org"}
    assert named == {**shown, "is_confirmed": False}
    assert (wrong["is_confirmed"], Mailbox.objects.get().tries) == (False, 1)
    assert right == {**shown, "is_confirmed": True}
    assert later == {**empty, "address": "w***@example.org", "is_confirmed": True}
    assert client.send("me/mailbox", {"address": ""}, method="PUT").json() == empty
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"address": "wang"}, 422),
        # Each passes as an address, and no server can be told it.
        ({"address": "a@xn--中.com"}, 422),
        ({"address": "a@xn--中国.xn--中"}, 422),
        ({"address": "a@b.c\r\nBcc: x@y.z"}, 400),
        ({"address": f"{'a' * 250}@example.org"}, 400),
        ({"address": ADDRESS, "quiet_from": "22:00"}, 422),
        ({"address": ADDRESS, "quiet_from": "25:00", "quiet_until": "07:00"}, 400),
    ],
)
def test_mailbox_that_makes_no_sense_is_refused(
    body: dict[str, str], status: int, community: Community
) -> None:
    client = signed_in(make.make_resident(community))

    assert client.send("me/mailbox", body, method="PUT").status_code == status
    assert not Mailbox.objects.exists()


def test_codes_to_strangers_come_to_an_end(community: Community) -> None:
    client = signed_in(make.make_resident(community))

    def send(address: str) -> int:
        return int(client.send("me/mailbox", {"address": address}, method="PUT").status_code)

    answers = [send(f"victim{n}@example.org") for n in range(MOST_CODES + 1)]

    assert answers == [200] * MOST_CODES + [429]
    for _try in range(Mailbox.MOST_TRIES):
        client.send("me/mailbox/confirm", {"code": "000000"})
    code = code_of(Mailbox.objects.get())
    assert not client.send("me/mailbox/confirm", {"code": code}).json()["is_confirmed"]


def test_poisonous_address_spoils_its_own_letter_and_not_the_post(
    reader: User, settings: Any
) -> None:
    other = User.objects.get(memberships__household__room="102")
    with transaction.atomic():
        box = set_mailbox(user=other, address="li@example.org", quiet=None, at=clock.now())
    MailMessage.objects.all().delete()
    Mailbox.objects.filter(pk=box.pk).update(
        confirmed_at=clock.now(), address_encrypted=personal.encrypt("a@xn--中.com")
    )
    settings.EMAIL_BACKEND = "tests.communities.test_mailing.Sanitizing"
    say(other)
    say(reader, more=1)

    letters = deliver()

    assert [len(letters), statuses()] == [1, ["failed", "sent"]]
    assert MailMessage.objects.order_by("pk")[0].last_error == "UnicodeError"


class Sanitizing(locmem.EmailBackend):
    """Writes addresses down as the one for SMTP does."""

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            for address in message.recipients():
                sanitize_address(address, "utf-8")
        return int(super().send_messages(messages))


def test_mailbox_ends_with_the_last_role_and_letters_are_forgotten(reader: User) -> None:
    say(reader)
    deliver()
    MailMessage.objects.update(created_at=clock.now() - timedelta(days=7, minutes=1))
    tidy()
    assert statuses() == []

    with transaction.atomic():
        end_membership(membership=reader.memberships.get(), actor=make.SETUP, at=clock.now())
    assert not Mailbox.objects.exists()
