"""A notice as a picture for a chat: 1,080 pixels wide, for groups that have no robot and read on phones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from orders.files.paper import draw_picture, template
from orders.files.text import for_paper

Tone = Literal["go", "hurry", "stop", "calm"]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a group reads. `badge` says in a word what happened, `facts` are label and value, `words` sentences.
    `menu`: lines that only the text has; a picture of sixty goods nobody can read.
    """

    badge: str
    title: str
    facts: Sequence[tuple[str, str]] = ()
    words: Sequence[str] = ()
    tone: Tone = "calm"
    language: str = "zh-hans"
    menu: Sequence[str] = ()


def write_picture(notice: Notice) -> bytes:
    """The PNG's bytes, the same for the same notice; as high as it has to be."""
    data = {
        "language": notice.language,
        "badge": for_paper(notice.badge, limit=24),
        "title": for_paper(notice.title, limit=80),
        "facts": [
            {"label": for_paper(label, limit=30), "value": for_paper(value, limit=400)}
            for label, value in notice.facts
        ],
        "words": [for_paper(words, limit=400) for words in notice.words],
        "tone": notice.tone,
    }
    return draw_picture(template("notice.typ"), data)
