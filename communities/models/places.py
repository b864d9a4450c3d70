"""Where people live: a tree of regions, communities, buildings, households."""

from __future__ import annotations

import uuid
from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.kernel.constraints import CompositeForeignKey


class Region(models.Model):
    """District, sub-district, neighbourhood or grid. `path` is `/1/5/`: ids from the root down to the row itself."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("district")
        TOWN = "town", _("sub-district or town")
        NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")
        GRID = "grid", _("grid")

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("belongs to")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=80)
    path = models.CharField(_("path"), max_length=200, unique=True, null=True, editable=False)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="region_name_in_parent",
                nulls_distinct=False,
                violation_error_message=_("There is a region of this name here already."),
            ),
            models.CheckConstraint(
                condition=~Q(parent=models.F("id")), name="region_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"


class Community(models.Model):
    """One group of households that buys together. `zone` is an IANA name; screens and files show its time."""

    class Kind(models.TextChoices):
        ESTATE = "estate", _("housing estate")
        VILLAGE = "village", _("village")
        SITE = "site", _("building site")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.ESTATE)
    name = models.CharField(_("name"), max_length=80)
    short_name = models.CharField(_("short name"), max_length=10)
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    fenced = models.BooleanField(_("closed off"), default=False)
    release_needs_two = models.BooleanField(_("release needs a second person"), default=False)
    # Equal: there are none. They hold back robots, never the inbox and never a shift.
    quiet_from = models.TimeField(_("quiet from"), default=time(22, 0))
    quiet_until = models.TimeField(_("quiet until"), default=time(7, 0))
    # Whom residents call. Published on posters and in chats, by choice: never somebody's private number by itself.
    service_name = models.CharField(_("whom to call"), max_length=40, blank=True, default="")
    service_phone = models.CharField(_("duty phone"), max_length=30, blank=True, default="")

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="community_name_in_region",
                violation_error_message=_("The region has a community of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"


class Building(models.Model):
    """A stairwell people think of as one house: lane 弄, number 号/幢 and unit 单元 (门洞)."""

    community = models.ForeignKey(
        Community, models.PROTECT, related_name="buildings", verbose_name=_("community")
    )
    lane = models.CharField(_("lane"), max_length=20, blank=True, default="")
    number = models.CharField(pgettext_lazy("building", "number"), max_length=20)
    unit = models.CharField(
        pgettext_lazy("building", "unit"), max_length=20, blank=True, default=""
    )
    label = models.CharField(_("name on screens"), max_length=40)
    sort_key = models.CharField(max_length=120, editable=False)
    floors = models.PositiveSmallIntegerField(_("floors"), null=True, blank=True)
    doors = models.PositiveSmallIntegerField(_("doors on each floor"), null=True, blank=True)
    has_lift = models.BooleanField(_("has a lift"), default=False)

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "lane", "number", "unit"],
                name="building_address",
                violation_error_message=_(
                    "The community has a building with this address already."
                ),
            ),
            models.UniqueConstraint(
                fields=["community", "label"],
                name="building_label_in_community",
                violation_error_message=_(
                    "The community has a building with this name on screens already."
                ),
            ),
            models.UniqueConstraint(fields=["id", "community"], name="building_with_community"),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.pk})"


class Household(models.Model):
    """A door. One row whatever the spelling of its address."""

    class Substitutes(models.TextChoices):
        """The standing answer when goods are short; without one nobody is charged for something else."""

        LIKE = "like", _("a like product is fine")
        NOT_DEARER = "not_dearer", _("a like product if it is not dearer")
        REFUND = "refund", _("rather the money back")
        CALL = "call", _("please call me first")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="households", verbose_name=_("community")
    )
    building = models.ForeignKey(
        Building,
        models.PROTECT,
        related_name="households",
        db_constraint=False,
        verbose_name=_("building"),
    )
    room = models.CharField(_("room"), max_length=20)
    sort_key = models.CharField(max_length=120, editable=False)
    # Why is never stored here, and never printed anywhere.
    needs_care = models.BooleanField(_("care household"), default=False)
    has_smartphone = models.BooleanField(_("has a smartphone"), default=True)
    is_active = models.BooleanField(_("lived in"), default=True)
    people = models.PositiveSmallIntegerField(_("people"), null=True, blank=True)
    substitutes = models.CharField(
        _("if goods are short"),
        max_length=20,
        choices=Substitutes,
        default=Substitutes.REFUND,
        db_default=Substitutes.REFUND,
    )

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            models.UniqueConstraint(
                fields=["building", "room"],
                name="household_room_in_building",
                violation_error_message=_("The building has a household in this room already."),
            ),
            models.UniqueConstraint(fields=["id", "community"], name="household_with_community"),
            models.CheckConstraint(
                condition=Q(substitutes__in=["like", "not_dearer", "refund", "call"]),
                name="household_substitutes_known",
            ),
            CompositeForeignKey(
                name="household_building_same_community",
                fields=["building", "community"],
                to="communities.Building",
                to_fields=["id", "community"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room} ({self.pk})"
