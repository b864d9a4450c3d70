from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from communities.models import User
from config.kernel import clock
from config.kernel.intake.confirming import apply_slice, confirm
from config.kernel.intake.models import Import
from config.kernel.intake.uploads import read_upload, store_upload
from suppliers.models import Supplier
from tests.factories import SETUP, make_community, make_staff, make_supplier
from tests.sessions import signed_in


@pytest.fixture
def supplier(db: None) -> Supplier:
    """A supplier without products; another one with products of its own is always there."""
    make_supplier(make_community())
    return make_supplier(make_community(), prices_fen=())


@pytest.fixture
def organiser(supplier: Supplier) -> User:
    return make_staff(supplier.serves.get().community)


@pytest.fixture
def browser(organiser: User) -> Client:
    return signed_in(organiser)


Read = Callable[[bytes], Import]


@pytest.fixture
def read(supplier: Supplier) -> Read:
    """Upload bytes for the supplier and read them."""

    def run(content: bytes) -> Import:
        with transaction.atomic():
            upload = store_upload(
                kind="catalogue",
                subject=("supplier", supplier.pk),
                filename="商品.xlsx",
                content=content,
                actor=SETUP,
                at=clock.now(),
            )
        return read_upload(import_id=upload.pk)

    return run


def store(upload: Import) -> Import:
    """Confirm an import and apply it to the end."""
    with transaction.atomic():
        confirm(upload=upload, actor=SETUP, at=clock.now())
    assert apply_slice(import_id=upload.pk)
    upload.refresh_from_db()
    return upload


def as_upload(content: bytes, name: str = "商品.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
