from django.urls import path

from communities.api import devices, joining, me, scheme, sentences

__all__ = ["scheme", "urlpatterns"]  # the scheme is known once it is imported

sentences.register()

urlpatterns = [
    path("me", me.Me.as_view(), name="me"),
    path(
        "me/households/<uuid:public_id>", me.HouseholdSettings.as_view(), name="household-settings"
    ),
    path("me/messages", me.Messages.as_view(), name="my-messages"),
    path("me/messages/read", me.MessagesRead.as_view(), name="my-messages-read"),
    path("me/households", joining.JoinAnother.as_view(), name="join-another"),
    path("me/devices", devices.Devices.as_view(), name="my-devices"),
    path(
        "me/devices/<uuid:public_id>/revoke", devices.RevokeDevice.as_view(), name="revoke-device"
    ),
    path("auth/sign-out", devices.SignOut.as_view(), name="sign-out"),
    path("consents", joining.Consents.as_view(), name="consents"),
    path("join", joining.Join.as_view(), name="join"),
    path("join/<uuid:public_id>", joining.JoinStanding.as_view(), name="join-standing"),
    path("join/<uuid:public_id>/withdraw", joining.WithdrawJoin.as_view(), name="withdraw-join"),
]
