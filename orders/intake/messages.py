"""Every sentence about a row of an order list, by code. English msgids; numbers are pieces."""

from django.utils.translation import gettext_noop

# What the words of an entry made doubtful (orders.chain).
_READ = {
    "words_unexplained": gettext_noop("What does “%(words)s” mean?"),
    "number_unexplained": gettext_noop("What does the number “%(words)s” mean?"),
    "number_without_goods": gettext_noop("“%(words)s” of what? No goods stand beside this number."),
    "no_number": gettext_noop("No number stands beside %(goods)s: taken as 1."),
    "which_number": gettext_noop("Which number belongs to which goods is not certain."),
    "each_unclear": gettext_noop("“Each” is there, but what it counts is not clear."),
    "several_goods": gettext_noop("“%(words)s” could be several goods: %(goods)s."),
    "partly_named": gettext_noop("“%(words)s” is only a part of the name: %(goods)s?"),
    "another_unit": gettext_noop("“%(said)s”, but %(goods)s is sold by %(unit)s."),
    "packs": gettext_noop(
        "“%(said)s” of %(goods)s (%(spec)s) was taken as %(quantity)s: is that right?"
    ),
    "only_a_size": gettext_noop(
        "“%(words)s” stands in the specification too: how many are wanted?"
    ),
    "only_a_price": gettext_noop("“%(words)s” is just what %(goods)s costs: how many are wanted?"),
    "another_size": gettext_noop("“%(words)s” is not the size of %(goods)s."),
    "above_stock": gettext_noop("Of %(goods)s only %(left)s are left."),
    "above_limit": gettext_noop("Of %(goods)s a household may have %(most)s."),
    "below_minimum": gettext_noop("Of %(goods)s at least %(least)s are to be taken."),
    "many": gettext_noop("%(quantity)s of %(goods)s is unusually many."),
    "goods_twice": gettext_noop("%(goods)s stands there twice."),
    "sum_differs": gettext_noop("The line says %(said)s in all; read were %(found)s."),
    "money_differs": gettext_noop("“%(said)s” is not what these goods cost."),
    "minus": gettext_noop("“%(words)s”: is something taken back?"),
    "same_as_above": gettext_noop("“As above” was taken from the entry above."),
    "question": gettext_noop("This is a question (“%(words)s”)."),
    "conditional": gettext_noop("“%(words)s”: the wish has a condition."),
    "for_somebody": gettext_noop("“%(words)s”: for whom is it?"),
    "everything": gettext_noop("“%(words)s”: one of everything?"),
    "asks_to_add": gettext_noop("“%(words)s” asks for more than was ordered before."),
    "asks_to_change": gettext_noop("“%(words)s” changes what was ordered before."),
    "asks_to_cancel": gettext_noop("“%(words)s” cancels what was ordered before."),
    "fraction": gettext_noop("“%(words)s” is no whole number."),
    "half": gettext_noop("Half a piece cannot be ordered."),
    "zero": gettext_noop("None of %(goods)s is wanted?"),
    "no_goods": gettext_noop("No goods of this group buy are named."),
    "other_direction": gettext_noop(
        "Here the number stands on another side of the goods than in the rest of the list."
    ),
    "next_has_no_address": gettext_noop(
        "Line %(line)s below has no address: does it belong to this entry?"
    ),
    "after_blank": gettext_noop("A part of this entry stands behind an empty line."),
    "numbered_inside": gettext_noop(
        "Lines with numbers of their own were taken as a part of this entry."
    ),
    "quoted": gettext_noop("This is a quotation of an earlier message."),
    "struck_out": gettext_noop("A part of this line is struck out or crossed."),
    "line_too_long": gettext_noop("The line is too long; its end was not read."),
}
_ADDRESS = {
    "address_missing": gettext_noop("No address is named."),
    "address_no_address": gettext_noop("No address is named."),
    "address_same_as_above": gettext_noop("“As above”, but there is no address above."),
    "address_building_unknown": gettext_noop("There is no building %(building)s."),
    "address_building_missing": gettext_noop("Room %(room)s of which building?"),
    "address_room_unknown": gettext_noop("Building %(building)s has no room %(room)s."),
    "address_room_missing": gettext_noop("Which room of building %(building)s?"),
    "address_unit_missing": gettext_noop(
        "Building %(building)s has room %(room)s in several stairwells: which one?"
    ),
    "address_unit_unknown": gettext_noop("Building %(building)s has no stairwell %(unit)s."),
    "address_lane_missing": gettext_noop(
        "Building %(building)s stands in several lanes: which one?"
    ),
    "address_lane_unknown": gettext_noop("There is no %(lane)s here."),
    "address_other_place": gettext_noop("This is the address of another place: %(place)s."),
    "address_several_addresses": gettext_noop("Several addresses are named."),
    "address_several_readings": gettext_noop("The address can be read in several ways."),
    "address_floor_only": gettext_noop("Only floor %(floor)s of building %(building)s is named."),
    "address_floor_or_building": gettext_noop("Is “%(building)s” the floor or the building?"),
    "address_reversed": gettext_noop("Room before building? Please check the address."),
    "address_glued": gettext_noop("A number sticks to the address. Please check it."),
    "address_lookalike": gettext_noop(
        "A letter stands where a figure may be meant in the address."
    ),
    "address_unclear": gettext_noop("The address “%(words)s” is not clear."),
    "addresses_differ": gettext_noop("The columns name two addresses: %(one)s and %(other)s."),
}
_JUDGED = {
    "goods_unknown": gettext_noop("“%(words)s” is not on offer in this group buy."),
    "goods_like": gettext_noop("“%(words)s” was taken for %(goods)s."),
    "quantity_unreadable": gettext_noop("“%(words)s” is no quantity."),
    "cancelled_order": gettext_noop("This order was cancelled or refunded (%(words)s)."),
    "partly_refunded": gettext_noop(
        "Money of this order went back or is about to (%(words)s). What of it still holds?"
    ),
    "remark_says": gettext_noop("The buyer's remark says something else: “%(words)s”."),
    "another_site": gettext_noop(
        "The file says that this order belongs to another compound: %(place)s."
    ),
    "says_paid": gettext_noop("The line says it is paid. That is no proof."),
    "unchanged": gettext_noop("Ordered already, just so."),
    "household_again": gettext_noop("%(door)s stands in row %(row)s too. Add, replace or skip?"),
    "entry_again": gettext_noop("The same as row %(row)s. It is left out unless you add it."),
    "order_differs": gettext_noop(
        "Ordered so far: %(was)s. Change it to this line, deliver this line as well, or skip?"
    ),
    "other_channel": gettext_noop(
        "The household has ordered by another way (%(channel)s): %(was)s. "
        "Change it to this line, deliver this line as well, or skip?"
    ),
    "was_cancelled": gettext_noop(
        "This order was placed before and then cancelled. Order it again?"
    ),
    "several_orders": gettext_noop(
        "The household has several orders here. Please change them on the orders' page."
    ),
    "nothing_to_cancel": gettext_noop("The household has no order that could be cancelled."),
    "gone_from_list": gettext_noop(
        "%(door)s was on the list before and is no more: %(was)s. Cancel the order?"
    ),
    "named_after_all": gettext_noop(
        "Stands in row %(row)s after all: nothing becomes of this one."
    ),
    "late_order": gettext_noop("The cutoff has passed: this becomes a late order."),
    "late_besides": gettext_noop(
        "The cutoff has passed, and the household has %(was)s. Add this as a late order?"
    ),
    "late_no_change": gettext_noop(
        "The cutoff has passed: nothing can be changed or cancelled by a list."
    ),
    "will_add_late": gettext_noop("Will be added as a late order."),
    "will_add": gettext_noop("Will be added to the order there is: %(goods)s."),
    "will_replace": gettext_noop("Will replace what was ordered: %(was)s."),
    "will_keep": gettext_noop("What other lines have added stays: %(goods)s."),
    "will_cancel": gettext_noop("The order will be cancelled: %(was)s."),
    "stock_gone": gettext_noop(
        "Of %(goods)s only %(left)s are left, and rows above have taken some."
    ),
}
_APPLIED = {
    "ordered_meanwhile": gettext_noop(
        "The household's order was changed by somebody else after the preview."
    ),
    "window_not_open": gettext_noop("The group buy takes no orders (any more)."),
    "sold_out": gettext_noop("Sold out, or fewer pieces are left than wanted."),
    "over_limit": gettext_noop("A household may not have that many."),
    "total_differs": gettext_noop("A price was changed after the preview."),
    "unknown_offer": gettext_noop("Something in this row is no longer on offer."),
    "not_closed": gettext_noop("The group buy takes no orders (any more)."),
    "already_released": gettext_noop("It has gone to the supplier: no late order can be added."),
    "community_left_out": gettext_noop("The community is no longer part of the group buy."),
    "order_cancelled": gettext_noop("The order was cancelled meanwhile."),
    "order_changed": gettext_noop("This order was changed meanwhile. Please look at it again."),
    "their_own_order": gettext_noop(
        "The household placed this order itself; only a coordinator can change it by a list."
    ),
    "over_category_limit": gettext_noop(
        "A household may not order that many of one kind of goods."
    ),
    "busy": gettext_noop("Very many people are at it right now. Please try again in a moment."),
}
REASONS = {**_READ, **_ADDRESS, **_JUDGED, **_APPLIED}

