"""The classes of the views for people: with an account, or before they have one."""

from __future__ import annotations

from typing import cast

from rest_framework.permissions import AllowAny

from communities.models import User
from communities.tokens import TokenAuthentication
from config.kernel.api.endpoints import Endpoint
from config.kernel.audit import Actor


class AccountEndpoint(Endpoint):
    """Bearer tokens only: a supplier's key is not even looked at."""

    authentication_classes = [TokenAuthentication]

    @property
    def account(self) -> User:
        return cast("User", self.request.user)

    @property
    def actor(self) -> Actor:
        return Actor("user", self.account.pk)


class OpenEndpoint(Endpoint):
    """Nobody signs in here: a token that comes along is not looked at."""

    authentication_classes = []
    permission_classes = [AllowAny]
