"""Who may do what over HTTP, outside the console: one row for each address and method.

**A new address or method needs a row in ROWS, a new identity an entry in identities.KINDS**; then the page
docs/rights.md is written anew by `WRITE_RIGHTS=1 python -m pytest tests/rights/test_page.py`. What has no row must not
answer: 405, whoever asks.
The rules know the names of the world only and ask nothing of the product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tests.rights import targets
from tests.rights.identities import KINDS, LIVES, PASSERS_BY, Kind
from tests.rights.targets import Target
from tests.rights.world import World

HERE = "tests/rights/expectations.py"


class Audience(StrEnum):
    """Whose credentials an address looks at; everybody else is 401."""

    EVERYBODY = "everybody"
    ACCOUNTS = "accounts"
    SUPPLIERS = "suppliers"


@dataclass(frozen=True)
class Who:
    """Those of the audience who may; `says` completes "open to …"."""

    says: str
    may: Callable[[str, Target], bool]


def _lives_where_it_is_sold(identity: str, target: Target) -> bool:
    homes = {home.partition(" ")[0] for home in LIVES.get(identity, ())}
    return target.state != "unpublished" and bool(homes & target.places)


ANYBODY = Who("anybody", lambda _identity, _target: True)
BUYERS = Who(
    "residents of a community that buys in it, once it is published", _lives_where_it_is_sold
)
HOUSEHOLD = Who(
    "residents of the household", lambda identity, order: order.home in LIVES.get(identity, ())
)
ITS_SUPPLIER = Who(
    "its supplier, once it was released",
    lambda identity, order: (
        order.supplier == identity and order.state not in ("prepared", "checked")
    ),
)

OWNER = Who("whoever is signed in there", lambda identity, device: device.home == identity)
SLIP = Who("whoever holds a household's slip", lambda _identity, _target: True)
CODE = Who("whoever has the phone", lambda _identity, _target: True)
BOUND = Who("whoever bound it", lambda _identity, _target: True)
CONSENTED = Who("whoever gave it", lambda identity, consent: consent.home == identity)
MAILBOX = Who("whoever named it", lambda identity, box: box.home == identity)
OWN_CODE = Who("whoever asked for the code", lambda identity, code: code.home == identity)
ON_ROSTER = Who(
    "whoever the list of residents names", lambda identity, number: number.home == identity
)
ASKER = Who("the account that asked", lambda identity, join: join.home == identity)
CLAIM = Who("the device that asked", lambda _identity, join: join.state != targets.NOTHING)
ASKED = Who(
    "residents of a community that is asked",
    lambda identity, survey: bool(
        {home.partition(" ")[0] for home in LIVES.get(identity, ())} & survey.places
    ),
)
RESIDENTS = Who("residents", lambda identity, _target: bool(LIVES.get(identity)))
ASKED_SUPPLIER = Who(
    "the supplier who was asked", lambda identity, request: request.supplier == identity
)

MONITORING = Who("whoever has METRICS_TOKEN", lambda identity, _target: identity == "monitoring")


@dataclass(frozen=True)
class Row:
    """`answers`: state of the target → status for those who may. The others of the audience get `refusal`."""

    method: str
    route: str
    does: str
    audience: Audience
    who: Who = ANYBODY
    answers: Mapping[str, int] | int = 200
    refusal: int = 404
    # The code of a refusal by 409.
    because: str = "wrong_code"
    targets: Callable[[World], list[Target]] = targets.no_target
    # Whether a success writes something. A safe method that does is a rare thing.
    writes: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

    def success(self, target: Target) -> int:
        if isinstance(self.answers, int):
            return self.answers
        assert target.state in self.answers, (
            f"{self.method} {self.route}: no answer for the state {target.state!r}; write it in {HERE}"
        )
        return self.answers[target.state]


_OPEN, _ACCOUNTS, _SUPPLIERS = Audience
_API = "/api/v1"
_ORDERING = {"open": 201, "early": 409, "over": 409, "cancelled": 409}
_WITH_SLIP = {"good": 201, "unknown": 409}
_STANDING = dict.fromkeys(("waiting", "approved", "refused", "withdrawn"), 200)
_CHANGING = {"open": 200, "over": 409, "cancelled": 409}

ROWS = (
    Row("GET", "/", "leads to the desk", _OPEN, answers=302),
    Row("GET", "/healthz", "whether the process lives", _OPEN),
    Row("GET", "/readyz", "whether it can serve", _OPEN),
    Row("GET", "/metrics", "the same figures", _OPEN, MONITORING),
    Row("GET", "/m/", "the residents' page, the same for all", _OPEN),
    Row("GET", f"{_API}/schema", "the schema", _OPEN),
    Row("GET", f"{_API}/docs", "the page to try it out", _OPEN),
    Row("GET", f"{_API}/me", "own name, households, roles", _ACCOUNTS),
    Row("PUT", f"{_API}/me", "set the own name right", _ACCOUNTS, targets=targets.own_name, writes=True),
    Row("POST", f"{_API}/me/phone/code", "have a code sent to the own phone", _ACCOUNTS, ON_ROSTER, refusal=409,
        because="not_on_the_roster", targets=targets.own_phone, writes=True),
    Row("POST", f"{_API}/me/phone", "confirm or change the own phone number", _ACCOUNTS, OWN_CODE, refusal=409,
        targets=targets.own_codes, writes=True),
    Row("GET", f"{_API}/me/joins", "own wishes to join", _ACCOUNTS),
    Row("POST", f"{_API}/me/joins/{{public_id}}/withdraw", "take an own wish to join back", _ACCOUNTS, ASKER,
        {"waiting": 200, "refused": 409}, targets=targets.own_joins, writes=True),
    Row("PUT", f"{_API}/me/households/{{public_id}}", "what the household's orders say if they say nothing else",
        _ACCOUNTS, HOUSEHOLD, targets=targets.households, writes=True),
    Row("GET", f"{_API}/me/messages", "own inbox", _ACCOUNTS),
    Row("POST", f"{_API}/me/messages/read", "mark own messages as read", _ACCOUNTS,
        targets=targets.inbox, writes=True),
    Row("GET", f"{_API}/me/mailbox", "where own messages go by e-mail", _ACCOUNTS),
    Row("PUT", f"{_API}/me/mailbox", "have own messages sent by e-mail", _ACCOUNTS,
        targets=targets.mailboxes, writes=True),
    Row("POST", f"{_API}/me/mailbox/confirm", "confirm the own address", _ACCOUNTS, MAILBOX,
        targets=targets.mail_codes, writes=True),
    Row("POST", f"{_API}/me/households", "ask to join one more household", _ACCOUNTS,
        answers=_WITH_SLIP, targets=targets.slips_for_accounts, writes=True),
    Row("POST", f"{_API}/me/households/{{public_id}}/leave", "move out of a household", _ACCOUNTS,
        HOUSEHOLD, targets=targets.homes, writes=True),
    Row("GET", f"{_API}/me/consents", "what one agreed to", _ACCOUNTS),
    Row("POST", f"{_API}/me/consents", "agree to a text", _ACCOUNTS, targets=targets.consents,
        writes=True),
    Row("POST", f"{_API}/me/consents/{{purpose}}/withdraw", "withdraw an own consent", _ACCOUNTS,
        CONSENTED, targets=targets.own_consents, writes=True),
    Row("GET", f"{_API}/me/devices", "where one is signed in", _ACCOUNTS),
    Row("POST", f"{_API}/me/devices/{{public_id}}/revoke", "sign an own device out", _ACCOUNTS, OWNER,
        targets=targets.devices, writes=True),
    Row("POST", f"{_API}/me/mini-program", "bind a mini-program to the own account", _ACCOUNTS,
        targets=targets.own_mini_program, writes=True),
    Row("POST", f"{_API}/auth/code", "have a one-time code sent", _OPEN, targets=targets.phones,
        writes=True),
    Row("POST", f"{_API}/auth/token", "sign in by that code", _OPEN, CODE, {"right": 200, "wrong": 409},
        targets=targets.codes, writes=True),
    Row("POST", f"{_API}/auth/mini-program", "sign in by a mini-program", _OPEN, BOUND,
        {"resident": 200, "stranger": 409, "used": 409}, targets=targets.mini_programs, writes=True),
    Row("POST", f"{_API}/auth/sign-out", "sign out", _ACCOUNTS, writes=True),
    Row("GET", f"{_API}/consents", "what people are asked to agree to", _OPEN),
    Row("POST", f"{_API}/join", "ask to join a household", _OPEN, SLIP, _WITH_SLIP,
        targets=targets.slips, writes=True),
    Row("POST", f"{_API}/join/{{public_id}}", "how an own wish to join stands; the token", _OPEN, CLAIM,
        _STANDING, targets=targets.joins, writes=True),
    Row("POST", f"{_API}/join/{{public_id}}/withdraw", "take an own wish to join back", _OPEN, CLAIM,
        _STANDING | {"approved": 409, "refused": 409}, targets=targets.joins, writes=True),
    Row("GET", f"{_API}/windows", "published group buys of the own communities", _ACCOUNTS),
    Row("GET", f"{_API}/windows/{{public_id}}", "a group buy with its offers", _ACCOUNTS, BUYERS,
        targets=targets.windows),
    Row("GET", f"{_API}/windows/{{public_id}}/orders", "the own household's orders in it", _ACCOUNTS,
        BUYERS, targets=targets.windows),
    Row("POST", f"{_API}/windows/{{public_id}}/orders", "order for the own household", _ACCOUNTS,
        BUYERS, _ORDERING, targets=targets.windows, writes=True),
    Row("GET", f"{_API}/windows/{{public_id}}/suggestion", "the household's order of last time", _ACCOUNTS,
        BUYERS, targets=targets.windows),
    Row("GET", f"{_API}/windows/{{public_id}}/offers/{{offer_id}}/photo", "the picture of an offer", _ACCOUNTS,
        BUYERS, {"open": 200, "early": 200, "over": 200, "cancelled": 200, "no picture": 404},
        targets=targets.photos),
    Row("POST", f"{_API}/windows/{{public_id}}/offers/{{offer_id}}/wait", "wait for what is sold out", _ACCOUNTS,
        BUYERS, _ORDERING, targets=targets.sold_out, writes=True),
    Row("GET", f"{_API}/waiting", "what the own household waits for", _ACCOUNTS),
    Row("GET", f"{_API}/waiting/{{public_id}}", "a place in a waiting list", _ACCOUNTS, HOUSEHOLD,
        targets=targets.waiting),
    Row("POST", f"{_API}/waiting/{{public_id}}/leave", "give it up", _ACCOUNTS, HOUSEHOLD,
        targets=targets.leavings, writes=True),
    Row("GET", f"{_API}/orders", "the own household's orders", _ACCOUNTS),
    Row("GET", f"{_API}/orders/{{public_id}}", "an order", _ACCOUNTS, HOUSEHOLD,
        targets=targets.orders),
    Row("GET", f"{_API}/orders/{{public_id}}/receipt", "what it got and what that costs", _ACCOUNTS, HOUSEHOLD,
        targets=targets.orders),
    Row("PUT", f"{_API}/orders/{{public_id}}", "change an order", _ACCOUNTS, HOUSEHOLD, _CHANGING,
        targets=targets.orders, writes=True),
    Row("POST", f"{_API}/orders/{{public_id}}/cancel", "cancel an order", _ACCOUNTS, HOUSEHOLD,
        _CHANGING, targets=targets.cancellations, writes=True),
    Row("GET", f"{_API}/surveys", "surveys of the own communities", _ACCOUNTS),
    Row("GET", f"{_API}/surveys/{{public_id}}", "a survey with what it asks for", _ACCOUNTS, ASKED,
        targets=targets.surveys),
    Row("PUT", f"{_API}/surveys/{{public_id}}/answer", "answer for the own household", _ACCOUNTS,
        ASKED, {"open": 200, "closed": 409}, targets=targets.surveys, writes=True),
    Row("GET", f"{_API}/requests", "the own household's single requests", _ACCOUNTS),
    Row("POST", f"{_API}/requests", "ask for something for the own household", _ACCOUNTS, RESIDENTS,
        201, targets=targets.new_request, writes=True),
    Row("POST", f"{_API}/requests/{{public_id}}/withdraw", "take a single request back", _ACCOUNTS,
        HOUSEHOLD, {"asked": 200, "checking": 200, "checked": 200, "refused": 409},
        targets=targets.withdrawals, writes=True),
    Row("GET", f"{_API}/supplier/surveys", "totals of surveys about own goods", _SUPPLIERS),
    Row("GET", f"{_API}/supplier/requests", "what the supplier is asked to look for", _SUPPLIERS),
    Row("POST", f"{_API}/supplier/requests/{{public_id}}/answer", "say whether it can be had",
        _SUPPLIERS, ASKED_SUPPLIER, {"checking": 200, "checked": 409},
        targets=targets.stock_answers, writes=True),
    Row("GET", f"{_API}/supplier/order-files", "own released orders, without names, phones or rooms",
        _SUPPLIERS),
    Row("GET", f"{_API}/supplier/order-files/{{number}}/{{format}}", "a file of an order", _SUPPLIERS,
        ITS_SUPPLIER, {"released": 200, "withdrawn": 409, "no such format": 404},
        targets=targets.files, writes=True),
    Row("POST", f"{_API}/supplier/orders/{{number}}/acknowledge", "acknowledge an order", _SUPPLIERS,
        ITS_SUPPLIER, {"released": 200, "superseded": 409, "withdrawn": 409},
        targets=targets.revisions, writes=True),
)  # fmt: skip
TABLE = {(row.method, row.route): row for row in ROWS}
_ADMITTED = {Audience.ACCOUNTS: Kind.ACCOUNT, Audience.SUPPLIERS: Kind.KEY}
# Outside the API a method that writes needs the token against forged requests before anybody looks at it.
_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
_DEAD = {Audience.ACCOUNTS: Kind.DEAD_TOKEN, Audience.SUPPLIERS: Kind.DEAD_KEY}


@dataclass(frozen=True)
class Cell:
    method: str
    route: str
    identity: str
    target: Target

    def __str__(self) -> str:
        return f"{self.method} {self.route} {self.target} by {self.identity}"

    @property
    def row(self) -> Row | None:
        """HEAD is a GET without a body. None: the method must be refused."""
        return TABLE.get((self.method.replace("HEAD", "GET"), self.route))


def audience_of(route: str) -> Audience:
    """All rows of an address have one audience."""
    audiences = {row.audience for row in ROWS if row.route == route}
    assert len(audiences) == 1, f"{route}: write a Row for each method in {HERE}"
    return audiences.pop()


def asked_by(route: str) -> list[str]:
    """The identities that try an address."""
    return sorted(PASSERS_BY if audience_of(route) == Audience.EVERYBODY else KINDS)


def is_outside(identity: str, route: str) -> bool:
    """Sends nothing that the address would take as credentials, or nothing good."""
    audience = audience_of(route)
    assert identity in KINDS, f"{identity}: write in tests/rights/identities.py how far it gets"
    return audience != Audience.EVERYBODY and KINDS[identity] != _ADMITTED[audience]


def expected(cell: Cell) -> tuple[int, str]:
    """Status, and the `code` of a refusal by the API: "" for a success and for 409, which has several."""
    if cell.row is None:
        forged = not cell.route.startswith(_API) and cell.method not in _SAFE
        return (403, "") if forged else (405, "method_not_allowed")
    if is_outside(cell.identity, cell.route):
        dead = KINDS[cell.identity] == _DEAD[audience_of(cell.route)]
        return 401, "authentication_failed" if dead else "not_authenticated"
    if not cell.row.who.may(cell.identity, cell.target):
        codes = {404: "not_found", 403: "forbidden", 409: cell.row.because}
        return cell.row.refusal, codes[cell.row.refusal]
    status = cell.row.success(cell.target)
    return status, "not_found" if status == 404 else ""
