"""Who may do what on every page of the console: a table that knows nothing of the code that obeys it.

An answer is `ok` (200), `go` (302 to a page of ours), `log in` (302 to the log-in, which leads back), `refused` (403),
`missing` (404) or `method` (405); behind a `+` stand the tables that a POST changes. GET, HEAD, PUT and DELETE change
nothing but for the pages in EXPORTS, each of which notes in the audit that somebody took a copy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from communities.roles import Role
from tests.rights.world import OFFICERS, STAFF_HERE, STAFF_THERE

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
Roles = frozenset[Role]

# The groups of DESIGN §5, spelt again: who loosens them in the code fails here.
COMMITTEE = frozenset({Role.COMMITTEE})
COORDINATORS = COMMITTEE | {Role.ORGANISER}
CHECKERS = COORDINATORS | {Role.CHECKER}
WRITERS = CHECKERS | {Role.VOLUNTEER}
HANDS = CHECKERS | {Role.VOLUNTEER, Role.BUILDING_LEADER}
STAFF = HANDS | {Role.TREASURER, Role.PROPERTY, Role.OWNERS_COMMITTEE}
COLLECTORS = HANDS | {Role.TREASURER}
OVERSEERS = COORDINATORS | {Role.OWNERS_COMMITTEE}
SUPERUSERS: Roles = frozenset()


@dataclass(frozen=True)
class Who:
    """Somebody with at most one role: at `places`, through a region if `above`, for one `building` if a leader."""

    role: Role | None = None
    places: frozenset[str] = frozenset()
    above: bool = False
    building: str = "1"
    is_signed_in: bool = True
    is_staff: bool = True
    is_superuser: bool = False

    @property
    def enters(self) -> bool:
        return self.is_signed_in and self.is_staff

    def ever(self, roles: Roles) -> bool:
        """One of the roles, wherever."""
        return self.is_superuser or self.role in roles

    def somewhere(self, roles: Roles, places: Collection[str]) -> bool:
        """One of the roles at one of the places. Superusers everywhere, but nothing is nowhere."""
        return bool(places) and (
            self.is_superuser or (self.role in roles and any(self._at(places)))
        )

    def everywhere(self, roles: Roles, places: Collection[str]) -> bool:
        return bool(places) and (
            self.is_superuser or (self.role in roles and all(self._at(places)))
        )

    def _at(self, places: Collection[str]) -> list[bool]:
        return [place in self.places for place in places]

    def behind_doors(self, roles: Roles, places: Collection[str]) -> bool:
        """As `somewhere`, for what lies in building 1: a leader of another one sees nothing of it."""
        is_elsewhere = self.role == Role.BUILDING_LEADER and self.building != "1"
        return not is_elsewhere and self.somewhere(roles, places)


_REACH = {"north": {"home", "sister"}, "street": {"home", "sister", "far"}, "south": {"far"}}
WHO: dict[str, Who] = {
    "anonymous": Who(is_signed_in=False),
    "inactive_organiser": Who(is_signed_in=False),
    "resident": Who(Role.RESIDENT, frozenset({"home"}), is_staff=False),
    "unstaffed": Who(Role.ORGANISER, frozenset({"home"}), is_staff=False),
    "nobody": Who(),
    "former_organiser": Who(),
    **{name: Who(role, frozenset({"home"})) for name, role in STAFF_HERE.items()},
    "leader_next": Who(Role.BUILDING_LEADER, frozenset({"home"}), building="2"),
    **{name: Who(role, frozenset({"far"})) for name, role in STAFF_THERE.items()},
    **{
        name: Who(role, frozenset(_REACH.get(region, ())), above=True)
        for name, (region, role) in OFFICERS.items()
    },
    "admin": Who(is_superuser=True),
}


@dataclass(frozen=True)
class Target:
    """What an address names. `places` are the communities it belongs to: none for what does not exist. `is_mixed`:
    a window or supplier of one's own, and below it something foreign.
    """

    name: str = ""
    places: frozenset[str] = frozenset()
    is_mixed: bool = False


NO_TARGET = Target()
OWN = Target("own", frozenset({"home"}))
FOREIGN = Target("foreign", frozenset({"far"}))
SHARED = Target("shared", frozenset({"home", "sister"}))
MISSING = Target("missing")
# A round that `far` leads and `home` buys in, with a household at home: on the pages that are for both, and on others.
JOINT = Target("joint", frozenset({"home", "far"}))
LED = Target("joint", frozenset({"far"}))
# What is the business of each that buys in it: of `home` in that round, of `far` in one that `home` leads.
BOUGHT = Target("joint", frozenset({"home"}))
GUEST = Target("guest", frozenset({"far"}))
MIXED = replace(OWN, name="mixed", is_mixed=True)

Rule = Callable[[Who, str, Target], str]


def always(answer: str) -> Rule:
    return lambda *_cell: answer


def entered(rule: Rule) -> Rule:
    """The admin's door: everybody else is sent to the log-in."""
    return lambda who, method, target: rule(who, method, target) if who.enters else "log in"


def view(methods: str, answer: str = "ok") -> Rule:
    """One of Django's own pages: the same for everybody inside."""
    return entered(lambda _who, method, _target: answer if method in methods.split() else "method")


def for_some(roles: Roles, otherwise: str) -> Rule:
    return entered(lambda who, *_rest: "ok" if who.ever(roles) else otherwise)


