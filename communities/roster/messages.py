"""Every sentence about a row of a roster, by code. English msgids."""

from django.utils.translation import gettext_noop

REASONS = {
    "place_missing": gettext_noop(
        "No address: a building and a room are needed, or an address in one cell."
    ),
    "address_unreadable": gettext_noop(
        "“%(value)s” does not tell building and room for certain. Please write them below."
    ),
    "address_elsewhere": gettext_noop(
        "“%(value)s” names another compound or street. Does this household belong to yours?"
    ),
    "building_missing": gettext_noop("The building is missing."),
    "room_missing": gettext_noop("The room is missing."),
    "place_too_long": gettext_noop("“%(column)s” is longer than %(limit)s characters."),
    "text_too_long": gettext_noop("“%(column)s” is longer than %(limit)s characters."),
    "text_runs": gettext_noop(
        "“%(column)s” begins like a formula. Please remove the first character."
    ),
    "building_new": gettext_noop("%(value)s is set up with it."),
    # In previews that were made before.
    "building_agreed": gettext_noop("%(value)s is set up with it."),
    "building_lonely": gettext_noop(
        "This row alone is in %(value)s, which is new. Is the number of the building right?"
    ),
    "room_above": gettext_noop("Room %(room)s: the building has %(floors)s floors. Is that so?"),
    "room_beyond": gettext_noop(
        "Room %(room)s: the building has %(doors)s doors on each floor. Is that so?"
    ),
    "room_outside": gettext_noop(
        "Room %(room)s: the rules of the community know no such room. Is that so?"
    ),
    "room_high": gettext_noop(
        "Room %(room)s: all others of the building are on floors up to %(floors)s. Is that so?"
    ),
    "room_far": gettext_noop(
        "Room %(room)s: the other floors of the building have %(doors)s doors. Is that so?"
    ),
    "room_odd": gettext_noop("Room %(room)s is an unusual number. Is that so?"),
    "room_zero": gettext_noop("Room %(room)s is an unusual number. Is that so?"),
    "room_spelt": gettext_noop("“%(value)s” is room %(room)s, spelt otherwise."),
    "name_missing": gettext_noop("There is a phone number, but no name."),
    "phone_unreadable": gettext_noop(
        "“%(value)s” is not a phone number. With a yes the row is stored without it."
    ),
    "phone_several": gettext_noop("Several numbers: only %(value)s is kept. Is that so?"),
    "phone_area": gettext_noop("The area code 021 was put before %(value)s."),
    "phone_changed": gettext_noop("Phone %(old)s → %(new)s."),
    "care_reason": gettext_noop(
        "“%(column)s” says more than yes or no. A yes is kept; the reason is stored nowhere."
    ),
    "flag_words": gettext_noop("“%(column)s” says “%(value)s”. It is taken as a yes."),
    "people_unreadable": gettext_noop(
        "“%(value)s” is not a number of people. With a yes the row is stored without it."
    ),
    "people_differ": gettext_noop(
        "Row %(row)s gives this household %(value)s people. The larger number is kept."
    ),
    "same_as_row": gettext_noop("The same as row %(row)s."),
    "person_twice": gettext_noop(
        "The same person stands in row %(row)s with another phone number. "
        "Please mend one of the two rows, or leave row %(row)s out."
    ),
    "person_twice_number": gettext_noop(
        "The same person stands in row %(row)s, one of the two without a phone number. "
        "Please leave the row without it out."
    ),
    "person_elsewhere": gettext_noop(
        "The same name and number stand at another door in row %(row)s. Are both right?"
    ),
    "person_renamed": gettext_noop(
        "%(old)s of this household has the same number. Is that the same person under another name? Then leave the "
        "row out; with a yes %(new)s is one more person."
    ),
    "new_household": gettext_noop("New household."),
    "new_resident": gettext_noop("New person in a household that is there."),
    "needs_care_changed": gettext_noop("Care household: changed by this file."),
    "has_smartphone_changed": gettext_noop("Smartphone in the household: changed by this file."),
    "people_changed": gettext_noop("Number of people: changed by this file."),
    "unchanged": gettext_noop("Unchanged."),
    "changed_meanwhile": gettext_noop(
        "Household or person was changed by somebody else after the preview. "
        "Please import the row again."
    ),
}

REMARKS = {
    "gaps": gettext_noop(
        "%(building)s: no %(rooms)s. Is nobody living there, or is a row missing?"
    ),
    "gaps_more": gettext_noop(
        "%(building)s: no %(rooms)s and %(count)s more. Is nobody living there, or are rows missing?"
    ),
    "buildings_new": gettext_noop("Buildings that would be set up: %(buildings)s."),
    "buildings_foreign": gettext_noop(
        "The community has no %(buildings)s yet. They would be set up with these rows."
    ),
}

# About a room that is stored.
QUESTIONS = {
    "room_above": gettext_noop("The building has only %(floors)s floors?"),
    "room_high": gettext_noop("The others are on floors up to %(floors)s?"),
    "room_beyond": gettext_noop("Each floor has only %(doors)s doors?"),
    "room_far": gettext_noop("The other floors have only %(doors)s doors?"),
    "room_outside": gettext_noop("The rules of the community know no such room?"),
    "room_zero": gettext_noop("An unusual number?"),
    "room_odd": gettext_noop("An unusual number?"),
    "alone": gettext_noop("The only household of the building?"),
}

NOTES = {"totals": gettext_noop("Rows of sums were skipped: row %(rows)s.")}
