"""How many bells nobody has heard yet. Counted, not timed: messages expire by the clock of whoever reads them, and a
worker whose clock is two hours fast would throw every one away.
"""

from __future__ import annotations

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import RedisError


def unheard(queue: str) -> int:
    """How many messages wait in a queue of the broker. Raises kombu's OperationalError if it is away."""
    try:
        return _length(queue)
    except (RedisError, OSError) as error:
        raise OperationalError(str(error)) from error


def _length(queue: str) -> int:
    with current_app.producer_or_acquire() as producer:
        client = producer.connection.default_channel.client
        try:
            return int(client.llen(queue))
        except ConnectionLost:
            # The broker was restarted since the last question; the next one opens another connection.
            return int(client.llen(queue))
