"""A round judged from the outside: what people were told, and what the tables say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import connection

from communities.models import GroupMessage, JoinRequest
from orders.models import Order, SingleRequest, SurveyWish, WaitingWish
from tests.communities.groups.houses import Houses
from tests.faults.invariants import answers
from tests.faults.roads import statements
from tests.faults.roads.scene import Scene

Checks = Iterable[tuple[str, str]]


def judge_line(scene: Scene) -> list[str]:
    """While the window is open and all background work done."""
    return list(_by_statement(scene, (*statements.ALWAYS, *statements.SERVED)))


def judge(scene: Scene) -> list[str]:
    """When it is closed and all is done."""
    found = list(_by_statement(scene, (*statements.ALWAYS, *statements.SETTLED)))
    found += answers(scene.book)
    found += scene.heard.failed
    for part in (_accepted, _calls, _joined, _ended, _surveyed):
        found += part(scene)
    return found


def _by_statement(scene: Scene, checks: Checks) -> Iterator[str]:
    ask = {"window": scene.town.window.pk, "community": scene.town.community.pk}
    with connection.cursor() as cursor:
        for sentence, statement in checks:
            cursor.execute(statement, ask)
            for row in cursor.fetchall():
                yield f"{sentence}: {', '.join(map(str, row))}"


# What a command under a key made, by the end of its address.
_MADE = {"orders": Order, "wait": WaitingWish, "requests": SingleRequest}


def _accepted(scene: Scene) -> Iterator[str]:
    """Each 201 has its row, and nobody has rows that no command of his was answered for or may have been."""
    made: dict[str, set[str]] = {name: set() for name in _MADE}
    unsure: Counter[str] = Counter()
    for key, entry in scene.book.entries.items():
        name = entry.path.rpartition("/")[2]
        if entry.method != "POST" or name not in _MADE:
            continue
        if entry.success is None:
            unsure[name] += entry.is_open or entry.may_come_late
            continue
        public_id = str(json.loads(entry.success)["id"])
        if public_id in made[name]:
            yield f"two commands were answered with one row: {name} {key}"
        made[name].add(public_id)
    for name, ids in _there(scene).items():
        for public_id in sorted(made[name] - ids):
            yield f"what was accepted is gone: {name} {public_id}"
        if len(ids - made[name]) > unsure[name]:
            yield f"more was made than was accepted: {name} {len(ids)} of {len(made[name])}"


def _there(scene: Scene) -> dict[str, set[str]]:
    """What came over the API in this round, and not before it."""
    town = scene.town
    before = {town.wish, *town.held, *town.requests, *town.plain}
    rows = {
        "orders": Order.objects.filter(window=town.window, channel=Order.Channel.REST),
        "wait": WaitingWish.objects.filter(window=town.window),
        "requests": SingleRequest.objects.filter(community=town.community),
    }
    return {
        name: {str(one) for one in found.values_list("public_id", flat=True)} - before
        for name, found in rows.items()
    }


def _calls(scene: Scene) -> Iterator[str]:
    """By telephone, by list, late: one order for each household, of what it said."""
    for call in scene.heard.calls:
        orders = list(
            Order.objects.filter(
                window=scene.town.window, household=call.household, status="placed"
            )
        )
        wanted = [(channel, dict(call.basket)) for channel in call.channels]
        found = [(order.channel, _basket(order)) for order in orders]
        if found != wanted:
            yield f"a household has another order than it said: {call.household} {found} ≠ {wanted}"


def _basket(order: Order) -> dict[int, int]:
    return dict(order.lines.values_list("offer__short_number", "quantity"))


def _joined(scene: Scene) -> Iterator[str]:
    """As the devices were told, and as many wishes as devices."""
    told = {asked.id: asked for asked in scene.heard.asked}
    rows = JoinRequest.objects.filter(community=scene.town.community)
    for public_id, status, household in rows.values_list("public_id", "status", "household_id"):
        asked = told.pop(str(public_id), None)
        if asked is None:
            yield f"a wish to join that no device asked for: {public_id}"
        elif (asked.status, asked.household) != (status, household):
            yield f"a device was told something else of its wish: {asked.status} ≠ {status}"
        elif bool(asked.token) != (status == "approved"):
            yield f"a token without an approval, or none with it: {public_id}"
    for missing in told:
        yield f"a wish to join is gone: {missing}"


def _ended(scene: Scene) -> Iterator[str]:
    """Dead at once: nothing but 401 after the end was known, and it was tried."""
    for ended in scene.heard.ended:
        after = [status for sent, status in ended.mouth.said if sent > ended.at]
        if bad := [status for status in after if status not in (0, 401) and status < 500]:
            yield f"a token lived on after its owner was {ended.how}: {bad}"
        if 401 not in after:
            yield f"nobody tried the token of whoever was {ended.how}"


def _surveyed(scene: Scene) -> Iterator[str]:
    """What stands is an answer that was accepted, and none that another one surely replaced."""
    for household in {household for household, *_rest in scene.heard.answers}:
        rows = SurveyWish.objects.filter(
            reply__survey=scene.town.survey, reply__household=household
        )
        stands = {str(item): n for item, n in rows.values_list("item__public_id", "quantity")}
        own = [one for one in scene.heard.answers if one[0] == household]
        last = max(sent for _home, _wanted, sent, _heard in own)
        possible = [wanted for _home, wanted, _sent, heard in own if heard > last]
        if stands not in possible:
            yield f"an answer to the survey is lost: household {household} {stands} {possible}"


# Robots.


def judge_robots(scenes: Iterable[Scene], houses: Houses, *, kills: int) -> tuple[list[str], int]:
    """Each text was said, and hardly any twice: at least once, and again only where somebody died over it."""
    found, twice = [], 0
    for scene in scenes:
        for there, robot_id in scene.town.robots.items():
            said = Counter(houses.robots[there].texts)
            for text in sent_to(robot_id):
                if not said[text]:
                    found.append(f"a robot did not say what it has sent: {there} {text[:40]}")
                twice += max(0, said[text] - 1)
    if twice > kills:
        found.append(f"robots said {twice} texts twice, and only {kills} processes died")
    return found, twice


def sent_to(robot_id: int) -> list[str]:
    """The texts that are known to have been said by a robot."""
    rows = GroupMessage.objects.filter(robot=robot_id, status="sent")
    return list(rows.order_by("pk").values_list("text", flat=True))


def served(scene: Scene) -> int:
    return WaitingWish.objects.filter(window=scene.town.window, status="served").count()


def count(scene: Scene) -> dict[str, int]:
    """For the tally."""
    town = scene.town
    return {
        "wishes in a line": WaitingWish.objects.filter(window=town.window).count(),
        "wishes served": served(scene),
        "people let in": JoinRequest.objects.filter(
            community=town.community, status="approved"
        ).count(),
        "orders": Order.objects.filter(window=town.window).count(),
        "robot texts": GroupMessage.objects.filter(robot__in=town.robots.values()).count(),
    }
