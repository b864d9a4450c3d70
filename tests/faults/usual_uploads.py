"""Settings for a control: uploads go through files, as Django's own handlers do it."""

from __future__ import annotations

from django.conf import global_settings

from config.settings import *  # noqa: F403 -- settings are made of settings

FILE_UPLOAD_HANDLERS = global_settings.FILE_UPLOAD_HANDLERS