@dataclass(frozen=True)
class Records:
    """The admin's pages of one model. `look` at rows of one's own places, `keep` them, `add` new ones; None is nobody
    at all. `doors`: rows of a building. `shared`: looked at by anyone of the places, kept by who has them all.
    `regions`: kept and added only by a role at a region.
    """

    look: Roles
    keep: Roles | None = None
    add: Roles | None = None
    doors: bool = False
    shared: bool = False
    regions: str = ""
    added_below: bool = False
    unfiltered: bool = False

    def sees(self, who: Who, target: Target, roles: Roles | None = None) -> bool:
        test = who.behind_doors if self.doors else who.somewhere
        return test(self.look if roles is None else roles, target.places)

    def keeps(self, who: Who, target: Target) -> bool:
        if self.keep is None or ("keep" in self.regions and not (who.above or who.is_superuser)):
            return False
        test = who.everywhere if self.shared else who.somewhere
        return test(self.keep, target.places)

    def list(self, who: Who, method: str, target: Target) -> str:
        return "ok" if who.ever(self.look) else "refused"

    def row(self, who: Who, method: str, target: Target) -> str:
        """The page of one row, and its history."""
        if not who.ever(self.look):
            return "refused"
        if self.unfiltered and not target.places:
            return "go"
        return "ok" if self.sees(who, target) else "missing"

    def change(self, who: Who, method: str, target: Target) -> str:
        if method != "POST":
            return self.row(who, method, target)
        if self.keep is None or not who.ever(self.keep):
            return "refused"
        if not self.sees(who, target):
            return "missing"
        return "ok" if self.keeps(who, target) else "refused"

    def new(self, who: Who, method: str, target: Target) -> str:
        above = "add" not in self.regions or who.above or who.is_superuser
        if self.add is None or not who.ever(self.add) or not above:
            return "refused"
        return "go" if self.added_below else "ok"

    def act(self, done: str, keep: Roles | None = None) -> Rule:
        """A page of its own that does one thing to a row, by POST; `keep` None: for whoever sees the row."""

        def rule(who: Who, method: str, target: Target) -> str:
            if method != "POST":
                return "method"
            if not who.ever(self.look):
                return "refused"
            if not self.sees(who, target):
                return "missing"
            if keep is not None and not replace(self, keep=keep).keeps(who, target):
                return "refused"
            return "missing" if target.is_mixed else done

        return entered(rule)

    def rules(self, name: str) -> dict[str, Rule]:
        """By the names of the admin's addresses."""
        return {
            f"admin:{name}_changelist": entered(self.list),
            f"admin:{name}_add": entered(self.new),
            f"admin:{name}_change": entered(self.change),
            f"admin:{name}_history": entered(self.row),
            f"admin:{name}_delete": entered(always("refused")),
            f"admin/{name.replace('_', '/')}/<path:object_id>/": entered(always("go")),
        }


@dataclass(frozen=True)
class Desk:
    """A page of the desk: `look` by GET, `act` by POST, in the community that leads the window. `doors`: the thing
    below the window lies in a building.
    """

    look: Roles | None
    methods: str = "GET"
    act: Roles | None = None
    doors: bool = False
    done: str = "ok"

    def __call__(self, who: Who, method: str, target: Target) -> str:
        if method not in self.methods.split():
            return "method"
        if not who.enters:
            return "refused" if who.is_signed_in else "log in"
        roles = self.look or self.act or SUPERUSERS
        if not who.somewhere(roles, target.places):
            return "refused" if who.somewhere(STAFF, target.places) else "missing"
        if target.is_mixed or (self.doors and not who.behind_doors(roles, target.places)):
            return "missing"
        if method != "POST":
            return "ok"
        return self.done if who.somewhere(self.act or SUPERUSERS, target.places) else "refused"


def catalogue(methods: str, done: str = "ok") -> Rule:
    """A page of a supplier's catalogue: for who coordinates every community that the supplier serves."""

    def rule(who: Who, method: str, target: Target) -> str:
        if not who.enters:
            return "refused" if who.is_signed_in else "log in"
        if method not in methods.split():
            return "method"
        if not who.somewhere(STAFF, target.places):
            return "missing"
        if not who.everywhere(COORDINATORS, target.places):
            return "refused"
        return done if method == "POST" else "ok"

    return rule


def order_list(methods: str, done: str = "ok") -> Rule:
    """A page of an order list: for who may write down everybody's orders in the community, whoever leads the round."""

    def rule(who: Who, method: str, target: Target) -> str:
        if not who.enters:
            return "refused" if who.is_signed_in else "log in"
        if method not in methods.split():
            return "method"
        if not who.somewhere(STAFF, target.places):
            return "missing"
        if not who.somewhere(WRITERS, target.places):
            return "refused"
        return done if method == "POST" else "ok"

    return rule


def console(
    roles: Roles, methods: str, *, at_a_place: bool = False, at_a_region: bool = False
) -> Rule:
    """A page of the desk about nothing in particular."""

    def rule(who: Who, method: str, target: Target) -> str:
        if method not in methods.split():
            return "method"
        if not who.is_signed_in:
            return "log in"
        may = who.is_staff and who.ever(roles) and not (at_a_place and not who.places)
        may = may and (who.above or not at_a_region)
        return "ok" if may or who.is_superuser else "refused"

    return rule
