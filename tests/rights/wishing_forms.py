"""The forms around a round: what repeats, who buys together, what is wanted before and beside it."""

from __future__ import annotations

from tests.rights.console_form import WINDOW, Form

_TEMPLATE = (
    "weekdays opens closes closes_after delivers delivers_after valid_from valid_until drafts "
    "goods category minimum_measure minimum below_minimum extend_minutes notice"
)
FORMS: dict[str, Form] = {
    "copy": Form(
        "/admin/desk/{released}/copy/",
        "organiser_here",
        {"deliver_on": "2030-04-21"},
        {**WINDOW, "orders_offer": "+"},
        shows="once opens_at closes_at deliver_on",
    ),
    "community invited": Form(
        "/admin/desk/{draft}/communities/",
        "organiser_here",
        {"name": "小区-sister"},
        {"orders_invitation": "+"},
        shows="name",
    ),
    "community invited for ever": Form(
        "/admin/desk/repeating/{template}/communities/",
        "organiser_here",
        {"name": "小区-sister"},
        {"orders_invitation": "+"},
        shows="name",
    ),
    "new repeating round": Form(
        "/admin/desk/repeating/new/",
        "organiser_here",
        {"community": "{home}", "supplier": "{shop}"},
        {"orders_windowtemplate": "+", "kernel_idempotencykey": "+"},
        shows=f"once community supplier {_TEMPLATE}",
    ),
    "repeating round": Form(
        "/admin/desk/repeating/{template}/edit/",
        "organiser_here",
        {"opens": "06:00", "weekdays": "3"},
        {"orders_windowtemplate": "opens weekdays version"},
        shows=_TEMPLATE,
    ),
    "goods of a repeating round": Form(
        "/admin/desk/repeating/{template}/goods/",
        "organiser_here",
        {"product": "{fresh}", "row": "{fresh}", "cap": "5", "limit": ""},
        {"orders_templateproduct": "+", "orders_windowtemplate": "version"},
        shows="product row cap limit",
    ),
    "new survey": Form(
        "/admin/desk/surveys/new/{supplier_id}/",
        "organiser_here",
        {"communities": "{home}", "title": "想要什么", "product": "{product}"},
        {
            **dict.fromkeys(("orders_survey", "orders_surveycommunity", "orders_surveyitem"), "+"),
            **dict.fromkeys(("kernel_idempotencykey", "kernel_outboxmessage"), "+"),
        },
        shows="once communities title open_until notice words product",
    ),
    "survey made a round": Form(
        "/admin/desk/surveys/{survey}/draft/",
        "organiser_here",
        {"at_least": "1"},
        {**WINDOW, "orders_offer": "+"},
        shows="once at_least opens_at closes_at deliver_on",
    ),
    "request written down": Form(
        "/admin/desk/requests/new/",
        "organiser_here",
        {"door": "1-101", "what": "奶粉"},
        {"orders_singlerequest": "+", "kernel_idempotencykey": "+"},
        shows="once door what quantity for_whom note",
    ),
    "question to a supplier": Form(
        "/admin/desk/requests/{request}/",
        "organiser_here",
        {"step": "check", "supplier": "{supplier}", "question": "奶粉"},
        {"orders_singlerequest": "status supplier_id question checked_at"},
        shows="step on answer",
    ),
}
FOREIGN_ROWS: dict[str, dict[str, list[str]]] = {
    "new repeating round": {"community": ["{far}", "{sister}"], "supplier": ["{baker}", "{gone}"]},
    "new survey": {"communities": ["{far}", "{sister}"], "product": ["{far_product}", ""]},
    "question to a supplier": {"supplier": ["{baker}", "{gone}", "0"]},
    "community invited": {"name": ["小区-far", "小区-home", "小区"]},
}
