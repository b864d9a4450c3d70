"""The Celery application: a doorbell for work whose truth is rows in PostgreSQL (docs/adr and DESIGN: jobs)."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, bootsteps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class GiveWay(bootsteps.Step):
    """Before it forks the processes that make files. On the same cores the cutoff (a worker of threads) and the
    residents' requests go before them.
    """

    # By the weights that Linux gives, a tenth of the others' share while they want theirs.
    nice = 10

    def include_if(self, worker: Any) -> bool:
        return bool(worker.pool_cls.__module__ == "celery.concurrency.prefork")

    def create(self, worker: Any) -> None:
        os.nice(self.nice)


app = Celery("jidan", amqp="config.broker:PatientAMQP")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(GiveWay)
