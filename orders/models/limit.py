"""How much of a kind of goods one household may have."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.window import OrderWindow


class CategoryLimit(models.Model):
    """At most so many pieces of a category's offers for a household in a window, tolerance included."""

    window = models.ForeignKey(
        OrderWindow,
        models.CASCADE,
        related_name="category_limits",
        db_index=False,
        verbose_name=_("group buy"),
    )
    category = models.CharField(_("category"), max_length=30)
    household_limit = models.PositiveIntegerField(_("limit per household"))

    class Meta:
        verbose_name = _("limit of a category")
        verbose_name_plural = _("limits of categories")
        constraints = [
            # placing: the limits of a window, by category.
            models.UniqueConstraint(fields=["window", "category"], name="category_limit_once"),
            models.CheckConstraint(
                condition=Q(household_limit__gte=1), name="category_limit_positive"
            ),
            models.CheckConstraint(condition=~Q(category=""), name="category_limit_of_a_category"),
        ]

    def __str__(self) -> str:
        return f"{self.window_id} {self.category} ≤ {self.household_limit}"
