"""Free TCP ports on this machine."""

from __future__ import annotations

import socket

LOOPBACK = "127.0.0.1"


def bind(host: str, port: int) -> socket.socket:
    """A bound socket, not yet listening. Port 0 lets the kernel choose. Raises OSError when taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def free_port(preferred: int) -> int:
    """`preferred` on loopback if nobody listens there, else one of the kernel's choice.

    Another process may take it before the server does; the server's start is tried again then.
    """
    for port in (preferred, 0):
        try:
            with bind(LOOPBACK, port) as probe:
                return int(probe.getsockname()[1])
        except OSError:
            continue
    raise OSError("no free port on the loopback interface")
