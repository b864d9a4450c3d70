"""Every form of the console: who fills it in, what he types, and which columns may change by that."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, DateTimeField, ForeignKey, JSONField, Model, UUIDField

from communities.models import Building, Household, Resident
from suppliers.models import Product
from tests import factories as make
from tests.rights import wishing_forms
from tests.rights.console_form import WINDOW, Form
from tests.rights.console_world import NOBODYS, Console

_GOODS = (
    "name spec unit price category brand barcode item_number case_size minimum order_multiple "
    "description is_active"
)


_IMPORTED = {"kernel_import": "+", "kernel_importfile": "+"}
FORMS: dict[str, Form] = {
    **wishing_forms.FORMS,
    "new region": Form(
        "/admin/communities/region/add/",
        "officer_north",
        {"parent": "{north}", "kind": "grid", "name": "新格"},
        {"communities_region": "+"},
        shows="parent kind name",
    ),
    "region": Form(
        "/admin/communities/region/{north}/change/",
        "officer_north",
        {"name": "新名", "kind": "grid"},
        {"communities_region": "name kind"},
        shows="kind name",
    ),
    "new community": Form(
        "/admin/communities/community/add/",
        "officer_north",
        {"region": "{north}", "kind": "estate", "name": "新村", "short_name": "新"},
        {"communities_community": "+"},
        shows="region kind name short_name address zone service_name service_phone fenced "
        "release_needs_two quiet_from quiet_until",
    ),
    "community": Form(
        "/admin/communities/community/{home}/change/",
        "officer_north",
        {"address": "新路", "fenced": "on"},
        {"communities_community": "address fenced"},
        shows="kind name short_name address zone service_name service_phone fenced "
        "release_needs_two quiet_from quiet_until",
    ),
    "new building": Form(
        "/admin/communities/building/add/",
        "organiser_here",
        {"community": "{home}", "number": "9"},
        {"communities_building": "+"},
        shows="community lane number unit floors doors has_lift",
    ),
    "building": Form(
        "/admin/communities/building/{building}/change/",
        "organiser_here",
        {"label": "新楼", "number": "8"},
        {"communities_building": "label number sort_key"},
        shows="label lane number unit floors doors has_lift",
    ),
    "new household": Form(
        "/admin/communities/household/add/",
        "organiser_here",
        {"building": "{building}", "room": "909"},
        {"communities_household": "+"},
        shows="building room people needs_care has_smartphone",
    ),
    "household": Form(
        "/admin/communities/household/{household}/change/",
        "organiser_here",
        {"room": "808", "needs_care": "on"},
        {"communities_household": "room sort_key needs_care"},
        shows="room people needs_care has_smartphone is_active",
    ),
    "new resident": Form(
        "/admin/communities/resident/add/?household={household}",
        "organiser_here",
        {"name": "新人", "phone": "13912345678"},
        {"communities_resident": "+"},
        shows="name phone is_contact",
    ),
    "resident": Form(
        "/admin/communities/resident/{resident}/change/",
        "organiser_here",
        {"name": "新名", "phone": "13912345678"},
        {"communities_resident": "name phone_encrypted phone_index phone_masked phone_closed"},
        shows="name phone forget_phone is_contact",
    ),
    "new account": Form(
        "/admin/communities/user/add/",
        "officer_north",
        {"username": "neu", "display_name": "新人", "new_password": "langes-wort-77"},
        {"communities_user": "+"},
        shows="username display_name new_password is_staff",
    ),
    "account": Form(
        "/admin/communities/user/{user}/change/",
        "admin",
        {"display_name": "新名"},
        {"communities_user": "display_name"},
        shows="username display_name new_password is_staff is_active",
    ),
    "new role": Form(
        "/admin/communities/membership/add/",
        "officer_north",
        {"username": "nobody", "role": "volunteer", "community": "{home}"},
        {"communities_membership": "+"},
        shows="username role community building region",
    ),
    "new supplier": Form(
        "/admin/suppliers/supplier/add/",
        "organiser_here",
        {"kind": "shop", "name": "新店", "short_name": "新", "community": "{home}"},
        {"suppliers_supplier": "+", "suppliers_servedcommunity": "+"},
        shows="kind name short_name contact_name phone order_multiple community",
    ),
    "supplier": Form(
        "/admin/suppliers/supplier/{supplier}/change/",
        "organiser_here",
        {"contact_name": "新人", "order_multiple": "2"},
        {"suppliers_supplier": "contact_name order_multiple"},
        shows="kind name short_name contact_name phone order_multiple is_active",
    ),
    "key": Form(
        "/admin/suppliers/supplier/{supplier}/keys/",
        "organiser_here",
        {"label": "电脑"},
        {"suppliers_supplierkey": "+"},
    ),
    "new product": Form(
        "/admin/suppliers/product/add/",
        "organiser_here",
        {"supplier": "{supplier}", "name": "新货", "unit": "个", "price": "1.50"},
        {"suppliers_product": "+"},
        shows=f"supplier {_GOODS}",
    ),
    "product": Form(
        "/admin/suppliers/product/{product}/change/",
        "organiser_here",
        {"price": "2.50", "spec": "一斤"},
        {"suppliers_product": "price_fen spec"},
        shows=f"{_GOODS}",
    ),
    "role ended": Form(
        "/admin/communities/membership/{membership}/end/",
        "officer_north",
        {},
        {"communities_membership": "ended_at", "communities_device": "-", "knox_authtoken": "-"},
    ),
    "token": Form(
        "/admin/communities/user/{user}/token/",
        "organiser_here",
        {},
        {"knox_authtoken": "+", "communities_device": "+", "communities_inboxmessage": "+"},
    ),
    "new round": Form(
        "/admin/desk/new/",
        "organiser_here",
        {"community": "{home}", "supplier": "{shop}", "minimum_measure": "none"},
        WINDOW,
        shows="once community supplier opens_at closes_at "
        "deliver_on minimum_measure minimum below_minimum notice prices",
    ),
    "times": Form(
        "/admin/desk/{draft}/times/",
        "organiser_here",
        {"opens_at": "2030-04-20T08:00", "closes_at": "2030-04-21T20:00"},
        {"orders_orderwindow": "opens_at closes_at title"},
        shows="opens_at closes_at deliver_on",
    ),
    "new robot": Form(
        "/admin/desk/robots/new/",
        "organiser_here",
        {
            "community": "{home}",
            "name": "新群",
            "address": "https://oapi.dingtalk.com/robot/send?access_token=abcdef0123456789",
        },
        {"communities_grouprobot": "+"},
        shows="community name address secret events",
    ),
    "robot": Form(
        "/admin/desk/robots/{robot}/",
        "organiser_here",
        {"name": "新群"},
        {"communities_grouprobot": "name events"},
        shows="name address secret events",
    ),
    "offers": Form(
        "/admin/desk/{draft}/offers/",
        "organiser_here",
        {"product": "{fresh}"},
        {"orders_offer": "+"},
        shows="product",
    ),
    "limits": Form(
        "/admin/desk/{draft}/limits/",
        "organiser_here",
        {"limit_0": "2"},
        {"orders_categorylimit": "+"},
        shows="limit_0",
    ),
    "offer": Form(
        "/admin/desk/{draft}/offers/{offer}/",
        "organiser_here",
        {"price": "710.00", "cap": "9", "household_limit": "2"},
        {"orders_offer": "price_fen cap household_limit"},
        shows="price cap household_limit is_active",
    ),
    "order taken off": Form(
        "/admin/desk/{released}/orders/{order}/",
        "organiser_here",
        {"reason": "不要了"},
        {
            "orders_allocation": "cause quantity reason",
            "orders_offer": "taken",
            "orders_orderwindow": "demand_revision",
            "kernel_outboxmessage": "+",
        },
        shows="reason",
    ),
    "order written down": Form(
        "/admin/desk/{open}/entry/?home={household_id}",
        "organiser_here",
        {"home": "{household_id}", "lines": "1", "step": "save", "total": "{price}"},
        {
            "orders_order": "+",
            "orders_orderline": "+",
            "orders_proxywish": "+",
            "orders_offer": "taken",
            "orders_windowcommunity": "last_number",
            "kernel_idempotencykey": "+",
        },
        shows="home once lines road rang asked_by asker_name receiver payer note",
    ),
    "call noted": Form(
        "/admin/desk/calls/",
        "organiser_here",
        {"phone": "13912345678", "name": "新人", "note": "鸡蛋"},
        {"volunteers_phonecall": "+"},
        shows="community door phone name note due",
    ),
    "call made": Form(
        "/admin/desk/calls/{call_id}/",
        "organiser_here",
        {"outcome": "reached"},
        {"volunteers_phonecall": "status outcome attempts called_by_id called_at"},
    ),
    "care call made": Form(
        "/admin/desk/{open}/care/",
        "organiser_here",
        {"household": "{household_id}", "outcome": "no_answer"},
        {"volunteers_phonecall": "+"},
        shows="household",
    ),
    "goods arrived": Form(
        "/admin/desk/{released}/arrived/",
        "organiser_here",
        {"building": "{building}:1", "place": "gate"},
        {"kernel_outboxmessage": "+"},
        shows="building place other",
    ),
    "held round": Form(
        "/admin/desk/{held}/do/decide/",
        "organiser_here",
        {"decision": "extend", "reason": "再等等"},
        {
            "orders_orderwindow": "status held_until closes_at extended_at",
            "kernel_outboxmessage": "+",
        },
    ),
    "first day": Form(
        "/admin/desk/setup/new/",
        "officer_north",
        {"region": "{north}", "name": "新苑", "short_name": "新", "kind": "estate"},
        {"communities_community": "+", "kernel_idempotencykey": "+"},
        shows="once region name short_name address kind service_name service_phone",
    ),
    "whom to call": Form(
        "/admin/desk/setup/{community_id}/contact/",
        "organiser_here",
        {"service_name": "居委", "service_phone": "021-64380000"},
        {"communities_community": "service_name service_phone"},
        shows="service_name service_phone",
    ),
    "homes by rule": Form(
        "/admin/desk/setup/{community_id}/homes/",
        "organiser_here",
        {"step": "make", "numbers": "77", "floors": "1", "doors": "1"},
        {"communities_building": "+", "communities_household": "+"},
        shows="step numbers floors doors pattern lane units first_floor skip_floors skip_doors",
    ),
    "row of a roster": Form(
        "/admin/desk/rosters/{roster_id}/rows/{number}/",
        "organiser_here",
        {"phone": "13900139000"},
        {"kernel_importrow": "mended values"},
        shows="address lane building unit room name phone relation people care no_phone",
    ),
    "row of a catalogue": Form(
        "/admin/desk/imports/{import_id}/rows/{number}/",
        "organiser_here",
        {"price": "41.00"},
        {"kernel_importrow": "mended values"},
        shows="name spec unit price barcode item_number "
        "category brand case_size minimum order_multiple description",
    ),
    "decision on a row": Form(
        "/admin/desk/imports/{import_id}/rows/{number}/decide",
        "organiser_here",
        {"decision": "leave"},
        {"kernel_importrow": "decision"},
    ),
}
# Field of a form → values that are rows of others, or rows one may look at but not use.
FOREIGN_ROWS: dict[str, dict[str, list[str]]] = {
    **wishing_forms.FOREIGN_ROWS,
    "new region": {"parent": ["{south}", "{street}", "{outland}", ""]},
    "new community": {"region": ["{south}", "{street}", "{outland}"]},
    "new building": {"community": ["{far}", "{sister}"]},
    "new household": {"building": ["{far_building}", "{sister_building}"]},
    "new role": {
        "community": ["{far}"],
        "region": ["{south}", "{street}", "{outland}", "{north}"],
        "building": ["{far_building}", "{building}"],
        "username": ["admin", "nobodys", "NOBODY"],
        "role": ["resident", "superuser", ""],
    },
    "new supplier": {"community": ["{far}", "{sister}", ""]},
    "new product": {"supplier": ["{baker}", "{shop}", "{shared}"]},
    "new robot": {"community": ["{far}", "{sister}", ""]},
    "first day": {"region": ["{south}", "{street}", "{outland}", ""]},
    "new round": {"community": ["{far}", "{sister}"], "supplier": ["{baker}", "{gone}", "0"]},
    "offers": {"product": ["{far_product}", "{product}"]},
    "order written down": {
        "home": ["{far_household_id}", "0", "x"],
        "receiver": ["{far_resident}", "0", "x"],
    },
    "call noted": {"community": ["{far}", "{sister}", "x"]},
    "care call made": {"household": ["{far_household_id}", "", "x"]},
    "goods arrived": {"building": ["{far_building}:1", "{sister_building}:1", "{building}:2", "x"]},
}


def names_of(console: Console) -> dict[str, Any]:
    """What the forms' addresses and values call the rows of the world."""
    world, own, foreign = console.world, console.things["own"], console.things["foreign"]
    draft = world.windows["home_draft"]
    return {
        **{name: region.pk for name, region in world.regions.items()},
        **{name: community.pk for name, community in world.communities.items()},
        **{name: supplier.pk for name, supplier in world.suppliers.items()},
        **{name: own[name] for name in ("import_id", "community_id", "number")},
        **{str(row._meta.model_name): row.pk for row in own.values() if isinstance(row, Model)},
        "sister_building": world.communities["sister"].buildings.get().pk,
        "far_building": foreign[Building].pk,
        "far_product": foreign[Product].pk,
        "roster_id": own["setup:import_id"],
        "draft": draft.public_id,
        "offer": make.offers_of(draft)[0].public_id,
        "held": world.windows["home_held"].public_id,
        "open": world.windows["home_open"].public_id,
        "price": make.offers_of(world.windows["home_open"])[0].price_fen,
        "household_id": own[Household].public_id,
        "call_id": own["call_id"],
        "far_household_id": foreign[Household].public_id,
        "far_resident": foreign[Resident].pk,
        "released": own["public_id"],
        "robot": own["robot_id"],
        "template": own["template_id"],
        "survey": own["survey_id"],
        "request": own["request_id"],
        "supplier_id": own["supplier_id"],
        "order": own["order_id"],
    }


