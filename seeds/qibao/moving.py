"""One estate moves in: houses, households, people, accounts, posts. About six INSERTs, however many live there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from communities import personal
from communities.models import Building, Community, Household, Membership, Resident, User
from communities.natural import natural_key
from communities.places import building_key
from communities.roles import Role
from config.kernel.audit import Actor
from seeds.qibao.estates import Estate
from seeds.qibao.people import Home, Post, homes, name_of, posts

SEEDER = Actor("command")
SINCE = datetime(2022, 3, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
_BATCH = 2000


@dataclass(frozen=True)
class LogIns:
    """The one stored password of everybody on duty, and that of all others, who have none. Hashing one for each of two
    thousand people would take longer than everything else.
    """

    on_duty: str
    residents: str

    def account(self, username: str, name: str, *, is_staff: bool) -> User:
        return User(
            username=username,
            display_name=name,
            is_staff=is_staff,
            password=self.on_duty if is_staff else self.residents,
            date_joined=SINCE,
        )


def move_in(estate: Estate, community: Community, log_ins: LogIns) -> list[int]:
    """Ids of the accounts that were made. Raises IntegrityError if a name of one is taken."""
    people = homes(estate)
    buildings = Building.objects.bulk_create(_buildings(estate, community))
    households = Household.objects.bulk_create(
        _households(people, buildings, community), batch_size=_BATCH
    )
    on_duty = posts(estate, people)
    users = {user.username: user for user in _accounts(estate, people, on_duty, log_ins)}
    User.objects.bulk_create(users.values(), batch_size=_BATCH)
    holders = {post.door: post.username for post in on_duty}
    accounts = {
        home.door: users[holders.get(home.door) or _username(estate, home)]
        for home in people
        if home.orders
    }
    Resident.objects.bulk_create(
        _residents(estate, people, households, accounts), batch_size=_BATCH
    )
    residents = (
        _membership(user, Role.RESIDENT, community, household=households[door])
        for door, user in accounts.items()
    )
    staff = (
        _membership(
            users[post.username],
            Role(post.role),
            community,
            building=buildings[people[post.door].stairwell]
            if post.role == Role.BUILDING_LEADER and post.door is not None
            else None,
        )
        for post in on_duty
    )
    Membership.objects.bulk_create([*residents, *staff], batch_size=_BATCH)
    return [user.pk for user in users.values()]


def _buildings(estate: Estate, community: Community) -> Iterator[Building]:
    for stairwell in estate.stairwells:
        place = {"lane": stairwell.lane, "number": stairwell.number, "unit": stairwell.unit}
        yield Building(
            community=community,
            **place,
            label=stairwell.label,
            sort_key=building_key(**place),
            floors=stairwell.floors,
            has_lift=stairwell.has_lift,
        )


def _households(
    people: Iterable[Home], buildings: Sequence[Building], community: Community
) -> Iterator[Household]:
    for home in people:
        yield Household(
            community=community,
            building=buildings[home.stairwell],
            room=home.room,
            sort_key=natural_key(home.room),
            needs_care=home.needs_care,
            has_smartphone=home.has_smartphone,
        )


def _accounts(
    estate: Estate, people: Sequence[Home], on_duty: Iterable[Post], log_ins: LogIns
) -> Iterator[User]:
    """One for each household that orders, under the name of the post if somebody there has one."""
    taken = set()
    for post in on_duty:
        name = name_of(post.username) if post.door is None else people[post.door].people[0]
        taken.add(post.door)
        yield log_ins.account(post.username, name, is_staff=True)
    for home in people:
        if home.orders and home.door not in taken:
            name = home.relative or home.people[0]
            yield log_ins.account(_username(estate, home), name, is_staff=False)


def _username(estate: Estate, home: Home) -> str:
    """qibao-017-0302: the estate and the door, counted from one."""
    return f"qibao-{estate.position:03}-{home.door + 1:04}"


def _residents(
    estate: Estate,
    people: Iterable[Home],
    households: Sequence[Household],
    accounts: Mapping[int, User],
) -> Iterator[Resident]:
    for home in people:
        for index, name in enumerate(home.people):
            speaks = index == 0
            resident = Resident(
                household=households[home.door],
                name=name,
                user=accounts.get(home.door) if speaks and home.has_smartphone else None,
                is_contact=speaks,
            )
            # The oldest have neither smartphone nor telephone: somebody knocks.
            if speaks and (home.orders or home.door % 2):
                _phone(resident, f"+86199{estate.position:03}{home.door:05}")
            yield resident


def _phone(resident: Resident, number: str) -> None:
    """What set_phone does, without looking at each number: these are right by construction, and nobody's."""
    resident.phone_encrypted = personal.encrypt(number)
    resident.phone_index = personal.blind_index(number)
    resident.phone_masked = personal.mask_phone(number)


def _membership(
    user: User,
    role: Role,
    community: Community,
    *,
    building: Building | None = None,
    household: Household | None = None,
) -> Membership:
    return Membership(
        user=user,
        role=role,
        community=community,
        building=building,
        household=household,
        started_at=SINCE,
    )
