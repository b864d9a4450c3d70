"""Rounds that come again: when, what is on offer, on which dates otherwise."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community, User
from config.kernel.constraints import CompositeForeignKey
from config.kernel.states import Transitions
from orders import states
from orders.models.window import OrderWindow
from orders.states import TemplateStatus
from suppliers.models import Product, Supplier

EVERY_DAY = 127


class WindowTemplate(models.Model):
    """From it the next windows are drafted the evening before, and opened when their time has come.

    Times are those of the wall clock in the community's zone, `…_after` whole days after the day of the opening.
    `weekdays` is a sum: Monday 1, Tuesday 2 … Sunday 64. `version` grows with each change.
    """

    class Goods(models.TextChoices):
        ALL = "all", _("everything the supplier has")
        CATEGORY = "category", _("one category")
        CHOSEN = "chosen", _("chosen products")

    transitions: ClassVar[Transitions] = states.TEMPLATE

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="+", verbose_name=_("leading community")
    )
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="+", verbose_name=_("supplier")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=TemplateStatus, default=TemplateStatus.ACTIVE
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    weekdays = models.PositiveSmallIntegerField(_("weekdays"), default=EVERY_DAY)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("cutoff"))
    closes_after = models.PositiveSmallIntegerField(default=0)
    delivers = models.TimeField(_("delivery at"), null=True, blank=True)
    delivers_after = models.PositiveSmallIntegerField(default=0)
    drafts = models.TimeField(_("drafted the evening before at"), default=dt.time(18))
    notice = models.CharField(_("notice"), max_length=300, blank=True, default="")
    minimum_measure = models.CharField(
        _("minimum counts"),
        max_length=20,
        choices=OrderWindow.Measure,
        default=OrderWindow.Measure.NONE,
    )
    minimum = models.BigIntegerField(_("minimum"), default=0)
    below_minimum = models.CharField(
        _("below the minimum"),
        max_length=20,
        choices=OrderWindow.BelowMinimum,
        default=OrderWindow.BelowMinimum.HOLD,
    )
    extend_minutes = models.PositiveIntegerField(_("extend by (minutes)"), default=60)
    goods = models.CharField(_("on offer"), max_length=20, choices=Goods, default=Goods.ALL)
    category = models.CharField(_("category"), max_length=30, blank=True, default="")
    created_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, editable=False
    )

    class Meta:
        verbose_name = _("repeating group buy")
        verbose_name_plural = _("repeating group buys")
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__gte=1, weekdays__lte=EVERY_DAY), name="template_has_weekdays"
            ),
            models.CheckConstraint(
                condition=Q(closes_after__gte=1) | Q(closes__gt=F("opens")),
                name="template_closes_after_opening",
            ),
            # The next round is drafted before this one could still be open for a month.
            models.CheckConstraint(
                condition=Q(closes_after__lte=7, delivers_after__lte=30)
                & Q(delivers_after__gte=F("closes_after")),
                name="template_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="template_valid_until_after_from",
            ),
            models.CheckConstraint(condition=Q(minimum__gte=0), name="template_minimum"),
            models.CheckConstraint(
                condition=Q(extend_minutes__gte=1), name="template_extension_positive"
            ),
            models.CheckConstraint(
                condition=Q(goods="category") & ~Q(category="")
                | ~Q(goods="category") & Q(category=""),
                name="template_category_if_asked",
            ),
            models.CheckConstraint(
                condition=Q(status__in=TemplateStatus.values), name="template_status_known"
            ),
            models.UniqueConstraint(fields=["id", "community"], name="template_with_community"),
            models.UniqueConstraint(fields=["id", "supplier"], name="template_with_supplier"),
        ]

    def __str__(self) -> str:
        return f"{self.community_id} {self.supplier_id} ({self.pk})"


class TemplateProduct(models.Model):
    """One of the chosen products, with the cap and the limit per household that each of its rounds begins with."""

    template = models.ForeignKey(
        WindowTemplate, models.CASCADE, related_name="products", db_constraint=False
    )
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="+", db_constraint=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_constraint=False)
    cap = models.PositiveIntegerField(_("available"), null=True, blank=True)
    household_limit = models.PositiveIntegerField(_("limit per household"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "product"], name="template_product_once"),
            models.CheckConstraint(
                condition=Q(household_limit=None) | Q(household_limit__gte=1),
                name="template_product_limit_positive",
            ),
            CompositeForeignKey(
                name="template_product_of_template",
                fields=["template", "supplier"],
                to="orders.WindowTemplate",
                to_fields=["id", "supplier"],
            ),
            CompositeForeignKey(
                name="template_product_of_supplier",
                fields=["product", "supplier"],
                to="suppliers.Product",
                to_fields=["id", "supplier"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.product_id}"


class TemplateLimit(models.Model):
    """At most so many pieces of a kind of goods for a household in each of its rounds (CategoryLimit)."""

    template = models.ForeignKey(
        WindowTemplate, models.CASCADE, related_name="category_limits", db_index=False
    )
    category = models.CharField(_("category"), max_length=30)
    household_limit = models.PositiveIntegerField(_("limit per household"))

    class Meta:
        constraints = [
            # drafting: the limits of a template, by category.
            models.UniqueConstraint(fields=["template", "category"], name="template_limit_once"),
            models.CheckConstraint(
                condition=Q(household_limit__gte=1), name="template_limit_positive"
            ),
            models.CheckConstraint(condition=~Q(category=""), name="template_limit_of_a_category"),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.category} ≤ {self.household_limit}"


class TemplateDate(models.Model):
    """A date on which the round does not come, or comes on another one."""

    template = models.ForeignKey(WindowTemplate, models.CASCADE, related_name="dates")
    on = models.DateField(_("date"))
    moved_to = models.DateField(_("moved to"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "on"], name="template_date_once"),
            models.CheckConstraint(
                condition=Q(moved_to=None) | ~Q(moved_to=F("on")), name="template_date_moves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.on}"
