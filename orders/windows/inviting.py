"""Several communities buy together: one invites, a coordinator of the other accepts, each with its own minimum."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from communities.models import Community, User
from config.kernel import audit, clock, locks, outbox
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Invalid
from config.kernel.states import advance
from orders.models import Invitation, OrderWindow, WindowCommunity, WindowTemplate
from orders.states import UNPUBLISHED, InvitationStatus, TemplateStatus, WindowStatus
from orders.windows.closing import lock_window

# Until its cutoff a window takes in more communities: that is how a small one reaches its minimum.
ADMITTING = (*UNPUBLISHED, WindowStatus.OPEN)


class NotAdmitting(DomainError):
    code = "not_admitting"
    detail = _("Its cutoff has passed, or it does not take place: nobody can join any more.")


class InvitedAlready(DomainError):
    code = "invited_already"
    detail = _("This community has joined or been invited already.")


class NoSuchCommunity(DomainError):
    """The same for a name that does not exist and for one that the supplier does not serve."""

    code = "no_such_community"
    status = 400
    detail = _("The supplier serves no community of this name. Please write its full name.")


def invite_community(
    *, host: OrderWindow | WindowTemplate, name: str, minimum: int, actor: User
) -> Invitation:
    """Ask the community of this name, among those that the supplier serves, to buy too. `minimum`: in the host's
    measure. Raises NoSuchCommunity, InvitedAlready, NotAdmitting, Invalid.
    """
    locks.require_atomic()
    if not 0 <= minimum < 10**12:
        raise Invalid(fields={"minimum": [_("Please write a number.")]})
    served = Community.objects.filter(served_by__supplier=host.supplier_id, name=name.strip())
    found = list(served.exclude(pk=host.community_id).order_by("pk")[:2])
    if len(found) != 1:
        raise NoSuchCommunity()
    return invite(host=host, community=found[0], minimum=minimum, actor=actor)


def invite(
    *, host: OrderWindow | WindowTemplate, community: Community, minimum: int, actor: User
) -> Invitation:
    """The same for a community that is known. Locks the host as answering does."""
    _lock_host(host)
    about = _about(host)
    if isinstance(host, OrderWindow) and host.joined.filter(community=community).exists():
        raise InvitedAlready()
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                community=community,
                minimum=minimum,
                invited_by=actor,
                invited_at=clock.now(),
                **about,
            )
    except IntegrityError as error:
        raise InvitedAlready() from error
    _record(invitation, Actor("user", actor.pk), "community.invited")
    return invitation


def accept_invitation(*, invitation: Invitation, actor: User) -> None:
    """INVITED → ACCEPTED: the community buys in the window, or in every later one of the template.

    Raises NotAdmitting, InvitedAlready, StaleStatus, IllegalTransition. Locks the host.
    """
    host = invitation.host
    _lock_host(host)
    _answer(invitation, InvitationStatus.ACCEPTED, actor)
    if isinstance(host, OrderWindow):
        _join(host, invitation, Actor("user", actor.pk))


def _join(window: OrderWindow, invitation: Invitation, actor: Actor) -> None:
    """Caller holds the window lock. An open window takes it in too: the lock is exclusive, so no order is in flight."""
    try:
        with transaction.atomic():
            WindowCommunity.objects.create(
                window=window, community=invitation.community, minimum=invitation.minimum
            )
    except IntegrityError as error:
        raise InvitedAlready() from error
    audit.record(
        actor=actor,
        action="window.joined",
        subject=("window", window.pk),
        community_id=invitation.community_id,
    )
    if window.status == WindowStatus.OPEN and window.opens_at <= clock.now():
        # The others were told when it opened.
        outbox.emit(
            event_key=f"community.joined:{window.pk}:{invitation.community_id}",
            topic="community.joined",
            payload={"window": window.pk, "community": invitation.community_id},
        )


def decline_invitation(*, invitation: Invitation, actor: User) -> None:
    """INVITED → DECLINED. It may be invited again."""
    locks.take()
    _answer(invitation, InvitationStatus.DECLINED, actor)


def withdraw_invitation(*, invitation: Invitation, actor: User) -> None:
    """INVITED → WITHDRAWN, by the leading community."""
    locks.take()
    _answer(invitation, InvitationStatus.WITHDRAWN, actor)


def leave_template(*, invitation: Invitation, actor: User) -> None:
    """ACCEPTED → left, by either side: the template's later windows are without it. Raises NotAdmitting for a window,
    which one leaves by not ordering.
    """
    locks.take()
    if invitation.template_id is None:
        raise NotAdmitting()
    _answer(invitation, InvitationStatus.ENDED, actor)


def joined_to(template: WindowTemplate) -> QuerySet[Invitation]:
    """Accepted invitations to a template, of communities that the supplier still serves."""
    served = Q(community__served_by__supplier=template.supplier_id)
    rows = template.invitations.filter(served, status=InvitationStatus.ACCEPTED)
    return rows.select_related("community").order_by("pk")


def _answer(invitation: Invitation, to: InvitationStatus, actor: User) -> None:
    advance(invitation, to=to, answered_at=clock.now(), answered_by=actor)
    _record(invitation, Actor("user", actor.pk), f"community.{to}")


def _lock_host(host: OrderWindow | WindowTemplate) -> None:
    """Window: its exclusive lock; template: its row. Raises NotAdmitting if nobody can join any more."""
    if isinstance(host, OrderWindow):
        window, moment = lock_window(host.pk)
        if window.status not in ADMITTING or window.closes_at <= moment:
            raise NotAdmitting()
        return
    locks.take()
    with locks.busy_when_locked():
        row = WindowTemplate.objects.select_for_update(no_key=True).get(pk=host.pk)
    if row.status == TemplateStatus.ENDED:
        raise NotAdmitting()


def _about(host: OrderWindow | WindowTemplate) -> dict[str, Any]:
    return {"window": host} if isinstance(host, OrderWindow) else {"template": host}


def _record(invitation: Invitation, actor: Actor, action: str) -> None:
    """In the history of what it is about, so that both sides find it there; the community is the invited one."""
    kind = "window" if invitation.window_id else "template"
    audit.record(
        actor=actor,
        action=action,
        subject=(kind, invitation.host.pk),
        community_id=invitation.community_id,
        data={"invitation": invitation.pk, "minimum": invitation.minimum},
    )
