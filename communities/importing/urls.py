"""The addresses of an import's pages, the same for every kind, below a prefix of its own."""

from __future__ import annotations

from django.urls import URLPattern, path

from communities.history import name_actions
from communities.importing import views
from communities.importing.desk import Desk
from communities.importing.wording import ACTIONS

name_actions(ACTIONS)


def import_paths(desk: Desk, prefix: str) -> list[URLPattern]:
    """For the URL list of the desk's namespace; `prefix` is like `imports/`."""
    given = {"desk": desk}
    one = f"{prefix}<uuid:import_id>/"
    return [
        path(one, views.show_import, given, name="import"),
        path(f"{one}progress", views.progress, given, name="progress"),
        path(f"{one}rows/<int:number>/", views.row, given, name="row"),
        path(f"{one}rows/<int:number>/decide", views.decide, given, name="decide"),
        path(f"{one}take-doubtful", views.take_all, given, name="take-doubtful"),
        path(f"{one}confirm", views.confirm, given, name="confirm"),
        *(
            path(
                f"{one}left-out.{suffix}",
                views.left_out,
                {**given, "suffix": suffix},
                name=f"left-out-{suffix}",
            )
            for suffix in ("xlsx", "csv")
        ),
    ]
