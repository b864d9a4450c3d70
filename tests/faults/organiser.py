"""The one person of a round: looks every half second, checks and releases what has its files."""

from __future__ import annotations

import time
from contextlib import suppress

from django.db import transaction

from communities.models import User
from config.kernel.errors import DomainError
from orders.models import SupplierOrder
from orders.states import SupplierOrderStatus
from orders.supply.releasing import check_order, release_order
from tests.faults.stage import Stage

_EVERY = 0.5


class Organiser:
    """Call `look` as often as you like. A refusal or a database that is away costs him half a second."""

    def __init__(self, stage: Stage, user: User) -> None:
        self._stage, self._user = stage, user
        self._next = 0.0

    def look(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _EVERY
        with suppress(DomainError):
            self._stage.patiently(self._release_what_is_ready)

    def _release_what_is_ready(self) -> None:
        ready = SupplierOrder.objects.filter(filed_at__isnull=False).order_by("pk")
        for order in ready.filter(status=SupplierOrderStatus.PREPARED):
            with transaction.atomic():
                check_order(supplier_order=order, actor=self._user)
        for order in ready.filter(status=SupplierOrderStatus.CHECKED):
            with transaction.atomic():
                release_order(supplier_order=order, actor=self._user)
