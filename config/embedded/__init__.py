"""The embedded default: real PostgreSQL and Valkey out of Python wheels, and all of Jidan's processes.

Nothing here imports Django, so that it can run before settings are read.
"""

from config.embedded.errors import AlreadyRunning, EmbeddedError, WrongVersion
from config.embedded.servers import Servers, start_servers
from config.embedded.session import environment, servers_for_command

__all__ = [
    "AlreadyRunning",
    "EmbeddedError",
    "Servers",
    "WrongVersion",
    "environment",
    "servers_for_command",
    "start_servers",
]
