"""Pages of the catalogue import, below the desk."""

from django.urls import path

from communities.history import name_actions
from suppliers.catalogue import views
from suppliers.catalogue.messages import ACTIONS

app_name = "catalogue"
name_actions(ACTIONS)

urlpatterns = [
    path("catalogues/", views.catalogues, name="suppliers"),
    path("suppliers/<uuid:supplier_id>/catalogue/", views.index, name="index"),
    path("imports/<uuid:import_id>/", views.show_import, name="import"),
    path("imports/<uuid:import_id>/progress", views.progress, name="progress"),
    path("imports/<uuid:import_id>/rows/<int:number>/", views.row, name="row"),
    path("imports/<uuid:import_id>/rows/<int:number>/decide", views.decide, name="decide"),
    path("imports/<uuid:import_id>/take-doubtful", views.take_all, name="take-doubtful"),
    path("imports/<uuid:import_id>/confirm", views.confirm, name="confirm"),
    path(
        "imports/<uuid:import_id>/left-out.xlsx",
        views.left_out,
        {"suffix": "xlsx"},
        name="left-out-xlsx",
    ),
    path(
        "imports/<uuid:import_id>/left-out.csv",
        views.left_out,
        {"suffix": "csv"},
        name="left-out-csv",
    ),
]
