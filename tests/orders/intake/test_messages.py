"""Sentences of order lists: each finds what it names."""

from __future__ import annotations

import pytest

from communities.addresses.located import Certainty
from config.kernel.intake.messages import sentence
from orders.intake.messages import REASONS
from tests.communities.addresses.test_corpus import FORMS, _read


def test_doubted_addresses_name_what_their_sentences_need() -> None:
    located = [_read(form) for form in FORMS]
    doubted = [one for one in located if one.certainty != Certainty.SURE]

    for one in doubted:
        assert REASONS[f"address_{one.reason}"] % dict(one.params)
    assert {"lane_unknown", "other_place"} <= {one.reason for one in doubted}


@pytest.mark.parametrize("params", [{}, {"lane": "500弄"}])
def test_sentence_without_its_value_is_shown_all_the_same(params: dict[str, str]) -> None:
    words = sentence(REASONS, "address_lane_unknown", params)

    assert params.get("lane", "?") in words
