"""Pages of the catalogue import, below the desk."""

from django.urls import path

from communities.importing.urls import import_paths
from suppliers.catalogue import views
from suppliers.catalogue.desk import DESK

app_name = "catalogue"

urlpatterns = [
    path("catalogues/", views.catalogues, name="suppliers"),
    path("suppliers/<uuid:supplier_id>/catalogue/", views.index, name="index"),
    *import_paths(DESK, "imports/"),
]
