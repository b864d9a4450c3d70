"""What the rows of a list are compared with: doors, offers, orders, and earlier lists of the same group buy."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from communities.addresses.finding import locate
from communities.addresses.located import Certainty, Located
from communities.addresses.register import Register
from communities.models import AddressQuestion, Household
from communities.selectors import register_of
from communities.states import QuestionStatus
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu
from orders.intake.growing import newest_lists
from orders.intake.memory import Lines, Taken, remembered
from orders.intake.remembering import taken_of
from orders.models import Offer, Order, OrderLine, OrderWindow, WindowCommunity
from orders.placing.pieces import pieces_left
from orders.states import OrderStatus, WindowStatus
from orders.supply.adding import takes_late_orders

KIND = "orders"
SUBJECT = "window_community"
# What an address question about a line of a chat is about.
LINE = "chat_line"


@dataclass(frozen=True)
class Standing:
    """An order of a household in the window, cancelled or not: `lines` are (offer id, quantity)."""

    id: int
    version: int
    channel: str
    is_placed: bool
    lines: Lines


@dataclass
class World:
    """Read once for a whole file; constant statements."""

    joined: WindowCommunity

    @cached_property
    def window(self) -> OrderWindow:
        return self.joined.window

    @cached_property
    def is_late(self) -> bool:
        """Between cutoff and release: whoever is new is added with a reason, nobody is changed."""
        return takes_late_orders(self.window)

    @cached_property
    def offers(self) -> list[Offer]:
        rows = Offer.objects.filter(window=self.joined.window_id, is_active=True)
        return list(rows.annotate(left=pieces_left()).order_by("short_number"))

    @cached_property
    def goods(self) -> list[Goods]:
        return [goods_of(offer) for offer in self.offers]

    @cached_property
    def menu(self) -> Menu:
        return Menu(self.goods)

    @cached_property
    def names(self) -> dict[str, int]:
        """Name as it is shown and mended → offer id."""
        return {name: key for key, name in self.labels.items()}

    @cached_property
    def labels(self) -> dict[int, str]:
        """Offer id → its name, with the specification where two have the same name."""
        count: dict[str, int] = defaultdict(int)
        for offer in self.offers:
            count[offer.name] += 1
        return {
            offer.pk: offer.name
            if count[offer.name] == 1
            else f"{offer.name}（{offer.spec or offer.short_number}）"
            for offer in self.offers
        }

    @cached_property
    def by_offer(self) -> dict[int, Offer]:
        return {offer.pk: offer for offer in self.offers}

    @cached_property
    def register(self) -> Register:
        return register_of(self.joined.community)

    @cached_property
    def doors(self) -> dict[str, int]:
        """Door as it is shown and picked → household id."""
        rows = Household.objects.filter(community=self.joined.community_id, is_active=True)
        rows = rows.select_related("building").order_by("building__sort_key", "sort_key")
        return {f"{home.building.label} {home.room}": home.pk for home in rows}

    @cached_property
    def door_of(self) -> dict[int, str]:
        return {household: door for door, household in self.doors.items()}

    def locate(self, text: str, home: tuple[int, ...] = ()) -> Located | int:
        """The household of a picked door, or what the words of an address say."""
        picked = self.doors.get(text.strip())
        if picked is not None:
            return picked
        located = locate(text, self.register, home=home)
        if located.certainty == Certainty.SURE and located.household_id is not None:
            return located.household_id
        return located

    @cached_property
    def orders(self) -> dict[int, list[Standing]]:
        """By household, in the order of their numbers."""
        rows = Order.objects.filter(
            window=self.joined.window_id, community=self.joined.community_id
        )
        lines: dict[int, set[tuple[int, int]]] = defaultdict(set)
        for owner, offer, quantity in OrderLine.objects.filter(
            order__in=rows.values("pk")
        ).values_list("order_id", "offer_id", "quantity"):
            lines[owner].add((offer, quantity))
        found: dict[int, list[Standing]] = defaultdict(list)
        for order in rows.order_by("number"):
            is_placed = order.status == OrderStatus.PLACED
            standing = Standing(
                order.pk, order.version, order.channel, is_placed, frozenset(lines[order.pk])
            )
            found[order.household_id].append(standing)
        return found

    @cached_property
    def _taken(self) -> list[Taken]:
        return taken_of(self.joined)

    @cached_property
    def before(self) -> dict[int, list[Taken]]:
        """By household: the lines of earlier lists that stand."""
        return remembered(self._taken)

    @cached_property
    def by_mark(self) -> dict[str, list[Taken]]:
        """The same, by the words."""
        found: dict[str, list[Taken]] = defaultdict(list)
        for lines in self.before.values():
            for line in filter(lambda one: one.mark, lines):
                found[line.mark].append(line)
        return dict(found)

    @cached_property
    def lists(self) -> dict[int, set[int]]:
        """Earlier list → households it names; of a list that was pasted several times, growing, the last."""
        return newest_lists(self._taken)

    @cached_property
    def answers(self) -> dict[int, int]:
        """Number of a chat's line → household, where somebody asked about its address."""
        rows = AddressQuestion.objects.filter(
            community=self.joined.community_id, subject_kind=LINE, status=QuestionStatus.ANSWERED
        )
        return dict(rows.values_list("subject_id", "household_id"))

    @cached_property
    def elsewhere(self) -> set[int]:
        """Households of this community with an order in another group buy that is open now."""
        rows = Order.objects.filter(
            community=self.joined.community_id,
            status=OrderStatus.PLACED,
            window__status=WindowStatus.OPEN,
        ).exclude(window=self.joined.window_id)
        return set(rows.values_list("household_id", flat=True))


def world_of(subject_id: int) -> World:
    joined = WindowCommunity.objects.select_related(
        "window__supplier", "window__community", "community"
    )
    return World(joined.get(pk=subject_id))


def goods_of(offer: Offer) -> Goods:
    """`offer` carries `left`."""
    return Goods(
        key=offer.pk,
        number=offer.short_number,
        name=offer.name,
        spec=offer.spec,
        unit=offer.unit,
        price_fen=offer.price_fen,
        most=offer.household_limit,
        left=offer.left,  # type: ignore[attr-defined]
    )
