"""The database's disk is full: a clear sentence, nothing stored, and the same file again works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.urls import reverse

from config.kernel.audit import AuditEntry
from config.kernel.intake.models import Import, ImportFile
from suppliers.models import Supplier
from tests.suppliers.catalogue.conftest import as_upload

pytestmark = pytest.mark.django_db(transaction=True)

# What PostgreSQL says when it cannot extend a table's file.
_FULL = """
    CREATE FUNCTION tests_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = '53100';
    END $$;
    CREATE TRIGGER tests_full BEFORE INSERT ON kernel_importfile EXECUTE FUNCTION tests_full();
"""

SENTENCE = (
    "The server has no room for the file at the moment. Nothing was stored. Please tell whoever "
    "runs it, and upload the file again later."
)


@contextmanager
def full_disk() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(_FULL)
        try:
            yield
        finally:
            cursor.execute("DROP FUNCTION tests_full CASCADE")


def test_upload_without_room_is_refused_with_a_sentence_and_works_later(
    browser: Client, supplier: Supplier
) -> None:
    url = reverse("catalogue:index", args=[supplier.public_id])
    before = AuditEntry.objects.count()

    with full_disk():
        answer = browser.post(
            url,
            {"file": as_upload(b"name,price\nA,1.00\n", "a.csv")},
            headers={"Accept-Language": "en"},
        )

    assert answer.status_code == 200
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [SENTENCE]
    assert (Import.objects.count(), ImportFile.objects.count()) == (0, 0)
    assert AuditEntry.objects.count() == before
    again = browser.post(url, {"file": as_upload(b"name,price\nA,1.00\n", "a.csv")})
    assert again.status_code == 302
    assert (Import.objects.count(), ImportFile.objects.count()) == (1, 1)
