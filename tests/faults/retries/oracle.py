"""What must hold of every repeat: the first answer again byte for byte, or a refusal that says why. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.faults.phone import Reply
from tests.faults.retries.talk import Record, code_of, is_definite

# What may differ between an answer and its repeat.
_OWN = {"date", "idempotent-replayed", "x-request-id", "connection", "keep-alive"}
# Seconds for which the server may still work on a request whose client hung up.
_LINGER = 20.0

Stored = Mapping[tuple[str, str], tuple[int, bytes]]


def judge(records: Sequence[Record], stored: Stored) -> Iterator[str]:
    """A sentence for everything wrong. `stored`: (principal, key) → the answer that the database keeps."""
    for record in records:
        what = f"{record.principal} {record.method} {record.path} {record.key}"
        kept = stored.get((record.principal, record.key))
        for sentence in (*_answers(record), *_refusals(record), *_stored(record, kept)):
            yield f"{what}: {sentence}"
    known = {(record.principal, record.key) for record in records}
    for pair in stored.keys() - known:
        yield f"an answer is kept that nobody asked for: {pair}"


def _answers(record: Record) -> Iterator[str]:
    """To the request itself, however often it was sent."""
    successes = [reply for _how, reply in record.replies if _is_success(reply)]
    if record.is_foreign:
        if successes:
            yield "carried out for somebody else"
        return
    if not successes:
        last = record.replies[-1][1]
        yield f"was never answered: {last.status} {last.body[:200]!r}"
    if len({(reply.status, reply.body) for reply in successes}) > 1:
        yield "was answered in other bytes"
    if len({frozenset(_headers(reply).items()) for reply in successes}) > 1:
        yield f"was answered with other headers: {[_headers(reply) for reply in successes]}"
    if sum(not reply.is_replayed for reply in successes) > 1:
        yield "was carried out twice"


def _headers(reply: Reply) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name not in _OWN}


def _is_success(reply: Reply) -> bool:
    return 200 <= reply.status < 300


def _refusals(record: Record) -> Iterator[str]:
    for how, reply in record.replies:
        code = code_of(reply)
        is_other = how == "route" or how.startswith("changed")
        if code == "idempotency_key_in_flight":
            if not _first_is_in_flight(record, reply):
                yield f"{how}: told to wait although nothing was in flight"
            if reply.status != 409 or not reply.headers.get("retry-after"):
                yield f"{how}: told to wait with {reply.status} and {dict(reply.headers)}"
        elif is_other and is_definite(reply):
            if (reply.status, code) != (422, "idempotency_key_reused"):
                yield f"{how}: {reply.status} {reply.body[:200]!r} instead of 422"
        elif record.is_foreign and is_definite(reply):
            if reply.status != 404:
                yield f"{how}: {reply.status} {reply.body[:200]!r} instead of 404"
        elif reply.status >= 400 and code != "busy":
            yield f"{how}: {reply.status} {reply.body[:200]!r}"


def _first_is_in_flight(record: Record, told: Reply) -> bool:
    """No answer had been heard when this was asked, and another copy was, or may have been, worked on."""
    others = [reply for _how, reply in record.replies if reply is not told]
    if any(_is_success(other) and other.heard < told.sent for other in others):
        return False
    return any(
        other.sent < told.heard
        and (other.heard if other.status else max(other.heard, other.sent + _LINGER)) > told.sent
        for other in others
    )


def _stored(record: Record, kept: tuple[int, bytes] | None) -> Iterator[str]:
    success = record.success
    if success is not None and kept != (success.status, success.body):
        yield "the answer is not the one that is kept"
    if success is None and kept is not None:
        yield "was refused, and an answer is kept"


def count(records: Sequence[Record]) -> dict[str, float]:
    """Figures for people."""
    replies = [(how, reply) for record in records for how, reply in record.replies]
    firsts = len(records)
    return {
        "commands": firsts,
        "retries": len(replies) - firsts,
        "replies_lost": sum(reply.status == 0 for _how, reply in replies),
        "replayed": sum(reply.is_replayed for _how, reply in replies),
        "told_to_wait": sum(
            code_of(reply) == "idempotency_key_in_flight" for _how, reply in replies
        ),
        "refused_as_reused": sum(
            code_of(reply) == "idempotency_key_reused" for _how, reply in replies
        ),
        "kinds_of_change": len({how for how, _reply in replies if how.startswith("changed")}),
    }
