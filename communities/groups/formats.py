"""How the three houses want a group robot to be spoken to, and what their answers mean. Pure.

Formats and limits: docs/operations.md, "Group robots". Lengths are in bytes: a Chinese character has three.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

# <at user_id="all"> in a text of Feishu rings at everybody's; the words are a supplier's or a volunteer's.
_CALLS = re.compile(r"<(?=\s{0,3}/?\s{0,3}at\b)", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,128}")


@dataclass(frozen=True, slots=True)
class House:
    """Whose robot it is. `most` texts in `within`, all of them `(number, period)`; a text has at most `room` bytes.
    `block`: how long it is wise to be silent after having been too fast.
    """

    host: str
    path: str
    parameter: str
    room: int
    limits: tuple[tuple[int, timedelta], ...]
    block: timedelta


_MINUTE, _SECOND = timedelta(minutes=1), timedelta(seconds=1)
HOUSES: Mapping[str, House] = {
    "wecom": House(
        "qyapi.weixin.qq.com",
        "/cgi-bin/webhook/send",
        "key",
        2048,
        ((20, _MINUTE),),
        timedelta(minutes=1),
    ),
    # After the 21st text in a minute DingTalk hears nothing for ten.
    "dingtalk": House(
        "oapi.dingtalk.com",
        "/robot/send",
        "access_token",
        16_000,
        ((20, _MINUTE),),
        timedelta(minutes=10),
    ),
    # The whole body may have 20 KB, with every character as it stands.
    "feishu": House(
        "open.feishu.cn",
        "/open-apis/bot/v2/hook/",
        "",
        16_000,
        ((100, _MINUTE), (5, _SECOND)),
        timedelta(minutes=1),
    ),
}


class NoRobot(ValueError):
    """The address is not that of a robot of one of the three houses."""


def parse_address(address: str) -> tuple[str, str]:
    """(kind, token) of a webhook's address as it is copied out of the group's settings. NoRobot for anything else:
    another host, another path, a port, a user, plain http. Only the token is kept, the address is made anew.
    """
    try:
        url = urlsplit(address.strip())
        host, port = url.hostname, url.port
    except ValueError as error:
        raise NoRobot(str(error)) from error
    for kind, house in HOUSES.items():
        if host != house.host:
            continue
        if url.scheme != "https" or port not in (None, 443) or url.username or url.password:
            break
        given = _token(house, url.path, url.query)
        if given is not None and _TOKEN.fullmatch(given):
            return kind, given
    raise NoRobot


def _token(house: House, path: str, query: str) -> str | None:
    if not house.parameter:
        return path.removeprefix(house.path) if path.startswith(house.path) else None
    if path.rstrip("/") != house.path:
        return None
    values = parse_qs(query).get(house.parameter, [])
    return values[0] if len(values) == 1 else None


@dataclass(frozen=True, slots=True)
class Letter:
    """A POST: path with query, and the body as JSON."""

    path: str
    body: bytes


def letter(kind: str, *, token: str, secret: str, text: str, at: datetime) -> Letter:
    """A text, signed with the secret if there is one; a signature is good for an hour around `at`."""
    house = HOUSES[kind]
    body: dict[str, object] = {"msgtype": "text", "text": {"content": text}}
    if kind == "feishu":
        text = _CALLS.sub("＜", text)
        body = {"msg_type": "text", "content": {"text": text}}
        if secret:
            stamp = str(int(at.timestamp()))
            key = f"{stamp}\n{secret}".encode()
            body |= {"timestamp": stamp, "sign": _sign(key, b"")}
        return Letter(house.path + quote(token), _json(body))
    path = f"{house.path}?{house.parameter}={quote(token)}"
    if kind == "dingtalk" and secret:
        stamp = str(int(at.timestamp() * 1000))
        sign = _sign(secret.encode(), f"{stamp}\n{secret}".encode())
        path += f"&timestamp={stamp}&sign={quote_plus(sign)}"
    return Letter(path, _json(body))


def _sign(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def _json(body: dict[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def split_text(text: str, room: int) -> list[str]:
    """The text in parts of at most `room` bytes, broken between lines where it can be, never inside a character."""
    parts: list[str] = []
    for line in text.split("\n"):
        for piece in _pieces(line, room):
            joined = f"{parts[-1]}\n{piece}" if parts else piece
            if parts and len(joined.encode()) <= room:
                parts[-1] = joined
            else:
                parts.append(piece)
    return parts


def _pieces(line: str, room: int) -> Iterator[str]:
    left = line.encode()
    while len(left) > room:
        piece = left[:room].decode(errors="ignore")
        yield piece
        left = left[len(piece.encode()) :]
    yield left.decode()


class Outcome(Enum):
    """What became of a letter."""

    SENT = "sent"
    # Too fast: the robot is silent for a while.
    TOO_FAST = "too fast"
    # Their machine or the net: try again.
    AGAIN = "again"
    # This text is not taken, others are.
    REFUSED = "refused"
    # The robot is gone or its address wrong; its security settings do not fit: nothing goes until a person has looked.
    GONE = "gone"
    SHUT = "shut"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`said` is for the person who looks after the robot: number and words of the house."""

    outcome: Outcome
    said: str = ""


