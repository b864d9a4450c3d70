"""The pages of the catalogue import, through HTTP and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from communities.models import User
from communities.roles import Role
from config.kernel.audit import AuditEntry
from config.kernel.intake.models import Import
from config.kernel.intake.uploads import read_upload
from suppliers.models import Supplier
from tests.factories import make_community, make_staff, make_supplier, make_user
from tests.intake_corpus.raw import two_rows, workbook
from tests.suppliers.catalogue.conftest import as_upload

FILE = (
    "品名,规格,单位,单价(元),条码,起订量\r\n"
    "青菜,500g/袋,袋,3.90,6900000100134,1\r\n"
    "土豆,1kg/袋,袋,6.90,6900000101178,1\r\n"
    "<script>alert(1)</script>,1个,个,-1,,1\r\n"
).encode()

WRONG_DIGIT = (
    "The last digit of the barcode 6900000101178 does not fit the others: with these digits it "
    "would be 6900000101179. Please compare it with the package."
)

Jobs = Callable[[], None]


def page_of(upload: Import, name: str = "import", *args: object) -> str:
    return reverse(f"catalogue:{name}", args=[upload.public_id, *args])


def send(browser: Client, supplier: Supplier, content: bytes, name: str = "商品.csv") -> Import:
    url = reverse("catalogue:index", args=[supplier.public_id])
    answer = browser.post(url, {"file": as_upload(content, name)})
    assert answer.status_code == 302
    return Import.objects.latest("pk")


@pytest.fixture
def upload(browser: Client, supplier: Supplier) -> Import:
    """A file with one good, one doubtful and one refused row, read."""
    return read_upload(import_id=send(browser, supplier, FILE).pk)


def test_upload_is_shown_read_mended_confirmed_and_stored(
    browser: Client, supplier: Supplier, run_jobs: Jobs
) -> None:
    one = send(browser, supplier, FILE)
    waiting = browser.get(page_of(one))
    assert b'http-equiv="refresh"' in waiting.content
    assert browser.get(page_of(one, "progress")).json() == {
        "done": 0,
        "total": 0,
        "is_moving": True,
    }
    run_jobs()
    assert browser.get(page_of(one, "progress")).json()["is_moving"] is False
    assert browser.get(page_of(one)).context["counts"].taken == 1
    browser.post(page_of(one, "decide", 3), {"decision": "take", "show": "all", "page": "1"})
    mended = browser.post(page_of(one, "row", 4), {"name": "大蒜", "price": "1.50"})
    assert mended.status_code == 302
    assert browser.get(page_of(one)).context["counts"].taken == 3
    browser.post(page_of(one, "confirm"))
    assert b'http-equiv="refresh"' in browser.get(page_of(one)).content
    run_jobs()
    assert browser.get(page_of(one)).context["counts"].created == 3
    names = supplier.products.order_by("pk").values_list("name", "price_fen")
    assert list(names) == [("青菜", 390), ("土豆", 690), ("大蒜", 150)]


def test_preview_shows_each_verdict_with_its_reason(browser: Client, upload: Import) -> None:
    answer = browser.get(page_of(upload), {"show": "all"}, headers={"Accept-Language": "en"})
    rows = {view.row.number: (view.row.verdict, view.sentences) for view in answer.context["rows"]}
    assert rows == {
        2: ("ok", [("ok", "New.")]),
        3: (
            "doubtful",
            [("doubtful", WRONG_DIGIT), ("ok", "New.")],
        ),
        4: ("refused", [("refused", "The price -1 is negative.")]),
    }


def test_preview_filters_by_verdict_and_begins_with_what_needs_a_look(
    browser: Client, upload: Import
) -> None:
    shown = {
        tab: [view.row.number for view in browser.get(page_of(upload), query).context["rows"]]
        for tab, query in {
            "": {},
            "ok": {"show": "ok"},
            "doubtful": {"show": "doubtful"},
            "refused": {"show": "refused"},
            "nonsense": {"show": "nonsense", "page": "-7"},
        }.items()
    }
    assert shown == {"": [3, 4], "ok": [2], "doubtful": [3], "refused": [4], "nonsense": [3, 4]}


def test_pages_hold_no_inline_script_or_style_and_escape_what_is_in_the_file(
    browser: Client, upload: Import, supplier: Supplier
) -> None:
    for url in (
        reverse("catalogue:index", args=[supplier.public_id]),
        page_of(upload) + "?show=all",
        page_of(upload, "row", 4),
    ):
        text = browser.get(url).content.decode()
        assert "<script>alert" not in text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)


def test_preview_of_many_rows_needs_as_many_queries_as_of_one(
    browser: Client,
    supplier: Supplier,
    run_jobs: Jobs,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    # session, user, import, supplier, roles, supplier by access, counts, unchanged, rows on the page (count, rows)
    for rows in (1, 60):
        lines = [f"商品{n},规格{n},袋,1.00,,1" for n in range(rows)]
        one = send(
            browser, supplier, ("品名,规格,单位,单价,条码,起订量\r\n" + "\r\n".join(lines)).encode()
        )
        run_jobs()
        with django_assert_num_queries(10):  # type: ignore[attr-defined]
            browser.get(page_of(one))


def test_take_all_and_confirm_stores_doubtful_rows_too(
    browser: Client, upload: Import, supplier: Supplier, run_jobs: Jobs
) -> None:
    browser.post(page_of(upload, "take-doubtful"))
    browser.post(page_of(upload, "confirm"))
    browser.post(page_of(upload, "confirm"))
    run_jobs()
    assert supplier.products.count() == 2


def test_rows_left_out_come_back_as_files_and_the_export_is_logged(
    browser: Client, upload: Import, run_jobs: Jobs
) -> None:
    browser.post(page_of(upload, "confirm"))
    run_jobs()
    answer = browser.get(page_of(upload, "left-out-csv"))
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["土豆", "<script>alert(1)</script>"]
    assert browser.get(page_of(upload, "left-out-xlsx")).content[:2] == b"PK"
    assert AuditEntry.objects.filter(action="import.exported").count() == 2


def test_failed_file_says_why_in_the_language_of_the_reader(
    browser: Client, supplier: Supplier, run_jobs: Jobs
) -> None:
    one = send(browser, supplier, workbook(two_rows(), {"xl/vbaProject.bin": b"x"}), "商品.xlsm")
    run_jobs()
    answer = browser.get(page_of(one), headers={"Accept-Language": "en"})
    assert "The workbook contains macros." in answer.content.decode()
    assert (answer.status_code, supplier.products.count()) == (200, 0)


@pytest.mark.parametrize("content", [b"", b"a" * (10 * 1024 * 1024 + 1)])
def test_upload_of_an_impossible_size_is_refused_at_once(
    content: bytes, browser: Client, supplier: Supplier
) -> None:
    url = reverse("catalogue:index", args=[supplier.public_id])
    answer = browser.post(url, {"file": as_upload(content)})
    assert len(list(answer.context["messages"])) == 1
    assert not Import.objects.exists()


def test_mend_row_beyond_the_file_is_not_found(browser: Client, upload: Import) -> None:
    assert browser.get(page_of(upload, "row", 99)).status_code == 404
    assert browser.post(page_of(upload, "row", 99), {"name": "x"}).status_code == 404


PAGES = [
    ("import", "get", ()),
    ("progress", "get", ()),
    ("row", "get", (3,)),
    ("row", "post", (3,)),
    ("decide", "post", (3,)),
    ("take-doubtful", "post", ()),
    ("confirm", "post", ()),
    ("left-out-xlsx", "get", ()),
    ("left-out-csv", "get", ()),
]


@pytest.mark.parametrize(("name", "method", "args"), PAGES)
@pytest.mark.parametrize("who", ["stranger", "elsewhere", "volunteer", "nobody"])
def test_pages_of_an_import_are_closed_to_others(
    who: str, name: str, method: str, args: tuple[int, ...], upload: Import, supplier: Supplier
) -> None:
    before = list(upload.rows.order_by("number").values())
    client, expected = _other(who, supplier)
    answer = getattr(client, method)(page_of(upload, name, *args), {"decision": "take"})
    assert answer.status_code == expected
    upload.refresh_from_db()
    assert (upload.status, list(upload.rows.order_by("number").values())) == ("read", before)


def _other(who: str, supplier: Supplier) -> tuple[Client, int]:
    client = Client()
    if who == "nobody":
        return client, 302
    users: dict[str, Callable[[], User]] = {
        "stranger": lambda: make_user(is_staff=True),
        "elsewhere": lambda: make_staff(make_supplier(make_community()).serves.get().community),
        "volunteer": lambda: make_staff(supplier.serves.get().community, Role.VOLUNTEER),
    }
    client.force_login(users[who]())
    return client, 403 if who == "volunteer" else 404


def test_catalogue_of_another_supplier_is_not_found(browser: Client, supplier: Supplier) -> None:
    other = Supplier.objects.exclude(pk=supplier.pk).get()
    url = reverse("catalogue:index", args=[other.public_id])
    assert browser.get(url).status_code == 404
    assert browser.post(url, {"file": as_upload(FILE)}).status_code == 404
    assert not Import.objects.exists()


def test_account_no_longer_let_into_the_console_is_refused(
    browser: Client, organiser: User, upload: Import, supplier: Supplier
) -> None:
    """As on the desk: what counts is the account, not the role it still holds."""
    organiser.is_staff = False
    organiser.save(update_fields=["is_staff"])
    for url in (
        reverse("catalogue:suppliers"),
        reverse("catalogue:index", args=[supplier.public_id]),
        page_of(upload),
        reverse("desk:index"),
    ):
        assert browser.get(url).status_code == 403
    assert browser.post(page_of(upload, "confirm")).status_code == 403
    upload.refresh_from_db()
    assert upload.status == "read"


def test_confirm_while_the_file_is_being_read_says_so(browser: Client, supplier: Supplier) -> None:
    one = send(browser, supplier, FILE)
    answer = browser.post(page_of(one, "confirm"), headers={"Accept-Language": "en"})
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert said == ["The file is still being read. Please wait for the preview."]
    one.refresh_from_db()
    assert one.status == "uploaded"
    assert not AuditEntry.objects.filter(action="import.confirmed").exists()


def test_file_uploaded_again_unchanged_offers_nothing_to_store(
    browser: Client, supplier: Supplier, run_jobs: Jobs
) -> None:
    upload = send(browser, supplier, FILE)
    run_jobs()
    first = browser.get(page_of(upload))
    browser.post(page_of(upload, "confirm"))
    run_jobs()
    again = send(browser, supplier, FILE.replace(b"-1", b"-2"))
    run_jobs()

    second = browser.get(page_of(again))

    assert [page.context["changes_nothing"] for page in (first, second)] == [False, True]
    confirm = f'action="{page_of(again, "confirm")}"'
    assert confirm not in second.content.decode()
    assert f'action="{page_of(upload, "confirm")}"' in first.content.decode()
