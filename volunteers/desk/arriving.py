"""Whose goods are there: the buildings a person hands out to, what they were told, what he says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from communities.console import in_own_homes, user_of
from communities.models import Building, Community
from communities.roles import HANDS
from config.kernel.errors import Invalid, NotFound
from orders.models import OrderWindow
from orders.notices.arriving import Told, buildings_expecting, require_place, told_in
from orders.notices.audience import receiving
from orders.notices.telling import PLACE_LENGTH
from volunteers.desk.entry import number_of, text_of


@dataclass(frozen=True)
class House:
    """A building to which goods go. `value` is what its box says: it, and the wave that would be told."""

    building: Building
    told: Told | None

    @property
    def value(self) -> str:
        return f"{self.building.pk}:{self.told.wave + 1 if self.told else 1}"


@dataclass(frozen=True)
class Gate:
    """The houses of one community, in natural order; `others` are the communities that have a page of their own."""

    community: Community
    others: Sequence[Community]
    houses: Sequence[House]

    @property
    def waiting(self) -> list[House]:
        return [house for house in self.houses if house.told is None]

    @property
    def told(self) -> list[House]:
        return [house for house in self.houses if house.told is not None]

    @property
    def last_place(self) -> str:
        """Where the last of them was told to fetch; "" if none was."""
        said = [(house.told.at, house.told.place) for house in self.houses if house.told]
        return max(said)[1] if said else ""

    def waves(self, ticked: Sequence[str]) -> dict[int, int]:
        """Building id → wave, of the boxes that were ticked. Raises NotFound for a building that has none here."""
        pairs = [value.partition(":")[::2] for value in ticked]
        waves = {number_of(building): number_of(wave) for building, wave in pairs}
        if waves.keys() - {house.building.pk for house in self.houses}:
            raise NotFound()
        return waves


def gate_of(
    window: OrderWindow, request: HttpRequest, *, given: str, ticked: Sequence[str] = ()
) -> Gate | None:
    """Of the community with that public id, or of the first building ticked, or the first in which the person hands out
    something of the round; None if there is none. Three statements, and one more with boxes ticked.
    """
    orders = receiving(window)
    if not user_of(request).is_superuser:
        orders = orders.filter(in_own_homes(request, HANDS, building="household__building_id"))
    rows = Community.objects.filter(pk__in=orders.values("community"))
    communities = sorted(rows, key=lambda row: (row.pk != window.community_id, row.name, row.pk))
    if not communities:
        return None
    if ticked and not given:
        number = number_of(ticked[0].partition(":")[0])
        theirs = Community.objects.filter(buildings=number).values_list("public_id", flat=True)
        given = str(theirs.first() or "")
    chosen = next((row for row in communities if str(row.public_id) == given), communities[0])
    told = told_in(window)
    houses = [
        House(building, told.get(building.pk))
        for building in buildings_expecting(orders.filter(community=chosen))
    ]
    return Gate(chosen, communities if len(communities) > 1 else (), houses)


class ArrivalForm(forms.Form):
    """Where the goods are: one of the usual places, the last one among them, or what was typed instead."""

    place = forms.CharField(label=_("Where to fetch"), required=False, max_length=PLACE_LENGTH)
    other = forms.CharField(label=_("Another place"), required=False, max_length=PLACE_LENGTH)

    def __init__(self, *args: Any, last: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # As the households read it, whatever the language of whoever ticks.
        with translation.override(settings.LANGUAGE_CODE):
            usual = [pgettext("notice", "the stairwell"), pgettext("notice", "the gate")]
        self.usual = list(dict.fromkeys([last, *usual] if last else usual))
        self.initial["place"] = self.usual[0]

    def clean_other(self) -> str:
        return self._checked("other")

    def clean_place(self) -> str:
        return self._checked("place")

    def _checked(self, name: str) -> str:
        typed = text_of(self.cleaned_data[name])
        try:
            return require_place(typed) if typed else ""
        except Invalid as error:
            raise forms.ValidationError(error.fields["place"]) from error

    @property
    def said(self) -> str:
        return str(self.cleaned_data["other"] or self.cleaned_data["place"])
