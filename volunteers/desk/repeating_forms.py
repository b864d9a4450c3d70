"""What a person types about a repeating group buy."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.access import communities_of
from communities.models import Community, User
from communities.roles import COORDINATORS
from config.kernel.money import yuan
from orders.models import OrderWindow, WindowTemplate
from suppliers.access import suppliers_of
from suppliers.models import Supplier
from volunteers.desk.forms import MEASURES, Named, check_year, minimum_of

WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)
_DAYS_AFTER = (
    (0, _("on the same day")),
    (1, _("on the next day")),
    (2, _("two days later")),
)


def _time(label: Any, *, required: bool = True) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=required, widget=widget)


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, validators=[check_year])


def _days_after(label: Any, most: int) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=_DAYS_AFTER[: most + 1], coerce=int)


class RulesForm(forms.Form):
    """Times, minimum and goods. `cleaned_data` holds what change_template takes."""

    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"),
        choices=[(number, name) for number, name in enumerate(WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple,
    )
    opens = _time(_("Opens"))
    closes = _time(_("Cutoff"))
    closes_after = _days_after(_("Cutoff on"), 1)
    delivers = _time(_("Delivery at"), required=False)
    delivers_after = _days_after(_("Delivery on"), 2)
    valid_from = _day(_("First date"))
    valid_until = _day(_("Last date"), required=False)
    drafts = _time(_("Prepared the evening before at"))
    goods = forms.ChoiceField(label=_("On offer"), choices=WindowTemplate.Goods.choices)
    category = forms.CharField(
        label=_("Category"),
        required=False,
        max_length=30,
        help_text=_("Only if one category is on offer: as it is written in the catalogue."),
    )
    minimum_measure = forms.ChoiceField(label=_("Minimum counts"), choices=MEASURES)
    minimum = forms.CharField(label=_("Minimum"), required=False, max_length=15)
    below_minimum = forms.ChoiceField(
        label=_("Below the minimum"), choices=OrderWindow.BelowMinimum.choices
    )
    extend_minutes = forms.IntegerField(
        label=_("Extend by (minutes)"), min_value=1, max_value=24 * 60, initial=60
    )
    notice = forms.CharField(
        label=_("Notice to residents"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_weekdays(self) -> int:
        return sum(1 << int(number) for number in self.cleaned_data["weekdays"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            cleaned["minimum"] = minimum_of(cleaned.get("minimum_measure"), cleaned.get("minimum"))
        except forms.ValidationError as error:
            self.add_error("minimum", error)
        if cleaned.get("goods") != WindowTemplate.Goods.CATEGORY:
            cleaned["category"] = ""
        return cleaned


def rules_of(template: WindowTemplate) -> dict[str, Any]:
    """Its rules as the form shows them."""
    shown = {name: getattr(template, name) for name in RulesForm.base_fields}
    is_amount = template.minimum_measure == OrderWindow.Measure.FEN
    return shown | {
        "weekdays": [str(number) for number in range(7) if template.weekdays >> number & 1],
        "minimum": yuan(template.minimum) if is_amount else str(template.minimum),
    }


class TemplateForm(RulesForm):
    """A new repeating group buy: from seven to noon, delivered at five, from tomorrow on."""

    community = Named(label=_("Community"), queryset=Community.objects.none())
    supplier = Named(label=_("Supplier"), queryset=Supplier.objects.none())
    field_order = ["community", "supplier"]

    def __init__(self, *args: Any, user: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = communities_of(user, COORDINATORS).order_by("name", "pk")
        sellers = suppliers_of(user).filter(is_active=True).order_by("name", "pk")
        self.fields["community"].queryset = places  # type: ignore[attr-defined]
        self.fields["supplier"].queryset = sellers  # type: ignore[attr-defined]
        few = list(places[:2])
        zone = ZoneInfo(few[0].zone if few else "Asia/Shanghai")
        self.initial = {
            "community": few[0].pk if len(few) == 1 else None,
            "weekdays": [str(number) for number in range(7)],
            "opens": time(7),
            "closes": time(12),
            "delivers": time(17),
            "drafts": time(18),
            "valid_from": now.astimezone(zone).date() + timedelta(days=1),
            "extend_minutes": 60,
            **self.initial,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        community, supplier = cleaned.get("community"), cleaned.get("supplier")
        if community and supplier and not supplier.serves.filter(community=community).exists():
            self.add_error("supplier", _("This supplier does not serve the community."))
        return cleaned


class MoveForm(forms.Form):
    """On which day a round comes instead."""

    to = _day(_("Moved to"))
