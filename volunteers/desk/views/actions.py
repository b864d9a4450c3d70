"""Every action on a round: one POST, one verb, one transaction, then back to the page."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from communities.console import actor_of, user_of
from communities.roles import CHECKERS, COORDINATORS, Role
from config.kernel import audit, jobs
from config.kernel.errors import Invalid, NotFound
from orders.access import access_window
from orders.consolidation.flags import settle_flag
from orders.models import OrderWindow, SupplierOrder
from orders.supply.releasing import check_order, release_order, undo_release
from orders.windows.cancelling import cancel_window
from orders.windows.closing import decide_held
from orders.windows.opening import back_to_draft, make_ready, open_window
from orders.windows.reopening import reopen_window
from volunteers.desk import selectors
from volunteers.desk.entry import act, back_to, number_of, one_of, page, text_of
from volunteers.desk.forms import CutoffForm


@dataclass(frozen=True)
class Action:
    """Who may do it, the verb, and what the person reads after it."""

    roles: Collection[Role]
    verb: Callable[[HttpRequest, OrderWindow], object]
    done: str | Promise


def _revision(request: HttpRequest, window: OrderWindow) -> SupplierOrder:
    """The revision that the page showed, not whichever is newest by now. Raises NotFound."""
    given = request.POST.get("revision", "")
    row = SupplierOrder.objects.filter(window=window, revision=number_of(given)).first()
    if row is None:
        raise NotFound()
    return row


def _reason(request: HttpRequest) -> str:
    return text_of(request.POST.get("reason", ""))


def _check(request: HttpRequest, window: OrderWindow) -> None:
    check_order(supplier_order=_revision(request, window), actor=user_of(request))


def _release(request: HttpRequest, window: OrderWindow) -> None:
    release_order(supplier_order=_revision(request, window), actor=user_of(request))


def _undo(request: HttpRequest, window: OrderWindow) -> None:
    undo_release(
        supplier_order=_revision(request, window),
        actor=actor_of(request),
        reason=_reason(request),
    )


def _decide(request: HttpRequest, window: OrderWindow) -> None:
    decision = one_of(request.POST.get("decision", ""), ("close", "extend", "cancel"))
    reason = _reason(request)
    if decision == "cancel" and not reason:
        raise Invalid(fields={"reason": [_("Please give a reason.")]})
    decide_held(window=window, decision=decision, actor=actor_of(request), reason=reason)


def _reopen(request: HttpRequest, window: OrderWindow) -> None:
    form = CutoffForm(request.POST, zone=window.community.zone)
    if not form.is_valid():
        raise Invalid(fields=dict(form.errors))
    reopen_window(
        window=window,
        closes_at=form.cleaned_data["closes_at"],
        actor=actor_of(request),
        reason=_reason(request),
    )


def _settle(request: HttpRequest, window: OrderWindow) -> None:
    settle_flag(
        window=window,
        key=text_of(request.POST.get("key", ""))[:80],
        reason=_reason(request),
        actor=user_of(request),
    )


def _retry(request: HttpRequest, window: OrderWindow) -> None:
    given = request.POST.get("job", "")
    job = selectors.job_of(window, pk=number_of(given))
    if job is None:
        raise NotFound()
    jobs.retry(job)
    audit.record(
        actor=actor_of(request),
        action="job.retried",
        subject=("window", window.pk),
        community_id=window.community_id,
        data={"stage": job.stage},
    )


_ACTIONS: dict[str, Action] = {
    "ready": Action(
        COORDINATORS,
        lambda request, window: make_ready(window=window, actor=actor_of(request)),
        _("Ready. Now it can be opened."),
    ),
    "draft": Action(
        COORDINATORS,
        lambda request, window: back_to_draft(window=window, actor=actor_of(request)),
        _("Taken back; everything can be edited again."),
    ),
    "open": Action(
        COORDINATORS,
        lambda request, window: open_window(window=window, actor=actor_of(request)),
        _("Open: residents see it now."),
    ),
    "decide": Action(COORDINATORS, _decide, _("Decided.")),
    "check": Action(CHECKERS, _check, _("Checked. The next step is to send it to the supplier.")),
    "release": Action(COORDINATORS, _release, _("Sent: the supplier can pull the files now.")),
    "undo": Action(COORDINATORS, _undo, _("Undone. A new revision is being prepared.")),
    "reopen": Action(COORDINATORS, _reopen, _("Open again until the new cutoff.")),
    "settle": Action(CHECKERS, _settle, _("Noted.")),
    "retry": Action(CHECKERS, _retry, _("Started over.")),
    "cancel": Action(
        COORDINATORS,
        lambda request, window: cancel_window(
            window=window, actor=actor_of(request), reason=_reason(request)
        ),
        _("The group buy is cancelled and everybody is told."),
    ),
}


@require_POST
@page
def do(request: HttpRequest, public_id: UUID, action: str) -> HttpResponse:
    if action not in _ACTIONS:
        raise NotFound()
    chosen = _ACTIONS[action]
    window = access_window(user_of(request), public_id=public_id, roles=chosen.roles)
    act(request, lambda: chosen.verb(request, window), done=str(chosen.done))
    back = "check" if request.POST.get("back") == "check" else "window"
    return back_to(back, public_id)
