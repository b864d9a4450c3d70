"""Beat's schedule as `celery beat --scheduler config.doorbell:Doorbell` runs it: kept in memory, and patient."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery.beat import ScheduleEntry, Scheduler, SchedulingError
from celery.utils.log import get_logger
from kombu.exceptions import OperationalError

from config.kernel.bells import unheard

logger = get_logger(__name__)

# So many sweeps may wait; an hour without workers leaves no heap of bells behind, and three beats ring like one.
ENOUGH = 2
# This one is rung every second in a queue of others: it leaves them a place, or slow workers would never hear the rest.
FEWER = {"kernel.sweep_watched": 1}
# Seconds between two: what is rung less often than this is always rung.
OFTEN = 60.0


class Doorbell(Scheduler):
    """Rings no bell while two are unheard, and one of FEWER not beside a single one. A broker that is away costs
    a line of the log: work is found by its state, whenever the next bell rings.
    """

    def apply_async(
        self, entry: ScheduleEntry, producer: Any = None, advance: bool = True, **kwargs: Any
    ) -> Any:
        try:
            if self._has_enough(entry):
                return None
            return super().apply_async(entry, producer, advance, **kwargs)
        except (OperationalError, SchedulingError) as error:
            logger.warning("the broker is away, %s is not rung: %s", entry.task, error)
            return None

    def _has_enough(self, entry: ScheduleEntry) -> bool:
        every: timedelta | None = getattr(entry.schedule, "run_every", None)
        if every is None or every.total_seconds() >= OFTEN:
            return False
        queue = self.app.amqp.router.route({}, str(entry.task))["queue"].name
        return unheard(queue) >= FEWER.get(str(entry.task), ENOUGH)
