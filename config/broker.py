"""How processes bear with a broker that goes away: worker and beat try again every second for ever; who rings gives up
at once.
"""

from __future__ import annotations

from typing import Any, Self

from celery.app.amqp import AMQP
from kombu import Connection
from kombu.transport import redis
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import RedisError

# Kombu waits 2, 4, 6 … 30 s between tries: after a minute without a broker nobody would listen for half of another.
_EVERY_SECOND = {"interval_start": 1, "interval_step": 0, "interval_max": 1}


class QoS(redis.QoS):
    """A broker that answers too late must not count for ever. Kombu 5.7 keeps a message whose acknowledgement failed
    among those in hand: after as many as the worker may have at once it would take no other, and say nothing.
    """

    def ack(self, delivery_tag: str) -> None:
        """Raises what the broker's client does. The message comes again after the visibility timeout: no harm."""
        try:
            super().ack(delivery_tag)
        except (RedisError, OSError):
            super(redis.QoS, self).ack(delivery_tag)
            raise


class Channel(redis.Channel):
    """A task that ends after its channel was closed acknowledges into the void. Kombu 5.7 stumbles over the missing
    connection then, with an error that nobody expects, and the whole worker ends.
    """

    QoS = QoS

    def _connparams(self, asynchronous: bool = False) -> Any:
        if self.connection is None or self.connection.client is None:
            raise ConnectionLost("the connection of this channel was closed")
        return super()._connparams(asynchronous)  # type: ignore[misc]  # not in the stubs


class Transport(redis.Transport):
    Channel = Channel


class PatientConnection(Connection):
    """Worker and beat call this one; whoever sends goes by `max_retries` of CELERY_BROKER_TRANSPORT_OPTIONS."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Self:
        return super().ensure_connection(*args, **{**_EVERY_SECOND, **kwargs})

    def get_transport_cls(self) -> Any:
        usual = super().get_transport_cls()
        return Transport if usual is redis.Transport else usual


class PatientAMQP(AMQP):
    Connection = PatientConnection
