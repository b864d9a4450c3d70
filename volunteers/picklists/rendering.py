"""From a pick list to the bytes of its sheets. Rendered outside any transaction, stored in one."""

from __future__ import annotations

from config.kernel.jobs import Subject
from volunteers.models import PickList
from volunteers.states import PickListStatus


def unfiled() -> list[Subject]:
    """Pick lists without sheets."""
    rows = PickList.objects.filter(filed_at=None, status=PickListStatus.READY)
    return [Subject("pick_list", pk) for pk in rows.values_list("pk", flat=True)]


def render_pick_list(pick_list_id: int) -> None:
    raise NotImplementedError
