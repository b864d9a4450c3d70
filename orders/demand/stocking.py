"""Whether a supplier has what a household asked for."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext_lazy as _

from communities.addresses.finding import find
from communities.addresses.located import Certainty
from communities.groups.guarding import for_group
from communities.models import Resident
from communities.persons import names_somebody
from communities.selectors import register_of
from config.kernel import clock, locks
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Invalid
from config.kernel.masking import mask
from config.kernel.states import advance
from orders.demand.asking import record
from orders.models import SingleRequest
from orders.states import RequestStatus
from suppliers.models import ServedCommunity, Supplier


class SupplierElsewhere(DomainError):
    code = "supplier_elsewhere"
    status = 400
    detail = _("This supplier does not serve the community.")


def tells_who_asks(request: SingleRequest, words: str) -> bool:
    """Whether a supplier could learn from the words for whom they are: by a phone, a door, or a name. Rather too often:
    whoever asks can say it in other words. Four statements at most.
    """
    if mask(words) != words or for_group(words) != words or names_somebody(words):
        return True
    people = Resident.objects.filter(household=request.household_id).values_list("name", flat=True)
    if any(len(name) > 1 and name in words for name in people):
        return True
    found = find(words, register_of(request.community))
    said = "".join(words[start:end] for start, end in found.spans)
    # 5号电池 is no villa.
    return found.certainty == Certainty.SURE and not re.fullmatch(r"\D*\d+\D*", said)


def check_stock(*, request: SingleRequest, supplier: Supplier, question: str, actor: Actor) -> None:
    """Ask a supplier; he reads `question` and the quantity, nothing else. Raises Invalid for an empty question or one
    that tells who asks, SupplierElsewhere, IllegalTransition, StaleStatus.
    """
    locks.take()
    words = question.strip()
    if not words:
        raise Invalid(fields={"question": [_("Please write what the supplier shall look for.")]})
    if tells_who_asks(request, words):
        raise Invalid(
            fields={"question": [_("The supplier reads this: no names, rooms or phone numbers.")]}
        )
    if not ServedCommunity.objects.filter(
        supplier=supplier, community=request.community_id
    ).exists():
        raise SupplierElsewhere()
    advance(
        request,
        to=RequestStatus.CHECKING,
        supplier=supplier,
        question=words[:120],
        checked_at=clock.now(),
        stock="",
        stock_on=None,
        stock_note="",
        stocked_at=None,
    )
    record(request=request, actor=actor, action="request.checking", supplier=supplier.pk)


def tell_stock(
    *, request: SingleRequest, stock: str, on: date | None, note: str, actor: Actor
) -> None:
    """The supplier's answer: CHECKING → CHECKED. `on` with BY_DATE only. Raises Invalid, IllegalTransition (he was not
    asked, or somebody decided meanwhile), StaleStatus.
    """
    locks.take()
    if (stock == SingleRequest.Stock.BY_DATE) != (on is not None):
        raise Invalid(fields={"on": [_("A date, and only if it can be had by a date.")]})
    advance(
        request,
        to=RequestStatus.CHECKED,
        stock=stock,
        stock_on=on,
        stock_note=note,
        stocked_at=clock.now(),
    )
    record(request=request, actor=actor, action="request.checked", stock=stock)
