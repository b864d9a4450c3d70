"""Before a round: what would be wanted (surveys), and what somebody needs alone (single requests)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community, Household, User
from config.kernel.constraints import CompositeForeignKey
from config.kernel.states import Transitions
from orders import states
from orders.models.order import MAX_QUANTITY
from orders.states import RequestStatus, SurveyStatus
from suppliers.models import Product, Supplier


class Survey(models.Model):
    """What households would take, asked before the supplier stocks it: no payment, no order.

    `community` leads it, SurveyCommunity lists who is asked. Answers are taken while it is OPEN and `open_until`, by
    the database's clock, has not come.
    """

    transitions: ClassVar[Transitions] = states.SURVEY

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="+", verbose_name=_("leading community")
    )
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="+", verbose_name=_("supplier")
    )
    title = models.CharField(_("title"), max_length=80)
    notice = models.CharField(_("notice"), max_length=300, blank=True, default="")
    status = models.CharField(
        _("status"), max_length=20, choices=SurveyStatus, default=SurveyStatus.OPEN
    )
    open_until = models.DateTimeField(_("answers until"))
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=SurveyStatus.values), name="survey_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=SurveyStatus.OPEN, closed_at=None)
                | Q(~Q(status=SurveyStatus.OPEN), closed_at__isnull=False),
                name="survey_closed_has_time",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="survey_has_title"),
            models.UniqueConstraint(fields=["id", "supplier"], name="survey_with_supplier"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"


class SurveyCommunity(models.Model):
    """A community whose households are asked."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="asked")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "community"], name="survey_community_once")
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.community_id}"


class SurveyItem(models.Model):
    """What is asked for: a product of the supplier, or words. The price, in fen, is a hint; None if nobody knows it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="items", db_constraint=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="+", db_constraint=False)
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="+", null=True, db_constraint=False
    )
    position = models.PositiveIntegerField()
    name = models.CharField(_("name"), max_length=80)
    spec = models.CharField(_("specification"), max_length=60, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=10, blank=True, default="")
    price_fen = models.BigIntegerField(_("price (fen)"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "position"], name="survey_item_position"),
            models.UniqueConstraint(fields=["survey", "product"], name="survey_item_product_once"),
            models.UniqueConstraint(fields=["id", "survey"], name="survey_item_with_survey"),
            models.CheckConstraint(condition=~Q(name=""), name="survey_item_has_name"),
            models.CheckConstraint(
                condition=Q(price_fen=None) | Q(price_fen__gte=0), name="survey_item_price"
            ),
            CompositeForeignKey(
                name="survey_item_supplier_of_survey",
                fields=["survey", "supplier"],
                to="orders.Survey",
                to_fields=["id", "supplier"],
            ),
            CompositeForeignKey(
                name="survey_item_product_of_supplier",
                fields=["product", "supplier"],
                to="suppliers.Product",
                to_fields=["id", "supplier"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name} ({self.pk})"


class SurveyReply(models.Model):
    """That a household has answered; it may have wanted nothing."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="replies")
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    household = models.ForeignKey(Household, models.PROTECT, related_name="+", db_constraint=False)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "household"], name="survey_reply_once"),
            models.UniqueConstraint(fields=["id", "survey"], name="survey_reply_with_survey"),
            CompositeForeignKey(
                name="survey_reply_household_same_community",
                fields=["household", "community"],
                to="communities.Household",
                to_fields=["id", "community"],
            ),
            CompositeForeignKey(
                name="survey_reply_community_asked",
                fields=["survey", "community"],
                to="orders.SurveyCommunity",
                to_fields=["survey", "community"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.household_id}"


class SurveyWish(models.Model):
    """So many of an item in a reply."""

    reply = models.ForeignKey(
        SurveyReply, models.CASCADE, related_name="wishes", db_constraint=False
    )
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="+", db_constraint=False)
    item = models.ForeignKey(SurveyItem, models.CASCADE, related_name="wishes", db_constraint=False)
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reply", "item"], name="survey_wish_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY), name="survey_wish_range"
            ),
            CompositeForeignKey(
                name="survey_wish_reply_same_survey",
                fields=["reply", "survey"],
                to="orders.SurveyReply",
                to_fields=["id", "survey"],
            ),
            CompositeForeignKey(
                name="survey_wish_item_same_survey",
                fields=["item", "survey"],
                to="orders.SurveyItem",
                to_fields=["id", "survey"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} ×{self.quantity}"


class SingleRequest(models.Model):
    """Something that one household needs and no round offers (零星需求). Visible until it is answered.

    `what`, `note` and `for_whom` are the resident's words and stay in the community. What a supplier reads is
    `question` and the quantity alone, written by whoever asks him.
    """

    class Stock(models.TextChoices):
        HAVE = "have", _("in stock")
        BY_DATE = "by_date", _("can be had by a date")
        NOT = "not", _("not to be had")

    transitions: ClassVar[Transitions] = states.REQUEST

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    community = models.ForeignKey(
        Community,
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        verbose_name=_("community"),
    )
    household = models.ForeignKey(
        Household,
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        verbose_name=_("household"),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=RequestStatus, default=RequestStatus.ASKED
    )
    what = models.CharField(_("what is needed"), max_length=120)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    # Personal: whoever erases a household's words empties these two.
    for_whom = models.CharField(_("for whom"), max_length=40, blank=True, default="")
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="+", null=True, verbose_name=_("supplier")
    )
    question = models.CharField(
        _("question to the supplier"), max_length=120, blank=True, default=""
    )
    checked_at = models.DateTimeField(null=True)
    stock = models.CharField(_("stock"), max_length=20, choices=Stock, blank=True, default="")
    stock_on = models.DateField(_("in stock on"), null=True)
    stock_note = models.CharField(_("supplier's note"), max_length=120, blank=True, default="")
    stocked_at = models.DateTimeField(null=True)
    promised_on = models.DateField(_("promised for"), null=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("single request")
        verbose_name_plural = _("single requests")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=RequestStatus.values), name="request_status_known"
            ),
            models.CheckConstraint(condition=~Q(what=""), name="request_says_what"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY),
                name="request_quantity_range",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[RequestStatus.CHECKING, RequestStatus.CHECKED])
                | Q(supplier__isnull=False, checked_at__isnull=False) & ~Q(question=""),
                name="request_checked_has_question",
            ),
            models.CheckConstraint(
                condition=~Q(status=RequestStatus.CHECKED)
                | Q(stocked_at__isnull=False) & ~Q(stock=""),
                name="request_checked_has_stock",
            ),
            models.CheckConstraint(
                condition=~Q(stock="by_date") | Q(stock_on__isnull=False),
                name="request_stock_by_date",
            ),
            models.CheckConstraint(
                condition=~Q(status=RequestStatus.PROMISED) | Q(promised_on__isnull=False),
                name="request_promised_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status=RequestStatus.REFUSED) | ~Q(answer=""),
                name="request_refused_has_reason",
            ),
            CompositeForeignKey(
                name="request_household_same_community",
                fields=["household", "community"],
                to="communities.Household",
                to_fields=["id", "community"],
            ),
        ]
        indexes = [
            # The supplier's list: what he has not answered.
            models.Index(
                fields=["supplier", "-id"],
                name="request_to_supplier",
                condition=Q(checked_at__isnull=False),
            ),
            # The desk: what waits, by community.
            models.Index(fields=["community", "status", "-id"], name="request_of_community"),
        ]

    def __str__(self) -> str:
        return f"{self.status} ({self.pk})"
