"""The picture of a product: put in the place of the one before, or taken away."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext_lazy as _

from config.kernel import audit, clock
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.locks import require_atomic
from suppliers.models import Product, ProductPhoto
from suppliers.photos.images import NotAPhoto, TooLarge, read_photo


class BadPhoto(DomainError):
    code = "bad_photo"
    status = 400
    detail = _("This is no picture that can be read here: JPEG, PNG or WebP.")


class PhotoTooLarge(DomainError):
    code = "photo_too_large"
    status = 400
    detail = _("The picture is too large: at most 1 MB and 4096 pixels on a side.")


def set_photo(*, product: Product, content: bytes, actor: Actor) -> ProductPhoto:
    """Keep the picture in `content`, without what a telephone wrote beside it. Raises BadPhoto, PhotoTooLarge."""
    require_atomic()
    try:
        photo = read_photo(content)
    except TooLarge as error:
        raise PhotoTooLarge() from error
    except NotAPhoto as error:
        raise BadPhoto() from error
    kept, _created = ProductPhoto.objects.update_or_create(
        product=product,
        defaults={
            "content": photo.content,
            "media_type": photo.media_type,
            "sha256": hashlib.sha256(photo.content).hexdigest(),
            "width": photo.width,
            "height": photo.height,
            "added_at": clock.now(),
        },
    )
    _record(product, actor, "product.photo_set")
    return kept


def remove_photo(*, product: Product, actor: Actor) -> None:
    """Take it away; where there is none nothing happens."""
    require_atomic()
    gone, _rows = ProductPhoto.objects.filter(product=product).delete()
    if gone:
        _record(product, actor, "product.photo_removed")


def _record(product: Product, actor: Actor, action: str) -> None:
    """The catalogue is of no one community: an entry for each that the supplier serves, as for its other edits."""
    served = product.supplier.serves.order_by("pk").values_list("community_id", flat=True)
    for community_id in served:
        audit.record(
            actor=actor,
            action=action,
            subject=("product", product.pk),
            community_id=community_id,
        )
