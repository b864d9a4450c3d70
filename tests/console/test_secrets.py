"""Keys, tokens, phones and roles: given to few, shown once, noted."""

from __future__ import annotations

import pytest
from django.test import Client
from knox.models import AuthToken

from communities.models import Consent, Household, Membership, Resident, User
from communities.people import AlreadyGranted
from communities.roles import Role
from config.kernel.audit import AuditEntry
from suppliers.keys import find_key
from suppliers.models import Supplier, SupplierKey
from tests import factories as make
from tests.console import addresses as at
from tests.console.browsing import fill
from tests.console.conftest import Enter, Place


def _actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def _keys(place: Place) -> str:
    return f"/admin/suppliers/supplier/{place.rows[Supplier].pk}/keys/"


def test_key_is_shown_once_and_opens(home: Place, enter: Enter) -> None:
    browser = enter(home.organiser)

    response = browser.post(_keys(home), {"label": "门店电脑"})

    secret = response.context["secret"]
    key = SupplierKey.objects.get()
    assert find_key(secret) == key
    assert (key.supplier, key.label) == (home.rows[Supplier], "门店电脑")
    assert "no-store" in response["Cache-Control"]
    assert _actions()[-1] == "supplier_key.issued"
    assert secret not in browser.get(at.change(home.rows[Supplier])).content.decode()
    assert secret not in str(list(AuditEntry.objects.values("data")))


def test_key_tells_its_issuer_and_the_owners_committee_sees_it(home: Place, enter: Enter) -> None:
    browser = enter(home.organiser)
    browser.post(_keys(home), {"label": "电脑\x00"})
    owners = enter(make.make_staff(home.community, Role.OWNERS_COMMITTEE))

    page = browser.get(at.change(home.rows[Supplier])).content.decode()
    entry = AuditEntry.objects.get(action="supplier_key.issued")

    assert f"<p>{home.organiser.username}</p>" in page
    assert entry.pk in at.listed(owners.get(at.changelist(AuditEntry)))
    assert SupplierKey.objects.get().label == "电脑"


def test_key_is_revoked_once(home: Place, enter: Enter) -> None:
    browser = enter(home.organiser)
    secret = browser.post(_keys(home)).context["secret"]
    key = SupplierKey.objects.get()

    for _tap in range(2):
        response = browser.post(f"{_keys(home)}{key.pk}/revoke/")
        assert response.status_code == 302

    assert find_key(secret) is None
    assert _actions().count("supplier_key.revoked") == 1


@pytest.mark.parametrize("role", [Role.CHECKER, Role.VOLUNTEER, Role.TREASURER])
def test_key_is_not_for_lower_roles(home: Place, enter: Enter, role: Role) -> None:
    browser = enter(make.make_staff(home.community, role))
    page = browser.get(at.change(home.rows[Supplier])).content.decode()

    response = browser.post(_keys(home))

    assert response.status_code == 403
    assert SupplierKey.objects.count() == 0
    assert "/keys/" not in page


def test_key_of_foreign_supplier_is_not_found(home: Place, away: Place, enter: Enter) -> None:
    enter(away.organiser).post(_keys(away))
    key = SupplierKey.objects.get()
    browser = enter(home.organiser)

    assert browser.post(_keys(away)).status_code == 404
    assert browser.post(f"{_keys(away)}{key.pk}/revoke/").status_code == 404
    assert browser.post(f"{_keys(home)}{key.pk}/revoke/").status_code == 404
    key.refresh_from_db()
    assert (SupplierKey.objects.count(), key.revoked_at) == (1, None)


@pytest.mark.parametrize("path", ["keys/", "keys/1/revoke/"])
def test_key_by_get_is_refused(home: Place, enter: Enter, path: str) -> None:
    address = f"/admin/suppliers/supplier/{home.rows[Supplier].pk}/{path}"

    assert enter(home.organiser).get(address).status_code == 405


def _tokens(user: User) -> str:
    return f"/admin/communities/user/{user.pk}/token/"


def test_token_of_a_resident_signs_him_in(home: Place, enter: Enter) -> None:
    resident = make.make_resident(home.community)

    response = enter(home.organiser).post(_tokens(resident))

    token = response.context["secret"]
    answer = Client().get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert _actions()[-1] == "token.issued"


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.COMMITTEE])
def test_token_of_somebody_on_duty_is_refused(home: Place, enter: Enter, role: Role) -> None:
    """It would lend his role to whoever holds the token."""
    staff = make.make_staff(home.community, role)

    assert enter(home.organiser).post(_tokens(staff)).status_code == 403
    assert AuthToken.objects.count() == 0


def test_token_of_resident_with_a_role_elsewhere_is_refused(
    home: Place, away: Place, enter: Enter
) -> None:
    resident = make.make_resident(home.community)
    make.grant(resident, Role.TREASURER, away.community)

    assert enter(home.organiser).post(_tokens(resident)).status_code == 403
    assert AuthToken.objects.count() == 0


