"""The audit as people read it: sentences instead of codes, names instead of ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import User
from config.kernel.audit import AuditEntry

_sentences: dict[str, Promise] = {
    "address_rule.added": _("Address rule added"),
    "address_rule.edited": _("Address rule edited"),
    "address.asked": _("Address put up to be confirmed"),
    "address.confirmed": _("Address confirmed"),
    "address.dropped": _("Question about an address dropped"),
    "address.phone_shown": _("Phone number shown"),
    "region.created": _("Region set up"),
    "region.edited": _("Region edited"),
    "community.created": _("Community set up"),
    "community.edited": _("Community edited"),
    "building.added": _("Building added"),
    "building.edited": _("Building edited"),
    "household.added": _("Household added"),
    "household.edited": _("Household edited"),
    "household.substitutes_set": _("Answer for goods that are short set"),
    "resident.added": _("Resident added"),
    "resident.moved_out": _("Resident has moved out"),
    "resident.edited": _("Resident edited"),
    "household.code_renewed": _("New code for the household's slip"),
    "consent.given": _("Consent given"),
    "consent.noted": _("Consent by word of mouth noted"),
    "consent.withdrawn": _("Consent withdrawn"),
    "mailbox.named": _("Mailbox named"),
    "mailbox.confirmed": _("Mailbox confirmed"),
    "mailbox.forgotten": _("Mailbox given up"),
    "join.asked": _("Asked to join a household"),
    "join.approved": _("Let in to a household"),
    "join.new_phone": _("Let in with a new phone"),
    "join.refused": _("Not let in to a household"),
    "join.withdrawn": _("No longer asks to join a household"),
    "resident.phone_shown": _("Phone number shown"),
    "user.created": _("Account opened"),
    "user.mini_program_bound": _("Mini-program bound to the account"),
    "user.edited": _("Account edited"),
    "token.issued": _("Token for the phone page issued"),
    "token.revoked": _("Tokens revoked"),
    "robot.added": _("Group robot set up"),
    "robot.changed": _("Group robot changed"),
    "robot.switched_on": _("Group robot switched on"),
    "robot.switched_off": _("Group robot switched off"),
    "robot.stopped": _("Group robot stopped by itself"),
    "robot.tested": _("Test sent by a group robot"),
    "membership.granted": _("Role granted"),
    "membership.ended": _("Role ended"),
}


_kinds: dict[str, Promise] = {
    "job": _("the system"),
    "command": _("the operator"),
    "supplier_key": _("the supplier"),
    "slip": _("somebody with a household's slip"),
    "phone": _("somebody with a phone of the household"),
}


def name_actions(sentences: Mapping[str, Promise]) -> None:
    """An app tells how its actions are called on screens; done once, on start."""
    _sentences.update(sentences)


def sentence_of(action: str) -> str:
    """What happened, in the reader's language; the code itself for an action nobody named."""
    return str(_sentences.get(action, action))


def who_acted(entry: AuditEntry) -> str:
    """The account's name, or what acted without an account. `entry` comes from with_names."""
    return str(getattr(entry, "who", "")) or str(_kinds.get(entry.actor_kind, entry.actor_kind))


def with_names(entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """Each entry with `who`: the name of the account that acted, "" where no person did."""
    account = User.objects.filter(pk=OuterRef("actor_id"))
    name = Subquery(account.values(shown=Coalesce(NullIf("display_name", Value("")), "username")))
    return entries.annotate(
        who=Case(When(actor_kind="user", then=name), default=Value(""), output_field=CharField())
    )


def entries_of(
    subjects: Sequence[tuple[str, Sequence[int] | QuerySet[Any]]],
    *,
    beside: QuerySet[Any] | None = None,
) -> QuerySet[AuditEntry]:
    """Entries about (kind, ids) pairs, newest first, with names. Ids may be a query of one column. `beside`: a query of
    more entries' ids.
    """
    first, *others = [
        AuditEntry.objects.filter(subject_kind=kind, subject_id__in=ids).values("pk")
        for kind, ids in subjects
    ]
    others += [] if beside is None else [beside]
    # One look into the index for each pair: `OR` between them would read every entry there is.
    found = first.union(*others, all=True) if others else first
    return with_names(AuditEntry.objects.filter(pk__in=found)).order_by("-pk")
