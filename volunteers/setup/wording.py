"""How the audit calls what happens on the first day."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "building.households_added": _("Households added by rule"),
    "building.households_taken_back": _("Households that do not exist taken back"),
    "slips.printed": _("Slips with new codes printed"),
    "poster.printed": _("Poster printed"),
}
