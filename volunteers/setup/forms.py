"""What a secretary types on the first day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.access import regions_of
from communities.models import Community, User
from communities.roles import Role
from communities.roster.rules import (
    MOST_DOORS,
    MOST_FLOORS,
    House,
    Pattern,
    Plan,
    PlanError,
    houses_of,
    read_numbers,
    read_skipped,
)
from config.kernel.intake.parsing.text import clean
from volunteers.desk.forms import Named

_PLAN_ERRORS = {
    "numbers_unreadable": _("“%(value)s” cannot be read. Please write it like 1-4 or 1,3,5-8."),
    "too_many_buildings": _("At most %(value)s buildings at a time."),
    "too_many_rooms": _(
        "At most %(value)s rooms at a time. Please set up fewer buildings at once."
    ),
}


class _Plain(forms.CharField):
    """A line without control characters: no text column takes a NUL."""

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class ContactForm(forms.Form):
    """Whom residents call, as posters say it."""

    service_name = _Plain(label=_("whom to call"), required=False, max_length=40)
    service_phone = forms.RegexField(
        label=_("duty phone"),
        regex=r"^[0-9+\-() ]{3,30}$",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        error_messages={"invalid": _("Please write digits, like 021-64380000.")},
        help_text=_("Printed on posters for everybody: no private number that shall stay private."),
    )


class CommunityForm(ContactForm):
    """A new community. `cleaned_data` holds what create_community takes, and the contact."""

    region = Named(label=_("region"), queryset=None)
    name = _Plain(label=_("name"), max_length=80)
    short_name = _Plain(label=_("short name"), max_length=10)
    address = _Plain(label=_("address"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("kind"), choices=Community.Kind.choices)
    field_order = ("region", "name", "short_name", "address", "kind")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = regions_of(user, {Role.COMMITTEE}).order_by("path")
        field: Any = self.fields["region"]
        field.queryset = regions
        field.initial = regions[0] if len(regions) == 1 else None


class PlanForm(forms.Form):
    """Buildings of one shape. `houses` is what was asked for, by `plan`, once the form is valid."""

    numbers = forms.CharField(
        label=_("Buildings"), max_length=400, help_text=_("Like 1-4, or 1,3,5-8.")
    )
    floors = forms.IntegerField(label=_("Floors"), min_value=1, max_value=MOST_FLOORS)
    doors = forms.IntegerField(label=_("Doors on each floor"), min_value=1, max_value=MOST_DOORS)
    pattern = forms.ChoiceField(
        label=_("Rooms are numbered"),
        choices=[
            (Pattern.FLOOR_DOOR, "101, 102 … 601"),
            (Pattern.PADDED, "0101, 0102 … 0601"),
            (Pattern.DOOR, _("01, 02 … (one run of numbers)")),
            (Pattern.PLAIN, _("1, 2, 3 … (villas, shops)")),
        ],
    )
    lane = _Plain(label=_("Lane (弄)"), required=False, max_length=20)
    units = forms.IntegerField(
        label=_("Stairwells (单元) in each building"), required=False, min_value=0, max_value=20
    )
    first_floor = forms.IntegerField(
        label=_("Lowest floor"), required=False, min_value=1, max_value=9
    )
    skip_floors = forms.CharField(
        label=_("Floors there are not"), required=False, max_length=60, help_text=_("Like 4,14.")
    )
    skip_doors = forms.CharField(
        label=_("Doors there are not"), required=False, max_length=60, help_text=_("Like 4.")
    )

    houses: list[House]
    plan: Plan

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.errors:
            return given
        plan = Plan(
            numbers=self._read("numbers", read_numbers),
            floors=given["floors"],
            doors=given["doors"],
            lane=given["lane"].removesuffix("弄"),
            units=given["units"] or 0,
            pattern=Pattern(given["pattern"]),
            first_floor=given["first_floor"] or 1,
            skip_floors=self._read("skip_floors", read_skipped),
            skip_doors=self._read("skip_doors", read_skipped),
        )
        if not self.errors:
            try:
                self.houses, self.plan = houses_of(plan), plan
            except PlanError as error:
                self._refuse("numbers", error)
        return given

    def _read(self, name: str, read: Any) -> Any:
        try:
            return read(self.cleaned_data[name])
        except PlanError as error:
            self._refuse(name, error)
            return ()

    def _refuse(self, name: str, error: PlanError) -> None:
        self.add_error(name, _PLAN_ERRORS[error.code] % {"value": error.value})
