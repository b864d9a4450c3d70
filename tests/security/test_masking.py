"""What may not stand in a log."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.kernel.masking import mask

TOKEN = "0123456789abcdef" * 4


@st.composite
def phones(draw: st.DrawFn) -> tuple[str, str]:
    """A number as somebody may write it, and its masked form."""
    number = (
        "1" + draw(st.sampled_from("3456789")) + draw(st.from_regex(r"[0-9]{9}", fullmatch=True))
    )
    gaps = draw(st.lists(st.sampled_from(["", "", " ", "-"]), min_size=11, max_size=11))
    written = "".join(digit + gap for digit, gap in zip(number, gaps, strict=True)).rstrip(" -")
    country = draw(st.sampled_from(["", "+86", "+86 ", "+86-", "86", "0086"]))
    return country + written, f"{number[:3]}****{number[-4:]}"


@given(phones(), st.sampled_from(["", "电话", "phone=", "('", ": ", "<td>", "，", "tel", "code"]))
def test_mask_phone_however_it_is_written_leaves_seven_digits(
    phone: tuple[str, str], before: str
) -> None:
    written, masked = phone

    assert mask(f"{before}{written}，好") == f"{before}{masked}，好"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 02:21:17",
        "1766012345678 ms",
        "213812345678 is longer",
        "5d2f13c8-1381-4345-8781-138123456781",
        "5d2f13c8-1381-4345-8781-a13812345678",
        "5d2f13c81381a13812345678bacafeba",
        "order 13 of window 4567, 12.345678901 s",
        "the key of offers, its tokens",
        "token.issued",
        "job orders.close window:17 r3 done in 12 ms",
    ],
)
def test_mask_what_is_no_secret_leaves_it(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"Authorization: Bearer {TOKEN}", "Authorization: *** ***"),
        (f"bearer {TOKEN}", "bearer ***"),
        (f"Supplier jd_0123456789ab_{TOKEN}", "Supplier jd_0123456789ab_***"),
        (f"digest {TOKEN * 2}", "digest ***"),
        ("password=hunter2 for wang", "password=*** for wang"),
        ("{'password': 'hunter 2', 'name': 'wang'}", "{'password': ***, 'name': 'wang'}"),
        ('{"new_password1": "a\\"b c", "x": 1}', '{"new_password1": ***, "x": 1}'),
        ("SECRET_KEY: 'x y'", "SECRET_KEY: ***"),
        ("Cookie: sessionid=abc; csrftoken=xyz", "Cookie: ***; csrftoken=***"),
        ("redis://:pass@10.0.0.1:6379/0", "redis://:***@10.0.0.1:6379/0"),
        ("postgresql://jidan:s%40:x@db/jidan", "postgresql://jidan:***@db/jidan"),
        ("GET /admin/desk/?q=张三&page=2 HTTP/1.1", "GET /admin/desk/?*** HTTP/1.1"),
        ("https://j.example/a/b?token=abc.", "https://j.example/a/b?***"),
        ("gAAAAABm" + "x" * 40 + "==", "***"),
        ("ip=203.0.113.77: no", "ip=203.0.113.***: no"),
        (
            "DETAIL:  Key (name, room)=(张三, 1(0)1) already exists.",
            "DETAIL:  Key (name, room)=*** already exists.",
        ),
        (
            "DETAIL:  Failing row contains (7, 张三, 8幢 (东)).",
            "DETAIL:  Failing row contains ***.",
        ),
    ],
)
def test_mask_secret_hides_it_and_keeps_the_rest(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "piece",
    ["a-", "/", "Key (", "Key (a)=(", "a://b:", "token ", "138 ", "passwordpassword", '"key": "\\'],
)
def test_mask_text_made_to_be_slow_ends(piece: str) -> None:
    """Repetitions without an end took minutes; the time limit of a test is two."""
    text = piece * (100_000 // len(piece))

    assert len(mask(text)) > 0
