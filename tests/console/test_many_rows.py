"""Lists that stay quick and readable in a town."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.admin.filters import OwnRelatedFilter
from communities.models import Building, Household, User
from config.kernel.admin import CappedPaginator
from config.kernel.audit import AuditEntry
from tests import factories as make
from tests.api.client import prepare
from tests.console import addresses as at
from tests.console.conftest import Enter, Place


def test_list_counts_no_further_than_its_cap(
    root: User, home: Place, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CappedPaginator, "MOST", 3)
    make.building(home.community, "9", "901", "902", "903", "904", "905")
    browser = enter(root)

    with CaptureQueriesContext(connection) as queries:
        page = browser.get(at.changelist(Household)).content.decode()

    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    assert [sql.endswith("LIMIT 4) subquery") for sql in counts] == [True]
    assert "多于 3" in page or "more than 3" in page


def choices(response: Any) -> dict[str, int]:
    """How many choices each filter of a list offers, by its title, without the one for all."""
    changes = response.context["cl"]
    return {str(one.title): len(list(one.choices(changes))) - 1 for one in changes.filter_specs}


def test_filter_by_house_waits_for_a_community_where_there_are_too_many(
    root: User, home: Place, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OwnRelatedFilter, "most", 3)
    for number in ("2", "3"):
        make.building(home.community, number, "101")
    away = make.make_community()
    browser = enter(root)
    title = str(Household._meta.get_field("building").verbose_name)
    assert Building.objects.count() > 3

    everywhere = choices(browser.get(at.changelist(Household)))
    there = choices(browser.get(at.changelist(Household), {"community__id__exact": away.pk}))

    assert title not in everywhere
    assert title not in there  # one house is no choice
    here = browser.get(at.changelist(Household), {"community__id__exact": home.community.pk})
    assert choices(here)[title] == 3


@pytest.mark.parametrize("several", [True, False])
def test_order_for_several_communities_shows_a_line_for_each(
    root: User, enter: Enter, several: bool
) -> None:
    one, two = make.make_community("甲苑"), make.make_community("乙苑")
    supplier = make.make_supplier(one, two)
    window = make.make_window(one, supplier=supplier, others=[two] if several else [])
    for community in (one, two) if several else (one,):
        make.order(window, make.household(community), 1, 1)
    order = prepare(window)

    page = enter(root).get(at.change(order)).content.decode()

    assert ("商品1" in page) is not several
    assert ("乙苑" in page) is several
    assert window.supplier_orders.get().lines.count() == (4 if several else 2)


def test_audit_is_filtered_by_every_kind_it_holds(root: User, home: Place, enter: Enter) -> None:
    kinds = set(AuditEntry.objects.values_list("subject_kind", flat=True))
    assert len(kinds) > 3

    changes = enter(root).get(at.changelist(AuditEntry)).context["cl"]

    [one] = changes.filter_specs
    assert [choice["display"] for choice in one.choices(changes)][1:] == sorted(kinds)
