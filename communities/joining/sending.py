"""Send the codes that were asked for: a stage of its own, so that no request and no transaction waits for a gateway."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F

from communities import personal
from communities.joining.one_time import text_of
from communities.joining.phones import is_known
from communities.joining.senders import sender
from communities.models import SignInCode
from config.kernel import clock, jobs
from config.kernel.jobs import Job, Stage, Subject

STAGE = "communities.send_code"


def register() -> None:
    """Called once when the app is ready."""
    jobs.register(Stage(STAGE, _send, _unsent, queue="default"))


def _unsent() -> Iterable[Subject]:
    rows = SignInCode.objects.filter(sent__lt=F("sends"), expires_at__gt=clock.now())
    for pk, sends in rows.values_list("pk", "sends"):
        yield Subject("sign_in_code", pk, sends)


def _send(job: Job) -> None:
    """Between two short statements, outside any transaction. A crash in between sends the same code once more."""
    code = SignInCode.objects.filter(pk=job.subject_id, sent__lt=job.revision).first()
    if code is None or code.expires_at <= clock.now():
        return
    way = sender()
    if way is not None and (code.user_id is not None or is_known(code.phone_index)):
        way.send(number=personal.decrypt(bytes(code.phone_encrypted)), code=text_of(code))
    SignInCode.objects.filter(pk=code.pk, sent__lt=job.revision).update(sent=job.revision)


def forget_codes(now: datetime) -> int:
    """Delete codes of yesterday, with the jobs that sent them; returns how many codes."""
    before = now - timedelta(days=1)
    Job.objects.filter(stage=STAGE, created_at__lt=before).delete()
    return SignInCode.objects.filter(asked_at__lt=before).delete()[0]
