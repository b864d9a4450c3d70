"""Tokens are noted where those who supervise look: in each community of the account."""

from __future__ import annotations

import pytest

from communities.accounts import revoke_tokens
from communities.models import User
from communities.roles import Role
from communities.tokens import issue_token
from config.kernel.audit import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db


def _noted(user: User) -> list[tuple[str, int | None, object]]:
    issue_token(user=user, actor=make.SETUP)
    revoke_tokens(user=user, actor=make.SETUP)
    entries = AuditEntry.objects.filter(subject_id=user.pk, action__startswith="token.")
    return list(entries.order_by("pk").values_list("action", "community_id", "data"))


def test_token_is_noted_once_in_each_community_where_the_account_is_live() -> None:
    one, two, past = (make.make_community() for _number in range(3))
    user = make.make_resident(one)
    make.grant(user, Role.VOLUNTEER, one)
    make.grant(user, Role.VOLUNTEER, two)
    ended = make.grant(user, Role.VOLUNTEER, past)
    ended.ended_at = ended.started_at
    ended.save(update_fields=["ended_at"])

    assert _noted(user) == [
        ("token.issued", one.pk, {}),
        ("token.issued", two.pk, {}),
        ("token.revoked", one.pk, {"count": 1}),
        ("token.revoked", two.pk, {"count": 1}),
    ]


@pytest.mark.parametrize("is_regional", [True, False])
def test_token_of_an_account_in_no_single_community_is_noted_once(is_regional: bool) -> None:
    user = make.make_user()
    if is_regional:
        make.grant(user, Role.COMMITTEE, make.make_community().region)

    assert _noted(user) == [("token.issued", None, {}), ("token.revoked", None, {"count": 1})]
