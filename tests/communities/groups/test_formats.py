"""Addresses of robots, letters to them, and what is read out of the answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.groups.formats import (
    NoRobot,
    Outcome,
    letter,
    parse_address,
    split_text,
    verdict_of,
)

AT = datetime(2022, 4, 21, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "robot"),
    [
        (
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx",
            "wecom 693a91f6-7xxx",
        ),
        (" https://oapi.dingtalk.com/robot/send?access_token=ab12cd34ef\n", "dingtalk ab12cd34ef"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/0f1e-2d3c", "feishu 0f1e-2d3c"),
        ("https://OAPI.dingtalk.com:443/robot/send?access_token=ab12cd34", "dingtalk ab12cd34"),
    ],
)
def test_parse_address_reads_what_the_groups_show(address: str, robot: str) -> None:
    assert " ".join(parse_address(address)) == robot


@pytest.mark.parametrize(
    "address",
    [
        "",
        "not an address",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx",
        "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=693a91f6-7xxx",
        "https://evil.example/cgi-bin/webhook/send?key=693a91f6-7xxx",
        "https://evil.example@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx",
        "https://qyapi.weixin.qq.com@127.0.0.1/cgi-bin/webhook/send?key=693a91f6-7xxx",
        "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=693a91f6-7xxx",
        "https://qyapi.weixin.qq.com/cgi-bin/gettoken?key=693a91f6-7xxx",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=short",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx&key=another-one",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6%0d%0aHost",
        "https://open.feishu.cn/open-apis/bot/v2/hook/../../auth/v3/abcdefgh",
        "https://open.feishu.cn/open-apis/bot/v2/hook/",
        "https://127.0.0.1/robot/send?access_token=ab12cd34ef",
        "https://[::1/robot/send",
        "file:///etc/passwd",
    ],
)
def test_parse_address_refuses_every_other_place(address: str) -> None:
    with pytest.raises(NoRobot):
        parse_address(address)


def test_letters_are_signed_as_each_house_asks() -> None:
    """Known by heart: computed once with the openssl of the house's own page."""
    plain = letter("wecom", token="abcdefgh", secret="", text="好", at=AT)
    signed = letter("dingtalk", token="abcdefgh", secret="SECabc", text="好", at=AT)
    feishu = letter("feishu", token="abcdefgh", secret="SECabc", text="好", at=AT)

    assert plain.path == "/cgi-bin/webhook/send?key=abcdefgh"
    assert json.loads(plain.body) == {"msgtype": "text", "text": {"content": "好"}}
    assert signed.path.startswith("/robot/send?access_token=abcdefgh&timestamp=1650513600000&sign=")
    body = json.loads(feishu.body)
    assert (body["msg_type"], body["content"]) == ("text", {"text": "好"})
    assert body["timestamp"] == "1650513600"
    assert len(body["sign"]) == 44


@given(st.text(max_size=400), st.integers(min_value=4, max_value=60))
def test_split_text_loses_nothing_and_fits(text: str, room: int) -> None:
    parts = split_text(text, room)

    assert all(len(part.encode()) <= room for part in parts)
    assert "".join(parts).replace("\n", "") == text.replace("\n", "")


def test_split_text_breaks_between_lines() -> None:
    assert split_text("一二\n三四\n五", 13) == ["一二\n三四", "五"]
    assert split_text("一二三四五", 7) == ["一二", "三四", "五"]


def test_letter_of_feishu_calls_nobody_whatever_somebody_typed() -> None:
    text = '鸡蛋<at user_id="all">所有人</at> < 5斤 <AT>'
    body = letter("feishu", token="token-12", secret="", text=text, at=AT).body

    said = json.loads(body)["content"]["text"]
    assert said == '鸡蛋＜at user_id="all">所有人＜/at> < 5斤 ＜AT>'


@pytest.mark.parametrize(
    ("kind", "status", "body", "outcome"),
    [
        ("wecom", 200, b'{"errcode":0,"errmsg":"ok"}', Outcome.SENT),
        ("wecom", 200, b'{"errcode":45009,"errmsg":"freq"}', Outcome.TOO_FAST),
        ("wecom", 200, b'{"errcode":93000,"errmsg":"x"}', Outcome.GONE),
        ("wecom", 200, b'{"errcode":45002,"errmsg":"x"}', Outcome.REFUSED),
        ("wecom", 200, b'{"errcode":-1,"errmsg":"busy"}', Outcome.AGAIN),
        ("wecom", 200, b"<html>log in to the hotel's net</html>", Outcome.AGAIN),
        ("wecom", 200, b'["errcode"]', Outcome.AGAIN),
        ("wecom", 200, b'{"errcode":"0"}', Outcome.AGAIN),
        ("wecom", 302, b"", Outcome.GONE),
        ("wecom", 503, b'{"errcode":0}', Outcome.AGAIN),
        ("wecom", 429, b"", Outcome.TOO_FAST),
        ("dingtalk", 200, b'{"errcode":310000,"errmsg":"sign not match"}', Outcome.SHUT),
        ("dingtalk", 200, b'{"errcode":130101,"errmsg":"send too fast"}', Outcome.TOO_FAST),
        ("dingtalk", 200, b'{"errcode":300001,"errmsg":"token is not exist"}', Outcome.GONE),
        ("feishu", 200, b'{"StatusCode":0,"StatusMessage":"success"}', Outcome.SENT),
        ("feishu", 400, b'{"code":19021,"msg":"sign match fail"}', Outcome.SHUT),
        ("feishu", 400, b'{"code":11232,"msg":"frequency limited"}', Outcome.TOO_FAST),
        ("feishu", 200, b'{"code":9499,"msg":"Too Many Requests"}', Outcome.TOO_FAST),
        ("feishu", 200, b'{"code":9499,"msg":"Bad Request"}', Outcome.REFUSED),
        ("feishu", 200, b'{"code":19001,"msg":"token"}', Outcome.GONE),
    ],
)
def test_verdict_of_answer(kind: str, status: int, body: bytes, outcome: Outcome) -> None:
    assert verdict_of(kind, status, body).outcome == outcome
