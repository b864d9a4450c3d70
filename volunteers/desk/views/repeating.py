"""Repeating group buys: the list, a new one, its rules and goods, its next dates."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communities.access import access_community, communities_of, is_staff_somewhere
from communities.console import actor_of, roles_of, user_of
from communities.models import User
from communities.roles import COORDINATORS, STAFF
from config.kernel import clock
from config.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from config.kernel.idempotency import KeyReused
from orders.access import access_template, templates_of
from orders.models import WindowTemplate
from orders.windows import templates
from orders.windows.repeating import categories_to_limit, goods_of
from suppliers.access import access_supplier
from suppliers.models import Product
from suppliers.selectors import in_catalogue_order
from volunteers.desk import selectors
from volunteers.desk.coming import coming
from volunteers.desk.entry import act, back_to, once, page
from volunteers.desk.forms import LimitsForm
from volunteers.desk.repeating_forms import MoveForm, RulesForm, TemplateForm, rules_of

_PER_PAGE = 40
_MOST = 10**6


@require_GET
@page
def index(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not is_staff_somewhere(user):
        raise Forbidden()
    rows = templates_of(user, STAFF).select_related("community", "supplier")
    shown = Paginator(rows.order_by("status", "-pk"), _PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "may_draft": bool(roles_of(request) & COORDINATORS)}
    return render(request, "desk/repeating_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def new(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not communities_of(user, COORDINATORS).exists():
        raise Forbidden()
    form = TemplateForm(request.POST or None, user=user, now=clock.now())
    if request.method == "POST" and form.is_valid():
        try:
            return back_to("repeating", _create_once(request, user, form.cleaned_data))
        except KeyReused:
            form.add_error(None, _("This form was sent already. Look for it in the list."))
        except DomainError as error:
            _complain(form, error)
    again = request.POST.get("once") or uuid.uuid4().hex
    return render(request, "desk/repeating_form.html", {"form": form, "once": again})


def _create_once(request: HttpRequest, user: User, cleaned: dict[str, Any]) -> str:
    rules = dict(cleaned)
    community, supplier = rules.pop("community"), rules.pop("supplier")
    access_community(user, public_id=community.public_id, roles=COORDINATORS)
    access_supplier(user, public_id=supplier.public_id)

    def make() -> str:
        template = templates.create_template(
            community=community, supplier=supplier, actor=user, **rules
        )
        return str(template.public_id)

    return once(request, cleaned, make)


def _complain(form: RulesForm, error: DomainError) -> None:
    """A verb's sentences beside the fields they are about."""
    for name, texts in error.fields.items():
        form.add_error(name if name in form.fields else None, texts)
    if not error.fields:
        form.add_error(None, error.sentence)


