from orders.models.allocation import Allocation
from orders.models.flag import FlagDecision
from orders.models.limit import CategoryLimit
from orders.models.order import Order, OrderLine
from orders.models.proxy import ProxyWish
from orders.models.supplier_order import (
    OrderFile,
    SupplierOrder,
    SupplierOrderLine,
    SupplierOrderSection,
)
from orders.models.waiting import WaitingWish
from orders.models.window import Offer, OrderWindow, WindowCommunity

__all__ = [
    "Allocation",
    "CategoryLimit",
    "FlagDecision",
    "Offer",
    "Order",
    "OrderFile",
    "OrderLine",
    "OrderWindow",
    "ProxyWish",
    "SupplierOrder",
    "SupplierOrderLine",
    "SupplierOrderSection",
    "WaitingWish",
    "WindowCommunity",
]
