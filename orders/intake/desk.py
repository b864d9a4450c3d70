"""How the pages of an import show an order list."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from communities.importing.desk import Desk, Opened
from communities.models import User
from config.kernel.intake.confirming import TAKEN
from config.kernel.intake.kinds import OK
from config.kernel.intake.models import Import, ImportRow
from orders.intake.access import access_order_list
from orders.intake.columns import ITEMS, item_text
from orders.intake.kind import ORDERS
from orders.intake.missing import ELSEWHERE_SHARE, KNOWN_SHARE
from orders.intake.repeated import list_of_before
from orders.intake.world import World, world_of
from orders.models import OrderWindow
from orders.states import WindowStatus

_UNKNOWN = Q(reasons__contains=[{"code": "goods_unknown"}]) | Q(
    reasons__contains=[{"code": "no_goods"}]
)


def _access(user: User, public_id: UUID) -> Opened:
    upload, joined = access_order_list(user, public_id=public_id)
    title = _("Order lists of %(name)s") % {"name": joined.window.title}
    home = reverse("intake:index", args=[joined.window.public_id, joined.community.public_id])
    return Opened(upload, title, home)


def remarks(upload: Import) -> list[str]:
    """Pieces that would be stored, beside what the list says itself."""
    world = world_of(upload.subject_id)
    sums: dict[int, int] = {}
    for values in upload.rows.filter(TAKEN).values_list("values", flat=True):
        for offer, quantity, _price in values.get("lines", ()):
            sums[offer] = sums.get(offer, 0) + quantity
    read = "、".join(item_text(world.labels[key], sums[key]) for key in world.labels if key in sums)
    told = [
        _("As it stands now: %(goods)s, together %(count)s.")
        % {"goods": read or "—", "count": sum(sums.values())}
    ]
    late = upload.rows.filter(TAKEN, values__how="late").count()
    if late:
        text = _("%(count)s late orders: the order for the supplier is added up anew by itself.")
        told.append(text % {"count": late})
    return told + [
        _compared(note, sums) for note in upload.notes if note["code"].startswith("own_total")
    ]


def _compared(note: Mapping[str, Mapping[str, int]], sums: Mapping[int, int]) -> str:
    params = note["params"]
    read = sums.get(params["offer"], 0) if "offer" in params else sum(sums.values())
    name = params.get("goods", _("everything"))
    if read == params["said"]:
        return _("%(name)s: just what the list says itself (%(said)s).") % {
            "name": name,
            "said": read,
        }
    return _("Differs from the list's own sum for %(name)s: %(said)s there, %(read)s here.") % {
        "name": name,
        "said": params["said"],
        "read": read,
    }


def stops(upload: Import) -> list[str]:
    """Yesterday's list, another shop's list, a group buy that takes no orders: asked before anything is stored."""
    world = world_of(upload.subject_id)
    rows = upload.rows.exclude(values__how="gone")
    total = rows.count()
    asked = []
    if world.window.status != WindowStatus.OPEN and not world.is_late:
        status = OrderWindow(status=world.window.status).get_status_display()
        asked.append(
            _("This group buy takes no orders now (%(status)s): every row would fail.")
            % {"status": status}
        )
    known = total - rows.filter(_UNKNOWN).count()
    if total and known < KNOWN_SHARE * total:
        text = _(
            "Only %(known)s of %(total)s rows name goods of this group buy. Is it another list?"
        )
        asked.append(text % {"known": known, "total": total})
    homes = {home for home in rows.values_list("values__household", flat=True) if home is not None}
    elsewhere = len(homes & world.elsewhere)
    if elsewhere > ELSEWHERE_SHARE * len(homes):
        text = _(
            "%(count)s of %(total)s households have ordered in another open group buy. Is it that one's list?"
        )
        asked.append(text % {"count": elsewhere, "total": len(homes)})
    repeated = list_of_before(rows.values_list("values", flat=True), world)
    if repeated is not None:
        text = _(
            "%(count)s of %(total)s rows are just what a list brought into “%(title)s”. Is it that one's list?"
        )
        asked.append(text % dict(zip(("title", "count", "total"), repeated, strict=True)))
    return asked


def choices(row: ImportRow) -> list[tuple[str, str]]:
    """What a person can say about a household that has ordered already."""
    codes = {reason["code"] for reason in row.reasons if reason["level"] != OK}
    both = [("add", _("Add")), ("update", _("Replace"))]
    if codes & {"household_again", "entry_again"}:
        return both
    if codes & {"order_differs", "other_channel"}:
        return [("update", _("Change to this line")), ("add", _("Second order: deliver both"))]
    if "late_besides" in codes:
        return [("late", _("Add as a late order"))]
    if "gone_from_list" in codes:
        return [("cancel", _("Cancel the order"))]
    if "was_cancelled" in codes:
        return [("place", _("Order again"))]
    return []


def row_context(upload: Import, row: ImportRow) -> dict[str, object]:
    """For the mending form: every door, and every offer with what this row has of it."""
    world = world_of(upload.subject_id)
    have = {line[0]: line[1] for line in row.values.get("lines", ())}
    offers = [(offer, world.labels[offer.pk], have.get(offer.pk, "")) for offer in world.offers]
    return {
        "raw": row.text_of("text", upload.columns),
        "line": row.text_of("line", upload.columns),
        "address": row.text_of("address", upload.columns),
        "doors": list(world.doors),
        "chosen": [one for one in offers if one[2]],
        "others": [one for one in offers if not one[2]],
    }


def texts(upload: Import, given: Mapping[str, str]) -> dict[str, str]:
    """What the form sent, as texts of fields: quantities by short number become one text of goods."""
    found = {name: given[name] for name in ("address", "how") if name in given}
    if "quantities" in given:
        found["goods"] = ITEMS.join(_items(given, world_of(upload.subject_id)))
    return found


def _items(given: Mapping[str, str], world: World) -> list[str]:
    named = [
        (world.labels[offer.pk], given.get(f"q-{offer.short_number}", "").strip())
        for offer in world.offers
    ]
    return [item_text(label, text) for label, text in named if text not in {"", "0"}]


DESK = Desk(
    kind=ORDERS,
    namespace="intake",
    access=_access,
    shown=("text", "address", "goods"),
    headings={
        "text": gettext_noop("As it is written"),
        "address": gettext_noop("Door"),
        "goods": gettext_noop("Goods"),
    },
    remarks=remarks,
    stops=stops,
    choices=choices,
    row_template="intake/row.html",
    row_context=row_context,
    texts=texts,
)
