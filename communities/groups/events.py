"""Which events a robot may be given, and which of them quiet hours hold back. Apps name theirs on start."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

TEST = "robot.test"


@dataclass(frozen=True)
class Event:
    """`waits`: it is held back in quiet hours. A shift, or goods at the door, never is."""

    topic: str
    name: str | Promise
    waits: bool = True


_events: dict[str, Event] = {}


def name_event(event: Event) -> None:
    """Once for each topic, on start."""
    _events[event.topic] = event


def events() -> list[Event]:
    """In the order in which they were named: that of a round."""
    return list(_events.values())


def waits(topic: str) -> bool:
    """An unknown topic does: nobody is woken by accident."""
    return topic not in _events or _events[topic].waits
