"""From the plan to rows, thousands at a time: the verbs make one row each, which is right for people and slow for a
town. What they write beside a row (sort keys, audit) is written here too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import connection

from communities import people, places
from communities.models import Community, Membership, Region, User
from communities.roles import Role
from seeds.qibao.estates import Estate
from seeds.qibao.moving import SEEDER, SINCE, LogIns, move_in
from seeds.qibao.people import name_of, organisers

DISTRICT, TOWN = "闵行区", "七宝镇"
_OFFICERS = 2
_NEEDS_TWO_EVERY = 3

# What the verbs would have noted, for rows made in bulk: kind, action, table with `id`, `community_id` and `data`.
_AUDIT = """
    INSERT INTO kernel_auditentry (at, actor_kind, actor_id, action, subject_kind, subject_id, community_id, data)
    SELECT %(at)s, 'command', 0, made.action, made.kind, made.id, made.community, made.data FROM (
        SELECT 'building.added' AS action, 'building' AS kind, b.id, b.community_id AS community, '{}'::jsonb AS data
        FROM communities_building b WHERE b.community_id = ANY(%(communities)s)
        UNION ALL
        SELECT 'household.added', 'household', h.id, h.community_id, '{}'
        FROM communities_household h WHERE h.community_id = ANY(%(communities)s)
        UNION ALL
        SELECT 'resident.added', 'resident', r.id, h.community_id, '{}'
        FROM communities_resident r JOIN communities_household h ON h.id = r.household_id
        WHERE h.community_id = ANY(%(communities)s)
        UNION ALL
        SELECT 'user.created', 'user', u.id, NULL, '{}' FROM communities_user u WHERE u.id = ANY(%(users)s)
        UNION ALL
        SELECT 'membership.granted', 'membership', m.id, m.community_id,
               jsonb_build_object('role', m.role, 'user', m.user_id)
        FROM communities_membership m WHERE m.community_id = ANY(%(communities)s)
    ) made
"""


@dataclass(frozen=True)
class Town:
    """`communities` by position; `organisers` with the positions of their communities."""

    region: Region
    communities: Mapping[int, Community]
    organisers: Sequence[tuple[User, Sequence[int]]]


def find_town() -> Region | None:
    return Region.objects.filter(name=TOWN, parent__name=DISTRICT, parent__parent=None).first()


def look_around(region: Region) -> Town:
    """The town as it is: its communities in the order in which they were made, and who organises where."""
    found = Community.objects.filter(region__path__startswith=region.path or "-")
    found = found.select_related("region")
    communities = dict(enumerate(found.order_by("pk"), start=1))
    positions = {community.pk: position for position, community in communities.items()}
    leading: dict[User, list[int]] = {}
    posts = Membership.objects.live().filter(role=Role.ORGANISER, community__in=positions)
    for post in posts.select_related("user").order_by("user_id", "community_id"):
        if post.community_id is not None:
            leading.setdefault(post.user, []).append(positions[post.community_id])
    return Town(region, communities, list(leading.items()))


def settle(plan: Sequence[Estate], *, password: str | None) -> Town:
    """Everybody moves in. `password` is given to the people on duty; None: nobody can sign in at the console.

    Caller holds the seed's lock. Raises IntegrityError if a name of an account is taken.
    """
    district = Region.objects.filter(name=DISTRICT, parent=None).first()
    district = district or places.create_region(kind="district", name=DISTRICT, actor=SEEDER)
    town = places.create_region(kind="town", name=TOWN, parent=district, actor=SEEDER)
    communities = _communities(plan, town)
    log_ins = LogIns(on_duty=make_password(password), residents=make_password(None))
    for number in range(1, _OFFICERS + 1):
        _appoint(log_ins, f"qibao-town-{number}", Role.COMMITTEE, [town])
    for number, region in enumerate(Region.objects.filter(parent=town).order_by("pk"), start=1):
        _appoint(log_ins, f"qibao-committee-{number:02}", Role.COMMITTEE, [region])
    leading = []
    for number, positions in enumerate(organisers(len(plan)), start=1):
        nodes = [communities[position] for position in positions]
        user = _appoint(log_ins, f"qibao-organiser-{number:02}", Role.ORGANISER, nodes)
        leading.append((user, positions))
    users = [
        user for estate in plan for user in move_in(estate, communities[estate.position], log_ins)
    ]
    with connection.cursor() as cursor:
        ids = [community.pk for community in communities.values()]
        cursor.execute(_AUDIT, {"at": SINCE, "communities": ids, "users": users})
    return Town(town, communities, leading)


def _communities(plan: Sequence[Estate], town: Region) -> dict[int, Community]:
    regions: dict[str, Region] = {}
    made = {}
    for estate in plan:
        name = estate.neighbourhood
        if name not in regions:
            regions[name] = places.create_region(
                kind="neighbourhood", name=name, parent=town, actor=SEEDER
            )
        made[estate.position] = places.create_community(
            region=regions[name],
            name=estate.name,
            short_name=estate.name,
            address=estate.address,
            actor=SEEDER,
        )
    Community.objects.filter(pk__in=[row.pk for row in made.values()]).update(fenced=True)
    careful = [row.pk for place, row in made.items() if place % _NEEDS_TWO_EVERY == 0]
    Community.objects.filter(pk__in=careful).update(release_needs_two=True)
    return made


def _appoint(
    log_ins: LogIns, username: str, role: Role, nodes: Sequence[Region | Community]
) -> User:
    """Somebody who does not live in the town."""
    user = people.create_user(
        username=username,
        password=None,
        display_name=name_of(username),
        is_staff=True,
        actor=SEEDER,
    )
    User.objects.filter(pk=user.pk).update(password=log_ins.on_duty)
    for node in nodes:
        people.grant_membership(user=user, role=role, node=node, at=SINCE, actor=SEEDER)
    return user
