"""Every page of the console, found in the URL list, with the rule that it must have in PAGES.

A new page fails until it stands there; a new model of the admin until it stands in RECORDS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from communities.models import Building, Household, Resident
from tests.rights.console_rules import (
    BOUGHT,
    COLLECTORS,
    COMMITTEE,
    COORDINATORS,
    FOREIGN,
    GUEST,
    HANDS,
    JOINT,
    LED,
    MISSING,
    MIXED,
    NO_TARGET,
    OVERSEERS,
    OWN,
    SHARED,
    STAFF,
    SUPERUSERS,
    WRITERS,
    Desk,
    Records,
    Rule,
    Target,
    Who,
    always,
    catalogue,
    console,
    entered,
    for_some,
    order_list,
    view,
)
from tests.rights.console_world import Console

HOW = "write its rule into tests/rights/console_pages.py"
MACHINERY = Records(SUPERUSERS, unfiltered=True)
USERS = Records(COORDINATORS, keep=SUPERUSERS, add=COMMITTEE)
POSTS = Records(COORDINATORS, add=COMMITTEE)
RESIDENTS = Records(HANDS, keep=COORDINATORS, add=COORDINATORS, doors=True, added_below=True)
SUPPLIERS = Records(STAFF, keep=COORDINATORS, add=COORDINATORS, shared=True)
# Model → its pages. Without `keep` the rows have a state, and nobody edits them here.
RECORDS = {
    "communities_region": Records(STAFF, keep=COMMITTEE, add=COMMITTEE, regions="keep add"),
    "communities_community": Records(STAFF, keep=COMMITTEE, add=COMMITTEE, regions="add"),
    "communities_building": Records(STAFF, keep=COORDINATORS, add=COORDINATORS),
    "communities_addressrule": Records(COORDINATORS, keep=COORDINATORS, add=COORDINATORS),
    "communities_household": Records(HANDS, keep=COORDINATORS, add=COORDINATORS, doors=True),
    "communities_resident": RESIDENTS,
    "communities_user": USERS,
    "communities_membership": POSTS,
    "suppliers_supplier": SUPPLIERS,
    "suppliers_product": SUPPLIERS,
    "orders_orderwindow": Records(STAFF),
    "orders_order": Records(COLLECTORS, doors=True),
    "orders_supplierorder": Records(STAFF),
    "volunteers_picklist": Records(HANDS, doors=True),
    "kernel_auditentry": Records(OVERSEERS),
    "kernel_job": MACHINERY,
    "kernel_outboxmessage": MACHINERY,
}
ROUND = Desk(STAFF)
_FORM = "GET HEAD POST"


def _log_in(who: Who, method: str, target: Target) -> str:
    if method == "GET" and who.enters:
        return "go"
    return "method" if method == "DELETE" else "ok"


def _log_out(who: Who, method: str, target: Target) -> str:
    if not who.enters:
        return "go"
    return "ok + django_session" if method == "POST" else "method"


def _listed(who: Who, method: str, target: Target) -> str:
    """Everybody inside may look which catalogues or registers he keeps: most see an empty list."""
    if not who.enters:
        return "refused" if who.is_signed_in else "log in"
    return "ok" if method == "GET" else "method"


def about_a_home(done: str, *, joint: str = "") -> Rule:
    """Of a round by GET; a POST names a household of it, or its building. `joint`: what is done in a joint round."""

    def rule(who: Who, method: str, target: Target) -> str:
        posted = method == "POST"
        target = target if posted else replace(target, is_mixed=False)
        is_joint = target == JOINT
        own = joint if is_joint and joint else done
        rule = Desk(HANDS, _FORM, act=HANDS, doors=posted and not is_joint, done=own)
        answer = rule(who, method, target)
        is_theirs = who.behind_doors(HANDS, {"home"})
        return "missing" if posted and is_joint and answer == own and not is_theirs else answer

    return rule


def _list_place(who: Who, method: str, target: Target) -> str:
    """A community in a round; where it does not buy, there is nothing."""
    target = replace(target, places=frozenset()) if target.is_mixed else target
    return Desk(WRITERS, _FORM, act=WRITERS)(who, method, target)


def _an_order(who: Who, method: str, target: Target) -> str:
    """Of a household at home; taken off only where the round is led, by who sees that door too."""
    if target != JOINT:
        return Desk(HANDS, _FORM, act=COORDINATORS, doors=True, done="go")(who, method, target)
    if method != "POST":
        answer = Desk(HANDS, _FORM)(who, method, target)
    else:
        answer = Desk(HANDS, _FORM, act=HANDS, done="go")(who, method, LED)
    is_theirs = who.behind_doors(HANDS, {"home"})
    return "missing" if answer in ("ok", "go") and not is_theirs else answer


def _joined(who: Who, method: str, target: Target) -> str:
    """What is theirs in a round that others lead; whoever leads it is sent to the whole of it."""
    answer = Desk(STAFF)(who, method, target)
    leads = who.somewhere(STAFF, target.places - ({"home"} if target == JOINT else set()))
    return "go" if answer == "ok" and leads else answer


_TOKENS = "knox_authtoken communities_device kernel_auditentry"
_LET_IN = (
    "communities_joinrequest communities_user communities_membership communities_resident "
    "communities_consent communities_inboxmessage kernel_auditentry"
)
REGISTER = Desk(COORDINATORS)
# The pages of an import, whatever its kind.
IMPORT = {
    "import": catalogue("GET"),
    "progress": catalogue("GET"),
    "row": catalogue(_FORM, "go + kernel_auditentry"),
    "decide": catalogue("POST", "go + kernel_importrow kernel_auditentry"),
    "take-doubtful": catalogue("POST", "go + kernel_auditentry"),
    "confirm": catalogue("POST", "go + kernel_import kernel_importrow kernel_auditentry"),
    "left-out-xlsx": catalogue("GET"),
    "left-out-csv": catalogue("GET"),
}
_RULES_CHANGED = "orders_windowtemplate kernel_auditentry"
PAGES: dict[str, Rule] = {
    # Of the admin as a whole.
    "admin:index": entered(always("ok")),
    "admin:login": _log_in,
    "admin:logout": _log_out,
    "admin:password_change": view("GET HEAD POST PUT"),
    "admin:password_change_done": view("GET HEAD"),
    "admin:autocomplete": always("missing"),
    "admin/autocomplete/": always("missing"),
    "admin:jsi18n": view("GET HEAD"),
    "admin:view_on_site": entered(always("missing")),
    "admin:app_list/communities": for_some(STAFF, "missing"),
    "admin:app_list/suppliers": for_some(STAFF, "missing"),
    "admin:app_list/orders": for_some(STAFF, "missing"),
    "admin:app_list/volunteers": for_some(HANDS, "missing"),
    "admin:app_list/kernel": for_some(OVERSEERS, "missing"),
    "admin/nowhere/": entered(always("missing")),
    # Of its models, and what can be done to one row.
    **{
        page: rule
        for name, records in RECORDS.items()
        for page, rule in records.rules(name).items()
    },
    "admin:communities_user_token": USERS.act(f"ok + {_TOKENS} communities_inboxmessage"),
    "admin:communities_user_end_tokens": USERS.act(f"go + {_TOKENS}"),
    "admin:communities_membership_end": POSTS.act(
        "go + communities_membership communities_device knox_authtoken kernel_auditentry",
        keep=COMMITTEE,
    ),
    "admin:communities_resident_phone": RESIDENTS.act("ok + kernel_auditentry"),
    "admin:communities_resident_consent": RESIDENTS.act(
        "go + communities_consent kernel_auditentry"
    ),
    "admin:communities_resident_moved_out": RESIDENTS.act(
        "go + communities_resident communities_consent kernel_auditentry", keep=COORDINATORS
    ),
    "admin:suppliers_supplier_issue_key": SUPPLIERS.act(
        "ok + suppliers_supplierkey kernel_auditentry", keep=COORDINATORS
    ),
    "admin:suppliers_supplier_revoke_key": SUPPLIERS.act(
        "go + suppliers_supplierkey kernel_auditentry", keep=COORDINATORS
    ),
    # The desk. What `do` does is in test_console_actions.py.
    "desk:index": console(STAFF, "GET"),
    "desk:language": always("go"),
    "desk:addresses": console(HANDS, "GET", at_a_place=True),
    "desk:address": Desk(HANDS, _FORM, act=HANDS, doors=True),
    "desk:address_phone": Desk(None, "POST", act=HANDS, doors=True, done="ok + kernel_auditentry"),
    "desk:new": console(COORDINATORS, _FORM, at_a_place=True),
    "desk:joining": console(HANDS, "GET"),
    "desk:join_approve": Desk(None, "POST", act=HANDS, doors=True, done=f"go + {_LET_IN}"),
    "desk:join_refuse": Desk(
        None, "POST", act=HANDS, doors=True, done="go + communities_joinrequest kernel_auditentry"
    ),
    "desk:robots": console(COORDINATORS, "GET", at_a_place=True),
    "desk:robot_new": console(COORDINATORS, _FORM, at_a_place=True),
    "desk:robot": Desk(COORDINATORS, _FORM, act=COORDINATORS),
    "desk:robot_test": Desk(
        None,
        "POST",
        act=COORDINATORS,
        done="go + communities_groupmessage kernel_auditentry",
    ),
    "desk:robot_switch": Desk(
        None, "POST", act=COORDINATORS, done="go + communities_grouprobot kernel_auditentry"
    ),
    "desk:window": ROUND,
    "desk:joined": _joined,
    "desk:progress": ROUND,
    "desk:check": ROUND,
    "desk:past": ROUND,
    "desk:do": Desk(None, "POST", act=COORDINATORS, done="go"),
    "desk:phone": Desk(None, "POST", act=HANDS, doors=True, done="ok + kernel_auditentry"),
    "desk:notices": ROUND,
    "desk:notice_picture": ROUND,
    "desk:times": Desk(COORDINATORS, _FORM, act=COORDINATORS),
    "desk:offers": Desk(COORDINATORS, _FORM, act=COORDINATORS, done="go"),
    "desk:offer": Desk(COORDINATORS, _FORM, act=COORDINATORS),
    "desk:limits": Desk(COORDINATORS, _FORM, act=COORDINATORS, done="go"),
    "desk:orders": Desk(HANDS),
    "desk:order": _an_order,
    "desk:entry": about_a_home("ok"),
    "desk:doors": Desk(HANDS),
    "desk:order_form": Desk(HANDS),
    "desk:care": about_a_home("ok + volunteers_phonecall kernel_auditentry"),
    # The joint round is open: nothing can have arrived.
    "desk:arriving": about_a_home("go + kernel_outboxmessage kernel_auditentry", joint="go"),
    "desk:calls": console(HANDS, _FORM, at_a_place=True),
    "desk:call": Desk(
        None, "POST", act=HANDS, doors=True, done="ok + volunteers_phonecall kernel_auditentry"
    ),
    "desk:order_file": ROUND,
    "desk:order_text": ROUND,
    "desk:lists": ROUND,
    "desk:sheet": Desk(HANDS, doors=True),
    # The first day.
    "setup:index": _listed,
    "setup:new": console(COMMITTEE, _FORM, at_a_region=True),
    "setup:community": REGISTER,
    "setup:contact": Desk(COORDINATORS, _FORM, act=COORDINATORS),
    "setup:homes": Desk(COORDINATORS, _FORM, act=COORDINATORS),
    "setup:unused": Desk(COORDINATORS, _FORM, act=COORDINATORS),
    "setup:roster": Desk(COORDINATORS, _FORM, act=COORDINATORS),
    "setup:slips": Desk(
        COORDINATORS,
        _FORM,
        act=COORDINATORS,
        done="ok + communities_householdcode kernel_auditentry",
    ),
    "setup:poster": Desk(COORDINATORS, _FORM, act=COORDINATORS, done="ok + kernel_auditentry"),
    **{f"setup:{name}": rule for name, rule in IMPORT.items()},
    "desk:copy": Desk(COORDINATORS, _FORM, act=COORDINATORS),
    "desk:communities": Desk(STAFF, _FORM, act=COORDINATORS),
    "desk:repeating_list": console(STAFF, "GET"),
    "desk:repeating_new": console(COORDINATORS, _FORM, at_a_place=True),
    "desk:repeating": ROUND,
    "desk:repeating_edit": Desk(COORDINATORS, _FORM, act=COORDINATORS),
    "desk:repeating_goods": Desk(
        COORDINATORS, _FORM, act=COORDINATORS, done=f"go + {_RULES_CHANGED}"
    ),
    "desk:repeating_limits": Desk(
        COORDINATORS, _FORM, act=COORDINATORS, done=f"go + {_RULES_CHANGED}"
    ),
    "desk:repeating_do": Desk(None, "POST", act=COORDINATORS, done=f"go + {_RULES_CHANGED}"),
    "desk:repeating_communities": Desk(STAFF, _FORM, act=COORDINATORS),
    "desk:invitations": console(STAFF, "GET"),
    "desk:invitation": Desk(
        STAFF, _FORM, act=COORDINATORS, done="go + orders_invitation kernel_auditentry"
    ),
    "desk:surveys": console(STAFF, "GET"),
    "desk:survey_supplier": console(COORDINATORS, "GET", at_a_place=True),
    "desk:survey_new": Desk(COORDINATORS, _FORM, act=COORDINATORS),
    "desk:survey": ROUND,
    "desk:survey_close": Desk(
        None, "POST", act=COORDINATORS, done="go + orders_survey kernel_auditentry"
    ),
    "desk:survey_draft": Desk(COORDINATORS, _FORM, act=COORDINATORS),
    "desk:survey_file": ROUND,
    "desk:requests": console(HANDS, "GET"),
    "desk:request_new": console(HANDS, _FORM),
    "desk:request": Desk(
        HANDS,
        _FORM,
        act=HANDS,
        doors=True,
        done="go + orders_singlerequest kernel_auditentry kernel_outboxmessage",
    ),
    # The catalogue.
    "catalogue:suppliers": _listed,
    "catalogue:index": catalogue(_FORM),
    "catalogue:photos": catalogue(_FORM, "go + suppliers_productphoto kernel_auditentry"),
    "catalogue:photo": catalogue("GET"),
    **{f"catalogue:{name}": rule for name, rule in IMPORT.items()},
    # Lists of orders.
    "intake:index": _list_place,
    "intake:prices": Desk(COORDINATORS, _FORM, act=COORDINATORS),
    "intake:import": order_list("GET"),
    "intake:progress": order_list("GET"),
    "intake:row": order_list(_FORM, "go + kernel_auditentry"),
    "intake:decide": order_list("POST", "go + kernel_importrow kernel_auditentry"),
    "intake:take-doubtful": order_list("POST", "go + kernel_auditentry"),
    "intake:confirm": order_list("POST", "go + kernel_import kernel_importrow kernel_auditentry"),
    "intake:left-out-xlsx": order_list("GET"),
    "intake:left-out-csv": order_list("GET"),
}
# A copy leaves the house: noted in the audit, although it is a GET.
EXPORTS = {
    *("desk:order_file", "desk:sheet", "catalogue:left-out-xlsx", "catalogue:left-out-csv"),
    *("intake:left-out-xlsx", "intake:left-out-csv"),
    *("setup:left-out-xlsx", "setup:left-out-csv"),
    "desk:survey_file",
}
# Pages whose form names something that lies in a building.
_NAMING = ("desk:phone", "desk:entry", "desk:care", "desk:arriving")
# Pages of a round for the people of each community that buys in it, whoever leads.
_FOR_BOTH = (
    *("desk:joined", "desk:entry", "desk:doors", "desk:order_form", "desk:care"),
    *("desk:orders", "desk:order", "desk:notices", "desk:notice_picture", "desk:lists"),
    "desk:arriving",
)
_FOR_THE_LEADER = ("desk:window", "desk:past", "desk:progress", "desk:times")
# Pages about one community in a round, whoever leads it.
_OF_EACH = {name for name in PAGES if name.startswith("intake:")} - {"intake:prices"}
# Whose name a page tells to the community that is asked.
TELLS = {
    "desk:index": "小区-home 小区-far",
    "desk:joined": "小区-home 小区-far",
    "desk:lists": "小区-home",
    "desk:invitations": "小区-sister 小区-home",
    "desk:invitation": "小区-sister 小区-home",
}
# What a POST must carry to do its work; an empty one is sent to the other pages.
FORMS: dict[str, Any] = {
    "desk:invitation": lambda _things: {"answer": "decline"},
    "desk:request": lambda _things: {"step": "refuse", "answer": "没有"},
    "desk:phone": lambda things: {"resident": things[Resident].pk},
    "admin:communities_resident_consent": lambda _things: {"purpose": "care_notes"},
    "desk:join_refuse": lambda _things: {"reason": "不认识"},
    "catalogue:photos": lambda things: {"product": things["product_id"], "remove": "1"},
    "desk:entry": lambda things: {"home": things[Household].public_id},
    "desk:care": lambda things: {"household": things[Household].public_id},
    "desk:arriving": lambda things: {"building": f"{things[Building].pk}:1", "place": "gate"},
    "catalogue:decide": lambda _things: {"decision": "leave"},
    "intake:decide": lambda _things: {"decision": "leave"},
    "intake:confirm": lambda _things: {"sure": "yes"},
    "setup:slips": lambda _things: {"what": "all"},
    "setup:decide": lambda _things: {"decision": "leave"},
}


@dataclass(frozen=True)
class Page:
    """An entry of the URL list: `name` as in PAGES, `route` as Django writes it."""

    name: str
    route: str

    @property
    def parts(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.route)

    @property
    def targets(self) -> list[Target]:
        if not self.parts or self.name.startswith("admin:app_list/"):
            return [NO_TARGET]
        targets = [OWN, FOREIGN, MISSING]
        targets += [JOINT] if self.name in _FOR_BOTH else []
        targets += [LED] if self.name in _FOR_THE_LEADER else []
        targets += [BOUGHT, GUEST] if self.name in _OF_EACH else []
        if "supplier" in self.name or "catalogue" in self.name or "product" in self.route:
            targets.append(SHARED)
        if self.name.startswith("setup:"):
            return targets
        below = {"order_id", "offer_id", "file_id", "community_id", "key"}
        return [*targets, MIXED] if below & {*self.parts} or self.name in _NAMING else targets

    def address(self, console: Console, target: Target) -> str:
        def value(match: re.Match[str]) -> str:
            return str(self._value(console, target, match[1]))

        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, self.route)

    def form(self, console: Console, target: Target) -> dict[str, Any]:
        make = FORMS.get(self.name)
        inner = "foreign" if target.is_mixed else target.name
        return make(console.things[inner]) if make else {}

    def _value(self, console: Console, target: Target, part: str) -> Any:
        """The window and the supplier are the target's; of a mixed one what lies below them is foreign."""
        is_below = part not in ("public_id", "pk", "window_id")
        things = console.things["own"]
        if target.name in console.things:
            things = console.things[target.name]
        elif target.is_mixed and is_below:
            things = console.things["foreign"]
        if part == "action":
            return "open"
        if part == "file_id":
            return things[self.name]
        # Imports of several kinds.
        own = f"{self.name.partition(':')[0]}:{part}"
        if own in things:
            return things[own]
        if part == "content_type_id":
            return ContentType.objects.get_for_model(Household).pk
        if part in ("object_id", "pk"):
            model = next((model for model in things if _is_of(self.route, model)), Household)
            return things[model].pk
        return things[part]


def _is_of(route: str, model: Any) -> bool:
    if not (isinstance(model, type) and issubclass(model, Model)):
        return False
    return f"admin/{model._meta.app_label}/{model._meta.model_name}/" in route


def pages() -> list[Page]:
    """All that answers below /admin/; the rest is in the API's matrix."""
    found = (page for page in _walk(get_resolver()) if page.route.startswith("admin/"))
    return [one for page in found for one in _spread(page)]


def _walk(resolver: URLResolver, route: str = "", space: str = "") -> Iterator[Page]:
    for entry in resolver.url_patterns:
        path = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield Page(f"{space}{entry.name}" if entry.name else path, path)


def _spread(page: Page) -> list[Page]:
    """The admin's two expressions as addresses."""
    if page.name == "admin:app_list":
        labels = re.findall(r"\w+", page.route.partition("<app_label>")[2])
        return [Page(f"admin:app_list/{label}", f"admin/{label}/") for label in labels]
    if page.route.endswith("(?P<url>.*)$"):
        return [Page("admin/nowhere/", "admin/nowhere/")]
    return [page]