_MEANINGS: Mapping[str, Mapping[Outcome, frozenset[int]]] = {
    "wecom": {
        Outcome.TOO_FAST: frozenset({45009, 45033}),
        Outcome.AGAIN: frozenset({-1}),
        Outcome.GONE: frozenset({93000, 93004, 93008, 40014}),
        Outcome.SHUT: frozenset({60020}),
    },
    "dingtalk": {
        Outcome.TOO_FAST: frozenset({130101, 410100, 90018}),
        Outcome.AGAIN: frozenset({-1}),
        Outcome.GONE: frozenset({300001, 300005, 400013, 400106, 400102, 40014}),
        Outcome.SHUT: frozenset({310000}),
    },
    "feishu": {
        Outcome.TOO_FAST: frozenset({11232, 11247, 230020}),
        Outcome.AGAIN: frozenset({2200}),
        Outcome.GONE: frozenset({19001, 19007, 19008}),
        Outcome.SHUT: frozenset({19021, 19022, 19024}),
    },
}


def verdict_of(kind: str, status: int, body: bytes) -> Verdict:
    """What an answer means. A 200 is no success by itself: refusals come with it too."""
    if status == 429:
        return Verdict(Outcome.TOO_FAST, "HTTP 429")
    if status >= 500:
        return Verdict(Outcome.AGAIN, f"HTTP {status}")
    code, words = _answer(body)
    if code is None:
        # A page of somebody's gateway, or a redirect, which is never followed.
        gone = status in (301, 302, 303, 307, 308, 404)
        return Verdict(Outcome.GONE if gone else Outcome.AGAIN, f"HTTP {status}")
    outcome = _meaning(kind, code, words)
    return Verdict(outcome, "" if outcome == Outcome.SENT else f"{code} {words}")


def _meaning(kind: str, code: int, words: str) -> Outcome:
    if code == 0:
        return Outcome.SENT
    # 9499 is said of bad requests and of too many of them: the words tell.
    if kind == "feishu" and code == 9499 and "too many" in words.lower():
        return Outcome.TOO_FAST
    meanings = _MEANINGS[kind].items()
    return next((outcome for outcome, codes in meanings if code in codes), Outcome.REFUSED)


def _answer(body: bytes) -> tuple[int | None, str]:
    try:
        answer = json.loads(body)
    except ValueError:
        return None, ""
    if not isinstance(answer, dict):
        return None, ""
    code = answer.get("errcode", answer.get("code", answer.get("StatusCode")))
    words = str(answer.get("errmsg", answer.get("msg", "")))[:200]
    return (code, words) if type(code) is int else (None, words)
