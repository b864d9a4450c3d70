"""Who lives there and who does what: accounts, residents, memberships."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models.places import Building, Community, Household, Region
from communities.roles import Role
from config.kernel.constraints import CompositeForeignKey


class User(AbstractUser):
    """An account. A person may have none; what he may do follows from his memberships."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    display_name = models.CharField(_("name"), max_length=40, blank=True, default="")

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.display_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()


class ResidentQuerySet(models.QuerySet["Resident"]):
    def present(self) -> ResidentQuerySet:
        """Who lives there now: nobody else is called, served, asked for or shown on a list."""
        return self.filter(left_at=None)


class Resident(models.Model):
    """A person of a household; may have no phone and no account. The phone is encrypted, found by its blind index."""

    household = models.ForeignKey(
        Household, models.CASCADE, related_name="residents", verbose_name=_("household")
    )
    user = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="residents",
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=40)
    phone_encrypted = models.BinaryField(null=True)
    # Not unique: old neighbours share a number.
    phone_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    phone_masked = models.CharField(_("phone"), max_length=20, blank=True, default="")
    # Its index again: the account itself gave the number, or proved that it has it. Anybody else's edit ends that.
    phone_confirmed = models.CharField(max_length=64, blank=True, default="", db_default="")
    # Its index again: somebody of the household was put out, the number alone lets nobody in any more.
    phone_closed = models.CharField(max_length=64, blank=True, default="", db_default="")
    is_contact = models.BooleanField(_("speaks for the household"), default=False)
    # Moved out: kept for what is still on its way, erased 30 days later.
    left_at = models.DateTimeField(_("moved out"), null=True, blank=True, editable=False)

    objects = ResidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("resident")
        verbose_name_plural = _("residents")
        constraints = [
            models.UniqueConstraint(fields=["id", "household"], name="resident_with_household")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def live(self) -> MembershipQuerySet:
        return self.filter(ended_at=None)


class Membership(models.Model):
    """user × node × role. The node is a region or a community; a resident's has a household, a leader's a building."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name=_("account")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    community = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, verbose_name=_("community")
    )
    building = models.ForeignKey(
        Building,
        models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        verbose_name=_("building"),
    )
    household = models.ForeignKey(
        Household,
        models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        verbose_name=_("household"),
    )
    # Children order for their parents: a member of the household who does not live in it.
    lives_elsewhere = models.BooleanField(_("lives elsewhere"), default=False)
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=False, community=None)
                | Q(region=None, community__isnull=False),
                name="membership_at_one_node",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.RESIDENT, household__isnull=False)
                | Q(~Q(role=Role.RESIDENT), household=None),
                name="membership_resident_has_household",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.BUILDING_LEADER, building__isnull=False)
                | Q(~Q(role=Role.BUILDING_LEADER), building=None),
                name="membership_leader_has_building",
            ),
            models.CheckConstraint(
                condition=Q(lives_elsewhere=False) | Q(role=Role.RESIDENT),
                name="membership_elsewhere_for_residents",
            ),
            # Without the community the composite keys below would check nothing.
            models.CheckConstraint(
                condition=Q(community__isnull=False) | Q(building=None, household=None),
                name="membership_place_in_community",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "region", "community", "building", "household"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="membership_once",
            ),
            CompositeForeignKey(
                name="membership_building_same_community",
                fields=["building", "community"],
                to="communities.Building",
                to_fields=["id", "community"],
            ),
            CompositeForeignKey(
                name="membership_household_same_community",
                fields=["household", "community"],
                to="communities.Household",
                to_fields=["id", "community"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} ({self.pk})"
