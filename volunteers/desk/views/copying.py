"""A round once more, with other times; what became dearer or is gone stands on the page before."""

from __future__ import annotations

import uuid
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.console import user_of
from communities.roles import COORDINATORS
from config.kernel import clock
from config.kernel.errors import DomainError
from config.kernel.idempotency import KeyReused
from orders.access import access_window
from orders.models import OrderWindow
from orders.windows.copying import copy_window, plan_copy
from volunteers.desk.entry import back_to, once, page
from volunteers.desk.forms import TimesForm


@require_http_methods(["GET", "HEAD", "POST"])
@page
def copy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = user_of(request)
    source = access_window(user, public_id=public_id, roles=COORDINATORS)
    zone = source.community.zone
    form = TimesForm(request.POST or None, window=_next_day(source), zone=zone)
    if request.method == "POST" and form.is_valid():
        times = dict(form.cleaned_data)

        def make() -> str:
            return str(copy_window(source=source, actor=user, **times).public_id)

        try:
            return back_to("window", once(request, times, make))
        except KeyReused:
            sent = _("This form was sent already. Open the group buy from the list to change it.")
            form.add_error(None, sent)
        except DomainError as error:
            for name, texts in error.fields.items():
                form.add_error(name if name in form.fields else None, texts)
    context = {
        "window": source,
        "form": form,
        "plan": plan_copy(source),
        "others": source.joined.count() - 1,
        "once": request.POST.get("once") or uuid.uuid4().hex,
    }
    return render(request, "desk/copy.html", context)


def _next_day(source: OrderWindow) -> OrderWindow:
    """The source as it would be on the first day from today on whose opening has not come; not saved."""
    zone, now = ZoneInfo(source.community.zone), clock.now()
    opens = source.opens_at.astimezone(zone)
    days = max(1, (now.astimezone(zone).date() - opens.date()).days)
    if opens + timedelta(days=days) < now:
        days += 1
    span = timedelta(days=days)
    return OrderWindow(
        opens_at=opens + span,
        closes_at=source.closes_at.astimezone(zone) + span,
        deliver_on=source.deliver_on and source.deliver_on + span,
    )
