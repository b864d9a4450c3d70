"""Personal values: encrypted, findable, masked."""

from __future__ import annotations

import pytest
from cryptography.fernet import InvalidToken

from communities import personal


def test_encrypt_is_never_twice_the_same_and_decrypts() -> None:
    one, other = personal.encrypt("+8613812345678"), personal.encrypt("+8613812345678")

    assert one != other
    assert personal.decrypt(one) == personal.decrypt(other) == "+8613812345678"


def test_decrypt_of_a_changed_token_is_refused() -> None:
    token = bytearray(personal.encrypt("+8613812345678"))
    token[20] ^= 1

    with pytest.raises(InvalidToken):
        personal.decrypt(bytes(token))


def test_blind_index_is_equal_for_equal_values_only() -> None:
    assert personal.blind_index("a") == personal.blind_index("a")
    assert personal.blind_index("a") != personal.blind_index("b")
    assert len(personal.blind_index("a")) == 64


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("138 1234 5678", "+8613812345678"),
        ("+86 13812345678", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"),
        ("021-64380000", "+862164380000"),
    ],
)
def test_normalise_phone_is_e164(written: str, number: str) -> None:
    assert personal.normalise_phone(written) == number


@pytest.mark.parametrize("written", ["", "110110", "hello", "1381234567"])
def test_normalise_phone_of_anything_else_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a phone number"):
        personal.normalise_phone(written)


def test_mask_phone_shows_no_more_than_seven_digits() -> None:
    assert personal.mask_phone("+8613812345678") == "138****5678"
    assert personal.mask_phone("+862164380000") == "****0000"
