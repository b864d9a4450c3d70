"""Surveys: asked, and closed before their time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from communities.models import Community, User
from config.kernel import audit, clock, locks, outbox
from config.kernel.audit import Actor
from config.kernel.errors import Invalid
from config.kernel.states import advance
from orders.models import (
    Survey,
    SurveyCommunity,
    SurveyItem,
)
from orders.states import SurveyStatus
from orders.windows.drafting import ForeignProduct
from suppliers.models import Product, Supplier

MOST_ITEMS = 200


@dataclass(frozen=True)
class Asked:
    """What the organiser asks: the supplier's products, and wishes in words."""

    products: Sequence[Product]
    words: Sequence[str] = ()


def open_survey(
    *,
    communities: Sequence[Community],
    supplier: Supplier,
    asked: Asked,
    title: str,
    open_until: datetime,
    actor: User,
    notice: str = "",
) -> Survey:
    """OPEN at once, for the households of all the communities; the first one leads. Everybody there is told.

    Raises Invalid, ForeignProduct.
    """
    locks.require_atomic()
    _check(asked, title, open_until)
    for product in asked.products:
        if product.supplier_id != supplier.pk or not product.is_active:
            raise ForeignProduct(fields={"product": str(product.public_id)})
    survey = Survey.objects.create(
        community=communities[0],
        supplier=supplier,
        title=title.strip(),
        notice=notice,
        open_until=open_until,
        created_at=clock.now(),
        created_by=actor,
    )
    SurveyCommunity.objects.bulk_create(
        SurveyCommunity(survey=survey, community=community) for community in communities
    )
    SurveyItem.objects.bulk_create(_items(survey, asked))
    record(survey=survey, actor=Actor("user", actor.pk), action="survey.opened")
    outbox.emit(
        event_key=f"survey.opened:{survey.pk}",
        topic="survey.opened",
        payload={"survey": survey.pk},
    )
    return survey


def _check(asked: Asked, title: str, open_until: datetime) -> None:
    count = len(asked.products) + len(asked.words)
    wrong: dict[str, Any] = {}
    if not title.strip():
        wrong["title"] = [_("Please write a title.")]
    if not 1 <= count <= MOST_ITEMS:
        wrong["product"] = [_("Please ask for one to 200 things.")]
    if open_until <= clock.now():
        wrong["open_until"] = [_("This time has passed already.")]
    if wrong:
        raise Invalid(fields=wrong)


def _items(survey: Survey, asked: Asked) -> Iterable[SurveyItem]:
    about = {"survey": survey, "supplier_id": survey.supplier_id}
    for position, product in enumerate(asked.products, start=1):
        yield SurveyItem(
            **about,
            position=position,
            product=product,
            name=product.name,
            spec=product.spec,
            unit=product.unit,
            price_fen=product.price_fen,
        )
    for position, words in enumerate(asked.words, start=len(asked.products) + 1):
        yield SurveyItem(**about, position=position, name=words)


def close_survey(*, survey: Survey, actor: Actor) -> None:
    """OPEN → CLOSED, before its time. Raises StaleStatus, IllegalTransition."""
    locks.take()
    advance(survey, to=SurveyStatus.CLOSED, closed_at=clock.now())
    record(survey=survey, actor=actor, action="survey.closed")


def record(*, survey: Survey, actor: Actor, action: str, **data: Any) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=("survey", survey.pk),
        community_id=survey.community_id,
        data=data,
    )
