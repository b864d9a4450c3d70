"""Addresses that were not sure: who knows the door says it, who does not calls."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communities.access import access_address_question, address_questions_of, communities_of
from communities.address_questions import (
    answer_address,
    door_of,
    drop_question,
    show_question_phone,
)
from communities.console import actor_of, user_of
from communities.models import AddressQuestion, Building, Household
from communities.roles import HANDS
from communities.selectors import open_questions
from communities.states import QuestionStatus
from config.kernel import clock
from config.kernel.errors import Forbidden, NotFound
from volunteers.desk.entry import act, back_to, number_of, page, text_of

_PER_PAGE = 30


@require_GET
@page
def index(request: HttpRequest) -> HttpResponse:
    """Nine statements, whatever the number of questions."""
    user = user_of(request)
    own = list(communities_of(user, HANDS).values_list("pk", flat=True))
    if not own:
        raise Forbidden()
    questions = open_questions(address_questions_of(user, HANDS))
    shown = Paginator(questions, _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/addresses.html", {"page": shown, "several": len(own) > 1})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def show(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """One question with the doors it may mean; POST answers or drops it."""
    question = access_address_question(user_of(request), public_id=question_id, roles=HANDS)
    if request.method == "POST" and _settled(request, question):
        return back_to("addresses")
    if request.method == "POST":
        question.refresh_from_db()
    buildings = Building.objects.filter(community=question.community_id)
    context = {
        "question": question,
        "is_open": question.status == QuestionStatus.OPEN,
        "candidates": _candidates(question),
        "buildings": buildings.order_by("sort_key", "pk"),
        "given": request.POST,
    }
    return render(request, "desk/address.html", context)


@require_POST
@page
def phone(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """The whole number, to call now while nobody has answered; the audit keeps who looked."""
    question = access_address_question(user_of(request), public_id=question_id, roles=HANDS)
    with transaction.atomic(durable=True):
        number = show_question_phone(question=question, actor=actor_of(request))
    return render(request, "desk/address_phone.html", {"question": question, "number": number})


def _settled(request: HttpRequest, question: AddressQuestion) -> bool:
    user, now = user_of(request), clock.now()
    if "drop" in request.POST:
        return act(
            request,
            lambda: drop_question(question=question, by=user, at=now),
            done=_("Dropped. Nobody is asked about it any more."),
        )

    def answer() -> None:
        answer_address(
            question=question,
            household=_door(request, question),
            by=user,
            at=now,
            remember="remember" in request.POST,
        )

    return act(request, answer, done=_("Noted: this is the door."))


def _door(request: HttpRequest, question: AddressQuestion) -> Household:
    """The door that was ticked, or the room typed below its building. Raises NoSuchDoor; NotFound for what the page
    never offered.
    """
    homes = Household.objects.filter(community=question.community_id)
    if ticked := request.POST.get("household", ""):
        home = homes.filter(pk=number_of(ticked)).first()
        if home is None:
            raise NotFound()
        return home
    building = number_of(request.POST.get("building", ""))
    room = text_of(request.POST.get("room", ""))[:20]
    return door_of(community_id=question.community_id, building_id=building, room=room)


def _candidates(question: AddressQuestion) -> list[Household]:
    rows = question.candidates.select_related("household__building").order_by("place", "pk")
    return [row.household for row in rows]
