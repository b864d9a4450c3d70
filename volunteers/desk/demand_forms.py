"""What a person types about surveys and single requests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from communities.models import Community, Household
from orders.demand.stocking import tells_who_asks
from orders.demand.surveys import MOST_ITEMS
from orders.models import SingleRequest
from orders.models.order import MAX_QUANTITY
from suppliers.models import Supplier
from volunteers.desk.entry import text_of
from volunteers.desk.forms import Named, check_year, local_moment, moment_field
from volunteers.desk.homes import homes_meant

_LOCAL = "%Y-%m-%dT%H:%M"


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, validators=[check_year])


class _Communities(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class SurveyForm(forms.Form):
    """A new survey. `cleaned_data` holds an aware time, and `words` as a list; products are ticked beside it."""

    communities = _Communities(
        label=_("Communities"),
        queryset=Community.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    title = forms.CharField(label=_("Title"), max_length=80)
    open_until = moment_field(_("Answers until"))
    notice = forms.CharField(
        label=_("Notice to residents"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    words = forms.CharField(
        label=_("Also asked, in words"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One line each, for goods that are not in the catalogue."),
    )

    def __init__(
        self, *args: Any, places: QuerySet[Community], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["communities"].queryset = places  # type: ignore[attr-defined]
        few = list(places[:2])
        zone = ZoneInfo(few[0].zone if few else "Asia/Shanghai")
        evening = (now.astimezone(zone) + timedelta(days=1)).replace(hour=18, minute=0)
        self.initial.setdefault("open_until", evening.strftime(_LOCAL))
        if len(few) == 1:
            self.initial.setdefault("communities", [few[0].pk])

    def clean_words(self) -> list[str]:
        lines = [text_of(line) for line in self.cleaned_data["words"].splitlines()]
        words = [line for line in lines if line]
        if any(len(line) > 80 for line in words) or len(words) > MOST_ITEMS:
            raise forms.ValidationError(_("At most 80 characters a line, and 200 lines."))
        return words

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        places, typed = cleaned.get("communities"), cleaned.get("open_until")
        if places and typed:
            try:
                cleaned["open_until"] = local_moment(typed, places[0].zone)
            except forms.ValidationError as error:
                self.add_error("open_until", error)
        return cleaned


class WantedForm(forms.Form):
    """From how many pieces on a product comes into the round."""

    at_least = forms.IntegerField(
        label=_("Products wanted at least so often"), min_value=1, max_value=10**6, initial=1
    )


class QuestionForm(forms.Form):
    """Whom to ask, and in which words."""

    supplier = Named(label=_("Supplier"), queryset=Supplier.objects.none())
    question = forms.CharField(
        label=_("What the supplier reads"),
        max_length=120,
        help_text=_("Goods only: no names, rooms or phone numbers. The quantity goes with it."),
    )

    def __init__(self, *args: Any, request: SingleRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sellers = Supplier.objects.filter(serves__community=request.community_id, is_active=True)
        self.fields["supplier"].queryset = sellers.order_by("name", "pk")  # type: ignore[attr-defined]
        wanted = "" if tells_who_asks(request, request.what) else request.what
        self.initial = {
            "supplier": request.supplier_id,
            "question": request.question or wanted,
        }


class NeedForm(forms.Form):
    """What somebody without a phone page needs, as he said it. `home` is whose door was typed."""

    door = forms.CharField(
        label=_("Building and room"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "2-301"}),
    )
    what = forms.CharField(label=_("What is needed"), max_length=120)
    quantity = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=MAX_QUANTITY, initial=1
    )
    for_whom = forms.CharField(label=_("For whom"), required=False, max_length=40)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, homes: QuerySet[Household], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.homes = homes
        self.home: Household | None = None

    def clean_door(self) -> str:
        typed = text_of(self.cleaned_data["door"])
        found = homes_meant(self.homes, typed)
        whole = [home for home in found if home.is_whole]  # type: ignore[attr-defined]
        if len(whole) != 1:
            likely = [f"{home.building.label} {home.room}" for home in found[:6]]
            told = _("Which one of these: %(doors)s?") if likely else _("No such door is known.")
            raise forms.ValidationError(told, params={"doors": "、".join(likely)})
        self.home = whole[0]
        return typed


class StockForm(forms.Form):
    """What the supplier said on the phone."""

    stock = forms.ChoiceField(label=_("Stock"), choices=SingleRequest.Stock.choices)
    on = _day(_("In stock on"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=120)


class PromiseForm(forms.Form):
    """When it comes, and what else there is to say."""

    on = _day(_("Promised for"))
    answer = forms.CharField(label=_("Answer to the household"), required=False, max_length=200)
