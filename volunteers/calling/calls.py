"""Note a call, take it, tell what came of it. A compare-and-swap decides who calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from communities import personal
from communities.accounts import show_phone
from communities.models import Community, Household, Resident, User
from config.kernel import audit, clock
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Invalid
from config.kernel.locks import require_atomic
from config.kernel.states import StaleStatus, advance
from orders.models import OrderWindow
from volunteers.models import PhoneCall
from volunteers.states import CallStatus

# Who took a call and said nothing for so long has been called away himself.
TAKEN_FOR = timedelta(minutes=15)
_CARE, _BACK = PhoneCall.Kind.CARE, PhoneCall.Kind.BACK


class TakenByAnother(DomainError):
    code = "taken_by_another"
    detail = _("%(name)s is calling them already.")


@dataclass(frozen=True)
class Caller:
    """Who asked to be called back: his name, the number if it is none of the household's, what about, until when."""

    name: str = ""
    phone: str = ""
    note: str = ""
    due_at: datetime | None = None


def note_call(
    *, community: Community, household: Household | None, caller: Caller, actor: User
) -> PhoneCall:
    """Somebody wants to be called back. Raises Invalid without a household and a number, or for something that is no
    phone number. The number is stored encrypted.
    """
    require_atomic()
    if household is None and not caller.phone.strip():
        raise Invalid(fields={"phone": [_("Please give a door or a phone number.")]})
    number = _number(caller.phone)
    call = PhoneCall.objects.create(
        kind=_BACK,
        community=community,
        household=household,
        name=caller.name[:40],
        phone_encrypted=personal.encrypt(number) if number else None,
        phone_masked=personal.mask_phone(number) if number else "",
        note=caller.note[:200],
        due_at=caller.due_at,
        created_by=actor,
        created_at=clock.now(),
    )
    _record(call, actor, "call.noted")
    return call


def care_call(*, window: OrderWindow, household: Household, actor: User) -> PhoneCall:
    """The one call to a household about a window; two people who ask for it at once get the same row."""
    require_atomic()
    PhoneCall.objects.bulk_create(
        [
            PhoneCall(
                kind=_CARE,
                community_id=household.community_id,
                household=household,
                window=window,
                created_by=actor,
                created_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )
    return PhoneCall.objects.get(kind=_CARE, window=window, household=household)


def take_call(*, call: PhoneCall, actor: User) -> str:
    """ "I call them": the whole number, "" if there is none; the audit keeps who looked. Again by the same person is no
    error. Raises TakenByAnother, StaleStatus if somebody was faster.
    """
    require_atomic()
    moment = clock.now()
    if call.status == CallStatus.TAKEN and call.called_by_id != actor.pk:
        if call.called_at and call.called_at > moment - TAKEN_FOR:
            raise TakenByAnother(name=_name(call.called_by))
        advance(call, to=CallStatus.WAITING)
    if call.status == CallStatus.TAKEN:
        # A second tap, or a second phone of the same person.
        PhoneCall.objects.filter(pk=call.pk).update(called_at=moment)
    else:
        advance(call, to=CallStatus.TAKEN, called_by=actor, called_at=moment)
    _record(call, actor, "call.taken")
    if call.phone_encrypted:
        return personal.decrypt(bytes(call.phone_encrypted))
    speaker = speaker_of(call.household) if call.household else None
    return show_phone(resident=speaker, actor=Actor("user", actor.pk)) if speaker else ""


def end_call(*, call: PhoneCall, outcome: str, actor: User) -> None:
    """What came of it (PhoneCall.Outcome). Nobody answered: it waits to be called again. Raises Invalid for another
    word, StaleStatus if another has taken it meanwhile.
    """
    require_atomic()
    if outcome not in PhoneCall.Outcome.values:
        raise Invalid(fields={"outcome": [_("Please choose from the list.")]})
    if call.status == CallStatus.TAKEN and call.called_by_id != actor.pk:
        raise StaleStatus()
    if call.status == CallStatus.DONE:
        raise StaleStatus()
    again = outcome == PhoneCall.Outcome.NO_ANSWER
    facts = {"outcome": outcome, "called_by": actor, "called_at": clock.now()}
    if call.status == CallStatus.WAITING and again:
        advance(call, to=CallStatus.TAKEN, **facts)
    to = CallStatus.WAITING if again else CallStatus.DONE
    advance(call, to=to, attempts=call.attempts + 1, **facts)
    _record(call, actor, "call.ended", outcome=outcome)


def speaker_of(household: Household) -> Resident | None:
    """Whoever speaks for a household, first with a number. One statement."""
    people = Resident.objects.present().filter(household=household)
    return people.order_by("-is_contact", "-phone_masked", "pk").first()


def _number(phone: str) -> str:
    if not phone.strip():
        return ""
    try:
        return personal.normalise_phone(phone)
    except ValueError as error:
        raise Invalid(fields={"phone": [_("This is not a phone number.")]}) from error


def _name(user: User | None) -> str:
    return user.get_full_name() if user else ""


def _record(call: PhoneCall, actor: User, action: str, **data: str) -> None:
    audit.record(
        actor=Actor("user", actor.pk),
        action=action,
        subject=("call", call.pk),
        community_id=call.community_id,
        data={"household": call.household_id, "window": call.window_id, **data},
    )