def test_token_of_foreign_resident_is_not_found(home: Place, away: Place, enter: Enter) -> None:
    resident = make.make_resident(away.community)

    assert enter(home.organiser).post(_tokens(resident)).status_code == 404
    assert AuthToken.objects.count() == 0


def test_token_is_not_for_lower_roles(home: Place, enter: Enter) -> None:
    resident = make.make_resident(home.community)
    checker = make.make_staff(home.community, Role.CHECKER)

    assert enter(checker).post(_tokens(resident)).status_code == 403
    assert AuthToken.objects.count() == 0


def test_token_of_anybody_is_for_superusers(home: Place, root: User, enter: Enter) -> None:
    response = enter(root).post(_tokens(home.organiser))

    assert response.status_code == 200
    assert AuthToken.objects.get().user == home.organiser


def test_tokens_end_together(home: Place, enter: Enter) -> None:
    resident = make.make_resident(home.community)
    browser = enter(home.organiser)
    token = browser.post(_tokens(resident)).context["secret"]

    browser.post(f"/admin/communities/user/{resident.pk}/tokens/end/")

    answer = Client().get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert _actions()[-1] == "token.revoked"


def test_phone_is_shown_to_hands_and_noted(home: Place, enter: Enter) -> None:
    volunteer = make.make_staff(home.community, Role.VOLUNTEER)
    address = f"/admin/communities/resident/{home.rows[Resident].pk}/phone/"

    response = enter(volunteer).post(address)

    assert response.context["secret"] == "+8613812345678"
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor_id) == ("resident.phone_shown", volunteer.pk)


def test_phone_is_not_shown_to_others(home: Place, away: Place, enter: Enter) -> None:
    address = f"/admin/communities/resident/{home.rows[Resident].pk}/phone/"
    owners = make.make_staff(home.community, Role.OWNERS_COMMITTEE)
    before = AuditEntry.objects.count()

    assert enter(owners).post(address).status_code == 403
    assert enter(away.organiser).post(address).status_code == 404
    assert AuditEntry.objects.count() == before


def test_account_is_opened_by_the_committee_and_given_a_role(
    home: Place, committee: User, enter: Enter
) -> None:
    browser = enter(committee)

    response = fill(
        browser,
        at.add(User),
        username="zhang",
        display_name="张三",
        new_password="langes-wort-77",
        is_staff="on",
    )
    assert response["Location"] == f"{at.add(Membership)}?username=zhang"
    fill(browser, response["Location"], role="volunteer", community=home.community.pk)

    user = User.objects.get(username="zhang")
    assert user.check_password("langes-wort-77")
    membership = user.memberships.get()
    assert (membership.role, membership.community) == ("volunteer", home.community)
    assert _actions()[-2:] == ["user.created", "membership.granted"]
    assert enter(user).get("/admin/desk/").status_code == 200


@pytest.mark.parametrize("password", ["kurz", "1234567890123", "password1234"])
def test_account_with_weak_password_is_refused(
    home: Place, committee: User, enter: Enter, password: str
) -> None:
    fill(enter(committee), at.add(User), username="zhang", new_password=password)

    assert not User.objects.filter(username="zhang").exists()


def test_account_is_not_edited_by_the_committee(home: Place, committee: User, enter: Enter) -> None:
    """It may hold roles elsewhere, and a new password would be a way into them."""
    before = home.organiser.password

    response = enter(committee).post(at.change(home.organiser), {"new_password": "langes-wort-77"})

    home.organiser.refresh_from_db()
    assert response.status_code == 403
    assert home.organiser.password == before


def test_account_is_edited_by_a_superuser(home: Place, root: User, enter: Enter) -> None:
    fill(enter(root), at.change(home.organiser), new_password="neues-wort-88", display_name="老王")

    home.organiser.refresh_from_db()
    assert home.organiser.display_name == "老王"
    assert home.organiser.check_password("neues-wort-88")
    assert "neues-wort-88" not in str(list(AuditEntry.objects.values("data")))


def test_account_edited_without_a_password_keeps_its_own(
    home: Place, root: User, enter: Enter
) -> None:
    home.organiser.set_password("altes-wort-66")
    home.organiser.save(update_fields=["password"])

    response = fill(enter(root), at.change(home.organiser), display_name="老王")

    assert response.status_code == 302
    home.organiser.refresh_from_db()
    assert home.organiser.display_name == "老王"
    assert Client().login(username=home.organiser.username, password="altes-wort-66")
    assert AuditEntry.objects.latest("pk").data == {"fields": ["display_name"]}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"username": "niemand"}, "username"),
        ({"role": "resident"}, "role"),
        ({"community": ""}, "__all__"),
        ({"role": "building_leader"}, "building"),
    ],
)
def test_role_with_bad_input_is_not_granted(
    home: Place, committee: User, enter: Enter, fields: dict[str, str], wrong: str
) -> None:
    user = make.make_user("wang")
    given = {"username": "wang", "role": "volunteer", "community": home.community.pk, **fields}

    response = fill(enter(committee), at.add(Membership), **given)

    assert list(response.context["adminform"].form.errors) == [wrong]
    assert user.memberships.count() == 0


