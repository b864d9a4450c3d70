"""Pages of the first day, below the desk."""

from __future__ import annotations

from django.urls import path

from communities.history import name_actions
from communities.importing.urls import import_paths
from communities.roster.desk import DESK
from volunteers.setup.views import homes, papers, places, unused
from volunteers.setup.wording import ACTIONS

app_name = "setup"
name_actions(ACTIONS)

urlpatterns = [
    path("setup/", places.index, name="index"),
    path("setup/new/", places.new, name="new"),
    path("setup/<uuid:community_id>/", places.show, name="community"),
    path("setup/<uuid:community_id>/contact/", places.contact, name="contact"),
    path("setup/<uuid:community_id>/homes/", homes.generate, name="homes"),
    path("setup/<uuid:community_id>/unused/", unused.unused, name="unused"),
    path("setup/<uuid:community_id>/roster/", homes.roster, name="roster"),
    path("setup/<uuid:community_id>/slips/", papers.slips, name="slips"),
    path("setup/<uuid:community_id>/poster/", papers.poster, name="poster"),
    *import_paths(DESK, "rosters/"),
]