def everything(console: Console) -> dict[str, str]:
    """A value for each column of each model, foreign rows where it names rows: what no form may take from a POST."""
    foreign = console.things["foreign"]
    values: dict[str, str] = {}
    for model in apps.get_models():
        for column in model._meta.get_fields():
            name = column.name
            if isinstance(column, ForeignKey):
                row = foreign.get(column.related_model)
                values[name] = values[f"{name}_id"] = str(row.pk if row else 1)
            elif isinstance(column, BooleanField):
                values[name] = "on"
            elif isinstance(column, DateTimeField):
                values[name] = "2020-01-01T00:00:00Z"
            elif isinstance(column, UUIDField):
                values[name] = NOBODYS
            else:
                values[name] = "{}" if isinstance(column, JSONField) else "7"
    return values


@dataclass
class Sheet:
    """A form as a page shows it: controls with their values, None for what a browser would not send, and choices."""

    controls: dict[str, str | None] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def fill(self) -> dict[str, str]:
        return {name: value for name, value in self.controls.items() if value is not None}


class _Sheets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[Sheet] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.sheets.append(Sheet())
        if not self.sheets:
            return
        sheet = self.sheets[-1]
        if tag == "input" and given.get("type") not in ("submit", "file"):
            is_box = given.get("type") in ("checkbox", "radio")
            value = given.get("value", "on" if is_box else "")
            sheet.controls[name] = value if not is_box or "checked" in given else None
        elif tag == "select":
            self._select, sheet.choices[name] = name, []
        elif tag == "option" and self._select:
            sheet.choices[self._select].append(given.get("value", ""))
            # Where nothing is selected a browser takes the first.
            if "selected" in given or self._select not in sheet.controls:
                sheet.controls[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area, sheet.controls[name] = name, ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sheets[-1].controls[self._area] = data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def sheet_of(page: str) -> Sheet:
    """The largest form of a page beside the choice of language; an empty one if it has none."""
    parser = _Sheets()
    parser.feed(page)
    own = [sheet for sheet in parser.sheets if "next" not in sheet.controls]
    return max(own, key=lambda sheet: len(sheet.controls), default=Sheet())
