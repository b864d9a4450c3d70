"""A mail server as a gateway's is: it knows one user, and may turn a mail away for a while."""

from __future__ import annotations

import base64
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.serving import serving

USER, PASSWORD = "jidan", "word-of-the-gateway"


@dataclass
class PostOffice:
    """`mails`: recipients and message of each that it took. `fails`: so many it turns away before that, naming whom."""

    port: int
    mails: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    fails: int = 0

    @property
    def settings(self) -> dict[str, object]:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.port,
            "EMAIL_HOST_USER": USER,
            "EMAIL_HOST_PASSWORD": PASSWORD,
        }


@contextmanager
def opened() -> Iterator[PostOffice]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk)
    office = PostOffice(server.server_address[1])
    server.office = office  # type: ignore[attr-defined]
    with serving(server):
        yield office


class _Talk(socketserver.StreamRequestHandler):
    """RFC 5321 as far as a sender of one mail needs it, with AUTH PLAIN of RFC 4954."""

    def handle(self) -> None:
        office: PostOffice = self.server.office  # type: ignore[attr-defined]
        is_known, to = False, list[str]()
        self._say(b"220 post office")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                self._say(b"250-post office\r\n250-8BITMIME\r\n250 AUTH PLAIN")
            elif word == b"AUTH":
                told = base64.b64decode(line.split()[2]).split(b"\0")[1:]
                is_known = told == [USER.encode(), PASSWORD.encode()]
                self._say(b"235 known" if is_known else b"535 unknown")
            elif word == b"MAIL":
                self._say(b"250 go on" if is_known else b"530 who is that")
            elif word == b"RCPT":
                to.append(line.decode().partition("<")[2].partition(">")[0])
                self._say(b"450 not now" if office.fails else b"250 go on")
                office.fails = max(0, office.fails - 1)
            elif word == b"DATA":
                self._take(office, to)
            elif word == b"QUIT":
                self._say(b"221 bye")
                return
            else:
                self._say(b"250 well")

    def _take(self, office: PostOffice, to: list[str]) -> None:
        self._say(b"354 say it")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        office.mails.append((to, message_from_bytes(b"".join(lines), policy=policy.default)))
        self._say(b"250 taken")

    def _say(self, answer: bytes) -> None:
        self.wfile.write(answer + b"\r\n")
