"""Buying together: inviting other communities, and answering their invitations."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from communities.access import is_staff_somewhere
from communities.console import user_of
from communities.roles import STAFF
from config.kernel.errors import Forbidden, NotFound
from orders.access import (
    WITH_HOSTS,
    access_invitation,
    access_template,
    access_window,
    invitations_of,
)
from orders.models import Invitation, OrderWindow, WindowTemplate
from orders.states import InvitationStatus
from orders.windows import inviting
from orders.windows.progress import total_demand
from volunteers.desk import selectors
from volunteers.desk.entry import act, back_to, number_of, one_of, page
from volunteers.desk.forms import minimum_of
from volunteers.desk.partners import invited_to, partners

_PER_PAGE = 40


class InviteForm(forms.Form):
    """Whom to ask, and what that community must reach by itself, in the host's measure."""

    name = forms.CharField(
        label=gettext_lazy("Name of the community"),
        max_length=80,
        help_text=gettext_lazy("As it is written on its gate: the supplier must deliver there."),
    )
    minimum = forms.CharField(label=gettext_lazy("Its own minimum"), required=False, max_length=15)

    def __init__(self, *args: Any, measure: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measure = measure
        if measure == OrderWindow.Measure.NONE:
            del self.fields["minimum"]

    def clean_minimum(self) -> int:
        return minimum_of(self.measure, self.cleaned_data["minimum"])


@require_http_methods(["GET", "HEAD", "POST"])
@page
def of_window(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who buys in a round, each with its progress; POST invites one more or takes an invitation back."""
    window = access_window(user_of(request), public_id=public_id, roles=STAFF)
    may_edit = selectors.rights_in(user_of(request), window.community).coordinate
    form = InviteForm(request.POST or None, measure=window.minimum_measure)
    if request.method == "POST" and _post(request, window, form, may_edit=may_edit):
        return back_to("communities", public_id)
    context = {
        "window": window,
        "partners": partners(window),
        "together": total_demand(window.pk).by(window.minimum_measure),
        "invitations": invited_to(window=window),
        "form": form,
        "may_edit": may_edit,
        "may_invite": may_edit and window.status in inviting.ADMITTING,
    }
    return render(request, "desk/communities.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def of_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Who buys in every round of a repeating group buy; POST as above, and ends what was agreed."""
    template = access_template(user_of(request), public_id=template_id, roles=STAFF)
    may_edit = selectors.rights_in(user_of(request), template.community).coordinate
    form = InviteForm(request.POST or None, measure=template.minimum_measure)
    if request.method == "POST" and _post(request, template, form, may_edit=may_edit):
        return back_to("repeating_communities", template_id)
    context = {
        "template": template,
        "invitations": invited_to(template=template),
        "form": form,
        "may_edit": may_edit,
        "may_invite": may_edit and template.status != "ended",
    }
    return render(request, "desk/repeating_communities.html", context)


def _post(
    request: HttpRequest, host: OrderWindow | WindowTemplate, form: InviteForm, *, may_edit: bool
) -> bool:
    """Whether it was done, or there is nothing on the form to mend. Raises Forbidden, NotFound."""
    if not may_edit:
        raise Forbidden()
    user = user_of(request)
    for name, verb in (
        ("withdraw", inviting.withdraw_invitation),
        ("end", inviting.leave_template),
    ):
        if name in request.POST:
            invitation = _own(request.POST[name], host)
            act(request, partial(verb, invitation=invitation, actor=user), done=_("Done."))
            return True
    if not form.is_valid():
        return False
    name, minimum = form.cleaned_data["name"], form.cleaned_data.get("minimum", 0)
    return act(
        request,
        lambda: inviting.invite_community(host=host, name=name, minimum=minimum, actor=user),
        done=_("Invited: a coordinator there finds it on the desk."),
    )


def _own(given: str, host: OrderWindow | WindowTemplate) -> Invitation:
    rows = Invitation.objects.filter(pk=number_of(given)).select_related(*WITH_HOSTS)
    invitation = rows.first()
    if invitation is None or invitation.host != host:
        raise NotFound()
    return invitation


@require_GET
@page
def index(request: HttpRequest) -> HttpResponse:
    """Invitations to one's own communities: those that wait first."""
    user = user_of(request)
    if not is_staff_somewhere(user):
        raise Forbidden()
    rows = invitations_of(user, STAFF).select_related(*WITH_HOSTS)
    waiting = Case(When(status=InvitationStatus.INVITED, then=0), default=1)
    shown = Paginator(rows.order_by(waiting, "-pk"), _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/invitations.html", {"page": shown})


_ANSWERS = {
    "accept": inviting.accept_invitation,
    "decline": inviting.decline_invitation,
    "leave": inviting.leave_template,
}


@require_http_methods(["GET", "HEAD", "POST"])
@page
def show(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """What one is invited to; once joined, how far it is, alone and together."""
    user = user_of(request)
    invitation = access_invitation(user, public_id=invitation_id, roles=STAFF)
    may_edit = selectors.rights_in(user, invitation.community).coordinate
    if request.method == "POST":
        if not may_edit:
            raise Forbidden()
        verb = _ANSWERS[one_of(request.POST.get("answer", ""), _ANSWERS)]
        act(request, lambda: verb(invitation=invitation, actor=user), done=_("Done."))
        return redirect(request.path)
    window = invitation.window
    context = {
        "invitation": invitation,
        "host": invitation.host,
        "zone": invitation.community.zone,
        "may_edit": may_edit,
        "partners": partners(window) if window and invitation.status == "accepted" else [],
    }
    return render(request, "desk/invitation.html", context)
