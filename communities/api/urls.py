from django.urls import path

from communities.api import me, scheme

__all__ = ["scheme", "urlpatterns"]  # the scheme is known once it is imported

urlpatterns = [
    path("me", me.Me.as_view(), name="me"),
    path(
        "me/households/<uuid:public_id>", me.HouseholdSettings.as_view(), name="household-settings"
    ),
    path("me/messages", me.Messages.as_view(), name="my-messages"),
    path("me/messages/read", me.MessagesRead.as_view(), name="my-messages-read"),
]
