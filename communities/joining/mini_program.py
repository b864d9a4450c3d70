"""Whom a mini-program knows: its login code becomes an openid, and that an account.

The question goes to MINI_PROGRAM_URL and nowhere else: `?appid=&secret=&js_code=&grant_type=authorization_code`,
answered by `{"openid": …}` or `{"errcode": …}` (WeChat's jscode2session; others copy it).
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime

import requests
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from communities import personal
from communities.joining.one_time import WrongCode
from communities.models import Device, Membership, MiniProgramIdentity, User
from communities.tokens import SignIn, derive_token, is_alive, issue_token, tell_of_sign_in
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.locks import require_atomic

logger = logging.getLogger(__name__)

PATIENCE = (3.05, 5)
MOST_BYTES = 64 * 1024
# A login code that is wrong, used or too old: WeChat's words for the user's side.
_WRONG = (40029, 40163)
# At once, for each process of web: when their server is slow, the other threads go on serving.
_asking = threading.BoundedSemaphore(2)


class MiniProgramOff(DomainError):
    code = "mini_program_off"
    detail = _("Signing in by the mini-program is not set up here.")


class MiniProgramAway(DomainError):
    code = "mini_program_away"
    status = 503
    detail = _("The mini-program's server does not answer. Please try again in a moment.")

    @property
    def retry_after(self) -> int | None:
        return 5


class NotBound(DomainError):
    code = "not_bound"
    detail = _(
        "Nobody here is known by this mini-program yet. Please join with your household's slip."
    )


def identify(*, code: str) -> str:
    """The keyed hash of the openid behind a login code. Asks over the net: never inside a transaction.

    Raises MiniProgramOff, WrongCode, MiniProgramAway (also while two others of this process wait for the answer).
    """
    if not settings.MINI_PROGRAM_APP_ID:
        raise MiniProgramOff()
    if not _asking.acquire(blocking=False):
        raise MiniProgramAway()
    try:
        return _ask(code)
    finally:
        _asking.release()


def _ask(code: str) -> str:
    question = {
        "appid": settings.MINI_PROGRAM_APP_ID,
        "secret": settings.MINI_PROGRAM_SECRET,
        "js_code": code,
        "grant_type": "authorization_code",
    }
    try:
        with requests.get(
            settings.MINI_PROGRAM_URL,
            params=question,
            timeout=PATIENCE,
            allow_redirects=False,
            stream=True,
        ) as answer:
            told = _read(answer)
    except (requests.RequestException, ValueError) as error:
        # Not the error itself: its text may hold the address with the secret.
        logger.warning("the mini-program's server gave no answer: %s", type(error).__name__)
        raise MiniProgramAway() from None
    if told.get("errcode") in _WRONG:
        raise WrongCode()
    openid = told.get("openid")
    if not isinstance(openid, str) or not openid:
        logger.warning("the mini-program's server refused: errcode %s", told.get("errcode"))
        raise MiniProgramAway()
    return personal.blind_index(f"openid {settings.MINI_PROGRAM_APP_ID} {openid}")


def _read(answer: requests.Response) -> dict[str, object]:
    """Raises ValueError for anything but a small JSON object with status 200."""
    content = answer.raw.read(MOST_BYTES + 1, decode_content=True)
    if answer.status_code != 200 or len(content) > MOST_BYTES:
        raise ValueError
    answer._content = content
    told = answer.json()
    if not isinstance(told, dict):
        raise ValueError
    return told


def sign_in(*, digest: str, claim: str, device: str = "") -> str:
    """The token of the account that is bound to the openid; the same for the same claim. Raises NotBound."""
    require_atomic()
    # Locked by itself: whoever waited for a new binding would find its account by a look of before.
    identity = MiniProgramIdentity.objects.select_for_update().filter(digest=digest).first()
    live = Membership.objects.live().values("user_id")
    if identity is None:
        raise NotBound()
    if not User.objects.filter(pk=identity.user_id, is_active=True, pk__in=live).exists():
        raise NotBound()
    text = derive_token("mini-program", identity.pk, identity.user_id, claim)
    if is_alive(text):
        return text
    how = SignIn(via=Device.Via.MINI_PROGRAM, device=device, text=text)
    token = issue_token(user=identity.user, actor=Actor("user", identity.user_id), how=how)
    tell_of_sign_in(user=identity.user, text=token)
    return token


def bind(*, user: User, digest: str, actor: Actor, at: datetime) -> None:
    """From now on the openid is this account's, whosever it was: both the login code and the token were proof."""
    require_atomic()
    identity, is_new = MiniProgramIdentity.objects.select_for_update().get_or_create(
        digest=digest, defaults={"user": user, "bound_at": at}
    )
    if not is_new and identity.user_id == user.pk:
        return
    if not is_new:
        identity.user, identity.bound_at = user, at
        identity.save(update_fields=["user", "bound_at"])
    audit.record(actor=actor, action="user.mini_program_bound", subject=("user", user.pk))
