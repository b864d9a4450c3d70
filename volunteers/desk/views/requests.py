"""Single requests: what waits, and what is answered to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from communities.console import actor_of, roles_of, user_of
from communities.models import Household
from communities.roles import HANDS
from config.kernel.errors import DomainError, Forbidden, Invalid
from orders.demand import answering, stocking
from orders.demand.asking import ask_for
from orders.models import SingleRequest
from orders.states import RequestStatus
from volunteers.desk.demand_forms import NeedForm, PromiseForm, QuestionForm, StockForm
from volunteers.desk.entry import act, back_to, once, one_of, page, text_of
from volunteers.desk.requesting import access_request, homes_that_ask, listed

_PER_PAGE = 50


@require_GET
@page
def index(request: HttpRequest) -> HttpResponse:
    if not roles_of(request) & HANDS:
        raise Forbidden()
    shown = Paginator(listed(request), _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/requests.html", {"page": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def new(request: HttpRequest) -> HttpResponse:
    """What a household without a phone of its own needs, written down at the door or on the telephone."""
    if not roles_of(request) & HANDS:
        raise Forbidden()
    form = NeedForm(request.POST or None, homes=homes_that_ask(request))
    if request.method == "POST" and form.is_valid() and form.home is not None:
        try:
            return back_to("request", UUID(_ask_once(request, form.home, form.cleaned_data)))
        except DomainError as error:
            form.add_error(None, error.sentence)
    again = request.POST.get("once") or uuid4().hex
    return render(request, "desk/request_new.html", {"form": form, "once": again})


def _ask_once(request: HttpRequest, home: Household, cleaned: dict[str, Any]) -> str:
    """Public id of the request; of the first one if the same page is sent twice."""
    words = {name: text_of(cleaned[name]) for name in ("what", "for_whom", "note")}

    def make() -> str:
        quantity = cleaned["quantity"]
        made = ask_for(household=home, actor=user_of(request), quantity=quantity, **words)
        return str(made.public_id)

    return once(request, {**cleaned, "door": home.pk}, make)


def _cleaned(form: forms.Form) -> dict[str, object]:
    if not form.is_valid():
        raise Invalid(fields=dict(form.errors))
    return form.cleaned_data


def _check(request: HttpRequest, row: SingleRequest) -> None:
    form = QuestionForm(request.POST, request=row)
    values = _cleaned(form)
    stocking.check_stock(request=row, actor=actor_of(request), **values)  # type: ignore[arg-type]


def _stock(request: HttpRequest, row: SingleRequest) -> None:
    values = _cleaned(StockForm(request.POST))
    stocking.tell_stock(request=row, actor=actor_of(request), **values)  # type: ignore[arg-type]


def _promise(request: HttpRequest, row: SingleRequest) -> None:
    values = _cleaned(PromiseForm(request.POST))
    answering.promise(request=row, actor=actor_of(request), **values)  # type: ignore[arg-type]


def _refuse(request: HttpRequest, row: SingleRequest) -> None:
    answer = text_of(request.POST.get("answer", ""))
    answering.refuse(request=row, answer=answer, actor=actor_of(request))


def _done(request: HttpRequest, row: SingleRequest) -> None:
    answering.hand_over(request=row, actor=actor_of(request))


_Step = Callable[[HttpRequest, SingleRequest], None]
_STEPS: dict[str, tuple[_Step, str | Promise]] = {
    "check": (_check, _("The supplier finds the question in his list.")),
    "stock": (_stock, _("Noted.")),
    "promise": (_promise, _("Promised: the household is told.")),
    "refuse": (_refuse, _("Answered: the household is told.")),
    "done": (_done, _("Handed over.")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@page
def show(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request with what can be done about it; what was typed wrongly stays on the page."""
    row = access_request(request, public_id=request_id)
    wrong = ""
    if request.method == "POST":
        wrong = one_of(request.POST.get("step", ""), _STEPS)
        verb, done = _STEPS[wrong]
        if act(request, lambda: verb(request, row), done=str(done)):
            return back_to("request", request_id)
        row = access_request(request, public_id=request_id)
    context = {
        "asked": row,
        "zone": row.community.zone,
        "may": {
            step: SingleRequest.transitions.allows(row.status, to)
            for step, to in (
                ("check", RequestStatus.CHECKING),
                ("stock", RequestStatus.CHECKED),
                ("promise", RequestStatus.PROMISED),
                ("refuse", RequestStatus.REFUSED),
                ("done", RequestStatus.DONE),
            )
        },
        "question": QuestionForm(
            request.POST if wrong == "check" else None, request=row, auto_id="check_%s"
        ),
        "stock": StockForm(request.POST if wrong == "stock" else None, auto_id="stock_%s"),
        "promise": PromiseForm(
            request.POST if wrong == "promise" else None,
            auto_id="promise_%s",
            initial={"on": row.promised_on or row.stock_on, "answer": row.answer},
        ),
        "reason": text_of(request.POST.get("answer", "")) if wrong == "refuse" else "",
    }
    return render(request, "desk/request.html", context)
