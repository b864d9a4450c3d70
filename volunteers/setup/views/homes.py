"""Buildings and households: by rule, or from a roster."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.console import actor_of, page
from communities.importing.views import store_posted
from communities.roster.desk import DESK
from communities.roster.kind import ROSTER
from communities.roster.making import Made, make_homes, propose
from config.kernel.intake.selectors import imports_of
from volunteers.desk.entry import act
from volunteers.setup.forms import PlanForm
from volunteers.setup.views.places import kept


@require_http_methods(["GET", "HEAD", "POST"])
@page
def generate(request: HttpRequest, community_id: UUID) -> HttpResponse:
    """The rule, what would be made of it, and the one confirmation."""
    community = kept(request, community_id)
    form = PlanForm(request.POST or None)
    is_sound = request.method == "POST" and form.is_valid()
    if is_sound and request.POST.get("step") == "make":
        made: list[Made] = []
        act(
            request,
            lambda: made.append(
                make_homes(community=community, houses=form.houses, actor=actor_of(request))
            ),
            done=_("Set up. What was there already stayed as it was."),
        )
        return redirect("setup:community", community.public_id)
    proposed = propose(community.pk, form.houses) if is_sound else []
    context = {
        "community": community,
        "form": form,
        "main": [form[name] for name in ("numbers", "floors", "doors", "pattern")],
        "more": [
            form[name] for name in ("lane", "units", "first_floor", "skip_floors", "skip_doors")
        ],
        "proposed": proposed,
        "new_buildings": sum(one.is_new for one in proposed),
        "new_rooms": sum(len(one.new_rooms) for one in proposed),
    }
    return render(request, "setup/homes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def roster(request: HttpRequest, community_id: UUID) -> HttpResponse:
    """The form for a new roster, and the files of before."""
    community = kept(request, community_id)
    if request.method == "POST":
        upload = store_posted(request, DESK, community.pk)
        if upload is not None:
            return redirect("setup:import", upload.public_id)
    earlier = imports_of(ROSTER.name, (ROSTER.subject_kind, community.pk))
    context = {
        "community": community,
        "imports": earlier[:20],
        "columns": [column.aliases[0] for column in ROSTER.columns],
    }
    return render(request, "setup/roster.html", context)
