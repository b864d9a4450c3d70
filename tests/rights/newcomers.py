"""Who is on the way in: slips, wishes to join, one-time codes, a mini-program."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from communities import personal
from communities.joining import deciding
from communities.joining.codes import renew_codes
from communities.joining.consenting import give_consent
from communities.joining.one_time import ask_for_code
from communities.joining.own_phone import ask_for_own_code
from communities.joining.requesting import Asked, request_join, withdraw_join
from communities.joining.texts import current
from communities.mailing.address import set_mailbox
from communities.models import Household, MiniProgramIdentity, SignInCode
from communities.people import add_resident
from config.kernel import clock
from tests import factories as make
from tests.communities.joining.stand_in import APP_ID

if TYPE_CHECKING:
    from tests.rights.world import World


# Of `resident`, as he says.
OWN_PHONE = "+8613900002001"


def claim_of(name: str) -> str:
    """43 signs or more, as the device made it."""
    return f"claim-of-{name}-".ljust(48, "x")


def add_joins(world: World) -> None:
    """`waiting` at home 104 and `waiting_far` at far 104; the others at home 106, each in the state of its name."""
    doors = ("home 104", "far 104", "home 106", "sister 105")
    homes = {door: _door(world, door) for door in doors}
    with transaction.atomic():
        texts = renew_codes(households=homes.values(), actor=make.SETUP, at=clock.now())
    world.slips = {door: texts[home] for door, home in homes.items()}
    for name, door in (
        *(("waiting", "home 104"), ("waiting_far", "far 104")),
        *((state, "home 106") for state in ("approved", "refused", "withdrawn")),
    ):
        asked = Asked(
            name=f"{door.partition(' ')[0]}居民-来人",
            phone="13800001999",
            consent=current("ordering").version,
        )
        with transaction.atomic():
            world.joins[name] = request_join(
                code=world.slips[door], asked=asked, claim=claim_of(name), at=clock.now()
            )
    with transaction.atomic():
        options: dict[str, Any] = {"actor": make.SETUP, "at": clock.now()}
        deciding.approve_join(join=world.joins["approved"], **options)
        deciding.refuse_join(join=world.joins["refused"], reason="不认识", **options)
        withdraw_join(join=world.joins["withdrawn"], **options)
        world.own_join = request_join(
            code=world.slips["home 104"],
            asked=Asked(name="王阿姨", consent=current("ordering").version),
            user=world.people["resident"],
            at=clock.now(),
        )
        world.own_refused = request_join(
            code=world.slips["home 106"],
            asked=Asked(name="王阿姨", consent=current("ordering").version),
            user=world.people["resident"],
            at=clock.now(),
        )
        deciding.refuse_join(join=world.own_refused, reason="不认识", **options)


def add_sign_in_codes(world: World) -> None:
    """One on its way to home 103's phone; a mini-program that knows `resident`."""
    with transaction.atomic():
        world.sign_in_code = ask_for_code(number="+8613800001103", at=clock.now())
        add_resident(
            household=_door(world, "home 101"),
            name="住户本人",
            user=world.people["resident"],
            actor=make.SETUP,
        )
        world.own_code = ask_for_own_code(
            user=world.people["resident"], number=OWN_PHONE, at=clock.now()
        )
        give_consent(
            user=world.people["resident"],
            purpose="care_notes",
            version=current("care_notes").version,
            at=clock.now(),
        )
        at = clock.now() + timedelta(hours=3)
        set_mailbox(
            user=world.people["resident"], address="resident@example.org", quiet=None, at=at
        )
    # Good however long the tests take: five minutes are little on a machine that has much to do.
    later = clock.now() + timedelta(hours=3)
    SignInCode.objects.update(sent=1, asked_at=later, expires_at=later)
    identity = {"user": world.people["resident"], "bound_at": clock.now()}
    digest = personal.blind_index(f"openid {APP_ID} openid-of-resident")
    MiniProgramIdentity.objects.create(digest=digest, **identity)


def _door(world: World, door: str) -> Household:
    place, _blank, room = door.partition(" ")
    return make.household(world.communities[place], room)
