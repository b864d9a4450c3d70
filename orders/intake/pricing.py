"""Goods and prices of a group buy out of chat text, before it opens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from communities.groups.guarding import for_group
from config.kernel.audit import Actor
from config.kernel.locks import require_atomic
from config.kernel.money import yuan
from orders.chain.line.folding import fold
from orders.chain.lists.pricelist import Priced, read_prices
from orders.models import Offer, OrderWindow
from orders.windows.drafting import offer_products, set_offer
from suppliers.catalogue.judging import name_key
from suppliers.catalogue.products import store_product
from suppliers.models import Product

MAX_LINES, MAX_LINE = 300, 300
_NO_GOODS = re.compile(
    r"\s{0,3}(?:例|示例|样例|example)|\W{0,3}(?:合计|总计|总价|共计|一共|小计|运费|配送费|包装费|打包费|跑腿费|起送|满\d|押金|截单|截止)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Listed:
    """A line of a price list. `product` is the supplier's of that name, None where it would be a new one; `is_offered`
    if the group buy has it already; `problem` says what keeps it out, empty if nothing does.
    """

    number: int
    name: str
    spec: str
    unit: str
    price_fen: int
    text: str
    product: Product | None = None
    is_offered: bool = False
    problem: str = ""

    @property
    def price(self) -> str:
        return yuan(self.price_fen)


def read_price_list(window: OrderWindow, text: str) -> list[Listed]:
    """The lines with a price, in their order; the same goods twice are refused the second time. Two statements."""
    lines = [line[:MAX_LINE] for line in text.splitlines()[:MAX_LINES]]
    products = list(Product.objects.filter(supplier=window.supplier_id))
    offered = set(Offer.objects.filter(window=window).values_list("product_id", flat=True))
    found: list[Listed] = []
    seen: set[tuple[str, str]] = set()
    for number, priced in enumerate(read_prices(enumerate(lines, start=1)), start=1):
        one = _listed(number, priced, products, offered)
        key = name_key(one.name, one.spec)
        found.append(one if key not in seen else replace(one, problem="twice"))
        seen.add(key)
    return found


def _listed(number: int, priced: Priced, products: Sequence[Product], offered: set[int]) -> Listed:
    product = _product(priced, products)
    problem = ""
    if _is_no_goods(priced):
        problem = "no_goods"
    elif not priced.price_fen:
        problem = "no_price"
    elif product is not None and not product.is_active:
        problem = "not_for_sale"
    return Listed(
        number=number,
        name=priced.name,
        spec=priced.spec,
        unit=priced.unit or (product.unit if product else "份"),
        price_fen=priced.price_fen or 0,
        text=priced.text,
        product=product,
        is_offered=product is not None and product.pk in offered,
        problem=problem,
    )


def _is_no_goods(priced: Priced) -> bool:
    """The example, a sum, a fee; an order, whose name and door would become a product everybody reads."""
    return _NO_GOODS.match(fold(priced.text)) is not None or for_group(priced.name) != priced.name


def _product(priced: Priced, products: Sequence[Product]) -> Product | None:
    """The supplier's product of this name and specification, or of this name where it has one only."""
    exact = [p for p in products if name_key(p.name, p.spec) == name_key(priced.name, priced.spec)]
    named = [p for p in products if name_key(fold(p.name), "") == name_key(fold(priced.name), "")]
    found = exact or ([] if priced.spec and any(p.spec for p in named) else named)
    return found[0] if len(found) == 1 else None


def offer_listed(*, window: OrderWindow, listed: Iterable[Listed], actor: Actor) -> list[Offer]:
    """Put lines of a price list on offer, in their order and at their prices; unknown goods become products first.

    Raises WindowPublished, ProductTakenMeanwhile, ForeignProduct; then nothing is written.
    """
    require_atomic()
    rows = [one for one in listed if not one.problem and not one.is_offered]
    products = [one.product or _made(window, one, actor) for one in rows]
    prices = {product.pk: one.price_fen for product, one in zip(products, rows, strict=True)}
    offers = offer_products(window=window, products=products, actor=actor)
    for offer in offers:
        if offer.price_fen != prices[offer.product_id]:
            set_offer(offer=offer, actor=actor, price_fen=prices[offer.product_id])
    return offers


def _made(window: OrderWindow, one: Listed, actor: Actor) -> Product:
    fields = {"name": one.name, "spec": one.spec, "unit": one.unit[:10], "price_fen": one.price_fen}
    outcome = store_product(
        window.supplier_id, {"fields": fields, "product": None, "was": {}}, actor
    )
    return Product.objects.get(pk=outcome.id)
