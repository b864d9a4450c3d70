"""A broker that goes away ends no worker."""

from __future__ import annotations

import pytest
from celery import current_app
from kombu.transport import redis, virtual
from redis.exceptions import TimeoutError as AnsweredTooLate

from config.broker import QoS


def test_channel_whose_connection_was_closed_says_so_in_a_way_the_worker_expects() -> None:
    connection = current_app.connection_for_write()
    channel, expected = connection.channel(), connection.connection_errors
    assert isinstance(channel, redis.Channel)
    connection.release()

    with pytest.raises(expected), channel.conn_or_acquire():
        pass


def test_control_kombu_stumbles_over_the_closed_connection() -> None:
    connection = current_app.connection_for_write()
    channel = redis.Channel(connection.transport)
    expected = connection.connection_errors
    connection.release()

    with pytest.raises(AttributeError) as found, channel.conn_or_acquire():
        pass
    assert not isinstance(found.value, expected)


def _too_late(*_given: object) -> None:
    raise AnsweredTooLate


def _with_its_only_message_in_hand(
    kind: type[redis.QoS], monkeypatch: pytest.MonkeyPatch
) -> redis.QoS:
    monkeypatch.setattr(redis.QoS, "pipe_or_acquire", _too_late)
    with current_app.connection_for_write() as connection:
        qos = kind(connection.channel(), prefetch_count=1)
    qos.restore_at_shutdown = False
    virtual.QoS.append(qos, None, "tag")
    assert not qos.can_consume()
    with pytest.raises(AnsweredTooLate):
        qos.ack("tag")
    return qos


def test_worker_whose_acknowledgement_was_lost_takes_the_next_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _with_its_only_message_in_hand(QoS, monkeypatch).can_consume()


def test_control_kombu_counts_it_as_in_hand_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _with_its_only_message_in_hand(redis.QoS, monkeypatch).can_consume()
