"""Names above messages, as a chat prints them. Pure."""

from __future__ import annotations

import re

from communities.things import names_a_thing, says_something
from orders.chain.entries import Piece, Wanted
from orders.chain.lists.doors import Doors
from orders.chain.names.menu import Menu
from orders.chain.talk.lexicon import TALK, holds_a_word
from orders.chain.talk.talk import asks
from orders.chain.talk.undoing import undoes

# So many have their name above what they say.
MANY_NAMES = 3
_NAMED = re.compile(r"[^:,、;。]{1,24}:")
# For somebody else, or of another message.
_SAID = re.compile("[隔邻对帮替代转补改另再同\\d]|[上下]面|楼[上下]")


COUNTED = re.compile(r"\d|[一二两三四五六七八九十][份个盒袋箱板桶瓶罐包提斤只条件套块把串根颗支]")


def is_named(line: str) -> bool:
    """8-101 夏夏: and nothing behind it."""
    return _NAMED.fullmatch(line) is not None


def is_somebody(line: str, doors: Doors) -> bool:
    """云淡风轻: without a door, where the others have theirs; not 另外: nor 补充:."""
    if not is_named(line) or asks(line) or says_something(line):
        return False
    return not holds_a_word(line) and not doors.has_place(line)


def with_name_above(piece: Piece, wanted: Wanted, menu: Menu) -> None:
    """云淡风轻 above the message is whoever wrote it, whatever the words mean elsewhere."""
    above, sign, below = piece.text.partition("\n")
    is_above = is_named(above) or above == piece.sender
    if not sign or not below or not is_above or menu.names_any(above):
        return
    for remark in list(wanted.remarks):
        words = str(remark.params.get("words", ""))
        if remark.code != "words_unexplained" or words not in above or words in below:
            continue
        if _is_said(words) or (wanted.label and names_a_thing(words)):
            continue
        wanted.remarks.remove(remark)
        wanted.nicknames = [one for one in wanted.nicknames if one != words]
        wanted.label = f"{wanted.label} {words}".strip()
        wanted.is_named = True


def _is_said(words: str) -> bool:
    """About an order: nobody is called so."""
    is_order = TALK.search(words) or _SAID.search(words) or COUNTED.search(words)
    return bool(is_order) or asks(words.removesuffix("团")) or holds_a_word(words) or undoes(words)
