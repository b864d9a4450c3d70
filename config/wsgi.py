"""WSGI entry: `gunicorn config.wsgi:application`."""

from __future__ import annotations

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
# All views, before there are workers: no worker's first request waits for them.
import_module(settings.ROOT_URLCONF)
