"""The picture of an offer, for whoever sees the offer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from communities.api.endpoints import AccountEndpoint
from config.kernel.api.fields import Strict
from config.kernel.api.schema import describe
from config.kernel.errors import NotFound
from orders.access import access_window_as_resident
from orders.api.files import is_known
from suppliers.models import ProductPhoto
from suppliers.photos.images import JPEG, PNG, WEBP

# So much of its SHA-256 stands in a picture's address: another picture, another address.
_SHOWN = 16
_FOR_EVER = "private, max-age=31536000, immutable"


def photo_address(window: UUID, offer: UUID, sha256: str | None) -> str | None:
    """Where the picture is; None if there is none."""
    if not sha256:
        return None
    return f"{reverse('offer-photo', args=[window, offer])}?v={sha256[:_SHOWN]}"


def _picture(_media: str) -> OpenApiResponse:
    return OpenApiResponse(OpenApiTypes.BINARY, "The picture in its media type.")


class OfferPhoto(AccountEndpoint):
    """GET and HEAD /windows/{id}/offers/{offer_id}/photo"""

    class Query(Strict):
        v = serializers.RegexField(
            r"^[0-9a-f]{1,64}$", required=False, help_text="As the address in `photo` has it."
        )

    def perform_content_negotiation(
        self, request: Request, force: bool = False
    ) -> tuple[BaseRenderer, str]:
        """Accept is not asked: browsers want image/*, and refusals are JSON in any case."""
        return JSONRenderer(), "application/json"

    @describe(
        id="getOfferPhoto",
        summary="The picture of an offer",
        detail=(
            "The address in `photo` of an offer; it may be kept as long as you like, another "
            "picture has another address. ETag and If-None-Match are understood."
        ),
        tag="residents",
        answer={
            **{(200, media): _picture(media) for media in (JPEG, PNG, WEBP)},
            304: OpenApiResponse(description="You have this picture already."),
        },
        query=Query,
        errors=(404,),
    )
    def get(self, request: Request, public_id: UUID, offer_id: UUID) -> HttpResponse:
        seen = access_window_as_resident(self.account, public_id=public_id)
        photo = (
            ProductPhoto.objects.filter(
                product__offers__window=seen.window_id, product__offers__public_id=offer_id
            )
            .defer("content")
            .first()
        )
        if photo is None:
            raise NotFound()
        return photo_answer(photo, request, version=self.query.get("v", ""))


def photo_answer(photo: ProductPhoto, request: Request, *, version: str) -> HttpResponse:
    """200 or 304; only an address that names these bytes may be kept without asking."""
    etag = f'"{photo.sha256}"'
    is_this = bool(version) and photo.sha256.startswith(version)
    shown = {"ETag": etag, "Cache-Control": _FOR_EVER if is_this else "private, no-cache"}
    if is_known(request.headers, etag):
        return HttpResponse(status=304, headers=shown)
    shown |= {"Content-Type": photo.media_type, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(photo.content), headers=shown)
