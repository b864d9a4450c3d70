from orders.models.allocation import Allocation
from orders.models.demand import (
    SingleRequest,
    Survey,
    SurveyCommunity,
    SurveyItem,
    SurveyReply,
    SurveyWish,
)
from orders.models.flag import FlagDecision
from orders.models.invitation import Invitation
from orders.models.limit import CategoryLimit
from orders.models.listed import ListedLine, ListedPiece
from orders.models.order import Order, OrderLine
from orders.models.proxy import ProxyWish
from orders.models.supplier_order import (
    OrderFile,
    SupplierOrder,
    SupplierOrderLine,
    SupplierOrderSection,
)
from orders.models.template import TemplateDate, TemplateLimit, TemplateProduct, WindowTemplate
from orders.models.waiting import WaitingWish
from orders.models.window import Offer, OrderWindow, WindowCommunity

__all__ = [
    "Allocation",
    "CategoryLimit",
    "FlagDecision",
    "Invitation",
    "ListedLine",
    "ListedPiece",
    "Offer",
    "Order",
    "OrderFile",
    "OrderLine",
    "OrderWindow",
    "ProxyWish",
    "SingleRequest",
    "SupplierOrder",
    "SupplierOrderLine",
    "SupplierOrderSection",
    "Survey",
    "SurveyCommunity",
    "SurveyItem",
    "SurveyReply",
    "SurveyWish",
    "TemplateDate",
    "TemplateLimit",
    "TemplateProduct",
    "WaitingWish",
    "WindowCommunity",
    "WindowTemplate",
]
