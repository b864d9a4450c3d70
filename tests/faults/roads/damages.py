"""For every sentence of the oracle a way to make it true: SQL on a round that is over, or words that nobody heard."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace

from tests.faults.book import Book
from tests.faults.roads.lines import Mouth
from tests.faults.roads.scene import Ended, Heard, Scene

# Fifty times: so many commands have lost their reply in no round that one row more could be theirs.
_AGAIN = """
    CREATE TEMP TABLE again ON COMMIT DROP AS SELECT one.* FROM
        (SELECT * FROM {table} WHERE {which} ORDER BY id LIMIT 1) one, generate_series(1, 50);
    UPDATE again SET id = nextval(pg_get_serial_sequence('{table}', 'id')){more};
    INSERT INTO {table} SELECT * FROM again
"""

# The beginning of the sentence → what makes it true of the round in %(community)s, which is not the only one there.
BY_SQL = {
    "waiting is not what its line waits for": "UPDATE orders_offer SET waiting = waiting + 1",
    "a wish was not served by one order of its own": """
        UPDATE orders_waitingwish SET order_id = (SELECT min(id) FROM orders_order WHERE channel = 'rest')
        WHERE status = 'served'
    """,
    "an order out of the line belongs to no wish": """
        UPDATE orders_order SET channel = 'waiting' WHERE channel = 'phone'
    """,
    "somebody further back was served before": """
        UPDATE orders_waitingwish w SET status = 'waiting', order_id = NULL, quantity = 1
        WHERE id = (SELECT min(v.id) FROM orders_waitingwish v WHERE v.window_id = w.window_id);
        UPDATE orders_waitingwish w SET status = 'served',
            order_id = (SELECT max(id) FROM orders_order d WHERE d.window_id = w.window_id)
        WHERE id = (SELECT max(v.id) FROM orders_waitingwish v WHERE v.window_id = w.window_id)
    """,
    "a door has not as many members": """
        DELETE FROM communities_membership WHERE household_id IN (SELECT household_id FROM communities_joinrequest)
    """,
    "somebody was let in and is not one account": """
        UPDATE communities_joinrequest SET user_id = (SELECT min(id) FROM communities_user)
    """,
    "a step was noted more than once": _AGAIN.format(
        table="kernel_auditentry", which="action = 'join.approved'", more=""
    ),
    "an order written down has not one note": "DELETE FROM orders_proxywish",
    "a person was told twice": _AGAIN.format(
        table="communities_inboxmessage", which="true", more=""
    ),
    "a robot has an event twice": _AGAIN.format(
        table="communities_groupmessage", which="true", more=""
    ),
    "a wish that fits was not served": """
        UPDATE orders_offer SET cap = cap + 99 WHERE cap IS NOT NULL;
        UPDATE orders_waitingwish SET status = 'waiting'
    """,
    "somebody of the compound was not told of the opening": """
        DELETE FROM communities_inboxmessage WHERE kind = 'window.opened'
    """,
    "whoever was served was not told": "DELETE FROM communities_inboxmessage WHERE kind = 'waiting.served'",
    "a household was not told of the order that was added late": """
        DELETE FROM communities_inboxmessage WHERE kind = 'order.added_late'
    """,
    "a household was not told once of the promise": _AGAIN.format(
        table="communities_inboxmessage",
        which="""kind = 'request.promised' AND EXISTS (
            SELECT FROM orders_singlerequest r JOIN communities_membership m ON m.household_id = r.household_id
            WHERE r.community_id = %(community)s AND r.status = 'promised' AND m.ended_at IS NULL
                AND m.user_id = communities_inboxmessage.user_id
                AND event_key LIKE 'request.promised:' || r.id || ':%%')""",
        more=", event_key = event_key || 'x'",
    ),
    "a robot has not been told once": "UPDATE communities_groupmessage SET status = 'failed'",
    "an import was confirmed and is not done": "UPDATE kernel_importrow SET result = ''",
    "an order was added late and no revision": (
        "UPDATE orders_orderwindow SET demand_revision = demand_revision - 1"
    ),
    "what was accepted is gone": "DELETE FROM orders_singlerequest WHERE what LIKE '高钙奶粉 %%'",
    "more was made than was accepted": _AGAIN.format(
        table="orders_singlerequest",
        which="what LIKE '高钙奶粉 %%' AND community_id = %(community)s",
        more=", public_id = gen_random_uuid()",
    ),
    "a household has another order than it said": "UPDATE orders_orderline SET quantity = quantity + 1",
    "a device was told something else": "UPDATE communities_joinrequest SET status = 'refused'",
    "a wish to join is gone": "DELETE FROM communities_joinrequest",
    "an accepted request is not stored": "DELETE FROM kernel_idempotencykey",
}

Falsify = Callable[[Scene], Scene]


def _heard(scene: Scene, **changes: object) -> Scene:
    return replace(scene, heard=Heard(**{**vars(scene.heard), **changes}))


def _one_answer_for_two(scene: Scene) -> Scene:
    """Another key heard of the same row."""
    other, entries = Book(), scene.book.entries
    other.entries = dict(entries)
    key = next(k for k, e in entries.items() if e.success and e.path.endswith("/orders"))
    other.entries[f"{key}-other"] = entries[key]
    return replace(scene, book=other)


def _ended(scene: Scene, *said: tuple[float, int]) -> list[Ended]:
    mouths = []
    for ended in scene.heard.ended:
        mouth = Mouth.__new__(Mouth)
        mouth.said = [*said]
        mouths.append(replace(ended, mouth=mouth))
    return mouths


def _other_answer(scene: Scene) -> Scene:
    """A repeat that was answered in other bytes."""
    other = Book()
    other.entries = dict(scene.book.entries)
    key, entry = next((k, e) for k, e in other.entries.items() if e.success)
    body = json.dumps({"id": "other"}).encode()
    other.entries[key] = replace(entry, answers=[*entry.answers, (200, body)])
    return replace(scene, book=other)


# The same with the tables sound.
BY_HEARSAY: dict[str, Falsify] = {
    "two commands were answered with one row": _one_answer_for_two,
    "a repeat was answered with other bytes": _other_answer,
    "a wish to join that no device asked for": lambda scene: _heard(scene, asked=[]),
    "a token without an approval": lambda scene: _heard(
        scene, asked=[replace(one, token="") for one in scene.heard.asked]
    ),
    "an answer to the survey is lost": lambda scene: _heard(
        scene, answers=[(home, {"other": 1}, *when) for home, _w, *when in scene.heard.answers]
    ),
    "a token lived on": lambda scene: _heard(
        scene, ended=_ended(scene, (time.time(), 201), (time.time(), 401))
    ),
    "nobody tried the token": lambda scene: _heard(scene, ended=_ended(scene)),
}
