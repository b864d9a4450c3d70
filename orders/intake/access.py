"""The only way code at the edge loads the place of an order list, or an import of one."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from communities.access import access_community
from communities.models import User
from communities.roles import WRITERS
from config.kernel.errors import Forbidden, NotFound
from config.kernel.intake.models import Import
from orders.access import access_window
from orders.intake.world import KIND, SUBJECT
from orders.models import WindowCommunity


class ListsAreForAll(Forbidden):
    """A building leader writes down the orders of his building; a list names everybody's."""

    detail = _(
        "Please give the list to a volunteer, a checker or the organiser: it holds orders of all buildings."
    )


def access_joined(user: User, *, window_id: UUID, community_id: UUID) -> WindowCommunity:
    """A community of a group buy, for whom may write down everybody's orders in both. Raises NotFound, Forbidden."""
    try:
        window = access_window(user, public_id=window_id, roles=WRITERS)
        community = access_community(user, public_id=community_id, roles=WRITERS)
    except Forbidden as error:
        raise ListsAreForAll() from error
    joined = (
        WindowCommunity.objects.filter(window=window, community=community)
        .select_related("window__supplier", "window__community", "community")
        .first()
    )
    if joined is None:
        raise NotFound()
    return joined


def access_order_list(user: User, *, public_id: UUID) -> tuple[Import, WindowCommunity]:
    """An import and where it goes. Raises as access_joined does."""
    upload = Import.objects.filter(kind=KIND, subject_kind=SUBJECT, public_id=public_id).first()
    if upload is None:
        raise NotFound()
    rows = WindowCommunity.objects.filter(pk=upload.subject_id)
    joined = rows.select_related("window", "community").first()
    if joined is None:
        raise NotFound()
    window, community = joined.window, joined.community
    place = access_joined(user, window_id=window.public_id, community_id=community.public_id)
    return upload, place
