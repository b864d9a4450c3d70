"""Those at the console: who lets people in, writes down calls, pastes the chat's list, answers; and the supplier."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection, transaction
from django.urls import reverse

from communities.models import JoinRequest, User
from config.kernel.intake.models import Import, ImportRow
from orders.models import Offer, OrderWindow
from orders.states import WindowStatus
from orders.windows.drafting import set_offer
from tests.faults.roads.lines import Barrier, Mouth, browser, phone
from tests.faults.roads.scene import PATIENCE, Call, Scene
from tests.faults.roads.world import GOODS, Door

Act = Callable[[], None]
# What is pasted first, and by how much the scarce offer grows.
_FIRST_PASTE, _MORE = 0.6, 2
_PROMISED = "2031-04-22"


def acts(scene: Scene) -> list[Act]:
    town = scene.town
    return [
        *(partial(_let_in, scene, one, turn) for turn, one in enumerate(town.volunteers)),
        *(partial(_call, scene, door) for door in town.calling),
        partial(_paste, scene),
        partial(_more_pieces, scene),
        *(partial(_supply, scene, request) for request in town.requests),
        *(partial(_promise, scene, request) for request in town.plain),
    ]


def late_acts(scene: Scene) -> list[Act]:
    """After the cutoff."""
    return [partial(_call, scene, door, late=True) for door in scene.town.late]


def _mouth(scene: Scene, user: User, name: str) -> Mouth:
    line = scene.patiently(lambda: browser(scene.address, user.pk))
    return scene.mouth(line, name, f"user:{user.pk}")


def _let_in(scene: Scene, volunteer: User, turn: int) -> None:
    """Whoever waits, as long as anybody may still ask. Several volunteers press the same button."""
    mouth = _mouth(scene, volunteer, f"let in {turn}")
    waiting = JoinRequest.objects.filter(community=scene.town.community, status="waiting")
    while scene.heard.joining > 0:
        for public_id in scene.patiently(lambda: list(waiting.values_list("public_id", flat=True))):
            mouth.press(reverse("desk:join_approve", args=[public_id]), {})
        time.sleep(0.1)
    mouth.close()


def _call(scene: Scene, door: Door, *, late: bool = False) -> None:
    """One household's order, read back and saved; the same page again until it is."""
    town, name = scene.town, f"call {door.room}"
    rng = scene.rng(name)
    volunteer = rng.choice(town.volunteers)
    mouth = _mouth(scene, volunteer, name)
    scene.dawdle(rng, 0.3 if late else 1.0)
    chosen = rng.sample(town.goods[1:], rng.randint(1, 3))
    basket = {good.number: rng.randint(1, 3) for good in chosen}
    total = sum(good.price_fen * basket[good.number] for good in chosen)
    fields = {
        "home": door.public_id,
        "step": "save",
        "lines": " ".join(f"{number}*{pieces}" for number, pieces in basket.items()),
        "once": uuid.UUID(int=rng.getrandbits(128)).hex,
        "total": str(total),
        "road": "phone",
        "asked_by": "household",
        "payer": "household",
        **({"reason": "楼组长上门时才问到"} if late else {}),
    }
    channels = ("late",) if late else ("phone",)
    scene.heard.calls.append(Call(door.household, basket, channels))
    _save(mouth, reverse("desk:entry", args=[town.window.public_id]), fields)
    mouth.close()


