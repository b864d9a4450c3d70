"""The own phone number of somebody who is signed in: confirmed, or another one in its place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from communities import personal
from communities.joining.one_time import ask_for_code, compare_code, use_code
from communities.joining.own_name import own_rows, record_edit, rows_of
from communities.models import Resident, SignInCode, User
from communities.people import PHONE_COLUMNS, set_phone, tell_of_phone
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.locks import busy_when_locked, require_atomic


class NotOnTheRoster(DomainError):
    """The account orders for nobody, or the roster of its households does not name it."""

    code = "not_on_the_roster"
    detail = _(
        "Your name is not on the list of residents yet, so no number can be kept with it. Please tell a volunteer."
    )


class NumberIsConfirmed(DomainError):
    """Whoever has got hold of a device must not be able to lock its owner out for good."""

    code = "number_is_confirmed"
    detail = _(
        "Your number is confirmed already. To put another one in its place, please see a volunteer."
    )


def require_keepable(*, user: User, number: str) -> None:
    """Nothing, if the number (E.164) could be kept, by what is known of the account alone: whose it is changes nothing.
    Raises NotOnTheRoster, NumberIsConfirmed.
    """
    _require_open(rows_of(user), personal.blind_index(number))


def ask_for_own_code(*, user: User, number: str, at: datetime) -> SignInCode:
    """A code to a number (E.164) that the account says is its own, known here or not; good for this account only.
    Raises as require_keepable: nobody pays for a message that leads to nothing.
    """
    require_keepable(user=user, number=number)
    return ask_for_code(number=number, claim=_claim(user), user=user, at=at)


@busy_when_locked()
def confirm_number(*, user: User, number: str, typed: str, at: datetime) -> bool:
    """The number is the account's own from now on, wherever the roster names it; another one that was never confirmed
    stands there no more. False for a wrong code: that it was tried must be committed. A repeat changes nothing.

    A row that lets nobody in by its number (Resident.phone_closed) stays closed while the number is the same: whoever
    was put out of the household may have it too. Locks the code's row, then the residents'.

    Raises NotOnTheRoster, NumberIsConfirmed.
    """
    require_atomic()
    code = compare_code(number=number, typed=typed, claim=_claim(user), at=at, own_only=True)
    if code is None:
        return False
    rows = list(own_rows(user))
    _require_open(rows, code.phone_index)
    changed = [resident for resident in rows if resident.phone_index != code.phone_index]
    actor = Actor("user", user.pk)
    for resident in rows:
        if resident.phone_confirmed == code.phone_index:
            continue
        set_phone(resident, number)
        resident.phone_confirmed = resident.phone_index
        resident.save(update_fields=[*PHONE_COLUMNS])
        what = "phone" if resident in changed else "phone_confirmed"
        record_edit(resident=resident, actor=actor, fields=[what])
    if changed:
        tell_of_phone(changed[0])
    use_code(code=code, claim=_claim(user), at=at)
    return True


def _require_open(rows: Iterable[Resident], phone_index: str) -> None:
    if not (rows := list(rows)):
        raise NotOnTheRoster()
    for resident in rows:
        is_confirmed = resident.phone_index and resident.phone_confirmed == resident.phone_index
        if is_confirmed and resident.phone_index != phone_index:
            raise NumberIsConfirmed()


def phone_of(user: User) -> tuple[str | None, bool]:
    """(masked, confirmed): of several rows one that is not confirmed yet. None: no number. One statement."""
    rows = rows_of(user).exclude(phone_index="")
    found = [(row.phone_masked, row.phone_confirmed == row.phone_index) for row in rows]
    return min(found, key=lambda one: one[1], default=(None, False))


def _claim(user: User) -> str:
    """No claim of a device has a blank in it: a code that was asked for here signs nobody in."""
    return f"account {user.pk}"
