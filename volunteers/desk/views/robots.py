"""Robots in the groups of volunteers and committees: set up, tried, switched, and why one is silent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communities.access import access_community, access_robot, communities_of
from communities.console import actor_of, user_of
from communities.groups.robots import add_robot, change_robot, switch_robot, try_robot
from communities.models import GroupRobot
from communities.roles import COORDINATORS
from config.kernel import clock
from config.kernel.errors import Forbidden
from volunteers.desk.entry import act, back_to, page
from volunteers.desk.robots import RobotForm

_SHOWN = 20


@require_GET
@page
def index(request: HttpRequest) -> HttpResponse:
    own = communities_of(user_of(request), COORDINATORS)
    if not own.exists():
        raise Forbidden()
    robots = GroupRobot.objects.filter(community__in=own).select_related("community")
    context = {"robots": robots.order_by("community__name", "name", "pk"), "now": clock.now()}
    return render(request, "desk/robots.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def new(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not communities_of(user, COORDINATORS).exists():
        raise Forbidden()
    form = RobotForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        wishes = form.wishes
        place = wishes.pop("community")
        community = access_community(user, public_id=place.public_id, roles=COORDINATORS)
        if act(
            request,
            lambda: add_robot(community=community, actor=actor_of(request), **wishes),
            done=_("Set up. Now send a test."),
        ):
            return back_to("robots")
    return render(request, "desk/robot_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def show(request: HttpRequest, robot_id: UUID) -> HttpResponse:
    user = user_of(request)
    robot = access_robot(user, public_id=robot_id, roles=COORDINATORS)
    form = RobotForm(request.POST or None, user=user, robot=robot)
    if request.method == "POST" and form.is_valid():
        wishes = {"forget_secret": False, **form.wishes}
        if act(
            request,
            lambda: change_robot(robot=robot, actor=actor_of(request), **wishes),
            done=_("Saved."),
        ):
            return back_to("robot", robot_id)
    context = {
        "robot": robot,
        "form": form,
        "said": robot.messages.order_by("-pk")[:_SHOWN],
        "zone": robot.community.zone,
        "now": clock.now(),
    }
    return render(request, "desk/robot.html", context)


@require_POST
@page
def test(request: HttpRequest, robot_id: UUID) -> HttpResponse:
    robot = access_robot(user_of(request), public_id=robot_id, roles=COORDINATORS)
    act(
        request,
        lambda: try_robot(robot=robot, actor=actor_of(request)),
        done=_("On its way. Look at the group, and below at what became of it."),
    )
    return back_to("robot", robot_id)


@require_POST
@page
def switch(request: HttpRequest, robot_id: UUID) -> HttpResponse:
    robot = access_robot(user_of(request), public_id=robot_id, roles=COORDINATORS)
    on = request.POST.get("on") == "1"
    done = _("Switched on.") if on else _("Switched off. What it should have said waits.")
    act(
        request,
        lambda: switch_robot(robot=robot, on=on, actor=actor_of(request)),
        done=done,
    )
    return back_to("robot", robot_id)
