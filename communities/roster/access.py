"""The only way code at the edge loads an import of a roster."""

from __future__ import annotations

from uuid import UUID

from communities.access import access_community
from communities.models import Community, User
from communities.roles import COORDINATORS
from config.kernel.errors import NotFound
from config.kernel.intake.models import Import


def access_roster(user: User, *, public_id: UUID) -> tuple[Import, Community]:
    """An import and its community. Raises NotFound or Forbidden, as access_community does."""
    upload = Import.objects.filter(
        kind="roster", subject_kind="community", public_id=public_id
    ).first()
    if upload is None:
        raise NotFound()
    community = Community.objects.filter(pk=upload.subject_id).first()
    if community is None:
        raise NotFound()
    return upload, access_community(user, public_id=community.public_id, roles=COORDINATORS)
