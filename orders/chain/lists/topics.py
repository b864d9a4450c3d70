"""What a list says of its organiser's door: where things are handed out. Pure."""

from __future__ import annotations

import re

from orders.chain.lists.doors import Doors
from orders.chain.lists.senders import COUNTED

_ORGANISER = re.compile(r"[(\[【](?:团长|群主|楼长|负责人|自提点?|提货点?)[^)\]】]{2,20}[)\]】]")
# Everything goes to the organiser's home 7-1501, 自提点3号楼101: a door at the end of the line.
_HANDED_OUT = re.compile(
    "(?:团长|群主|楼长|楼组长|自提|提货|取货|领货|自取|统一[寄送放发])[^\\d,，。;；]{0,8}[:： ]{0,2}$"
)
_WHEN = re.compile(r"\d{1,2}(?:[/.月:：]\d{1,2}|点)[日号半]?")


def is_topic(line: str, doors: Doors) -> bool:
    """大米团(团长5-302), 4/20统一送到团长家 5-302: the only door in it is where things are handed out."""
    told = _ORGANISER.search(line)
    if told is None:
        return _ends_where_it_is_handed_out(line, doors)
    if COUNTED.search(_ORGANISER.sub("", line)):
        return False
    spans = doors.find(line).spans
    return all(told.start() < a < b <= told.end() for a, b in spans)


def _ends_where_it_is_handed_out(line: str, doors: Doors) -> bool:
    spans = doors.find(line).spans
    if not spans or line[spans[-1][1] :].strip(" 。.!)") or doors.menu is None:
        return False
    before = _WHEN.sub("", line[: spans[0][0]])
    is_order = COUNTED.search(before) or doors.menu.names_any(before)
    return not is_order and _HANDED_OUT.search(before) is not None
