from django.urls import path

from communities.api import (
    consents,
    devices,
    joining,
    joins,
    mailbox,
    me,
    own_phone,
    phone,
    scheme,
)

__all__ = ["scheme", "urlpatterns"]  # the scheme is known once it is imported

urlpatterns = [
    path("me", me.Me.as_view(), name="me"),
    path(
        "me/households/<uuid:public_id>", me.HouseholdSettings.as_view(), name="household-settings"
    ),
    path("me/messages", me.Messages.as_view(), name="my-messages"),
    path("me/messages/read", me.MessagesRead.as_view(), name="my-messages-read"),
    path("me/phone/code", own_phone.AskForOwnCode.as_view(), name="ask-for-own-code"),
    path("me/phone", own_phone.MyPhone.as_view(), name="my-phone"),
    path("me/joins", joins.MyJoins.as_view(), name="my-joins"),
    path(
        "me/joins/<uuid:public_id>/withdraw", joins.WithdrawMine.as_view(), name="withdraw-my-join"
    ),
    path("me/mailbox", mailbox.MyMailbox.as_view(), name="my-mailbox"),
    path("me/mailbox/confirm", mailbox.ConfirmMailbox.as_view(), name="confirm-mailbox"),
    path("me/households", joining.JoinAnother.as_view(), name="join-another"),
    path(
        "me/households/<uuid:public_id>/leave",
        consents.LeaveHousehold.as_view(),
        name="leave-household",
    ),
    path("me/consents", consents.MyConsents.as_view(), name="my-consents"),
    path(
        "me/consents/<slug:purpose>/withdraw",
        consents.WithdrawConsent.as_view(),
        name="withdraw-consent",
    ),
    path("me/devices", devices.Devices.as_view(), name="my-devices"),
    path(
        "me/devices/<uuid:public_id>/revoke", devices.RevokeDevice.as_view(), name="revoke-device"
    ),
    path("me/mini-program", phone.BindMiniProgram.as_view(), name="bind-mini-program"),
    path("auth/code", phone.AskForCode.as_view(), name="ask-for-code"),
    path("auth/token", phone.SignInByPhone.as_view(), name="sign-in-by-phone"),
    path("auth/mini-program", phone.SignInByMiniProgram.as_view(), name="sign-in-by-mini-program"),
    path("auth/sign-out", devices.SignOut.as_view(), name="sign-out"),
    path("consents", joining.Consents.as_view(), name="consents"),
    path("join", joining.Join.as_view(), name="join"),
    path("join/<uuid:public_id>", joining.JoinStanding.as_view(), name="join-standing"),
    path("join/<uuid:public_id>/withdraw", joining.WithdrawJoin.as_view(), name="withdraw-join"),
]
