"""Surveys and single requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from communities.models import Community, Household, User
from config.kernel import clock
from config.kernel.audit import Actor
from orders.demand import asking, stocking, surveys
from orders.demand.replying import answer_survey
from orders.demand.surveys import Asked
from orders.models import SingleRequest, Survey, SurveyItem
from suppliers.models import Supplier
from tests import factories as make


def make_survey(
    *communities: Community,
    supplier: Supplier | None = None,
    organiser: User | None = None,
    words: Sequence[str] = (),
    **details: Any,
) -> Survey:
    """Open for a day; asks for every product of the supplier, and these words."""
    supplier = supplier or make.make_supplier(*communities)
    with transaction.atomic():
        return surveys.open_survey(
            communities=communities,
            supplier=supplier,
            asked=Asked(list(supplier.products.order_by("pk")), words),
            actor=organiser or make.make_staff(communities[0]),
            **{
                "title": "下周想要什么",
                "open_until": clock.database_now() + timedelta(days=1),
                **details,
            },
        )


def items_of(survey: Survey) -> list[SurveyItem]:
    return list(survey.items.order_by("position"))


def answer(survey: Survey, home: Household, *quantities: int, by: User | None = None) -> None:
    """The i-th item ×quantities[i] (0: none)."""
    wishes = zip(items_of(survey), quantities, strict=False)
    with transaction.atomic():
        answer_survey(
            survey_id=survey.pk,
            community_id=home.community_id,
            household_id=home.pk,
            wishes={item.public_id: quantity for item, quantity in wishes if quantity},
            actor=by or make.make_user(),
        )


def make_request(
    home: Household, *, by: User | None = None, supplier: Supplier | None = None, **details: Any
) -> SingleRequest:
    """ASKED; with a supplier he has been asked (CHECKING)."""
    with transaction.atomic():
        request = asking.ask_for(
            household=home,
            actor=by or make.make_user(),
            **{"what": "高钙奶粉", "quantity": 2, **details},
        )
        if supplier:
            stocking.check_stock(
                request=request,
                supplier=supplier,
                question=request.what,
                actor=Actor("user", request.asked_by_id or 0),
            )
    return request
