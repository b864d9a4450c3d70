"""What gunicorn says goes where everything goes. Its own access lines stay off: config.logs.requests writes them."""

from __future__ import annotations

from logging.config import dictConfig

from gunicorn.config import Config  # type: ignore[import-untyped,unused-ignore]
from gunicorn.glogging import Logger  # type: ignore[import-untyped,unused-ignore]

from config import logs


class GunicornLog(Logger):  # type: ignore[misc,unused-ignore]  # gunicorn has no types
    """For `logger_class`. Not logconfig_dict: with that gunicorn turns its access lines on."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        dictConfig(logs.from_environment())
