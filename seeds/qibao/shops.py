"""Who sells to the town: a wholesaler for everybody, supermarkets for a quarter, a shop in each neighbourhood, and each
organiser's own. A supplier has one catalogue; who coordinates every community it serves may change it.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from config.kernel.money import parse_yuan
from seeds.qibao.estates import PER_NEIGHBOURHOOD, SEED
from seeds.qibao.moving import SEEDER, SINCE
from seeds.qibao.people import name_of
from seeds.qibao.town import Town
from seeds.wanping.catalogue import PRICE_LIST
from suppliers.directory import register_supplier
from suppliers.models import Product, ServedCommunity, Supplier

_QUARTER = 25
_CHAINS = ("联家", "农工商", "华联吉买", "世纪")
_SHOPS = {
    "菜场": {"蔬菜", "豆制品", "蛋品", "水果"},
    "药房": {"清洁消毒", "个人护理", "纸品"},
    "包子铺": {"速冻方便", "粮油面食", "乳品"},
    "肉庄": {"肉禽", "水产冻品", "蛋品"},
}


# What the verbs would have noted.
_AUDIT = """
    INSERT INTO kernel_auditentry (at, actor_kind, actor_id, action, subject_kind, subject_id, community_id, data)
    SELECT %(at)s, 'command', 0, made.* FROM (
        SELECT 'supplier.serves', 'supplier', supplier_id, community_id, '{}'::jsonb
        FROM suppliers_servedcommunity WHERE supplier_id = ANY(%(suppliers)s)
        UNION ALL
        SELECT 'product.created', 'product', id, NULL, jsonb_build_object('price_fen', price_fen)
        FROM suppliers_product WHERE supplier_id = ANY(%(suppliers)s)
    ) made
"""


@dataclass(frozen=True, slots=True)
class Shop:
    """`serves` are positions of communities; without `categories` it sells everything."""

    name: str
    short_name: str
    kind: str
    serves: tuple[int, ...]
    categories: frozenset[str] = frozenset()


def shops(town: Town) -> Iterator[Shop]:
    """Of the whole town first."""
    everybody = sorted(town.communities)
    yield Shop("七宝惠民配送中心", "惠民", Supplier.Kind.WHOLESALER, tuple(everybody))
    for number, start in enumerate(range(0, len(everybody), _QUARTER)):
        chain = _CHAINS[number]
        quarter = tuple(everybody[start : start + _QUARTER])
        yield Shop(f"{chain}超市七宝{number + 1}店", chain, Supplier.Kind.SHOP, quarter)
    for number, start in enumerate(range(0, len(everybody), PER_NEIGHBOURHOOD)):
        near = tuple(everybody[start : start + PER_NEIGHBOURHOOD])
        what = list(_SHOPS)[number % len(_SHOPS)]
        stem = town.communities[near[0]].region.name.removesuffix("居民区")
        kind = Supplier.Kind.PHARMACY if what == "药房" else Supplier.Kind.SHOP
        yield Shop(f"七宝{stem}{what}", f"{stem}{what}", kind, near, frozenset(_SHOPS[what]))
    for number, (_user, positions) in enumerate(town.organisers, start=1):
        name = f"七宝团购直供{number:02}号"
        yield Shop(name, f"直供{number:02}", Supplier.Kind.OTHER, tuple(positions))


def open_shops(town: Town) -> list[Supplier]:
    """Suppliers with whom they serve and what they sell. Caller holds the seed's lock."""
    with PRICE_LIST.open(encoding="utf-8-sig", newline="") as file:
        goods = list(csv.DictReader(file))
    plans = list(shops(town))
    made = [
        register_supplier(
            name=shop.name,
            short_name=shop.short_name,
            kind=shop.kind,
            contact_name=name_of(shop.name),
            phone=f"021-6419{number:04}",
            actor=SEEDER,
        )
        for number, shop in enumerate(plans)
    ]
    ServedCommunity.objects.bulk_create(
        ServedCommunity(supplier=supplier, community=town.communities[position])
        for supplier, shop in zip(made, plans, strict=True)
        for position in shop.serves
    )
    Product.objects.bulk_create(
        product
        for supplier, shop in zip(made, plans, strict=True)
        for product in _products(supplier, shop, goods)
    )
    with connection.cursor() as cursor:
        cursor.execute(_AUDIT, {"at": SINCE, "suppliers": [supplier.pk for supplier in made]})
    return made


def _products(supplier: Supplier, shop: Shop, goods: Sequence[dict[str, str]]) -> Iterator[Product]:
    """Each asks its own prices, to the tenth of a yuan."""
    chance = random.Random(f"{SEED} prices {shop.name}")
    for row in goods:
        if shop.categories and row["分类"] not in shop.categories:
            continue
        usual = parse_yuan(row["单价(元)"]) / 10
        yield Product(
            supplier=supplier,
            name=row["品名"],
            spec=row["规格"],
            unit=row["单位"],
            price_fen=10 * max(1, round(usual * chance.uniform(0.88, 1.15))),
            barcode=row["条码"],
            category=row["分类"],
            case_size=int(row["箱规"]) if row["箱规"] else None,
            minimum=int(row["起订量"] or 1),
            description=row["描述"],
        )
