"""When a letter may go: one's own quiet hours come before those of the community."""

from __future__ import annotations

from datetime import datetime

from communities.groups.quiet import free_at
from communities.models import MailMessage, Membership

_at_once: set[str] = set()


def never_waits(*kinds: str) -> None:
    """Kinds that quiet hours do not hold back: goods at the door, and whatever somebody on duty must know at once."""
    _at_once.update(kinds)


def may_go_at(row: MailMessage, moment: datetime) -> datetime:
    """His own quiet hours before the community's, on the clock of the community."""
    if row.message is None or row.message.kind in _at_once:
        return moment
    box = row.mailbox
    homes = Membership.objects.live().filter(user=box.user_id, community__isnull=False)
    member = homes.select_related("community").order_by("pk").first()
    if member is None or member.community is None:
        return moment
    home = member.community
    start, end = box.quiet_from, box.quiet_until
    if start is None or end is None:
        start, end = home.quiet_from, home.quiet_until
    return free_at(moment, zone=home.zone, start=start, end=end)
