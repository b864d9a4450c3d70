"""Pages of order lists, below the desk."""

from django.urls import path

from communities.importing.urls import import_paths
from orders.intake import views
from orders.intake.desk import DESK

app_name = "intake"

urlpatterns = [
    path("<uuid:window_id>/intake/<uuid:community_id>/", views.index, name="index"),
    path("<uuid:window_id>/price-list/", views.prices, name="prices"),
    *import_paths(DESK, "order-lists/"),
]
