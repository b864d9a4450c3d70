"""Addresses that are not sure: ask, call, answer, drop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from communities import personal
from communities.address_rules import remember_address
from communities.addresses.index import room_key
from communities.addresses.located import Located
from communities.models import AddressCandidate, AddressQuestion, Community, Household, User
from communities.phones import mask_phone, normalise_phone
from communities.states import QuestionStatus
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Invalid
from config.kernel.intake.parsing.text import clean
from config.kernel.locks import require_atomic
from config.kernel.states import advance

_LONGEST = 300
_MOST_CANDIDATES = 8
_KEPT_FOR = timedelta(days=30)


class NoSuchDoor(DomainError):
    code = "no_such_door"
    detail = _("There is no such room in this building. Please look again.")


class QuestionClosed(DomainError):
    code = "question_closed"
    detail = _("The question is closed: nobody needs to call any more.")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an address came from: a code of AddressQuestion.Source, and the row it was read from, if it was one."""

    source: str
    subject_kind: str = ""
    subject_id: int = 0


def ask_about_address(
    *,
    community: Community,
    text: str,
    located: Located,
    origin: Origin,
    actor: Actor,
    at: datetime,
    phone: str = "",
) -> AddressQuestion:
    """Put an address into the queue of the community's volunteers, with what could be made out of it.

    Asked twice about the same row it is one question, and the first is returned. Candidates of other communities
    are left out; what is no phone number is not kept.
    """
    require_atomic()
    number = _number(phone)
    question = AddressQuestion(
        community=community,
        text=clean(text)[:_LONGEST],
        reason=str(located.reason),
        source=origin.source,
        subject_kind=origin.subject_kind,
        subject_id=origin.subject_id,
        phone_encrypted=personal.encrypt(number) if number else None,
        phone_masked=mask_phone(number) if number else "",
        asked_at=at,
    )
    try:
        with transaction.atomic():
            question.save(force_insert=True)
    except IntegrityError:
        return AddressQuestion.objects.get(
            subject_kind=origin.subject_kind,
            subject_id=origin.subject_id,
            status=QuestionStatus.OPEN,
        )
    _suggest(question, located.candidates)
    _note(question, "address.asked", actor)
    return question


def door_of(*, community_id: int, building_id: int, room: str) -> Household:
    """The household in this room, however it is written: 301, 301室. Raises NoSuchDoor."""
    homes = Household.objects.filter(community=community_id, building=building_id)
    wanted = room_key(room)
    found = [home for home in homes if room_key(home.room) == wanted]
    if len(found) != 1:
        raise NoSuchDoor()
    return found[0]


def _number(phone: str) -> str:
    try:
        return normalise_phone(phone)
    except ValueError:
        return ""


def _suggest(question: AddressQuestion, candidates: Sequence[int]) -> None:
    wanted = list(dict.fromkeys(candidates))[:_MOST_CANDIDATES]
    own = set(
        Household.objects.filter(pk__in=wanted, community=question.community_id).values_list(
            "pk", flat=True
        )
    )
    AddressCandidate.objects.bulk_create(
        AddressCandidate(
            question=question,
            community_id=question.community_id,
            household_id=household,
            place=place,
        )
        for place, household in enumerate(wanted)
        if household in own
    )


def answer_address(
    *,
    question: AddressQuestion,
    household: Household,
    by: User,
    at: datetime,
    remember: bool = False,
) -> AddressQuestion:
    """This household is meant. `remember`: the same words are sure from now on.

    Raises Invalid for a household of another community and for words that cannot be remembered, StaleStatus and
    IllegalTransition if somebody was faster.
    """
    require_atomic()
    actor = Actor("user", by.pk)
    if household.community_id != question.community_id:
        raise Invalid(fields={"household": [_("This household is not in the community.")]})
    advance(question, to=QuestionStatus.ANSWERED, household=household, closed_by=by, closed_at=at)
    if remember:
        remember_address(text=question.text, household=household, actor=actor)
    _note(question, "address.confirmed", actor)
    return question


def drop_question(*, question: AddressQuestion, by: User, at: datetime) -> AddressQuestion:
    """Nobody is meant, or nobody can tell. Raises StaleStatus and IllegalTransition."""
    require_atomic()
    advance(question, to=QuestionStatus.DROPPED, closed_by=by, closed_at=at)
    _note(question, "address.dropped", Actor("user", by.pk))
    return question


def show_question_phone(*, question: AddressQuestion, actor: Actor) -> str:
    """The whole number in E.164, "" if there is none, while the question is open. Looking is an act: the audit keeps
    it. Raises QuestionClosed. Locks the question: nobody reads the number of one that is just being answered.
    """
    require_atomic()
    rows = AddressQuestion.objects.select_for_update(of=("self",))
    if not rows.filter(pk=question.pk, status=QuestionStatus.OPEN).exists():
        raise QuestionClosed()
    _note(question, "address.phone_shown", actor)
    return personal.decrypt(bytes(question.phone_encrypted)) if question.phone_encrypted else ""


def erase_closed_questions(at: datetime) -> int:
    """Forget text and phone of what was closed long ago; the household stays. Returns how many."""
    require_atomic()
    closed = AddressQuestion.objects.filter(closed_at__lt=at - _KEPT_FOR).exclude(
        text="", phone_encrypted=None
    )
    return closed.update(text="", phone_encrypted=None, phone_masked="")


def _note(question: AddressQuestion, action: str, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=("address_question", question.pk),
        community_id=question.community_id,
    )
