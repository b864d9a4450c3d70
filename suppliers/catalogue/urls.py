"""Pages of the catalogue import, below the desk."""

from django.urls import path

from communities.importing.urls import import_paths
from suppliers.catalogue import views
from suppliers.catalogue.desk import DESK
from suppliers.photos import views as photos

app_name = "catalogue"

urlpatterns = [
    path("catalogues/", views.catalogues, name="suppliers"),
    path("suppliers/<uuid:supplier_id>/catalogue/", views.index, name="index"),
    path("suppliers/<uuid:supplier_id>/photos/", photos.index, name="photos"),
    path("suppliers/<uuid:supplier_id>/photos/<uuid:product_id>/", photos.show, name="photo"),
    *import_paths(DESK, "imports/"),
]
