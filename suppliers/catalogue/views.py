"""Catalogue import in the console: upload, preview, mend, confirm, result. One page per step."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communities.console import actor_of, user_of
from config.kernel import audit, clock
from config.kernel.errors import DomainError, NotFound
from config.kernel.intake.confirming import confirm as confirm_import
from config.kernel.intake.leftovers import refused_rows_file
from config.kernel.intake.models import Import
from config.kernel.intake.rows import decide_row, mend_row, take_doubtful
from config.kernel.intake.selectors import (
    counts_of,
    error_sentence,
    imports_of,
    note_sentences,
)
from config.kernel.intake.uploads import check_size, store_upload
from suppliers.access import access_supplier_to_keep, kept_by
from suppliers.catalogue import preview
from suppliers.catalogue.access import access_import
from suppliers.catalogue.entry import act, page
from suppliers.catalogue.kind import CATALOGUE
from suppliers.models import Supplier

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@page
@require_GET
def catalogues(request: HttpRequest) -> HttpResponse:
    """The suppliers whose catalogues the person keeps."""
    on_sale = Count("products", filter=Q(products__is_active=True))
    rows = kept_by(user_of(request)).annotate(on_sale=on_sale).order_by("name")
    return render(request, "catalogue/suppliers.html", {"suppliers": rows})


@page
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """The form for a new file, and the files of before."""
    supplier = access_supplier_to_keep(user_of(request), public_id=supplier_id)
    if request.method == "POST":
        upload = _store(request, supplier)
        if upload is not None:
            return redirect("catalogue:import", upload.public_id)
    earlier = imports_of(CATALOGUE.name, (CATALOGUE.subject_kind, supplier.pk))
    context = {
        "supplier": supplier,
        "imports": earlier[:20],
        "products": supplier.products.filter(is_active=True).count(),
        "columns": [(column.aliases[0], column.is_required) for column in CATALOGUE.columns],
    }
    return render(request, "catalogue/index.html", context)


def _store(request: HttpRequest, supplier: Supplier) -> Import | None:
    """The import of the posted file; None, with a message, if it was refused."""
    file = request.FILES.get("file")
    try:
        check_size((file.size or 0) if file else 0)
        with transaction.atomic(durable=True):
            return store_upload(
                kind=CATALOGUE.name,
                subject=(CATALOGUE.subject_kind, supplier.pk),
                filename=(file.name or "") if file else "",
                content=file.read() if file else b"",
                actor=actor_of(request),
                at=clock.now(),
            )
    except DomainError as error:
        messages.error(request, error.sentence if file else _("Please choose a file first."))
        return None


@page
@require_GET
def show_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Where the import stands: being read, failed, to be checked, being stored, done."""
    upload, supplier = access_import(user_of(request), public_id=import_id)
    counts = counts_of(upload)
    tabs = preview.tabs_of(upload, counts)
    tab = preview.chosen_tab(tabs, request.GET.get("show"))
    rows = preview.rows_page(upload, tab, request.GET.get("page"))
    is_open = upload.status == Import.Status.READ
    context = {
        "upload": upload,
        "supplier": supplier,
        "counts": counts,
        "changes_nothing": is_open and preview.changes_nothing(upload),
        "error": error_sentence(upload),
        "notes": note_sentences(upload),
        "tabs": tabs,
        "tab": tab,
        "page": rows,
        "rows": [preview.view_of(upload, row) for row in rows],
        "headings": preview.shown_headings(upload),
    }
    return render(request, _template(upload), context)


def _template(upload: Import) -> str:
    if _is_moving(upload):
        return "catalogue/waiting.html"
    if upload.status == Import.Status.FAILED:
        return "catalogue/failed.html"
    is_open = upload.status == Import.Status.READ
    return "catalogue/preview.html" if is_open else "catalogue/result.html"


