"""Pick lists per building and bags per household, made from Allocations alone, and their files; calls to be made."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Building, Community, Household, User
from config.kernel.constraints import CompositeForeignKey
from config.kernel.states import Transitions
from orders.models import Offer, OrderWindow, SupplierOrder
from volunteers import states
from volunteers.states import CallStatus, PickListStatus


class PickList(models.Model):
    """What one building gets in one wave, by one revision of the order."""

    transitions: ClassVar[Transitions] = states.PICK_LIST

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    window = models.ForeignKey(
        OrderWindow, models.PROTECT, related_name="pick_lists", verbose_name=_("group buy")
    )
    supplier_order = models.ForeignKey(SupplierOrder, models.PROTECT, related_name="pick_lists")
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="+", verbose_name=_("community")
    )
    building = models.ForeignKey(
        Building,
        models.PROTECT,
        related_name="pick_lists",
        db_constraint=False,
        verbose_name=_("building"),
    )
    wave = models.PositiveIntegerField(_("wave"), default=1)
    revision = models.PositiveIntegerField(_("revision"))
    status = models.CharField(
        _("status"), max_length=20, choices=PickListStatus, default=PickListStatus.READY
    )
    bag_count = models.PositiveIntegerField(_("bags"))
    pieces = models.PositiveIntegerField(_("pieces"))
    total_fen = models.BigIntegerField(_("total (fen)"))
    created_at = models.DateTimeField(_("created"))
    filed_at = models.DateTimeField(_("files made"), null=True)

    class Meta:
        verbose_name = _("pick list")
        verbose_name_plural = _("pick lists")
        constraints = [
            models.UniqueConstraint(
                fields=["window", "building", "wave", "revision"], name="pick_list_once"
            ),
            models.UniqueConstraint(fields=["id", "community"], name="pick_list_with_community"),
            models.CheckConstraint(
                condition=Q(status__in=PickListStatus.values), name="pick_list_status_known"
            ),
            CompositeForeignKey(
                name="pick_list_building_same_community",
                fields=["building", "community"],
                to="communities.Building",
                to_fields=["id", "community"],
            ),
            CompositeForeignKey(
                name="pick_list_order_same_window",
                fields=["supplier_order", "window"],
                to="orders.SupplierOrder",
                to_fields=["id", "window"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window_id} {self.building_id} r{self.revision} ({self.pk})"


class Bag(models.Model):
    """What one household gets. `position` of `bag_count` in the building's natural order."""

    pick_list = models.ForeignKey(
        PickList, models.CASCADE, related_name="bags", db_constraint=False
    )
    community = models.ForeignKey(Community, models.PROTECT, related_name="+")
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="bags", db_constraint=False
    )
    position = models.PositiveIntegerField(_("position"))
    room = models.CharField(_("room"), max_length=20)
    to_the_door = models.BooleanField(_("to the door"), default=False)
    pieces = models.PositiveIntegerField(_("pieces"))
    amount_due_fen = models.BigIntegerField(_("amount due (fen)"))

    class Meta:
        verbose_name = _("bag")
        verbose_name_plural = _("bags")
        constraints = [
            models.UniqueConstraint(
                fields=["pick_list", "household"], name="bag_once_per_household"
            ),
            models.UniqueConstraint(fields=["pick_list", "position"], name="bag_position"),
            CompositeForeignKey(
                name="bag_list_same_community",
                fields=["pick_list", "community"],
                to="volunteers.PickList",
                to_fields=["id", "community"],
            ),
            CompositeForeignKey(
                name="bag_household_same_community",
                fields=["household", "community"],
                to="communities.Household",
                to_fields=["id", "community"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room} ({self.pk})"


class BagLine(models.Model):
    """A product in a bag."""

    bag = models.ForeignKey(Bag, models.CASCADE, related_name="lines")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    price_fen = models.BigIntegerField(_("price (fen)"))
    amount_fen = models.BigIntegerField(_("amount (fen)"))

    class Meta:
        verbose_name = _("line of a bag")
        verbose_name_plural = _("lines of bags")
        constraints = [
            models.UniqueConstraint(fields=["bag", "offer"], name="bag_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="bag_line_quantity"),
            models.CheckConstraint(
                condition=Q(amount_fen=F("quantity") * F("price_fen")), name="bag_line_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bag_id} {self.offer_id} ×{self.quantity}"


class PickListFile(models.Model):
    """The bytes of one sheet of a pick list, with their SHA-256."""

    class Kind(models.TextChoices):
        PICKS = "picks", _("pick list")
        SLIPS = "slips", _("slips, one per household")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pick_list = models.ForeignKey(PickList, models.CASCADE, related_name="files")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    format = models.CharField(_("format"), max_length=10)
    name = models.CharField(_("name"), max_length=120)
    media_type = models.CharField(_("media type"), max_length=120)
    content = models.BinaryField()
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = _("file of a pick list")
        verbose_name_plural = _("files of pick lists")
        constraints = [
            models.UniqueConstraint(
                fields=["pick_list", "kind", "format"], name="pick_list_file_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PhoneCall(models.Model):
    """A call to be made: to a care household that has not ordered in a window, or back to somebody who asked for it.

    Whoever takes it is named, so that no two people call the same person. Name, number and note are personal: an
    erasure empties them.
    """

    class Kind(models.TextChoices):
        CARE = "care", _("care household that has not ordered")
        BACK = "back", _("call back")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("called")
        NO_ANSWER = "no_answer", _("nobody answered")
        WANTS_NOTHING = "wants_nothing", _("wants nothing")
        WILL_ORDER = "will_order", _("will order")

    transitions: ClassVar[Transitions] = states.CALL

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="+", verbose_name=_("community")
    )
    household = models.ForeignKey(
        Household,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_("household"),
    )
    window = models.ForeignKey(
        OrderWindow, models.PROTECT, null=True, related_name="+", verbose_name=_("group buy")
    )
    name = models.CharField(_("name"), max_length=40, blank=True, default="")
    phone_encrypted = models.BinaryField(null=True)
    phone_masked = models.CharField(_("phone"), max_length=20, blank=True, default="")
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    due_at = models.DateTimeField(_("due"), null=True)
    status = models.CharField(
        _("status"), max_length=20, choices=CallStatus, default=CallStatus.WAITING
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True, default="")
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    called_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("called by")
    )
    called_at = models.DateTimeField(_("called at"), null=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created"))
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=("care", "back")), name="call_kind_known"),
            models.CheckConstraint(
                condition=Q(status__in=CallStatus.values), name="call_status_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=("", "reached", "no_answer", "wants_nothing", "will_order")
                ),
                name="call_outcome_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="care") | Q(window__isnull=False, household__isnull=False),
                name="call_care_has_home_and_window",
            ),
            models.CheckConstraint(
                condition=Q(household__isnull=False)
                | Q(phone_encrypted__isnull=False)
                | Q(erased_at__isnull=False),
                name="call_reaches_somebody",
            ),
            models.CheckConstraint(
                condition=Q(phone_encrypted=None, phone_masked="")
                | (Q(phone_encrypted__isnull=False) & ~Q(phone_masked="")),
                name="call_phone_is_masked",
            ),
            models.CheckConstraint(
                condition=~Q(status="taken") | Q(called_by__isnull=False, called_at__isnull=False),
                name="call_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="done")
                | (Q(called_by__isnull=False, called_at__isnull=False) & ~Q(outcome="")),
                name="call_done_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(name="", note="", phone_encrypted=None),
                name="call_erased_is_empty",
            ),
            models.UniqueConstraint(
                fields=["window", "household"], condition=Q(kind="care"), name="call_care_once"
            ),
            CompositeForeignKey(
                name="call_household_same_community",
                fields=["household", "community"],
                to="communities.Household",
                to_fields=["id", "community"],
            ),
            CompositeForeignKey(
                name="call_community_joined_window",
                fields=["window", "community"],
                to="orders.WindowCommunity",
                to_fields=["window", "community"],
            ),
        ]
        indexes = [
            # The list of calls: what a community still has to call.
            models.Index(
                fields=["community", "due_at"],
                name="call_open",
                condition=Q(status__in=("waiting", "taken")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
