"""A browser that is signed in already, in one statement; the way through the log-in form is tested by itself."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from communities.models import User


def session_of(user: User) -> str:
    """The key of a new session. Django's force_login needs 15 statements for it."""
    store = SessionStore()
    (backend,) = settings.AUTHENTICATION_BACKENDS
    text = store.encode(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: backend,
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )
    key = secrets.token_hex(16)
    Session(session_key=key, session_data=text, expire_date=store.get_expiry_date()).save(
        force_insert=True
    )
    return key


def signed_in(user: User) -> Client:
    """A browser in Chinese; it follows nothing by itself."""
    client = Client(headers={"accept-language": "zh-CN"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
    return client
