"""Sentences of order lists: each finds what it names."""

from __future__ import annotations

import pytest

from communities.addresses.located import Certainty
from config.kernel.errors import Busy, DomainError
from config.kernel.intake.messages import sentence
from orders.intake.applying import OrderedMeanwhile
from orders.intake.changeable import TheirOwnOrder
from orders.intake.messages import REASONS
from orders.placing import errors as placing_errors
from orders.supply import errors as supply_errors
from tests.communities.addresses.test_corpus import FORMS, _read


def test_doubted_addresses_name_what_their_sentences_need() -> None:
    located = [_read(form) for form in FORMS]
    doubted = [one for one in located if one.certainty != Certainty.SURE]

    for one in doubted:
        assert REASONS[f"address_{one.reason}"] % dict(one.params)
    assert {"lane_unknown", "other_place"} <= {one.reason for one in doubted}


def test_whatever_stops_a_row_is_told_in_words() -> None:
    stops = [*vars(placing_errors).values(), *vars(supply_errors).values()]
    ours = {one.code for one in stops if isinstance(one, type) and issubclass(one, DomainError)}
    # What no row can meet: the shape of an order, and what becomes of one for the supplier.
    others = {"invalid", "not_found", "files_not_ready", "second_person_needed", "acknowledged"}
    others |= {"not_released", "before_cutoff", "error"}

    needed = {*ours, Busy.code, OrderedMeanwhile.code, TheirOwnOrder.code} - others
    assert needed - REASONS.keys() == set()


@pytest.mark.parametrize("params", [{}, {"lane": "500弄"}])
def test_sentence_without_its_value_is_shown_all_the_same(params: dict[str, str]) -> None:
    words = sentence(REASONS, "address_lane_unknown", params)

    assert params.get("lane", "?") in words
