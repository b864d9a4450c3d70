"""Forms as a browser reads them."""

from __future__ import annotations

import pytest

from seeds.demo.browser import NoSuchForm, Page

PAGE = """
<a href="offers/1/">12 青菜 <span>500g</span></a>
<form method="post" action="do/check/"><input type="hidden" name="revision" value="2"></form>
<form method="post">
  <input type="hidden" name="csrfmiddlewaretoken" value="t">
  <input name="minimum"><textarea name="notice"></textarea>
  <select name="community"><option value="1">A</option><option value="2" selected>B</option></select>
  <select name="measure"><option value="none">-</option><option value="fen">F</option></select>
  <input type="checkbox" name="product" value="7" checked>
  <input type="checkbox" name="product" value="8">
  <input type="checkbox" name="product" value="9" checked>
  <input type="checkbox" name="agreed">
</form>
<p class="error">Please write a number.</p>
"""


@pytest.fixture
def page() -> Page:
    return Page("http://127.0.0.1:1/admin/desk/new/", PAGE)


def test_form_has_the_fields_that_a_browser_would_send(page: Page) -> None:
    form = page.form("/new/", having="minimum")

    assert form.action == "http://127.0.0.1:1/admin/desk/new/"
    assert form.fields == {
        "csrfmiddlewaretoken": ["t"],
        "minimum": [""],
        "notice": [""],
        "community": ["2"],
        "measure": ["none"],
        "product": ["7", "9"],
    }


def test_form_is_found_by_its_address(page: Page) -> None:
    assert page.form("/do/check/").fields == {"revision": ["2"]}


def test_form_that_is_not_there_raises_with_the_complaints_of_the_page(page: Page) -> None:
    with pytest.raises(NoSuchForm, match="Please write a number"):
        page.form("/do/release/")


def test_links_have_absolute_addresses_and_texts(page: Page) -> None:
    assert page.links == {"http://127.0.0.1:1/admin/desk/new/offers/1/": "12 青菜 500g"}
