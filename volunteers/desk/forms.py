"""What a person types on the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.access import communities_of
from communities.models import Building, Community, User
from communities.roles import COORDINATORS
from config.kernel.intake.parsing.text import clean
from config.kernel.money import parse_yuan, yuan
from orders.models import OrderWindow
from orders.models.order import MAX_QUANTITY
from orders.notices.announcing import Where
from suppliers.access import suppliers_of
from suppliers.models import Supplier

_LOCAL = "%Y-%m-%dT%H:%M"
_DEAREST_FEN = 100_000_00
# A price this many times the catalogue's, or this part of it, is asked for twice.
_FAR = 3


if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Any]
else:
    _Choice = forms.ModelChoiceField


class Named(_Choice):
    """Rows by their names, without the ids that make `str` unique."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


def moment_field(label: Any) -> forms.CharField:
    """A time of the wall clock; which zone it is of depends on another field."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL)
    return forms.CharField(label=label, widget=widget, max_length=25)


def local_moment(text: str, zone: str) -> datetime:
    """The wall clock's time there. Raises ValidationError."""
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError as error:
        raise forms.ValidationError(_("Please write a date and a time.")) from error
    check_year(moment)
    return moment


def check_year(day: date) -> None:
    """At both ends of the calendar the time elsewhere has no year."""
    if not 2020 <= day.year <= 2100:
        raise forms.ValidationError(_("Please write a year between 2020 and 2100."))


def minimum_of(measure: str | None, text: str | None) -> int:
    """What a person typed, in its measure (fen for an amount); 0 without a measure. Raises ValidationError."""
    try:
        number = parse_yuan(text or "0") if measure == OrderWindow.Measure.FEN else int(text or "0")
    except ValueError:
        number = -1
    if not 0 <= number < 10**12:
        raise forms.ValidationError(_("Please write a number."))
    return 0 if measure == OrderWindow.Measure.NONE else number


MEASURES = [
    (OrderWindow.Measure.NONE, _("no minimum")),
    (OrderWindow.Measure.HOUSEHOLDS, _("households")),
    (OrderWindow.Measure.PIECES, _("pieces")),
    (OrderWindow.Measure.FEN, _("amount (yuan)")),
]


class CutoffForm(forms.Form):
    """Until when orders are taken again. `cleaned_data` holds an aware time."""

    closes_at = moment_field(_("New cutoff"))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_closes_at(self) -> datetime:
        return local_moment(self.cleaned_data["closes_at"], self.zone)


