"""The text that starts a chat list: what is on offer, with short numbers, and an example to copy."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from orders.chain.lists.offering import chat_menu
from orders.files import wording
from orders.files.labels import labels_for
from orders.files.text import for_chat
from orders.intake.world import World
from orders.models import OrderWindow


def menu_of(window: OrderWindow) -> str:
    """The text for the chat of the community that leads. Two statements."""
    joined = window.joined.filter(community=window.community_id).first()
    if joined is None:
        return ""
    joined.window = window
    return menu_text(World(joined))


def menu_text(world: World) -> str:
    """Always in Chinese: it goes into the neighbours' chat, and is read back from there. Empty without offers."""
    if not world.goods:
        return ""
    labels = labels_for("zh-hans")
    window = world.window
    closes = wording.moment(window.closes_at.astimezone(ZoneInfo(window.community.zone)), labels)
    return chat_menu(
        title=for_chat(window.title, limit=80),
        cutoff=f"截单：{closes}",
        goods=world.goods,
        door="2-301",
        words=("接龙请写楼号-室号和编号×份数", "例"),
    )
