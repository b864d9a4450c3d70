"""The desk's table of contents, below /admin/desk/."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from volunteers.desk import wishing_urls
from volunteers.desk.views import (
    actions,
    addresses,
    arriving,
    calling,
    checking,
    drafting,
    joined,
    joining,
    limits,
    notices,
    orders,
    overview,
    papers,
    robots,
    window,
    writing_down,
)

app_name = "desk"
urlpatterns = [
    path("", overview.index, name="index"),
    path("language/", set_language, name="language"),
    path("addresses/", addresses.index, name="addresses"),
    path("addresses/<uuid:question_id>/", addresses.show, name="address"),
    path("addresses/<uuid:question_id>/phone/", addresses.phone, name="address_phone"),
    path("new/", drafting.new, name="new"),
    path("joining/", joining.index, name="joining"),
    path("joining/<uuid:join_id>/approve/", joining.approve, name="join_approve"),
    path("joining/<uuid:join_id>/refuse/", joining.refuse, name="join_refuse"),
    path("robots/", robots.index, name="robots"),
    path("robots/new/", robots.new, name="robot_new"),
    path("robots/<uuid:robot_id>/", robots.show, name="robot"),
    path("robots/<uuid:robot_id>/test/", robots.test, name="robot_test"),
    path("robots/<uuid:robot_id>/switch/", robots.switch, name="robot_switch"),
    path("calls/", calling.calls, name="calls"),
    path("calls/<uuid:call_id>/", calling.call, name="call"),
    path("<uuid:public_id>/", window.show, name="window"),
    path("<uuid:public_id>/joined/", joined.show, name="joined"),
    path("<uuid:public_id>/progress/", window.progress, name="progress"),
    path("<uuid:public_id>/do/<slug:action>/", actions.do, name="do"),
    path("<uuid:public_id>/check/", checking.show, name="check"),
    path("<uuid:public_id>/past/", window.past, name="past"),
    path("<uuid:public_id>/phone/", window.phone, name="phone"),
    path("<uuid:public_id>/notices/", notices.show, name="notices"),
    path("<uuid:public_id>/notices/picture/", notices.picture, name="notice_picture"),
    path("<uuid:public_id>/arrived/", arriving.show, name="arriving"),
    path("<uuid:public_id>/times/", drafting.times, name="times"),
    path("<uuid:public_id>/offers/", drafting.offers, name="offers"),
    path("<uuid:public_id>/offers/<uuid:offer_id>/", drafting.offer, name="offer"),
    path("<uuid:public_id>/limits/", limits.show, name="limits"),
    path("<uuid:public_id>/entry/", writing_down.entry, name="entry"),
    path("<uuid:public_id>/entry/doors/", writing_down.doors, name="doors"),
    path("<uuid:public_id>/entry/form.pdf", writing_down.order_form, name="order_form"),
    path("<uuid:public_id>/care/", calling.care, name="care"),
    path("<uuid:public_id>/orders/", orders.index, name="orders"),
    path("<uuid:public_id>/orders/<uuid:order_id>/", orders.show, name="order"),
    path("<uuid:public_id>/files/<uuid:file_id>/", papers.order_file, name="order_file"),
    path("<uuid:public_id>/files/<uuid:file_id>/text/", papers.text, name="order_text"),
    path("<uuid:public_id>/lists/<uuid:community_id>/", papers.lists, name="lists"),
    path("<uuid:public_id>/sheets/<uuid:file_id>/", papers.sheet, name="sheet"),
]
urlpatterns += wishing_urls.urlpatterns
