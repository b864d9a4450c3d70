"""What `make run` does once in a new clone: the round by the real clock, on the servers that run."""

from __future__ import annotations

import os
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from communities.models import Community
from seeds.demo.playing import ORGANISER, Plan
from seeds.demo.timeline import Timeline
from seeds.demo.whole import play_whole, set_up
from seeds.wanping import credentials
from seeds.wanping.loopback import may_have_demo_log_ins

# Long enough to order on a slow machine, short enough to be waited for.
SECONDS_OPEN = 40
_SHOWN = (ORGANISER, "checker", "treasurer", "committee")


def play_first_round(timeline: Timeline, *, seed: int) -> None:
    """Does nothing where a community exists. Raises DemoFailed."""
    if not may_have_demo_log_ins():
        timeline.say(_("No example round: other machines can reach this server."))
        return
    if Community.objects.exists():
        return
    known = set_up(timeline)
    now = timeline.now().replace(microsecond=0)
    plan = Plan(
        address=address(),
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(seconds=SECONDS_OPEN),
        seed=seed,
    )
    play_whole(plan, known, folder=settings.VAR_DIR / "first-round", timeline=timeline)


def tell_log_ins(timeline: Timeline) -> None:
    """Addresses and the demo log-ins of this clone, if it has any."""
    timeline.say(_("The desk: %(url)s") % {"url": f"{address()}/admin/desk/"})
    timeline.say(_("The API: %(url)s") % {"url": f"{address()}/api/v1/docs"})
    path = settings.VAR_DIR / credentials.FILE_NAME
    known = credentials.load(path)
    if known is None or not known.password:
        return
    timeline.say(
        _("Demo log-ins: %(names)s; password %(password)s")
        % {"names": ", ".join(_SHOWN), "password": known.password}
    )
    timeline.say(_("Tokens of residents and the supplier's key: %(path)s") % {"path": path})


def address() -> str:
    """Of web, as this machine reaches it: without a slash at the end."""
    host = os.environ.get("WEB_HOST") or "127.0.0.1"
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- a comparison
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{os.environ.get('WEB_PORT') or '8000'}"
