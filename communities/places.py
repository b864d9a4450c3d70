"""Set up regions, communities, buildings and households."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from communities.models import Building, Community, Household, Region
from communities.natural import building_label, natural_key
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import Invalid
from config.kernel.locks import require_atomic


def create_region(*, kind: str, name: str, actor: Actor, parent: Region | None = None) -> Region:
    require_atomic()
    region = Region.objects.create(kind=kind, name=name, parent=parent)
    region.path = f"{parent.path if parent else '/'}{region.pk}/"
    region.save(update_fields=["path"])
    audit.record(actor=actor, action="region.created", subject=("region", region.pk))
    return region


def create_community(
    *,
    region: Region,
    name: str,
    short_name: str,
    actor: Actor,
    kind: str = Community.Kind.ESTATE,
    address: str = "",
    zone: str = "Asia/Shanghai",
) -> Community:
    """Raises Invalid for a zone that is no IANA name."""
    require_atomic()
    try:
        ZoneInfo(zone)
    except (ValueError, KeyError, OSError) as error:  # "Asia" is a folder
        raise Invalid(fields={"zone": [_("This is not the name of a time zone.")]}) from error
    community = Community.objects.create(
        region=region, name=name, short_name=short_name, kind=kind, address=address, zone=zone
    )
    audit.record(
        actor=actor,
        action="community.created",
        subject=("community", community.pk),
        community_id=community.pk,
    )
    return community


def set_contact(
    *, community: Community, service_name: str, service_phone: str, actor: Actor
) -> None:
    """Whom residents call, for everybody to read. Nothing happens if it is so already."""
    require_atomic()
    contact = {"service_name": service_name, "service_phone": service_phone}
    rows = Community.objects.filter(pk=community.pk)
    if rows.exclude(**contact).update(**contact):
        audit.record(
            actor=actor,
            action="community.edited",
            subject=("community", community.pk),
            community_id=community.pk,
            data={"fields": sorted(contact)},
        )


def add_building(
    *,
    community: Community,
    number: str,
    actor: Actor,
    lane: str = "",
    unit: str = "",
    label: str | None = None,
    floors: int | None = None,
) -> Building:
    """The label defaults to 1号楼, 12弄3号楼, 1号楼2单元."""
    require_atomic()
    building = Building.objects.create(
        community=community,
        lane=lane,
        number=number,
        unit=unit,
        label=label or building_label(lane=lane, number=number, unit=unit),
        sort_key=building_key(lane=lane, number=number, unit=unit),
        floors=floors,
    )
    audit.record(
        actor=actor,
        action="building.added",
        subject=("building", building.pk),
        community_id=community.pk,
    )
    return building


def building_key(*, lane: str, number: str, unit: str) -> str:
    """The natural order of buildings: by lane, then number, then unit."""
    return natural_key(f"{lane}/{number}/{unit}")


def add_household(
    *,
    building: Building,
    room: str,
    actor: Actor,
    needs_care: bool = False,
    has_smartphone: bool = True,
    people: int | None = None,
) -> Household:
    """`people` is how many live there, if anybody said."""
    require_atomic()
    household = Household.objects.create(
        community_id=building.community_id,
        building=building,
        room=room,
        sort_key=natural_key(room),
        needs_care=needs_care,
        has_smartphone=has_smartphone,
        people=people,
    )
    audit.record(
        actor=actor,
        action="household.added",
        subject=("household", household.pk),
        community_id=building.community_id,
    )
    return household


def set_substitutes(*, household: Household, substitutes: str, actor: Actor) -> None:
    """The household's standing answer when goods are short, for the orders it will place."""
    require_atomic()
    Household.objects.filter(pk=household.pk).update(substitutes=substitutes)
    household.substitutes = substitutes
    audit.record(
        actor=actor,
        action="household.substitutes_set",
        subject=("household", household.pk),
        community_id=household.community_id,
        data={"substitutes": substitutes},
    )
