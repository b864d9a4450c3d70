"""A broker that goes away ends no worker."""

from __future__ import annotations

import pytest
from celery import current_app
from kombu.transport import redis


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
