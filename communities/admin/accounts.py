"""Accounts and roles. A role is granted and ended, never edited: who could do what, and when, stays readable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from communities.accounts import may_issue_token, revoke_tokens
from communities.admin.filters import OwnRelatedFilter
from communities.admin.scoped import (
    ConsoleForm,
    ReadOnlyInline,
    ScopedAdmin,
    page_of,
    secret_page,
)
from communities.console import (
    actor_of,
    community_ids,
    user_of,
)
from communities.models import Community, Membership, Region, User
from communities.people import create_user, end_membership, grant_membership
from communities.roles import COORDINATORS, Role
from communities.tokens import issue_token, tell_of_sign_in
from config.kernel import clock
from config.kernel.errors import DomainError


class MembershipInline(ReadOnlyInline[Membership]):
    model = Membership
    fields = ("role", "place", "started_at", "ended_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        rows = (
            super()
            .get_queryset(request)
            .select_related("region", "community", "building", "household__building")
        )
        if user_of(request).is_superuser:
            return rows
        return rows.filter(community_id__in=community_ids(request, COORDINATORS))

    @admin.display(description=_("where"))
    def place(self, row: Membership) -> str:
        return place_of(row)


def place_of(row: Membership) -> str:
    """宛平南苑 1号楼, 宛平南苑 1号楼 201, 徐家汇街道."""
    home = row.household
    building = home.building if home else row.building
    parts = (
        row.region and row.region.name,
        row.community and row.community.name,
        building and building.label,
        home and home.room,
    )
    return " ".join(part for part in parts if part)


class UserForm(ConsoleForm[User]):
    # Not named as the column: an empty field would then be written over the hash.
    new_password = forms.CharField(
        label=_("Password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "At least ten characters. Without a password the account signs in by token only."
        ),
    )

    class Meta:
        model = User
        fields = ("username", "display_name", "is_staff", "is_active")

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        return password


@admin.register(User)
class UserAdmin(ScopedAdmin[User]):
    """A committee officer opens accounts and sees those of his community; only a superuser edits them, because an
    account may hold roles elsewhere.
    """

    viewers = COORDINATORS
    editors = frozenset({Role.COMMITTEE})
    audit_kind = "user"
    form = UserForm
    list_display = ("username", "display_name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active")
    ordering = ("username",)
    search_fields = ("username", "display_name")
    inlines = (MembershipInline,)
    change_form_template = "admin/communities/user/change_form.html"

    def scope(self, rows: QuerySet[User], ids: Sequence[int]) -> QuerySet[User]:
        there = Membership.objects.live().filter(community_id__in=ids, user__is_superuser=False)
        return rows.filter(pk__in=there.values("user_id"))

    def label(self, row: User) -> str:
        return row.get_full_name()

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return user_of(request).is_superuser

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("username", "display_name", "new_password", "is_staff")
        if user_of(request).is_superuser:
            return ("username", "display_name", "new_password", "is_staff", "is_active")
        return ("username", "display_name", "is_staff", "is_active", "last_login")

    def create(self, request: HttpRequest, obj: User, form: Any) -> None:
        user = create_user(
            username=obj.username,
            password=form.cleaned_data["new_password"] or None,
            display_name=obj.display_name,
            is_staff=obj.is_staff,
            actor=actor_of(request),
        )
        self.adopt(obj, user, form)

    def derive(self, obj: User, form: Any) -> list[str]:
        if not form.cleaned_data.get("new_password"):
            return []
        obj.set_password(form.cleaned_data["new_password"])
        return ["password"]

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """A new account has no role yet, so that even its maker could not open its page: grant one next."""
        messages.success(request, gettext("The account is open. Now give it a role."))
        target = reverse("admin:communities_membership_add")
        return HttpResponseRedirect(f"{target}?username={obj.username}")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        allowed = row is not None and may_issue_token(user_of(request), row)
        return super().change_view(
            request, object_id, form_url, {"may_issue_token": allowed, **(extra_context or {})}
        )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/token/",
                wrap(require_POST(self.token_view)),
                name="communities_user_token",
            ),
            path(
                "<int:pk>/tokens/end/",
                wrap(require_POST(self.end_tokens_view)),
                name="communities_user_end_tokens",
            ),
            *super().get_urls(),
        ]

    def token_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new token, shown this once on the page itself: a message would keep it in a cookie."""
        account = self._account_for_tokens(request, pk)
        with transaction.atomic(durable=True):
            token = issue_token(user=account, actor=actor_of(request))
            tell_of_sign_in(user=account, text=token)
        back = reverse("admin:communities_user_change", args=[pk])
        return secret_page(self, request, title=account.get_full_name(), secret=token, back=back)

    def end_tokens_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = self._account_for_tokens(request, pk)
        with transaction.atomic(durable=True):
            ended = revoke_tokens(user=account, actor=actor_of(request))
        messages.success(request, gettext("Tokens ended: %(count)d") % {"count": ended})
        return HttpResponseRedirect(reverse("admin:communities_user_change", args=[pk]))

    def _account_for_tokens(self, request: HttpRequest, pk: int) -> User:
        account = self.own(request, pk)
        if not may_issue_token(user_of(request), account):
            raise PermissionDenied
        return account


