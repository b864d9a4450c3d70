"""Residents. Phones are masked; showing one is an act that the audit keeps."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from communities.accounts import show_phone
from communities.admin.scoped import (
    ConsoleForm,
    ScopedAdmin,
    page_of,
    secret_page,
)
from communities.console import (
    actor_of,
    in_own_homes,
    number_of,
    user_of,
)
from communities.joining.consenting import note_consent, withdraw_noted
from communities.joining.leaving import note_moved_out
from communities.models import Consent, Household, Membership, Resident
from communities.people import PHONE_COLUMNS, add_resident, set_phone, tell_of_phone
from communities.roles import COORDINATORS, HANDS
from config.kernel import clock
from config.kernel.errors import DomainError, Invalid, NotFound


class ResidentForm(ConsoleForm[Resident]):
    """The phone is typed anew or left alone; what is stored never comes back into a field."""

    phone = forms.CharField(
        label=_("New phone number"),
        max_length=30,
        required=False,
        help_text=_("Leave empty to keep the number. It is stored encrypted and shown masked."),
    )
    forget_phone = forms.BooleanField(label=_("Remove the phone number"), required=False)

    class Meta:
        model = Resident
        fields = ("name", "is_contact")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.phone_was = self.instance.phone_index
        phone = cleaned.get("phone", "")
        if phone or cleaned.get("forget_phone"):
            try:
                set_phone(self.instance, phone)
            except Invalid as error:
                self.add_error("phone", [str(sentence) for sentence in error.fields["phone"]])
        return cleaned


_FIELDS = ("home", "name", "phone_masked", "phone", "forget_phone", "is_contact", "left_at")


@admin.register(Resident)
class ResidentAdmin(ScopedAdmin[Resident]):
    """Added from the household's page: a list of a thousand doors is no way to find one."""

    viewers = HANDS
    editors = COORDINATORS
    audit_kind = "resident"
    form = ResidentForm
    readonly_fields = ("home", "phone_masked", "left_at")
    list_display = ("name", "home", "phone_masked", "is_contact", "left_at")
    list_filter = ("is_contact", ("left_at", admin.EmptyFieldListFilter))
    list_select_related = ("household__building",)
    ordering = (
        "household__community_id",
        "household__building__sort_key",
        "household__sort_key",
        "pk",
    )
    search_fields = ("name", "household__room")
    change_form_template = "admin/communities/resident/change_form.html"

    def rows_for(self, request: HttpRequest, roles: Any) -> QuerySet[Resident]:
        rows = admin.ModelAdmin.get_queryset(self, request).select_related("household__building")
        # Whoever moved out long ago is a row without a name.
        rows = rows.exclude(left_at__isnull=False, name="")
        if user_of(request).is_superuser:
            return rows
        return rows.filter(in_own_homes(request, roles, building="household__building_id"))

    def community_id_of(self, row: Resident) -> int | None:
        return row.household.community_id

    @admin.display(description=_("household"))
    def home(self, row: Resident) -> str:
        return f"{row.household.building.label} {row.household.room}" if row.household_id else "-"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self.has_add_permission(request) and self._household(request) is None:
            messages.info(
                request, gettext("Choose the household first, then add the resident there.")
            )
            return HttpResponseRedirect(reverse("admin:communities_household_changelist"))
        return super().add_view(request, form_url, extra_context)

    def _household(self, request: HttpRequest) -> Household | None:
        given = request.GET.get("household", "")
        own = page_of(Household).rows_for(request, self.editors)
        home: Household | None = own.filter(pk=number_of(given)).first()
        return home

    def get_fields(self, request: HttpRequest, obj: Resident | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("name", "phone", "is_contact")
        if not self.has_change_permission(request, obj):
            return ("home", "name", "phone_masked", "is_contact", "left_at")
        return _FIELDS

    def create(self, request: HttpRequest, obj: Resident, form: Any) -> None:
        household = self._household(request)
        if household is None:
            raise Http404
        resident = add_resident(
            household=household,
            name=obj.name,
            phone=form.cleaned_data["phone"],
            is_contact=obj.is_contact,
            actor=actor_of(request),
        )
        self.adopt(obj, resident, form)

    def derive(self, obj: Resident, form: Any) -> list[str]:
        if not {"phone", "forget_phone"} & set(form.changed_data):
            return []
        return [*PHONE_COLUMNS]

    def save_model(self, request: HttpRequest, obj: Resident, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and form.phone_was != obj.phone_index:
            tell_of_phone(obj)

    def get_urls(self) -> list[URLPattern]:
        show = self.admin_site.admin_view(require_POST(self.phone_view))
        note = self.admin_site.admin_view(require_POST(self.consent_view))
        gone = self.admin_site.admin_view(require_POST(self.moved_out_view))
        return [
            path("<int:pk>/phone/", show, name="communities_resident_phone"),
            path("<int:pk>/moved-out/", gone, name="communities_resident_moved_out"),
            path("<int:pk>/consent/", note, name="communities_resident_consent"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        given = Consent.objects.filter(resident_id=number_of(object_id), withdrawn_at=None)
        row = self.get_object(request, object_id)
        may_move_out = (
            row is not None and row.left_at is None and self.may(request, self.editors, row)
        )
        context = {
            "consents": given.order_by("pk"),
            "purposes": Consent.Purpose.choices,
            "may_move_out": may_move_out,
            # Whoever has one moves out by its end.
            "role": self._role(row) if may_move_out and row and row.user_id else None,
        }
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    def _role(self, row: Resident) -> Membership | None:
        live = Membership.objects.live()
        return live.filter(user=row.user_id, household=row.household_id).first()

    def consent_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the resident said by word of mouth, noted by whoever heard it: that he agrees, or no longer does."""
        resident = self.own(request, pk)
        purpose = request.POST.get("purpose", "")
        if purpose not in Consent.Purpose.values:
            raise Http404
        verb = withdraw_noted if "withdraw" in request.POST else note_consent
        # Of what was never noted nothing stands either.
        with suppress(NotFound), transaction.atomic(durable=True):
            verb(resident=resident, purpose=purpose, actor=actor_of(request), at=clock.now())
        if verb is withdraw_noted:
            messages.success(request, gettext("The consent is withdrawn."))
        else:
            messages.success(request, gettext("The consent is noted."))
        return HttpResponseRedirect(reverse("admin:communities_resident_change", args=[pk]))

    def moved_out_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """For whoever has no account that could leave by itself."""
        resident = self.own(request, pk)
        if not self.may(request, self.editors, resident):
            raise PermissionDenied
        try:
            with transaction.atomic(durable=True):
                note_moved_out(resident=resident, actor=actor_of(request), at=clock.now())
        except DomainError as error:
            messages.warning(request, error.sentence)
        else:
            messages.success(
                request, gettext("Noted. Name and phone number are erased in 30 days.")
            )
        return HttpResponseRedirect(reverse("admin:communities_resident_change", args=[pk]))

    def phone_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the whole number once, to call it; the audit keeps who looked."""
        resident = self.own(request, pk)
        with transaction.atomic(durable=True):
            number = show_phone(resident=resident, actor=actor_of(request))
        back = reverse("admin:communities_resident_change", args=[pk])
        return secret_page(
            self, request, title=resident.name, secret=number, back=back, is_phone=True
        )
