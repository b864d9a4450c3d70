"""What every page of the admin obeys: one's own communities only, roles instead of groups, audited edits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from communities.console import actor_of, community_ids, refusal, roles_of, user_of
from communities.history import entries_of
from communities.roles import STAFF, Role
from config.kernel import audit
from config.kernel.admin import CappedPaginator, is_asked_by
from config.kernel.errors import DomainError

Row = TypeVar("Row", bound=Model)

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin
    _TabularInline = admin.TabularInline
    _ModelForm = forms.ModelForm
else:

    class _Subscriptable:
        """Stubs make these classes generic; at run time they are not."""

        def __class_getitem__(cls, item: object) -> type:
            return cls

    class _ModelAdmin(_Subscriptable, admin.ModelAdmin):
        pass

    class _TabularInline(_Subscriptable, admin.TabularInline):
        pass

    class _ModelForm(_Subscriptable, forms.ModelForm):
        pass


class ConsoleForm(_ModelForm[Row]):
    """A form that also checks the constraints in which a column takes part that the form does not show."""

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        if self.instance.pk is None:
            return excluded
        shown = set(self.fields)
        return {name for name in excluded if name in shown}

    def _update_errors(self, errors: ValidationError) -> None:
        """Without what is wrong with a column that the form does not show: it was so before, and Django would raise."""
        found = errors.error_dict if hasattr(errors, "error_dict") else {NON_FIELD_ERRORS: errors}
        shown = {
            name: list_ for name, list_ in found.items() if name in {*self.fields, NON_FIELD_ERRORS}
        }
        if shown:
            super()._update_errors(ValidationError(shown))  # type: ignore[misc]


def page_of(model: type[Model]) -> ScopedAdmin[Any]:
    """The console's page of a model, which knows whose rows are whose. TypeError for a page that does not."""
    page = admin.site.get_model_admin(model)
    if not isinstance(page, ScopedAdmin):
        raise TypeError(f"{model.__name__} has no scoped page")
    return page


