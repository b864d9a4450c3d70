"""One row of every kind that has a page, and the addresses of all pages that a superuser can open."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from communities import people
from communities.models import User
from orders.models import OrderWindow
from tests import factories as make


@dataclass(frozen=True)
class Places:
    """`open` takes orders, `closed` has its consolidated order; `root` is a superuser's browser."""

    root: Client
    open: OrderWindow
    closed: OrderWindow

    def pages(self) -> dict[str, str]:
        """The texts of all pages that there are, by their addresses."""
        given = {
            address: self.root.get(address)
            for address in ("/api/v1/docs", *self.of_desk(), *self.of_admin())
        }
        return {
            address: answer.content.decode()
            for address, answer in given.items()
            if answer.status_code == 200
        }

    def of_desk(self) -> list[str]:
        order = self.open.orders.get()
        offer = self.open.offers.first()
        assert offer is not None
        pages = [
            "desk:index",
            "desk:new",
            "desk:calls",
            "catalogue:suppliers",
            "admin:index",
            "admin:password_change",
        ]
        windows = [
            reverse(f"desk:{name}", args=[window.public_id])
            for window in (self.open, self.closed)
            for name in ("window", "past", "orders", "entry", "care")
        ]
        return [
            *(reverse(name) for name in pages),
            *windows,
            reverse("desk:check", args=[self.closed.public_id]),
            reverse("desk:order", args=[self.open.public_id, order.public_id]),
            reverse("catalogue:index", args=[self.open.supplier.public_id]),
            reverse("setup:new"),
            *(
                reverse(f"setup:{name}", args=[self.open.community.public_id])
                for name in ("community", "contact", "homes", "roster", "slips", "poster")
            ),
        ]

    def of_admin(self) -> list[str]:
        """Lists, forms to add, and for the first row its form, past and deletion; some of it nobody may do."""
        found = []
        for model in admin.site._registry:
            row = model._default_manager.order_by("pk").first()
            meta = model._meta
            for page in ("changelist", "add", "change", "history", "delete"):
                args = (
                    [row.pk] if row is not None and page in ("change", "history", "delete") else []
                )
                with suppress(NoReverseMatch):
                    name = f"admin:{meta.app_label}_{meta.model_name}_{page}"
                    found.append(reverse(name, args=args))
        return found


def make_places() -> Places:
    community = make.make_community(rooms=("101",))
    organiser = make.make_staff(community)
    household = make.household(community)
    supplier = make.make_supplier(community)
    with transaction.atomic():
        people.add_resident(household=household, name="张三", phone="13812345678", actor=make.SETUP)
    opened, closed = (
        make.make_window(community, supplier=supplier, organiser=organiser) for _turn in range(2)
    )
    for window in (opened, closed):
        make.order(window, household, 1)
    make.prepare(closed)
    closed.refresh_from_db()
    root = User.objects.get(pk=make.make_user(is_staff=True).pk)
    root.is_superuser = True
    root.save(update_fields=["is_superuser"])
    browser = Client(headers={"accept-language": "zh-CN"}, raise_request_exception=False)
    browser.force_login(root)
    return Places(browser, opened, closed)