class TimesForm(forms.Form):
    """Other times for a round that has not been opened. `cleaned_data` holds aware times."""

    opens_at = moment_field(_("Opens"))
    closes_at = moment_field(_("Cutoff"))
    deliver_on = forms.DateField(
        label=_("Delivery on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[check_year],
    )

    def __init__(self, *args: Any, window: OrderWindow, zone: str, **kwargs: Any) -> None:
        local = {
            name: getattr(window, name).astimezone(ZoneInfo(zone)).strftime(_LOCAL)
            for name in ("opens_at", "closes_at")
        }
        kwargs["initial"] = local | {"deliver_on": window.deliver_on}
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_opens_at(self) -> datetime:
        return local_moment(self.cleaned_data["opens_at"], self.zone)

    def clean_closes_at(self) -> datetime:
        return local_moment(self.cleaned_data["closes_at"], self.zone)


class WindowForm(forms.Form):
    """A new group buy. `cleaned_data` holds what draft_window takes: aware times, the minimum in its measure."""

    community = Named(label=_("Community"), queryset=Community.objects.none())
    supplier = Named(label=_("Supplier"), queryset=Supplier.objects.none())
    opens_at = moment_field(_("Opens"))
    closes_at = moment_field(_("Cutoff"))
    deliver_on = forms.DateField(
        label=_("Delivery on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[check_year],
    )
    minimum_measure = forms.ChoiceField(label=_("Minimum counts"), choices=MEASURES)
    minimum = forms.CharField(label=_("Minimum"), required=False, max_length=15)
    below_minimum = forms.ChoiceField(
        label=_("Below the minimum"), choices=OrderWindow.BelowMinimum.choices
    )
    notice = forms.CharField(
        label=_("Notice to residents"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, user: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = communities_of(user, COORDINATORS).order_by("name", "pk")
        sellers = suppliers_of(user).filter(is_active=True).order_by("name", "pk")
        self._choices("community").queryset = places
        self._choices("supplier").queryset = sellers
        self._suggest(list(places[:2]), list(sellers[:2]), now)

    def _choices(self, name: str) -> Named:
        field = self.fields[name]
        if not isinstance(field, Named):
            raise TypeError(name)
        return field

    def _suggest(self, places: list[Community], sellers: list[Supplier], now: datetime) -> None:
        """The only community, the only supplier, open at once until tomorrow 20:00."""
        if len(places) == 1:
            self.initial["community"] = places[0].pk
        if len(sellers) == 1:
            self.initial["supplier"] = sellers[0].pk
        local = now.astimezone(ZoneInfo(places[0].zone if places else "Asia/Shanghai"))
        evening = (local + timedelta(days=1)).replace(hour=20, minute=0)
        self.initial.setdefault("opens_at", local.strftime(_LOCAL))
        self.initial.setdefault("closes_at", evening.strftime(_LOCAL))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        community, supplier = cleaned.get("community"), cleaned.get("supplier")
        if community and supplier and not supplier.serves.filter(community=community).exists():
            self.add_error("supplier", _("This supplier does not serve the community."))
        for name in ("opens_at", "closes_at"):
            if community and cleaned.get(name):
                self._localise(cleaned, name, community.zone)
        if not self.errors and cleaned["closes_at"] <= cleaned["opens_at"]:
            self.add_error("closes_at", _("The cutoff must be after the opening."))
        self._clean_minimum(cleaned)
        return cleaned

    def _localise(self, cleaned: dict[str, Any], name: str, zone: str) -> None:
        try:
            cleaned[name] = local_moment(cleaned[name], zone)
        except forms.ValidationError as error:
            self.add_error(name, error)

    def _clean_minimum(self, cleaned: dict[str, Any]) -> None:
        try:
            cleaned["minimum"] = minimum_of(cleaned.get("minimum_measure"), cleaned.get("minimum"))
        except forms.ValidationError as error:
            self.add_error("minimum", error)


class PlaceForm(forms.Form):
    """Where goods are fetched, for a notice to a group. Everything may stay empty; what is wrong is left out."""

    building = forms.ChoiceField(label=_("Building"), required=False)
    place = forms.CharField(label=_("Where to fetch"), required=False, max_length=40)
    until = forms.CharField(label=_("Until when"), required=False, max_length=40)

    def __init__(self, *args: Any, buildings: list[Building], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._buildings = {str(row.pk): row for row in buildings}
        several = len({row.community_id for row in buildings}) > 1
        names = [
            (key, f"{row.community.name} {row.label}" if several else row.label)
            for key, row in self._buildings.items()
        ]
        field = self.fields["building"]
        field.choices = [("", _("all buildings")), *names]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def where(self) -> Where:
        chosen = self._buildings.get(self.cleaned_data.get("building", ""))
        return Where(
            buildings=[chosen] if chosen else [],
            place=clean(self.cleaned_data.get("place", "")),
            until=clean(self.cleaned_data.get("until", "")),
        )

    @property
    def given(self) -> dict[str, str]:
        """What the picture's address says again."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class LimitReason(forms.Form):
    """Why a limit of an open group buy changes. `changed`: whether one does, in what was typed."""

    reason = forms.CharField(
        label=_("Why does the limit change?"),
        required=False,
        max_length=200,
        help_text=_(
            "Only for another limit. What was ordered stays; the new limit counts from now on."
        ),
    )

    def limit_changed(self) -> bool:
        raise NotImplementedError

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"]).strip()
        if not reason and self.limit_changed():
            raise forms.ValidationError(_("Please write why: the history keeps it."))
        return reason


class RestockForm(LimitReason):
    """Of an open group buy: the supplier has more, or less; the limit was too low, or too high. Everything else stands
    since the opening.
    """

    cap = forms.IntegerField(label=_("Available (pieces)"), min_value=0, max_value=10**6)
    household_limit = forms.IntegerField(
        label=_("Limit per household"), required=False, min_value=1, max_value=9999
    )
    field_order = ("cap", "household_limit", "reason")

    def __init__(self, *args: Any, taken: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial["cap"] is None:
            # Nobody counted the pieces so far, so none can be set while people order.
            del self.fields["cap"]
            return
        self.fields["cap"].help_text = _(
            "%(taken)s are ordered; fewer are not possible. If there are more, the waiting list is served first."
        ) % {"taken": taken}

    def limit_changed(self) -> bool:
        return "household_limit" in self.changed_data

    @property
    def changes(self) -> dict[str, Any]:
        """What set_offer takes."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "reason"}


class OfferForm(forms.Form):
    """What may be set for one product before the opening. Empty means no limit.

    `usual_fen` is the catalogue's price: a new price far from it (a forgotten dot) needs a second tap.
    """

    price = forms.CharField(label=_("Price (yuan)"), max_length=15)
    cap = forms.IntegerField(
        label=_("Available (pieces)"), required=False, min_value=0, max_value=10**6
    )
    household_limit = forms.IntegerField(
        label=_("Limit per household"), required=False, min_value=1, max_value=9999
    )
    is_active = forms.BooleanField(label=_("On offer"), required=False)
    sure = forms.BooleanField(label=_("Yes, this price is right"), required=False)

    def __init__(self, *args: Any, usual_fen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual_fen = usual_fen
        self.fields["price"].help_text = _("Catalogue price: ¥%(price)s") % {
            "price": yuan(usual_fen)
        }
        if not self._is_far_off():
            del self.fields["sure"]

    def _is_far_off(self) -> bool:
        """A price typed anew, more than three times the usual one or less than a third of it."""
        typed = self.data.get("price", "") if self.is_bound else ""
        try:
            fen = parse_yuan(typed)
            is_new = fen != parse_yuan(self.initial["price"])
        except ValueError:
            return False
        return is_new and not self.usual_fen <= fen * _FAR <= self.usual_fen * _FAR**2

    def clean_sure(self) -> bool:
        sure = bool(self.cleaned_data["sure"])
        if not sure and "price" in self.cleaned_data:
            raise forms.ValidationError(
                _("This is far from the catalogue price of ¥%(price)s. Tick if it is right.")
                % {"price": yuan(self.usual_fen)}
            )
        return sure

    def clean_price(self) -> int:
        try:
            fen = parse_yuan(self.cleaned_data["price"])
        except ValueError as error:
            raise forms.ValidationError(_("Please write an amount like 12.50.")) from error
        if fen < 0:
            raise forms.ValidationError(_("A price cannot be negative."))
        if fen > _DEAREST_FEN:
            raise forms.ValidationError(_("A price cannot be above 100,000 yuan."))
        return fen

    @property
    def changes(self) -> dict[str, Any]:
        """What set_offer takes."""
        rest = {name: self.cleaned_data[name] for name in ("cap", "household_limit", "is_active")}
        return {"price_fen": self.cleaned_data["price"], **rest}


class LimitsForm(LimitReason):
    """A number of pieces for each kind of goods; empty means no limit. With a reason if the group buy is open."""

    def __init__(
        self,
        *args: Any,
        categories: Sequence[str],
        limits: Mapping[str, int],
        is_open: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.pop("reason")
        self._categories = {f"limit_{number}": name for number, name in enumerate(categories)}
        for field, name in self._categories.items():
            self.fields[field] = forms.IntegerField(
                label=name,
                required=False,
                min_value=1,
                max_value=MAX_QUANTITY,
                initial=limits.get(name),
            )
        if is_open and categories:
            self.fields["reason"] = reason

    def limit_changed(self) -> bool:
        return any(field in self.changed_data for field in self._categories)

    @property
    def limits(self) -> dict[str, int | None]:
        """Kind of goods → pieces."""
        return {name: self.cleaned_data[field] for field, name in self._categories.items()}