class MembershipForm(ConsoleForm[Membership]):
    """The account is typed, not chosen from a list: the list would show everybody's neighbours."""

    username = forms.CharField(label=_("Account (user name)"), max_length=150)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in Role if role != Role.RESIDENT],
    )

    class Meta:
        model = Membership
        fields = ("role", "community", "region", "building")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        self.account = User.objects.filter(username=username, is_superuser=False).first()
        if self.account is None:
            raise forms.ValidationError(_("There is no account with this user name."))
        return username

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        community, building = cleaned.get("community"), cleaned.get("building")
        if bool(community) == bool(cleaned.get("region")):
            raise forms.ValidationError(_("Name either the community or the region."))
        is_leader = cleaned.get("role") == Role.BUILDING_LEADER
        if is_leader and (
            building is None or building.community_id != getattr(community, "pk", None)
        ):
            self.add_error("building", _("A building leader needs a building of the community."))
        if building and not is_leader:
            self.add_error("building", _("Only a building leader has a building."))
        return cleaned


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin[Membership]):
    viewers = COORDINATORS
    editors = frozenset({Role.COMMITTEE})
    audit_kind = "membership"
    form = MembershipForm
    list_display = ("account", "role", "place", "started_at", "ended_at")
    list_filter = ("role", ("community", OwnRelatedFilter))
    list_select_related = ("user", "region", "community", "building", "household__building")
    ordering = ("-pk",)
    search_fields = ("user__username", "user__display_name")
    change_form_template = "admin/communities/membership/change_form.html"

    def label(self, row: Membership) -> str:
        return f"{row.user.get_full_name()} · {row.get_role_display()} · {place_of(row)}"

    def rows_for(self, request: HttpRequest, roles: Any) -> QuerySet[Membership]:
        rows = admin.ModelAdmin.get_queryset(self, request)
        if user_of(request).is_superuser:
            return rows
        regions = page_of(Region)
        return rows.filter(
            Q(community_id__in=community_ids(request, roles))
            | Q(region__in=regions.rows_for(request, self.editors))
        )

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("username", "role", "community", "building", "region")
        return ("account", "role", "place", "started_at", "ended_at")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Membership | None = None
    ) -> tuple[str, ...]:
        return ("account", "place") if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = community_ids(request, self.editors)
        return {
            "username": request.GET.get("username", ""),
            "community": own[0] if len(own) == 1 else None,
        }

    def create(self, request: HttpRequest, obj: Membership, form: Any) -> None:
        node: Region | Community = obj.community or obj.region  # type: ignore[assignment]
        membership = grant_membership(
            user=form.account,
            role=Role(obj.role),
            node=node,
            building=obj.building,
            actor=actor_of(request),
            at=clock.now(),
        )
        self.adopt(obj, membership, form)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        may_end = row is not None and row.ended_at is None and self.may(request, self.editors, row)
        return super().change_view(
            request, object_id, form_url, {"may_end": may_end, **(extra_context or {})}
        )

    def get_urls(self) -> list[URLPattern]:
        end = self.admin_site.admin_view(require_POST(self.end_view))
        return [path("<int:pk>/end/", end, name="communities_membership_end"), *super().get_urls()]

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        membership = self.own(request, pk)
        if not self.may(request, self.editors, membership):
            raise PermissionDenied
        try:
            with transaction.atomic(durable=True):
                end_membership(membership=membership, actor=actor_of(request), at=clock.now())
        except DomainError as error:
            messages.warning(request, error.sentence)
        else:
            messages.success(request, gettext("The role has ended."))
        return HttpResponseRedirect(reverse("admin:communities_membership_change", args=[pk]))

    @admin.display(description=_("account"), ordering="user__username")
    def account(self, row: Membership) -> str:
        return row.user.get_full_name()

    @admin.display(description=_("where"))
    def place(self, row: Membership) -> str:
        return place_of(row)
