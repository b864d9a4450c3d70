"""How a community's people write addresses: its own rules, and what a person has yet to make out."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models.people import User
from communities.models.places import Building, Community, Household
from communities.states import QUESTION_TRANSITIONS, QuestionStatus
from config.kernel.constraints import CompositeForeignKey
from config.kernel.states import Transitions


class AddressRule(models.Model):
    """One rule of the compound, as `communities.addresses.register.Rules` reads it. What `words` and `meaning` are
    depends on the kind; where a kind needs neither they are empty.
    """

    class Kind(models.TextChoices):
        ALIAS = "alias", _("a name for a building or a door")
        NAME = "name", _("another name of the community")
        LANE = "lane", _("a name for a lane")
        HOUSE_ROOM = "house_room", _("two numbers are building and room")
        UNIT_ROOM = "unit_room", _("two numbers are unit and room")
        NO_UNITS = "no_units", _("people say a unit, the register has none")
        ROOMS = "rooms", _("rooms from … to …")
        GROUP = "group", _("the chat of a building")

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="address_rules", verbose_name=_("community")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    words = models.CharField(
        _("what people write"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("The name, the chat's name, or the first room of a range."),
    )
    meaning = models.CharField(
        _("what it means"),
        max_length=40,
        blank=True,
        default="",
        help_text=_("The lane (empty: the community's own), or the last room of a range."),
    )
    building = models.ForeignKey(
        Building,
        models.CASCADE,
        null=True,
        blank=True,
        db_constraint=False,
        verbose_name=_("building"),
    )
    household = models.ForeignKey(
        Household,
        models.CASCADE,
        null=True,
        blank=True,
        db_constraint=False,
        verbose_name=_("household"),
    )

    class Meta:
        verbose_name = _("address rule")
        verbose_name_plural = _("address rules")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "kind", "words", "building"],
                nulls_distinct=False,
                name="address_rule_once",
                violation_error_message=_("The community has this rule already."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["alias", "name", "lane", "rooms", "group"]) | ~Q(words=""),
                name="address_rule_has_words",
                violation_error_message=_("Write down what people write."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["alias", "group"]) | Q(building__isnull=False),
                name="address_rule_names_building",
                violation_error_message=_("Choose the building that is meant."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="rooms") | ~Q(meaning=""),
                name="address_rule_rooms_have_an_end",
                violation_error_message=_("Write down the last room."),
            ),
            models.CheckConstraint(
                condition=Q(household=None) | Q(kind="alias"), name="address_rule_door_is_alias"
            ),
            CompositeForeignKey(
                name="address_rule_building_same_community",
                fields=["building", "community"],
                to="communities.Building",
                to_fields=["id", "community"],
            ),
            CompositeForeignKey(
                name="address_rule_household_same_community",
                fields=["household", "community"],
                to="communities.Household",
                to_fields=["id", "community"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.words} ({self.pk})"


class AddressQuestion(models.Model):
    """An address that was not sure, waiting for a person who knows or calls. `text` and the phone are personal: they
    are erased once it is closed, and stand in no audit entry.
    """

    class Source(models.TextChoices):
        CHAT = "chat", _("pasted chat")
        FILE = "file", _("imported file")
        PHONE = "phone", _("telephone")
        PAPER = "paper", _("paper")

    Status = QuestionStatus
    transitions: ClassVar[Transitions] = QUESTION_TRANSITIONS

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    community = models.ForeignKey(
        Community, models.CASCADE, related_name="address_questions", verbose_name=_("community")
    )
    text = models.CharField(_("as it was written"), max_length=300, blank=True)
    reason = models.CharField(_("why it is not sure"), max_length=30)
    source = models.CharField(_("where it came from"), max_length=10, choices=Source)
    # The row it was read from, by kind and id; "" and 0 for a call.
    subject_kind = models.CharField(max_length=40, blank=True, default="")
    subject_id = models.BigIntegerField(default=0)
    phone_encrypted = models.BinaryField(null=True)
    phone_masked = models.CharField(_("phone"), max_length=20, blank=True, default="")
    status = models.CharField(
        _("status"), max_length=10, choices=QuestionStatus, default=QuestionStatus.OPEN
    )
    household = models.ForeignKey(
        Household,
        models.PROTECT,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("household"),
    )
    closed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    asked_at = models.DateTimeField(_("asked at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("address to confirm")
        verbose_name_plural = _("addresses to confirm")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=Q(status="open") & ~Q(subject_kind=""),
                name="address_question_once_per_row",
            ),
            models.UniqueConstraint(fields=["id", "community"], name="address_question_community"),
            models.CheckConstraint(
                condition=Q(status="answered", household__isnull=False)
                | Q(~Q(status="answered"), household=None),
                name="address_question_answer_is_household",
            ),
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None)
                | Q(~Q(status="open"), closed_at__isnull=False),
                name="address_question_closed_at",
            ),
            CompositeForeignKey(
                name="address_question_household_same_community",
                fields=["household", "community"],
                to="communities.Household",
                to_fields=["id", "community"],
            ),
        ]
        indexes = [
            # selectors.open_questions: what is open is short, what was answered piles up.
            models.Index(
                fields=["community", "asked_at"],
                condition=Q(status="open"),
                name="address_question_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.status} ({self.pk})"


class AddressCandidate(models.Model):
    """A household that the text may mean; `place` 0 is the likeliest."""

    question = models.ForeignKey(
        AddressQuestion, models.CASCADE, related_name="candidates", db_constraint=False
    )
    community = models.ForeignKey(Community, models.CASCADE, related_name="+")
    household = models.ForeignKey(Household, models.CASCADE, related_name="+", db_constraint=False)
    place = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("possible household")
        verbose_name_plural = _("possible households")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "household"], name="address_candidate_once"
            ),
            CompositeForeignKey(
                name="address_candidate_question_same_community",
                fields=["question", "community"],
                to="communities.AddressQuestion",
                to_fields=["id", "community"],
            ),
            CompositeForeignKey(
                name="address_candidate_household_same_community",
                fields=["household", "community"],
                to="communities.Household",
                to_fields=["id", "community"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.place}"
