"""The supplier's program: asks what is new, downloads, verifies, acknowledges."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any

import requests

from seeds.demo.failing import DemoFailed
from seeds.demo.sessions import direct

_SECONDS = 30


class Corrupt(DemoFailed):
    """Bytes that are not what was promised."""


@dataclass(frozen=True)
class Download:
    """A verified file."""

    format: str
    name: str
    content: bytes


class Shop:
    """Signs in with its key."""

    def __init__(self, address: str, key: str) -> None:
        self._api = f"{address}/api/v1/supplier"
        self._session = direct()
        self._session.headers["Authorization"] = f"Supplier {key}"
        self.cursor = 0

    def news(self) -> list[dict[str, Any]]:
        """Revisions since the last look."""
        body = self._get(f"{self._api}/order-files?after={self.cursor}").json()
        self.cursor = body["next_cursor"]
        return list(body["results"])

    def fetch(self, file: dict[str, Any]) -> Download:
        """Download, compare length, SHA-256 and ETag, and ask again: not modified. Raises Corrupt."""
        answer = self._get(file["url"])
        digest = hashlib.sha256(answer.content).hexdigest()
        found = (len(answer.content), digest, answer.headers["ETag"])
        if found != (file["size"], file["sha256"], f'"{digest}"'):
            raise Corrupt(f"{file['name']}: {found}")
        again = self._get(file["url"], {"If-None-Match": answer.headers["ETag"]})
        if (again.status_code, again.content) != (304, b""):
            raise Corrupt(f"{file['name']}: {again.status_code} although unchanged")
        self._resume(file["url"], answer)
        return Download(file["format"], file["name"], answer.content)

    def _resume(self, url: str, whole: requests.Response) -> None:
        """A download that broke off in the middle goes on there."""
        middle = len(whole.content) // 2
        headers = {"Range": f"bytes={middle}-", "If-Range": whole.headers["ETag"]}
        rest = self._get(url, headers)
        if (rest.status_code, rest.content) != (206, whole.content[middle:]):
            raise Corrupt(f"{url}: {rest.status_code} for the second half")

    def acknowledge(self, number: str, revision: int) -> dict[str, Any]:
        """We have it. Said twice under one key, as after a lost reply."""
        url = f"{self._api}/orders/{number}/acknowledge"
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        body = {"revision": revision}
        first = self._session.post(url, json=body, headers=headers, timeout=_SECONDS)
        again = self._session.post(url, json=body, headers=headers, timeout=_SECONDS)
        first.raise_for_status()
        if first.content != again.content:
            raise Corrupt(f"two answers: {first.text} {again.text}")
        answer: dict[str, Any] = first.json()
        return answer

    def _get(self, url: str, headers: dict[str, str] | None = None) -> requests.Response:
        answer = self._session.get(url, headers=headers, timeout=_SECONDS)
        answer.raise_for_status()
        return answer


def pieces_by_product(files: list[Download]) -> dict[str, int]:
    """Name → pieces ordered, from the json file; products that nobody wants are left out."""
    body = json.loads(next(file.content for file in files if file.format == "json"))
    return {line["name"]: line["ordered"] for line in body["lines"] if line["ordered"]}
