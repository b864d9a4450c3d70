"""The desk's pages around a round: what repeats, who buys together, what is wanted before and beside it."""

from __future__ import annotations

from django.urls import path

from volunteers.desk.views import (
    copying,
    inviting,
    repeating,
    requests,
    survey_asking,
    survey_draft,
    survey_file,
    surveys,
)

urlpatterns = [
    path("repeating/", repeating.index, name="repeating_list"),
    path("repeating/new/", repeating.new, name="repeating_new"),
    path("repeating/<uuid:template_id>/", repeating.show, name="repeating"),
    path("repeating/<uuid:template_id>/edit/", repeating.edit, name="repeating_edit"),
    path("repeating/<uuid:template_id>/goods/", repeating.goods, name="repeating_goods"),
    path("repeating/<uuid:template_id>/limits/", repeating.limits, name="repeating_limits"),
    path("repeating/<uuid:template_id>/do/<slug:step>/", repeating.do, name="repeating_do"),
    path(
        "repeating/<uuid:template_id>/communities/",
        inviting.of_template,
        name="repeating_communities",
    ),
    path("invitations/", inviting.index, name="invitations"),
    path("invitations/<uuid:invitation_id>/", inviting.show, name="invitation"),
    path("surveys/", surveys.index, name="surveys"),
    path("surveys/new/", survey_asking.choose, name="survey_supplier"),
    path("surveys/new/<uuid:supplier_id>/", survey_asking.new, name="survey_new"),
    path("surveys/<uuid:survey_id>/", surveys.show, name="survey"),
    path("surveys/<uuid:survey_id>/close/", surveys.close, name="survey_close"),
    path("surveys/<uuid:survey_id>/draft/", survey_draft.draft, name="survey_draft"),
    path("surveys/<uuid:survey_id>/file/<slug:form>/", survey_file.file, name="survey_file"),
    path("requests/", requests.index, name="requests"),
    path("requests/new/", requests.new, name="request_new"),
    path("requests/<uuid:request_id>/", requests.show, name="request"),
    path("<uuid:public_id>/copy/", copying.copy, name="copy"),
    path("<uuid:public_id>/communities/", inviting.of_window, name="communities"),
]
