"""The inbox: once per person and event."""

from __future__ import annotations

import pytest

from communities.models import InboxMessage
from communities.notices import tell
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_tell_reaches_everybody_once_per_event() -> None:
    one, other, nobody = make.make_user(), make.make_user(), make.make_user()

    tell(user_ids=[one.pk], event_key="window.closed:1", kind="window.closed", data={"title": "a"})
    tell(
        user_ids=[one.pk, other.pk],
        event_key="window.closed:1",
        kind="window.closed",
        data={"title": "b"},
    )

    told = InboxMessage.objects.order_by("pk").values_list("user", "kind", "data")
    assert list(told) == [
        (one.pk, "window.closed", {"title": "a"}),
        (other.pk, "window.closed", {"title": "b"}),
    ]
    assert not nobody.inbox.exists()
