"""An import in the console: preview, mend, confirm, result. One page per step, the same for every kind."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communities.console import actor_of, page, user_of
from communities.importing import preview
from communities.importing.desk import Desk, Opened
from communities.importing.entry import act
from config.kernel import audit, clock
from config.kernel.errors import DomainError, NotFound
from config.kernel.intake.confirming import confirm_as_seen
from config.kernel.intake.leftovers import refused_rows_file
from config.kernel.intake.models import Import
from config.kernel.intake.rows import decide_row, mend_row, take_doubtful
from config.kernel.intake.selectors import counts_of, error_sentence, note_sentences
from config.kernel.intake.uploads import check_size, store_upload

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def store_posted(
    request: HttpRequest, desk: Desk, subject_id: int, *, pasted: bool = False
) -> Import | None:
    """The import of the posted file; None, with a message, if it was refused. The caller has checked the subject.
    `pasted`: text could have come in its place.
    """
    file = request.FILES.get("file")
    try:
        check_size((file.size or 0) if file else 0)
        with transaction.atomic(durable=True):
            return store_upload(
                kind=desk.kind.name,
                subject=(desk.kind.subject_kind, subject_id),
                filename=(file.name or "") if file else "",
                content=file.read() if file else b"",
                actor=actor_of(request),
                at=clock.now(),
            )
    except DomainError as error:
        asked = (
            _("Please paste the list, or choose a file.")
            if pasted
            else _("Please choose a file first.")
        )
        messages.error(request, error.sentence if file else asked)
        return None


def _open(request: HttpRequest, desk: Desk, import_id: UUID) -> Opened:
    return desk.access(user_of(request), import_id)


def _shown(
    request: HttpRequest, template: str, desk: Desk, opened: Opened, **context: object
) -> HttpResponse:
    given = {"pages": desk.urls, "home": opened.home, "home_title": opened.home_title}
    return render(request, template, {"upload": opened.upload, **given, **context})


@page
@require_GET
def show_import(request: HttpRequest, desk: Desk, import_id: UUID) -> HttpResponse:
    """Where the import stands: being read, failed, to be checked, being stored, done."""
    opened = _open(request, desk, import_id)
    upload = opened.upload
    counts = counts_of(upload)
    tabs = preview.tabs_of(upload, counts)
    tab = preview.chosen_tab(tabs, request.GET.get("show"))
    rows = preview.rows_page(upload, tab, request.GET.get("page"))
    is_open = upload.status == Import.Status.READ
    fresh = preview.fresh_rows(upload) if is_open else 0
    context = {
        "counts": counts,
        "fresh": fresh,
        "unchanged": counts.taken - fresh,
        "changes_nothing": is_open and counts.taken > 0 and fresh == counts.asked == 0,
        "error": error_sentence(upload),
        "notes": [*note_sentences(upload), *(desk.remarks(upload) if is_open else ())],
        "tabs": tabs,
        "tab": tab,
        "page": rows,
        "rows": [preview.view_of(desk, upload, row) for row in rows],
        "headings": preview.shown_headings(desk, upload),
        "stops": desk.stops(upload) if is_open else [],
    }
    return _shown(request, _template(upload), desk, opened, **context)


def _template(upload: Import) -> str:
    if _is_moving(upload):
        return "imports/waiting.html"
    if upload.status == Import.Status.FAILED:
        return "imports/failed.html"
    is_open = upload.status == Import.Status.READ
    return "imports/preview.html" if is_open else "imports/result.html"


def _is_moving(upload: Import) -> bool:
    """A job has still to do something."""
    if upload.status == Import.Status.CONFIRMED:
        return upload.applied_at is None
    return upload.status == Import.Status.UPLOADED


@page
@require_GET
def progress(request: HttpRequest, desk: Desk, import_id: UUID) -> HttpResponse:
    """Small JSON for the progress bar: `is_moving` false means that the page has something new."""
    upload = _open(request, desk, import_id).upload
    counts = counts_of(upload)
    return JsonResponse(
        {"done": counts.done, "total": counts.total, "is_moving": _is_moving(upload)}
    )


@page
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, desk: Desk, import_id: UUID, number: int) -> HttpResponse:
    """The mending form of one row."""
    opened = _open(request, desk, import_id)
    upload = opened.upload
    if request.method == "POST" and _mend(request, desk, upload, number):
        if "back" in request.POST:  # a choice made in the list
            return _back(request, desk, upload, anchor=f"row-{number}")
        return redirect(desk.urls["row"], upload.public_id, number)
    line = upload.rows.filter(number=number).first()
    if line is None or upload.status != Import.Status.READ:
        raise NotFound()
    context = {
        "view": preview.view_of(desk, upload, line),
        "fields": preview.fields_of(desk.kind, upload, line),
        **desk.row_context(upload, line),
    }
    return _shown(request, desk.row_template, desk, opened, **context)


def _mend(request: HttpRequest, desk: Desk, upload: Import, number: int) -> bool:
    given = request.POST.dict()
    names = [column.name for column in desk.kind.columns]
    texts = {name: given[name] for name in names if name in given}
    if desk.texts is not None:
        texts = desk.texts(upload, given)

    def verb() -> None:
        mend_row(upload=upload, number=number, texts=texts, actor=actor_of(request))

    return act(request, verb, done=_("Row %(number)s was judged anew.") % {"number": number})


@page
@require_POST
def decide(request: HttpRequest, desk: Desk, import_id: UUID, number: int) -> HttpResponse:
    """A yes or no to one row."""
    upload = _open(request, desk, import_id).upload
    decision = request.POST.get("decision", "")

    def verb() -> None:
        decide_row(upload=upload, number=number, decision=decision, actor=actor_of(request))

    act(request, verb)
    return _back(request, desk, upload, anchor=f"row-{number}")


@page
@require_POST
def take_all(request: HttpRequest, desk: Desk, import_id: UUID) -> HttpResponse:
    """One yes to all doubtful rows."""
    upload = _open(request, desk, import_id).upload
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
    return _back(request, desk, upload)


@page
@require_POST
def confirm(request: HttpRequest, desk: Desk, import_id: UUID) -> HttpResponse:
    """The one confirmation; what is stored then is shown as it happens."""
    upload = _open(request, desk, import_id).upload
    if (
        request.POST.get("sure") != "yes"
        and upload.status == Import.Status.READ
        and desk.stops(upload)
    ):
        messages.error(request, _("Please answer the question at the top first."))
        return redirect(desk.urls["import"], upload.public_id)
    _confirm(request, upload)
    return redirect(desk.urls["import"], upload.public_id)


def _confirm(request: HttpRequest, upload: Import) -> None:
    seen: list[bool] = []

    def verb() -> None:
        actor, now = actor_of(request), clock.now()
        seen.append(confirm_as_seen(upload=upload, actor=actor, at=now))

    if act(request, verb) and not seen[0]:
        messages.error(request, _("Another list was stored meanwhile. Please look once more."))


@page
@require_GET
def left_out(
    request: HttpRequest, desk: Desk, import_id: UUID, suffix: Literal["xlsx", "csv"]
) -> HttpResponse:
    """The rows that led to nothing, with their reasons, as a file."""
    upload = _open(request, desk, import_id).upload
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


def _back(request: HttpRequest, desk: Desk, upload: Import, anchor: str = "") -> HttpResponse:
    """To the same filter and page of the preview, by GET."""
    response = redirect(desk.urls["import"], upload.public_id)
    shown, number = request.POST.get("show", ""), request.POST.get("page", "")
    if shown.replace("-", "").isalpha() and number.isdigit():
        response["Location"] += f"?show={shown}&page={number}#{anchor}"
    return response
