from django.urls import path

from orders.api import (
    demand,
    photos,
    resident,
    suggestion,
    supplier,
    supplier_demand,
    waiting,
)

urlpatterns = [
    path("windows", resident.Windows.as_view(), name="windows"),
    path("windows/<uuid:public_id>", resident.Window.as_view(), name="window"),
    path(
        "windows/<uuid:public_id>/orders",
        resident.OrdersOfWindow.as_view(),
        name="orders-of-window",
    ),
    path(
        "windows/<uuid:public_id>/suggestion",
        suggestion.SameAsLastTime.as_view(),
        name="suggestion",
    ),
    path(
        "windows/<uuid:public_id>/offers/<uuid:offer_id>/photo",
        photos.OfferPhoto.as_view(),
        name="offer-photo",
    ),
    path(
        "windows/<uuid:public_id>/offers/<uuid:offer_id>/wait",
        waiting.Join.as_view(),
        name="join-waiting",
    ),
    path("waiting", waiting.MyWaiting.as_view(), name="my-waiting"),
    path("waiting/<uuid:public_id>", waiting.OneWaiting.as_view(), name="waiting"),
    path("waiting/<uuid:public_id>/leave", waiting.Leave.as_view(), name="leave-waiting"),
    path("orders", resident.MyOrders.as_view(), name="my-orders"),
    path("orders/<uuid:public_id>", resident.OneOrder.as_view(), name="order"),
    path("orders/<uuid:public_id>/cancel", resident.CancelOrder.as_view(), name="cancel-order"),
    path("orders/<uuid:public_id>/receipt", resident.Bill.as_view(), name="receipt"),
    path("surveys", demand.Surveys.as_view(), name="surveys"),
    path("surveys/<uuid:public_id>", demand.OneSurvey.as_view(), name="survey"),
    path("surveys/<uuid:public_id>/answer", demand.Answer.as_view(), name="answer-survey"),
    path("requests", demand.Requests.as_view(), name="requests"),
    path(
        "requests/<uuid:public_id>/withdraw",
        demand.WithdrawRequest.as_view(),
        name="withdraw-request",
    ),
    path("supplier/order-files", supplier.OrderFiles.as_view(), name="order-files"),
    path(
        "supplier/order-files/<slug:number>/<slug:format>",
        supplier.OrderFileBytes.as_view(),
        name="order-file",
    ),
    path(
        "supplier/orders/<slug:number>/acknowledge",
        supplier.Acknowledge.as_view(),
        name="acknowledge",
    ),
    path("supplier/surveys", supplier_demand.SupplierSurveys.as_view(), name="supplier-surveys"),
    path("supplier/requests", supplier_demand.SupplierRequests.as_view(), name="supplier-requests"),
    path(
        "supplier/requests/<uuid:public_id>/answer",
        supplier_demand.AnswerRequest.as_view(),
        name="answer-request",
    ),
]
