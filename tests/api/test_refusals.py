"""Everything under /api/ that is no success is `{code, detail, fields}`, in the reader's language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction
from django.test import Client
from knox.models import AuthToken

from communities.models import User
from communities.tokens import issue_token
from config.kernel import clock
from config.kernel.audit import AuditEntry
from suppliers.keys import issue_key, revoke_key
from suppliers.models import SupplierKey
from tests import factories as make
from tests.api.client import Api, signed_in, supplier_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make.make_resident(make.make_community())


def refused(answer: Any, status: int, code: str) -> str:
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code)
    assert set(body) == {"code", "detail", "fields"}
    assert answer.headers["Content-Type"].startswith("application/json")
    assert "no-store" in answer.headers["Cache-Control"]
    return str(body["detail"])


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("", "身份认证信息未提供。"),
        ("zh-CN,zh;q=0.9", "身份认证信息未提供。"),
        ("fr", "身份认证信息未提供。"),
        ("en-GB,en;q=0.5", "Authentication credentials were not provided."),
    ],
)
def test_refusal_is_in_the_language_accepted(language: str, detail: str) -> None:
    answer = Api().read("me", **({"accept-language": language} if language else {}))

    assert refused(answer, 401, "not_authenticated") == detail
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "path", ["", "nothing", "windows/", "windows/7", "supplier/order-files/a%00b/csv", "%ff"]
)
def test_unknown_address_is_json(path: str) -> None:
    assert refused(Api().read(path), 404, "not_found") == "没有找到。"


def test_unknown_address_elsewhere_is_no_json() -> None:
    assert "json" not in Client().get("/nothing").headers["Content-Type"]


def test_wrong_method_is_json(user: User) -> None:
    client = signed_in(user)

    for method in ("DELETE", "PATCH", "POST", "OPTIONS"):
        answer = client.generic(method, "/api/v1/orders")
        refused(answer, 405, "method_not_allowed")
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_another_format_is_not_acceptable(user: User) -> None:
    refused(signed_in(user).read("me", accept="text/html"), 406, "not_acceptable")
    assert signed_in(user).read("me", accept="*/*").status_code == 200


def test_foreign_host_is_json() -> None:
    refused(Client().get("/api/v1/me", headers={"host": "evil.example"}), 400, "bad_request")


def test_a_mistake_of_ours_is_json_without_details(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("a secret of the inside")

    client = signed_in(user)
    monkeypatch.setattr("orders.api.resident.windows_for_resident", fail)
    answer = client.read("windows")

    refused(answer, 500, "server_error")
    assert "secret" not in answer.content.decode()


def test_database_that_is_away_is_said_to_be(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    client = signed_in(user)
    monkeypatch.setattr("orders.api.resident.windows_for_resident", fail)
    answer = client.read("windows")

    refused(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "2"


def broken(token: str) -> list[str]:
    return [
        "Bearer",
        "Bearer ",
        f"Bearer {token} {token}",
        f"Bearer {token[:-1]}",
        f"Bearer {token[:-1]}{'0' if token[-1] != '0' else '1'}",
        f"Bearer {token.upper()}x",
        "Bearer " + "é" * 64,
        "Bearer a\x00b",
        "Bearer " + "0" * 10_000,
    ]


def test_token_that_is_not_exactly_right_is_refused(user: User) -> None:
    with transaction.atomic():
        token = issue_token(user=user, actor=make.SETUP)
    for authorization in broken(token):
        answer = Api().read("me", authorization=authorization)
        refused(answer, 401, "authentication_failed")

    assert Api().read("me", authorization=f"bearer {token}").status_code == 200


@pytest.mark.parametrize("why", ["expired", "deleted", "locked"])
def test_token_that_is_no_longer_good_is_refused(user: User, why: str) -> None:
    client = signed_in(user)
    assert client.read("me").status_code == 200
    if why == "expired":
        AuthToken.objects.update(expiry=clock.now() - timedelta(seconds=1))
    elif why == "deleted":
        AuthToken.objects.all().delete()
    else:
        User.objects.filter(pk=user.pk).update(is_active=False)

    refused(client.read("me"), 401, "authentication_failed")


def test_key_that_is_not_exactly_right_is_refused() -> None:
    supplier = make.make_supplier()
    with transaction.atomic():
        key, text = issue_key(supplier=supplier, label="", actor=make.SETUP, at=clock.now())
    with transaction.atomic():
        other, _text = issue_key(supplier=supplier, label="", actor=make.SETUP, at=clock.now())
    good = Api(f"Supplier {text}")
    for authorization in (
        "Supplier",
        f"Supplier {text}x",
        f"Supplier {text[:-1]}",
        f"Supplier  {text}",
        f"Supplier jd_{key.prefix}_" + "0" * 64,
        f"Supplier jd_{other.prefix}_{text.rpartition('_')[2]}",
        "Supplier jd_\x00_a",
    ):
        answer = Api().read("supplier/order-files", authorization=authorization)
        refused(answer, 401, "authentication_failed")
        assert answer.headers["WWW-Authenticate"] == "Supplier"

    assert good.read("supplier/order-files").status_code == 200
    with transaction.atomic():
        revoke_key(key=key, actor=make.SETUP, at=clock.now())
    refused(good.read("supplier/order-files"), 401, "authentication_failed")


def test_key_of_a_supplier_who_left_is_refused() -> None:
    supplier = make.make_supplier()
    client = supplier_client(supplier)
    assert client.read("supplier/order-files").status_code == 200
    supplier.is_active = False
    supplier.save(update_fields=["is_active"])

    refused(client.read("supplier/order-files"), 401, "authentication_failed")


def test_issue_token_prints_a_token_that_works(
    user: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("issue_token", user.username)
    token = capsys.readouterr().out.strip()

    assert Api(f"Bearer {token}").read("me").json()["id"] == str(user.public_id)
    entry = AuditEntry.objects.get(action="token.issued")
    assert (entry.actor_kind, entry.subject_id) == ("command", user.pk)
    assert not AuthToken.objects.filter(digest__contains=token).exists()


def test_issue_token_for_nobody_is_refused() -> None:
    with pytest.raises(CommandError, match="no active account 'nobody'"):
        call_command("issue_token", "nobody")
    assert not AuthToken.objects.exists()


def test_issue_supplier_key_prints_a_key_that_works(capsys: pytest.CaptureFixture[str]) -> None:
    supplier = make.make_supplier()
    call_command("issue_supplier_key", supplier.name, "--label", "仓库电脑")
    text = capsys.readouterr().out.strip()

    assert Api(f"Supplier {text}").read("supplier/order-files").status_code == 200
    assert SupplierKey.objects.get().label == "仓库电脑"


def test_issue_supplier_key_for_nobody_is_refused() -> None:
    with pytest.raises(CommandError, match="no active supplier"):
        call_command("issue_supplier_key", "没有")
    assert not SupplierKey.objects.exists()


def test_every_route_refuses_who_is_not_signed_in() -> None:
    zero = "00000000-0000-0000-0000-000000000000"
    for path in ("me", "me/messages", "windows", "orders", f"windows/{zero}", f"orders/{zero}"):
        refused(Api().read(path), 401, "not_authenticated")
    for path in ("supplier/order-files", "supplier/order-files/JD1/csv"):
        refused(Api().read(path), 401, "not_authenticated")
    for path in (
        f"windows/{zero}/orders",
        f"orders/{zero}/cancel",
        "supplier/orders/JD1/acknowledge",
    ):
        refused(Api().send(path, {}), 401, "not_authenticated")
    refused(Api().send(f"orders/{zero}", {}, method="PUT"), 401, "not_authenticated")
