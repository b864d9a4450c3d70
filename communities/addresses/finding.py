"""Find the household in an address field or in a free line of a chat. Pure."""

from __future__ import annotations

from collections.abc import Collection

from communities.addresses.located import Located, Reason
from communities.addresses.misgivings import misgiving
from communities.addresses.pieces import BARE
from communities.addresses.reading import Reading, Window, crosses
from communities.addresses.register import Register
from communities.addresses.unfound import far_room, missed, run_together


def locate(text: str, register: Register, *, home: Collection[int] = ()) -> Located:
    """Read a field that holds an address and nothing else: 五百弄56栋602, 2-301, 301室2号楼.

    `home` are the houses of the chat group it came from: a room alone is then one of theirs.
    """
    return _located(Reading(text, register, home, is_field=True))


def find(text: str, register: Register, *, home: Collection[int] = ()) -> Located:
    """Read a free line that holds an address somewhere: `2-301 张阿姨 A2 B1`, its index (3.) already taken off.

    What is not the address stays outside of `spans`. A phone number is never an address.
    """
    return _located(Reading(text, register, home, is_field=False))


def _located(reading: Reading) -> Located:
    windows = reading.windows()
    found = [window for window in windows if window.match.doors]
    found = [w for w in found if not any(other.holds(w) for other in found)]
    forward = [w for w in found if not w.is_reversed]
    found = [w for w in found if not (w.is_reversed and any(crosses(w, o) for o in forward))]
    if not reading.is_field and any(not _is_figure(reading, w) for w in found):
        # Among villas every quantity is a house: 8号 鸡蛋2.
        found = [w for w in found if not _is_figure(reading, w)]
    if found:
        return _judged(reading, found)
    return far_room(reading, windows) or run_together(reading) or missed(reading, windows)


def _is_figure(reading: Reading, window: Window) -> bool:
    piece = reading.pieces[window.first]
    return window.after - window.first == 1 and piece.kind == BARE and not piece.is_long


def _judged(reading: Reading, found: list[Window]) -> Located:
    """Of windows with households the clearest; another household in another window is a doubt."""
    best = max(found, key=lambda w: (w.match.reason == Reason.FOUND, reading.strength(w), -w.first))
    doors = {door.id: door for door in best.match.doors}
    is_other = any({door.id for door in window.match.doors} != set(doors) for window in found)
    if is_other:
        reason = Reason.SEVERAL_ADDRESSES
        for window in found:
            doors |= {door.id: door for door in window.match.doors}
    elif best.match.reason == Reason.FOUND:
        reason = misgiving(reading, best)
    else:
        reason = best.match.reason
    return reading.answer(best, reason, tuple(doors.values()), found)