# How many, and whether at all: never taken by a yes to many rows at once.
ALONE = frozenset(
    {
        "above_limit",
        "above_stock",
        "another_size",
        "another_unit",
        "asks_to_cancel",
        "asks_to_change",
        "below_minimum",
        "each_unclear",
        "everything",
        "goods_twice",
        "many",
        "minus",
        "money_differs",
        "number_unexplained",
        "number_without_goods",
        "only_a_price",
        "only_a_size",
        "packs",
        "partly_refunded",
        "remark_says",
        "sum_differs",
        "which_number",
    }
)
# Rows that are readable, but a person must say what becomes of the order there is.
QUESTIONS = frozenset(
    {
        "entry_again",
        "gone_from_list",
        "household_again",
        "late_besides",
        "order_differs",
        "other_channel",
        "was_cancelled",
    }
)

# Remarks on the whole list.
NOTES = {
    "several_lists": gettext_noop(
        "%(count)s lists were pasted together. What stands in both is asked about."
    ),
    "line_too_long_in": gettext_noop("Line %(line)s is too long; its end was not read."),
    "price_differs": gettext_noop("%(goods)s has another price in the list: “%(said)s”."),
    "not_entries": gettext_noop("Lines that are no orders: %(lines)s."),
    "own_total": gettext_noop("The list itself says %(said)s pieces in all."),
    "own_total_of": gettext_noop("The list itself says %(said)s of %(goods)s."),
    "missing_not_asked": gettext_noop(
        "%(count)s households of earlier lists are not in this one. Their orders stay as they are."
    ),
    "from_the_middle": gettext_noop(
        "The list begins at number %(index)s. Households of earlier lists that are missing here were not asked about."
    ),
}
