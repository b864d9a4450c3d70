"""Every sentence about a row of a price list, by code. English msgids."""

from django.utils.translation import gettext_noop

REASONS = {
    "name_missing": gettext_noop("The name is missing."),
    "unit_missing": gettext_noop("The unit is missing, and the specification does not tell it."),
    "unit_from_spec": gettext_noop("The unit “%(unit)s” was taken from the specification."),
    "sold_by_weight": gettext_noop("Sold by weight, per %(unit)s."),
    "text_runs": gettext_noop(
        "“%(column)s” begins like a formula. Please remove the first character."
    ),
    "text_too_long": gettext_noop("“%(column)s” is longer than %(limit)s characters."),
    "price_missing": gettext_noop("The price is missing."),
    "price_negative": gettext_noop("The price %(value)s is negative."),
    "price_fraction": gettext_noop("The price %(value)s has more than two decimals."),
    "price_too_high": gettext_noop("The price %(value)s is above one million yuan."),
    "price_unreadable": gettext_noop(
        "“%(value)s” is not a price. Please enter one amount in yuan, like 3.90."
    ),
    "price_zero": gettext_noop("The price is zero. Is that so?"),
    "price_high": gettext_noop("The price %(value)s is very high. Is that so?"),
    "price_changed": gettext_noop("Price %(old)s → %(new)s."),
    "price_jump": gettext_noop(
        "Price %(old)s → %(new)s: more than double or less than half. Is that so?"
    ),
    "barcode_scientific": gettext_noop(
        "The spreadsheet has cut the barcode to %(value)s. "
        "Please format the column as text and enter it again."
    ),
    "barcode_characters": gettext_noop(
        "The barcode “%(value)s” is too long or holds characters that no barcode has."
    ),
    "barcode_check_digit": gettext_noop(
        "The last digit of the barcode %(value)s does not fit the others: "
        "with these digits it would be %(expected)s. Please compare it with the package."
    ),
    "barcode_length": gettext_noop(
        "The barcode %(value)s has an unusual length (13, 12 or 8 digits are usual)."
    ),
    "barcode_carton": gettext_noop(
        "The barcode %(value)s has 14 digits: it may belong to the carton, not to the article."
    ),
    "barcode_own": gettext_noop("“%(value)s” is not a printed barcode. Is it the shop's own code?"),
    "barcode_in_store": gettext_noop(
        "%(value)s is an in-store code with a price or weight in it; it is valid in this shop only."
    ),
    "barcode_twice": gettext_noop(
        "The barcode stands in row %(row)s already, with other values. "
        "Please mend one of the two rows, or leave row %(row)s out."
    ),
    "barcode_also": gettext_noop(
        "The barcode stands in row %(row)s too, with other values. Which of them is right?"
    ),
    "name_twice": gettext_noop(
        "Name and specification stand in row %(row)s already, with other values. "
        "Please mend one of the two rows, or leave row %(row)s out."
    ),
    "name_also": gettext_noop(
        "Name and specification stand in row %(row)s too, with other values. "
        "Which of them is right?"
    ),
    "same_as_row": gettext_noop("The same as row %(row)s."),
    "same_product_as_row": gettext_noop("Belongs to the same product as row %(row)s."),
    "name_of_other": gettext_noop(
        "Name and specification belong to another product of this supplier (barcode %(barcode)s)."
    ),
    "quantity_negative": gettext_noop("“%(column)s” is negative: %(value)s."),
    "quantity_fraction": gettext_noop("“%(column)s” is not a whole number: %(value)s."),
    "quantity_too_high": gettext_noop("“%(column)s” is too large: %(value)s."),
    "quantity_unreadable": gettext_noop("“%(column)s” is not a number: %(value)s."),
    "quantity_zero": gettext_noop("“%(column)s” is 0 and is taken as not given."),
    "quantity_words": gettext_noop(
        "“%(column)s” says “%(value)s”. It is taken as %(number)s × the unit of sale."
    ),
    "new_product": gettext_noop("New."),
    "unchanged": gettext_noop("Unchanged."),
    "on_sale_again": gettext_noop("Was off sale and comes back."),
    "another_value": gettext_noop("“%(column)s”: %(old)s → %(new)s. Is it still the same article?"),
    "field_changed": gettext_noop("“%(column)s”: %(old)s → %(new)s."),
    "product_changed_meanwhile": gettext_noop(
        "The product was changed by somebody else after the preview. Please import the row again."
    ),
    "product_taken_meanwhile": gettext_noop(
        "Another product got this barcode or this name after the preview. "
        "Please import the row again."
    ),
}