def _is_moving(upload: Import) -> bool:
    """A job has still to do something."""
    if upload.status == Import.Status.CONFIRMED:
        return upload.applied_at is None
    return upload.status == Import.Status.UPLOADED


@page
@require_GET
def progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Small JSON for the progress bar: `is_moving` false means that the page has something new."""
    upload, _supplier = access_import(user_of(request), public_id=import_id)
    counts = counts_of(upload)
    return JsonResponse(
        {"done": counts.done, "total": counts.total, "is_moving": _is_moving(upload)}
    )


@page
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, import_id: UUID, number: int) -> HttpResponse:
    """The mending form of one row."""
    upload, supplier = access_import(user_of(request), public_id=import_id)
    if request.method == "POST" and _mend(request, upload, number):
        return redirect("catalogue:row", upload.public_id, number)
    line = upload.rows.filter(number=number).first()
    if line is None or upload.status != Import.Status.READ:
        raise NotFound()
    context = {
        "upload": upload,
        "supplier": supplier,
        "view": preview.view_of(upload, line),
        "fields": preview.fields_of(upload, line),
    }
    return render(request, "catalogue/row.html", context)


def _mend(request: HttpRequest, upload: Import, number: int) -> bool:
    given = request.POST
    texts = {
        column.name: given[column.name] for column in CATALOGUE.columns if column.name in given
    }

    def verb() -> None:
        mend_row(upload=upload, number=number, texts=texts, actor=actor_of(request))

    return act(request, verb, done=_("Row %(number)s was judged anew.") % {"number": number})


@page
@require_POST
def decide(request: HttpRequest, import_id: UUID, number: int) -> HttpResponse:
    """A yes or no to one row."""
    upload, _supplier = access_import(user_of(request), public_id=import_id)
    decision = request.POST.get("decision", "")

    def verb() -> None:
        decide_row(upload=upload, number=number, decision=decision, actor=actor_of(request))

    act(request, verb)
    return _back(request, upload, anchor=f"row-{number}")


@page
@require_POST
def take_all(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """One yes to all doubtful rows."""
    upload, _supplier = access_import(user_of(request), public_id=import_id)
    taken: list[int] = []
    if act(request, lambda: taken.append(take_doubtful(upload=upload, actor=actor_of(request)))):
        count = taken[0]
        messages.success(
            request,
            ngettext(
                "%(count)s doubtful row is taken.", "%(count)s doubtful rows are taken.", count
            )
            % {"count": count},
        )
    return _back(request, upload)


@page
@require_POST
def confirm(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The one confirmation; what is stored then is shown as it happens."""
    upload, _supplier = access_import(user_of(request), public_id=import_id)
    act(
        request,
        lambda: confirm_import(upload=upload, actor=actor_of(request), at=clock.now()),
    )
    return redirect("catalogue:import", upload.public_id)


@page
@require_GET
def left_out(request: HttpRequest, import_id: UUID, suffix: Literal["xlsx", "csv"]) -> HttpResponse:
    """The rows that led to nothing, with their reasons, as a file."""
    upload, _supplier = access_import(user_of(request), public_id=import_id)
    filename, content = refused_rows_file(upload=upload, suffix=suffix)
    with transaction.atomic(durable=True):
        audit.record(
            actor=actor_of(request), action="import.exported", subject=("import", upload.pk)
        )
    return HttpResponse(
        content,
        content_type=_TYPES[suffix],
        headers={
            "Content-Disposition": str(content_disposition_header(True, filename)),
            "Cache-Control": "no-store",
        },
    )


def _back(request: HttpRequest, upload: Import, anchor: str = "") -> HttpResponse:
    """To the same filter and page of the preview, by GET."""
    response = redirect("catalogue:import", upload.public_id)
    shown, number = request.POST.get("show", ""), request.POST.get("page", "")
    if shown.replace("-", "").isalpha() and number.isdigit():
        response["Location"] += f"?show={shown}&page={number}#{anchor}"
    return response