@require_GET
@page
def show(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Its rules and the next seven dates. Nine statements."""
    template = access_template(user_of(request), public_id=template_id, roles=STAFF)
    rights = selectors.rights_in(user_of(request), template.community)
    context = {
        "template": template,
        "zone": template.community.zone,
        "may_edit": rights.coordinate and template.status != "ended",
        "dates": coming(template, now=clock.now()),
        "goods": goods_of(template).count(),
    }
    return render(request, "desk/repeating.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def edit(request: HttpRequest, template_id: UUID) -> HttpResponse:
    template = access_template(user_of(request), public_id=template_id, roles=COORDINATORS)
    form = RulesForm(request.POST or None, initial=rules_of(template))
    if request.method == "POST" and form.is_valid():
        rules, actor = form.cleaned_data, actor_of(request)
        saved = act(
            request,
            lambda: templates.change_template(template=template, actor=actor, **rules),
            done=_("Saved. It counts for the dates that are not prepared yet."),
        )
        if saved:
            return back_to("repeating", template_id)
    return render(request, "desk/repeating_form.html", {"form": form, "template": template})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def goods(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """The chosen products with cap and limit; what was typed stays on the page if something is wrong with it."""
    template = access_template(user_of(request), public_id=template_id, roles=COORDINATORS)
    rows = list(in_catalogue_order(Product.objects.filter(supplier=template.supplier_id)))
    shown: list[Any] = [row for row in rows if row.is_active]
    if request.method == "POST":
        wrong = _read_goods(request, shown)
        chosen = {row: (row.cap, row.limit) for row in shown if row.ticked}
        if not wrong and act(
            request,
            lambda: templates.choose_goods(
                template=template, goods=chosen, actor=actor_of(request)
            ),
            done=_("Saved. It counts for the dates that are not prepared yet."),
        ):
            return back_to("repeating", template_id)
    else:
        wrong = False
        known = {row.product_id: row for row in template.products.all()}
        for row in shown:
            there = known.get(row.pk)
            row.ticked = there is not None
            row.cap, row.limit = (there.cap, there.household_limit) if there else (None, None)
    context = {"template": template, "products": shown, "wrong": wrong}
    return render(request, "desk/repeating_goods.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def limits(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """How much of a kind of goods a household may have in each of its rounds; POST sets them all."""
    template = access_template(user_of(request), public_id=template_id, roles=COORDINATORS)
    known = dict(template.category_limits.values_list("category", "household_limit"))
    form = LimitsForm(request.POST or None, categories=categories_to_limit(template), limits=known)
    if request.method == "POST" and form.is_valid():
        saved = act(
            request,
            lambda: templates.limit_categories(
                template=template, limits=form.limits, actor=actor_of(request)
            ),
            done=_("Saved. It counts for the dates that are not prepared yet."),
        )
        if saved:
            return back_to("repeating", template_id)
    return render(request, "desk/repeating_limits.html", {"template": template, "form": form})


def _read_goods(request: HttpRequest, products: list[Any]) -> bool:
    """Put what was typed on the products: `ticked`, `cap`, `limit`; whether a number is wrong."""
    ticked = set(request.POST.getlist("product"))
    rows = request.POST.getlist("row")
    caps = dict(zip(rows, request.POST.getlist("cap"), strict=False))
    limits = dict(zip(rows, request.POST.getlist("limit"), strict=False))
    wrong = False
    for product in products:
        key = str(product.pk)
        product.ticked, product.is_wrong = key in ticked, False
        for name, typed, least in (
            ("cap", caps.get(key, ""), 0),
            ("limit", limits.get(key, ""), 1),
        ):
            value = _number(typed.strip(), least)
            product.is_wrong |= value == -1
            wrong |= value == -1
            setattr(product, name, typed[:10] if value == -1 else value)
    return wrong


def _number(typed: str, least: int) -> int | None:
    """-1 for what is no number."""
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 7):
        return -1
    return int(typed) if least <= int(typed) <= _MOST else -1


def _on(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("on", ""))
    except ValueError as error:
        raise NotFound() from error


def _move(request: HttpRequest, template: WindowTemplate) -> None:
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Invalid(fields=dict(form.errors))
    templates.move_date(
        template=template,
        on=_on(request),
        to=form.cleaned_data["to"],
        actor=actor_of(request),
    )


_Step = Callable[[HttpRequest, WindowTemplate], None]
_STEPS: dict[str, tuple[_Step, str | Promise]] = {
    "pause": (
        lambda request, template: templates.pause_template(
            template=template, actor=actor_of(request)
        ),
        gettext_lazy("Paused: nothing is prepared until it goes on."),
    ),
    "resume": (
        lambda request, template: templates.resume_template(
            template=template, actor=actor_of(request)
        ),
        gettext_lazy("It goes on."),
    ),
    "end": (
        lambda request, template: templates.end_template(
            template=template, actor=actor_of(request)
        ),
        gettext_lazy("Ended. What is prepared already stays."),
    ),
    "skip": (
        lambda request, template: templates.skip_date(
            template=template, on=_on(request), actor=actor_of(request)
        ),
        gettext_lazy("Skipped on this date."),
    ),
    "restore": (
        lambda request, template: templates.restore_date(
            template=template, on=_on(request), actor=actor_of(request)
        ),
        gettext_lazy("It comes on this date again."),
    ),
    "move": (_move, gettext_lazy("Moved.")),
}


@require_POST
@page
def do(request: HttpRequest, template_id: UUID, step: str) -> HttpResponse:
    if step not in _STEPS:
        raise NotFound()
    verb, done = _STEPS[step]
    template = access_template(user_of(request), public_id=template_id, roles=COORDINATORS)
    act(request, lambda: verb(request, template), done=str(done))
    return back_to("repeating", template_id)
