"""Write down how a community's people write addresses."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from communities.addresses.masking import hide_numbers
from communities.addresses.signs import plain
from communities.models import AddressRule, Building, Community, Household
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import Invalid
from config.kernel.locks import require_atomic

_LONGEST = AddressRule._meta.get_field("words").max_length or 0
# Signs that number something: what is made of them alone may mean another door another time.
_NUMBERING = re.compile(
    r"[\d\W_a-zA-Z号楼幢栋座单元门洞梯室房户弄支层组队村区期甲乙丙丁一二三四五六七八九十百零〇]+"
)


def add_address_rule(
    *,
    community: Community,
    kind: str,
    actor: Actor,
    words: str = "",
    meaning: str = "",
    building: Building | None = None,
    household: Household | None = None,
) -> AddressRule:
    """A rule as a coordinator writes it. The database refuses one that lacks what its kind needs."""
    require_atomic()
    rule = AddressRule.objects.create(
        community=community,
        kind=kind,
        words=words.strip(),
        meaning=meaning.strip(),
        building=building,
        household=household,
    )
    _note(rule, actor)
    return rule


def remember_address(*, text: str, household: Household, actor: Actor) -> AddressRule:
    """From now on `text` is this household. Raises Invalid for text that is numbers only, holds a phone number, or is
    too long: that would make another door of the next person's.
    """
    require_atomic()
    words = text.strip()
    signs = plain(words).text
    names = _NUMBERING.sub("", signs)
    if len(names) < 2 or len(words) > _LONGEST or hide_numbers(signs) != signs:
        raise Invalid(
            fields={
                "remember": [
                    _("Only a name can be remembered: numbers may mean another door another time.")
                ]
            }
        )
    rule, is_new = AddressRule.objects.update_or_create(
        community_id=household.community_id,
        kind=AddressRule.Kind.ALIAS,
        words=words,
        building_id=household.building_id,
        defaults={"household": household},
    )
    if is_new:
        _note(rule, actor)
    return rule


def _note(rule: AddressRule, actor: Actor) -> None:
    """Without the words: people write their names into addresses."""
    audit.record(
        actor=actor,
        action="address_rule.added",
        subject=("address_rule", rule.pk),
        community_id=rule.community_id,
        data={"kind": str(rule.kind)},
    )