def _save(mouth: Mouth, path: str, fields: dict[str, str]) -> None:
    """Raises TimeoutError if the desk never took it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        reply = mouth.press(path, fields)
        if reply.status == 302 and "home=" not in reply.headers["location"]:
            return
        time.sleep(0.2)
    raise TimeoutError(f"a call was never saved: {reply.status}")


def _more_pieces(scene: Scene) -> None:
    """The supplier has found some more of what is scarce."""
    scene.dawdle(scene.rng("more"), after=0.7)
    cap = len(scene.town.holding) + _MORE

    def raise_cap() -> None:
        with transaction.atomic(durable=True):
            offer = Offer.objects.get(pk=scene.town.scarce.pk)
            set_offer(offer=offer, actor=scene.town.actor, cap=cap)

    scene.insist(raise_cap)


def _supply(scene: Scene, request: str) -> None:
    rng = scene.rng(f"supply {request}")
    mouth = scene.mouth(
        phone(scene.address, f"Supplier {scene.town.supplier_key}"),
        f"supply {request}",
        scene.town.supplier_principal,
    )
    scene.dawdle(rng)
    path, body = f"supplier/requests/{request}/answer", {"stock": "have"}
    mouth.ask("POST", path, body, key=scene.key(f"stock-{request}"))
    mouth.close()


def _promise(scene: Scene, request: str) -> None:
    """Two volunteers promise the same thing; the household is told once."""
    fields = {"step": "promise", "on": _PROMISED, "answer": "周二送到"}
    scene.dawdle(scene.rng(f"promise {request}"))
    for turn, volunteer in enumerate(scene.town.volunteers[:2]):
        mouth = _mouth(scene, volunteer, f"promise {request} {turn}")
        mouth.press(reverse("desk:request", args=[UUID(request)]), fields)
        mouth.close()


# The chat's list.


def _paste(scene: Scene) -> None:
    """Pasted when it is half long, whole, and whole again; two confirm it at the same moment."""
    rng, town = scene.rng("list"), scene.town
    scene.dawdle(rng, 0.5)
    baskets = [
        {good.number: rng.randint(1, 3) for good in rng.sample(town.goods[1:], rng.randint(1, 3))}
        for _door in town.listed
    ]
    for door, basket in zip(town.listed, baskets, strict=True):
        scene.heard.calls.append(Call(door.household, basket, ("chain",)))
    first = max(1, int(_FIRST_PASTE * len(baskets)))
    mouths = [_mouth(scene, town.organiser, f"list {turn}") for turn in range(2)]
    for length in (first, len(baskets), len(baskets)):
        text = list_text(town.listed[:length], baskets[:length])
        _store(scene, mouths, _upload(scene, mouths[0], text))
    for mouth in mouths:
        mouth.close()


def list_text(doors: Sequence[Door], baskets: Sequence[dict[int, int]]) -> str:
    """As a chat has it."""
    rows = []
    for number, (door, basket) in enumerate(zip(doors, baskets, strict=True), start=1):
        goods = " ".join(f"{GOODS[key - 1][0]}×{pieces}" for key, pieces in basket.items())
        rows.append(f"{number}. 1-{door.room} {goods}")
    return "#接龙\n水果蔬菜，中午截单\n\n" + "\n".join(rows) + "\n"


def _upload(scene: Scene, mouth: Mouth, text: str) -> str:
    """The import's id. The same text again is the same import, also after a lost reply."""
    town = scene.town
    path = reverse("intake:index", args=[town.window.public_id, town.community.public_id])
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        reply = mouth.press(path, {"text": text})
        if reply.status == 302:
            return urlsplit(reply.headers["location"]).path.rstrip("/").rpartition("/")[2]
        time.sleep(0.2)
    raise TimeoutError(f"a list was never taken: {reply.status}")


def _store(scene: Scene, mouths: Sequence[Mouth], public_id: str) -> None:
    """Once it is read: yes to what is doubtful, then both press at once, until everything of it is stored."""
    here = Import.objects.filter(public_id=public_id)
    scene.until(lambda: here.exclude(status=Import.Status.UPLOADED).exists())
    deadline = time.monotonic() + PATIENCE
    asked = ImportRow.objects.filter(upload__public_id=public_id, verdict="doubtful", decision="")
    while scene.patiently(lambda: here.filter(status=Import.Status.READ).exists()):
        if scene.patiently(asked.exists):
            mouths[0].press(reverse("intake:take-doubtful", args=[public_id]), {})
        _confirm(scene, mouths, public_id)
        if time.monotonic() > deadline:
            raise TimeoutError("a list was never confirmed")
    scene.until(lambda: here.exclude(applied_at=None).exists())
    lost = ImportRow.objects.filter(upload__public_id=public_id, result=ImportRow.Result.FAILED)
    for row in scene.patiently(lambda: list(lost.order_by("number"))):
        scene.heard.failed.append(f"a row of the list led to nothing: {row.cells} {row.reasons}")


def _confirm(scene: Scene, mouths: Sequence[Mouth], public_id: str) -> None:
    together = Barrier(len(mouths))

    def press(mouth: Mouth) -> None:
        together.wait()
        mouth.press(reverse("intake:confirm", args=[public_id]), {"sure": "yes"})

    run_all([partial(press, mouth) for mouth in mouths])


def run_all(works: Sequence[Act]) -> None:
    """Each in a thread and with a connection of its own. Raises the first of their errors."""
    with ThreadPoolExecutor(len(works)) as pool:
        for each in [pool.submit(_alone, work) for work in works]:
            each.result()


def _alone(work: Act) -> None:
    try:
        work()
    finally:
        connection.close()


def is_closed(scene: Scene) -> bool:
    """Closed and, so far, consolidated."""
    window = OrderWindow.objects.get(pk=scene.town.window.pk)
    newest = window.supplier_orders.filter(revision=window.demand_revision)
    return window.status == WindowStatus.CLOSED and newest.filter(filed_at__isnull=False).exists()