class ScopedAdmin(_ModelAdmin[Row]):
    """Reference data of one's own communities.

    `viewers` may look, `editors` may add and change what lies in their communities; nobody deletes. `audit_kind`
    is the subject's kind in AuditEntry. Subclasses say by `scope` which rows belong to a set of communities.
    """

    viewers: Collection[Role] = STAFF
    editors: Collection[Role] = frozenset()
    audit_kind: str = ""
    label_related: Sequence[str] = ()
    actions = None
    paginator = CappedPaginator
    list_per_page = 50
    show_full_result_count = False
    form: type[forms.ModelForm[Any]] = ConsoleForm

    def scope(self, rows: QuerySet[Row], ids: Sequence[int]) -> QuerySet[Row]:
        """The rows that belong to communities `ids`."""
        raise NotImplementedError

    def label(self, row: Row) -> str:
        """How dropdowns and headlines call the row: without the id that makes `str` unique."""
        return str(row).removesuffix(f" ({row.pk})")

    def community_id_of(self, row: Row) -> int | None:
        return getattr(row, "community_id", None)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        filters = self.list_filter if request is None else self.get_list_filter(request)
        return is_asked_by(filters, lookup, value)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        return self.rows_for(request, self.viewers)

    def rows_for(self, request: HttpRequest, roles: Collection[Role]) -> QuerySet[Row]:
        rows = super().get_queryset(request)
        if user_of(request).is_superuser:
            return rows
        return self.scope(rows, community_ids(request, roles))

    def may(self, request: HttpRequest, roles: Collection[Role], row: Row | None) -> bool:
        """Some role in `roles`; for a row, held where the row lies."""
        if not roles_of(request) & frozenset(roles):
            return False
        return (
            row is None
            or row.pk is None
            or self.rows_for(request, roles).filter(pk=row.pk).exists()
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return self.may(request, self.viewers, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.editors, None)

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return self.may(request, self.editors, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        for flag in (
            "can_add_related",
            "can_change_related",
            "can_view_related",
            "can_delete_related",
        ):
            if field is not None and hasattr(field.widget, flag):
                setattr(field.widget, flag, False)
        return field

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any]:
        """A dropdown offers, and a POST may name, only rows the person may edit beside."""
        related = page_of(db_field.remote_field.model)
        rows = related.rows_for(request, self.editors).select_related(*related.label_related)
        field = super().formfield_for_foreignkey(db_field, request, **{"queryset": rows, **kwargs})
        if field is None:
            raise TypeError(f"{db_field.name} has no form field")
        field.label_from_instance = related.label  # type: ignore[assignment,method-assign]
        return field

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if context.get("original") is not None:
            context["subtitle"] = context["label"] = self.label(context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What only a verb or a constraint of the database notices becomes a sentence, not a 500."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            messages.error(
                request,
                _("Nothing was saved: such a row exists already, or two values do not fit."),
            )
        except DomainError as error:
            messages.error(request, refusal(error))
        return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Row, form: Any, change: bool) -> None:
        """Write only what was edited, and say so in the audit; new rows are made by `create`."""
        if not change:
            self.create(request, obj, form)
            return
        own = {field.name for field in obj._meta.concrete_fields}
        changed = [name for name in form.changed_data if name in own]
        derived = self.derive(obj, form)
        if changed or derived:
            obj.save(update_fields=[*changed, *derived])
            self.record(request, obj, "edited", fields=sorted(form.changed_data))

    def create(self, request: HttpRequest, obj: Row, form: Any) -> None:
        """Make the new row by a verb and give `obj` its key."""
        raise NotImplementedError

    def derive(self, obj: Row, form: Any) -> list[str]:
        """Fill columns that follow from the edited ones (sort keys …); returns their names."""
        return []

    def record(self, request: HttpRequest, row: Row, what: str, **data: Any) -> None:
        """Write the entry `<audit_kind>.<what>` into the transaction of the form."""
        audit.record(
            actor=actor_of(request),
            action=f"{self.audit_kind}.{what}",
            subject=(self.audit_kind, row.pk),
            community_id=self.community_id_of(row),
            data=data,
        )

    def adopt(self, obj: Row, created: Row, form: Any, names: Sequence[str] = ()) -> None:
        """`obj` becomes the row a verb has created; columns the verb does not know are written after it."""
        for name in names:
            setattr(created, name, form.cleaned_data[name])
        if names:
            created.save(update_fields=list(names))
        obj.pk = created.pk
        obj.refresh_from_db()

    def own(self, request: HttpRequest, pk: int) -> Row:
        """The row of an address. PermissionDenied for a role that sees no such rows, Http404 for somebody else's."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row: Row = get_object_or_404(self.get_queryset(request), pk=pk)
        return row

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Django's own log would keep names of people; the AuditEntry is written by save_model."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """As log_addition."""

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        # Somebody else's row and no row at all have one answer.
        raise Http404

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What the audit holds about this row."""
        row = self.get_object(request, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is None:
            raise Http404
        page = Paginator(entries_of([(self.audit_kind, [row.pk])]), 100).get_page(
            request.GET.get("p")
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "label": self.label(row),
            "page": page,
            "object": row,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)


class ReadOnlyAdmin(ScopedAdmin[Row]):
    """Everything with a state: to be looked at; changed only by the actions of the desk."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False


class ReadOnlyInline(_TabularInline[Row, Model]):
    """Rows shown below their parent, which is scoped already."""

    template = "admin/scrolling.html"
    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


def secret_page(
    page: ScopedAdmin[Any],
    request: HttpRequest,
    *,
    title: str,
    secret: str,
    back: str,
    is_phone: bool = False,
) -> HttpResponse:
    """Something shown this once, on the answer to a POST: a message or a redirect would keep it somewhere."""
    context = {
        **page.admin_site.each_context(request),
        "title": title,
        "secret": secret,
        "back": back,
        "is_phone": is_phone,
        "opts": page.opts,
    }
    response = TemplateResponse(request, "admin/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response