def test_role_in_a_foreign_community_is_not_granted(
    home: Place, away: Place, committee: User, enter: Enter
) -> None:
    user = make.make_user("wang")

    response = fill(
        enter(committee),
        at.add(Membership),
        username="wang",
        role="volunteer",
        community=away.community.pk,
    )

    assert "community" in response.context["adminform"].form.errors
    assert user.memberships.count() == 0


def test_role_granted_twice_is_refused_with_a_sentence(
    home: Place, committee: User, enter: Enter
) -> None:
    user = make.make_user("wang")
    given = {"username": "wang", "role": "volunteer", "community": home.community.pk}
    browser = enter(committee)

    fill(browser, at.add(Membership), **given)
    again = fill(browser, at.add(Membership), **given)

    assert AlreadyGranted().sentence in browser.get(again["Location"]).content.decode()
    assert user.memberships.count() == 1


def test_role_to_a_superuser_is_not_granted(
    home: Place, committee: User, root: User, enter: Enter
) -> None:
    given = {"username": root.username, "role": "volunteer", "community": home.community.pk}

    fill(enter(committee), at.add(Membership), **given)

    assert root.memberships.count() == 0


def test_organiser_grants_no_role(home: Place, enter: Enter) -> None:
    given = {"username": home.organiser.username, "role": "committee"}

    response = enter(home.organiser).post(
        at.add(Membership), {**given, "community": home.community.pk}
    )

    assert response.status_code == 403
    assert home.organiser.memberships.count() == 1


def test_role_is_ended_once(home: Place, committee: User, enter: Enter) -> None:
    membership = home.rows[Membership]
    browser = enter(committee)

    for _tap in range(2):
        browser.post(f"/admin/communities/membership/{membership.pk}/end/")

    membership.refresh_from_db()
    assert membership.ended_at is not None
    assert _actions().count("membership.ended") == 1
    assert enter(home.organiser).get(at.changelist(Household)).status_code == 403


def test_role_is_not_ended_by_others(
    home: Place, away: Place, committee: User, enter: Enter
) -> None:
    own = f"/admin/communities/membership/{home.rows[Membership].pk}/end/"
    foreign = f"/admin/communities/membership/{away.rows[Membership].pk}/end/"

    assert enter(home.organiser).post(own).status_code == 403
    assert enter(committee).post(foreign).status_code == 404
    assert Membership.objects.filter(ended_at__isnull=False).count() == 0


def test_consent_by_word_of_mouth_is_noted_and_withdrawn_on_the_page(
    home: Place, enter: Enter
) -> None:
    row, browser = home.rows[Resident], enter(make.make_staff(home.community, Role.VOLUNTEER))
    address = f"/admin/communities/resident/{row.pk}/consent/"
    browser.post(address, {"purpose": "direct_delivery"})
    assert 'name="withdraw"' in browser.get(at.change(row)).content.decode()

    for _click in range(2):
        browser.post(address, {"purpose": "direct_delivery", "withdraw": "1"})

    assert 'name="withdraw"' not in browser.get(at.change(row)).content.decode()
    (consent,) = Consent.objects.filter(resident=row)
    assert consent.withdrawn_at is not None
    assert _actions()[-2:] == ["consent.noted", "consent.withdrawn"]


def test_resident_without_an_account_is_noted_as_moved_out_once(
    home: Place, away: Place, enter: Enter
) -> None:
    row, browser = home.rows[Resident], enter(home.organiser)
    volunteer = enter(make.make_staff(home.community, Role.VOLUNTEER))
    button = "/moved-out/"
    browser.post(f"/admin/communities/resident/{row.pk}/consent/", {"purpose": "care_notes"})

    assert button not in volunteer.get(at.change(row)).content.decode()
    assert volunteer.post(at.change(row).replace("/change/", button)).status_code == 403
    foreign = at.change(away.rows[Resident]).replace("/change/", button)
    assert browser.post(foreign).status_code == 404
    assert not Resident.objects.exclude(left_at=None).exists()
    assert button in browser.get(at.change(row)).content.decode()
    for _click in range(2):
        browser.post(at.change(row).replace("/change/", button))

    assert button not in browser.get(at.change(row)).content.decode()
    row.refresh_from_db()
    assert row.left_at is not None
    assert Consent.objects.get().withdrawn_at == row.left_at
    assert _actions().count("resident.moved_out") == 1


def test_resident_who_orders_himself_is_not_noted_as_moved_out(home: Place, enter: Enter) -> None:
    user, row = make.make_resident(home.community), home.rows[Resident]
    Resident.objects.filter(pk=row.pk).update(user=user)

    answer = enter(home.organiser).post(
        at.change(row).replace("/change/", "/moved-out/"), follow=True
    )

    assert "账号下单" in answer.content.decode()
    assert Resident.objects.get(pk=row.pk).left_at is None
