"""A stored file over HTTP: ETag, If-None-Match, Range, If-Range, HEAD, a name in Chinese (RFC 9110, RFC 6266)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError
from orders.models import OrderFile

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)


class RangeNotSatisfiable(DomainError):
    code = "range_not_satisfiable"
    status = 416
    detail = _("The file does not have the bytes asked for.")

    @property
    def headers(self) -> dict[str, str]:
        """What RFC 9110 §15.5.17 wants beside it."""
        return {"Content-Range": f"bytes */{self.fields['size']}"}


class Span(NamedTuple):
    """Bytes first … last, both included."""

    first: int
    last: int


def asked_range(text: str, size: int) -> Span | None:
    """None asks for the whole: no range, several, or one that means nothing (RFC 9110 §14.2 lets us ignore them).
    Raises RangeNotSatisfiable.
    """
    match = _RANGE.fullmatch(text.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    span = (
        Span(int(first), min(int(last or size), size - 1))
        if first
        else Span(max(0, size - int(last)), size - 1)
    )
    if first and last and int(last) < int(first):
        return None
    if span.first >= size:
        raise RangeNotSatisfiable(fields={"size": size})
    return span


def is_known(headers: Mapping[str, str], etag: str) -> bool:
    """If-None-Match names these very bytes (weak comparison), or anything at all."""
    known = [tag.removeprefix("W/") for tag in parse_etags(headers.get("If-None-Match", ""))]
    return etag in known or "*" in known


def file_answer(file: OrderFile, method: str, headers: Mapping[str, str]) -> HttpResponse:
    """200, 206 or 304. `file` may have its content deferred: it is read only when bytes go out."""
    etag = f'"{file.sha256}"'
    shown = {"ETag": etag, "Cache-Control": "private, no-cache", "Accept-Ranges": "bytes"}
    if is_known(headers, etag):
        return HttpResponse(status=304, headers=shown)
    shown |= {"Content-Type": file.media_type, "Content-Disposition": _disposition(file)}
    if method == "HEAD":
        return HttpResponse(headers={**shown, "Content-Length": str(file.size)})
    # A range of other bytes than the client has would be glued to the wrong half.
    same = headers.get("If-Range", etag) == etag
    span = asked_range(headers.get("Range", ""), file.size) if same else None
    if span is None:
        return HttpResponse(bytes(file.content), headers=shown)
    part = bytes(file.content)[span.first : span.last + 1]
    content_range = f"bytes {span.first}-{span.last}/{file.size}"
    return HttpResponse(part, status=206, headers={**shown, "Content-Range": content_range})


def _disposition(file: OrderFile) -> str:
    """The name in UTF-8, and a plain one for clients that know only that."""
    order = file.supplier_order
    plain = re.sub(
        r"[^\w.-]",
        "_",
        f"{order.number}-r{order.revision}-{file.kind}.{file.format}",
        flags=re.ASCII,
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
