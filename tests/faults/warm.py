"""Imported once by the fork server (children.py): what it forks has Django set up, and the clients of a race."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import tests.faults.races  # noqa: E402, F401 -- models need Django set up
