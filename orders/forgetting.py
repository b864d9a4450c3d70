"""What the orders forget, and when (config.kernel.forgetting). What was ordered and paid stays, for the totals."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from config.kernel import forgetting
from config.kernel.forgetting import Rule
from config.kernel.locks import require_atomic
from orders.models import ListedLine, Order, OrderWindow, ProxyWish, SingleRequest, SurveyReply
from orders.states import RequestStatus, WindowStatus

# 个保法 Art. 19, 47: complaints and refunds need a name for so long, and then nobody does.
KEPT_FOR = timedelta(days=30)
# A round that was bought has so long to be paid and settled.
SETTLING = timedelta(days=30)
# So many rounds in one transaction: the first run meets those of years.
_AT_ONCE = 200
_OVER = (RequestStatus.DONE, RequestStatus.REFUSED, RequestStatus.WITHDRAWN)


def register() -> None:
    """Called once when the app is ready."""
    forgetting.register(
        Rule(
            "rounds",
            "who asked for an order of somebody else (代下单), notes of orders, what lines of chat lists are known by",
            "30 days after the round was cancelled, 60 after it was closed",
            forget_rounds,
        ),
        Rule(
            "requests",
            "single requests: for whom, note",
            "30 days after the answer, once they are handed over, refused or taken back",
            forget_requests,
        ),
        Rule(
            "surveys",
            "who answered a survey for a household",
            "30 days after its end",
            forget_surveys,
        ),
    )


def forget_rounds(now: datetime) -> int:
    """Returns how many rounds. The words of an order go with all others of its round; what came in by a list or a late
    order after that goes the next time.
    """
    require_atomic()
    before = now - KEPT_FOR
    over = OrderWindow.objects.annotate(over_at=Coalesce("cancelled_at", "closed_at")).filter(
        Q(status=WindowStatus.CANCELLED, over_at__lt=before)
        | Q(status__in=(WindowStatus.CLOSED, WindowStatus.SETTLED), over_at__lt=before - SETTLING),
        Q(erased_at=None)
        | Q(pk__in=ListedLine.objects.values("window"))
        | Q(pk__in=ProxyWish.objects.filter(erased_at=None).values("order__window")),
    )
    ids = list(over.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    ProxyWish.objects.filter(order__window__in=ids, erased_at=None).update(
        asker_name="", erased_at=now
    )
    Order.objects.filter(window__in=ids).exclude(note="").update(note="")
    ListedLine.objects.filter(window__in=ids).delete()
    return OrderWindow.objects.filter(pk__in=ids).update(erased_at=now)


def forget_requests(now: datetime) -> int:
    """Returns how many. What was asked for stays, without for whom."""
    require_atomic()
    over = SingleRequest.objects.filter(status__in=_OVER).annotate(
        over_at=Coalesce("answered_at", "asked_at")
    )
    spoken = over.filter(over_at__lt=now - KEPT_FOR).exclude(for_whom="", note="")
    return spoken.update(for_whom="", note="")


def forget_surveys(now: datetime) -> int:
    """Returns how many answers. They hold no words of residents; what a household would take stays."""
    require_atomic()
    before = now - KEPT_FOR
    over = Q(survey__closed_at__lt=before) | Q(survey__open_until__lt=before)
    replies = SurveyReply.objects.filter(over, answered_by__isnull=False)
    return replies.update(answered_by=None)
