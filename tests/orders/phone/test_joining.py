"""Somebody with a slip comes in on a phone, and nothing gets lost on the way."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.db import transaction
from playwright.sync_api import Page

from communities.joining.deciding import refuse_join
from communities.mailing.address import code_of
from communities.models import Community, Household, JoinRequest, Mailbox, Membership, SignInCode
from config.kernel import clock
from tests import factories as make
from tests.communities.joining.test_signing_in import PHONE, delivered, resident
from tests.communities.joining.world import approve, slip
from tests.orders.phone.conftest import Phone, lose

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def community(transactional_db: None) -> Community:
    return make.make_community()


def fill_in(page: Page) -> None:
    page.get_by_label("怎么称呼您").fill("王阿姨")
    page.get_by_label("我同意").check()


def test_slip_is_scanned_approved_and_leads_to_the_menu(community: Community, phone: Phone) -> None:
    window = make.make_window(community)
    code = slip(make.household(community))
    page = phone.open(f"#{code}")
    assert page.get_by_label("纸上的入户码").input_value() == code
    # What was scanned stands in no address any more, so in no history either.
    assert page.url == f"{phone.address}/m/"
    phone.shoot("j1-join")
    fill_in(page)
    page.get_by_role("button", name="加入", exact=True).click()
    page.get_by_role("heading", name="等志愿者通过").wait_for()
    phone.shoot("j2-waiting")
    page.reload()
    page.get_by_role("heading", name="等志愿者通过").wait_for()
    approve(JoinRequest.objects.get())

    page.get_by_role("button", name="再看看").click()

    page.get_by_role("link", name=window.title).wait_for()
    page.get_by_role("link", name="我的", exact=True).click()
    page.get_by_text("1号楼 101").wait_for()
    phone.shoot("j3-me")
    _look_after_the_own_data(phone)
    page.get_by_role("link", name="1号楼 101").click()
    page.locator("select").select_option("call")
    page.get_by_text("已保存。").wait_for()
    phone.shoot("p5-home")
    page.get_by_role("button", name="退出这一户").click()
    page.get_by_text("您只有这一户").wait_for()
    phone.shoot("p6-leave")
    page.get_by_role("button", name="不，返回").click()
    page.get_by_role("button", name="退出这一户").click()
    page.get_by_role("button", name="是，确定").click()
    page.get_by_text("您已退出 1号楼 101").wait_for()
    page.get_by_role("heading", name="凭入户码加入").wait_for()
    assert page.evaluate("Object.keys(localStorage)") == []
    assert Household.objects.get(room="101").substitutes == "call"
    assert not Membership.objects.live().filter(household__room="101").exists()
    assert phone.said == []


def _look_after_the_own_data(phone: Phone) -> None:
    """Letters are named, confirmed and ended; a consent is given and taken back; where one is signed in."""
    page = phone.page
    page.get_by_role("link", name="邮件通知和免打扰时间").click()
    page.get_by_label("我的邮箱").fill("wang@example.org")
    page.get_by_role("button", name="发验证码").click()
    page.get_by_text("w***@example.org").wait_for()
    page.get_by_label("邮件里的验证码").fill(code_of(Mailbox.objects.get()))
    page.get_by_role("button", name="确认").click()
    page.get_by_text("好了：消息也会发到您的邮箱。").wait_for()
    page.get_by_label("从", exact=True).fill("21:30")
    page.get_by_label("到", exact=True).fill("07:00")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已保存。").wait_for()
    phone.shoot("p1-mail")
    assert [
        f"{at:%H:%M}" for at in Mailbox.objects.values_list("quiet_from", "quiet_until")[0]
    ] == [
        "21:30",
        "07:00",
    ]
    page.get_by_role("button", name="不再收邮件").click()
    page.get_by_role("button", name="是，确定").click()
    page.get_by_text("没有留邮箱").wait_for()
    assert not Mailbox.objects.exists()
    page.get_by_role("link", name="我的", exact=True).click()
    page.get_by_role("link", name="我同意过的事").click()
    page.get_by_role("button", name="我同意").first.click()
    page.get_by_role("button", name="撤回同意").wait_for()
    phone.shoot("p2-agreed")
    page.get_by_role("button", name="撤回同意").click()
    phone.shoot("p3-withdraw")
    page.get_by_role("button", name="是，确定").click()
    page.get_by_text("您已撤回").wait_for()
    page.get_by_role("link", name="我的", exact=True).click()
    page.get_by_role("link", name="登录了哪些设备").click()
    page.get_by_text("这部手机").wait_for()
    phone.shoot("p4-devices")
    page.get_by_role("link", name="我的", exact=True).click()


def test_what_was_typed_outlives_a_reload_and_a_wrong_code(
    community: Community, phone: Phone
) -> None:
    page = phone.open()
    page.get_by_label("纸上的入户码").fill("ABCD-EFGH-JK")
    fill_in(page)
    page.get_by_role("button", name="加入", exact=True).click()
    page.locator("#said.error").wait_for()
    phone.shoot("j4-wrong")

    page.reload()

    page.get_by_role("heading", name="凭入户码加入").wait_for()
    assert page.get_by_label("怎么称呼您").input_value() == "王阿姨"
    assert JoinRequest.objects.count() == 0


def test_lost_reply_of_joining_is_one_wish(community: Community, phone: Phone) -> None:
    page = phone.open(f"#{slip(make.household(community))}")
    fill_in(page)

    page.route("**/api/v1/join", lose, times=1)
    page.get_by_role("button", name="加入", exact=True).click()
    page.locator("#said.error").wait_for()
    page.get_by_role("button", name="加入", exact=True).click()

    page.get_by_role("heading", name="等志愿者通过").wait_for()
    assert JoinRequest.objects.count() == 1


def test_refused_wish_says_why_and_may_be_made_again(community: Community, phone: Phone) -> None:
    page = phone.open(f"#{slip(make.household(community))}")
    fill_in(page)
    page.get_by_role("button", name="加入", exact=True).click()
    page.get_by_role("heading", name="等志愿者通过").wait_for()
    with transaction.atomic():
        refuse_join(
            join=JoinRequest.objects.get(), actor=make.SETUP, reason="请写真实姓名", at=clock.now()
        )

    page.get_by_role("button", name="再看看").click()

    page.get_by_text("请写真实姓名").wait_for()
    page.get_by_role("heading", name="凭入户码加入").wait_for()


def test_shared_number_signs_in_by_a_code_as_the_person_one_is(
    community: Community, phone: Phone, settings: LazySettings
) -> None:
    settings.CODE_SENDER = "console"
    window = make.make_window(community)
    for room, name in (("101", "王阿姨"), ("102", "李伯伯")):
        resident(make.household(community, room), name)
    page = phone.open()
    page.get_by_role("button", name="手机号登记过：用手机号登录").click()
    page.get_by_label("电话号码").fill("12")
    page.get_by_role("button", name="发验证码").click()
    page.get_by_text("“电话号码”：这不是电话号码。").wait_for()
    page.get_by_label("电话号码").fill(PHONE)
    page.get_by_role("button", name="发验证码").click()
    code = _code_after(page)
    page.reload()  # the phone looked for the code elsewhere
    assert page.get_by_label("电话号码").input_value() == PHONE
    page.get_by_label("验证码", exact=True).fill(code[:5])
    page.get_by_label("我同意").check()
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_text("验证码是六位数字").wait_for()
    page.get_by_label("验证码", exact=True).fill(f"{code[:3]} {code[3:]}")
    page.get_by_role("button", name="登录", exact=True).click()
    phone.shoot("j5-choices")

    page.get_by_role("button", name="李伯伯").click()

    page.get_by_role("link", name=window.title).wait_for()
    page.get_by_role("link", name="我的", exact=True).click()
    page.get_by_text("1号楼 102").wait_for()
    code = slip(make.household(community, "101"))
    phone.open(f"#{code}")
    page.get_by_role("heading", name="再加一户").wait_for()
    assert page.get_by_label("纸上的入户码").input_value() == code
    page.get_by_label("我同意").check()
    phone.shoot("p7-another")
    page.get_by_role("button", name="请志愿者通过").click()
    page.get_by_text("等待通过").wait_for()
    page.get_by_text("等志愿者通过。").wait_for()
    phone.shoot("p7-asked")
    with transaction.atomic():
        refuse_join(
            join=JoinRequest.objects.get(), actor=make.SETUP, reason="不认识您", at=clock.now()
        )
    page.reload()
    page.get_by_text("不认识您").wait_for()
    phone.shoot("p8-refused")
    _set_right(phone)
    page.get_by_role("button", name="在这部手机上退出").click()
    page.get_by_role("button", name="是，确定").click()
    page.get_by_role("heading", name="凭入户码加入").wait_for()
    # The browser itself says that the other number was refused.
    assert [one for one in phone.said if "409" not in one and "400" not in one] == []


def _set_right(phone: Phone) -> None:
    """The own name; then another number, which a confirmed one does not give way to."""
    page = phone.page
    page.get_by_role("link", name="我的称呼和电话").click()
    page.get_by_text("已验证").wait_for()
    page.get_by_label("怎么称呼您").fill("李爷爷")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已保存。").wait_for()
    page.get_by_label("电话号码").fill("13700137000")
    codes = SignInCode.objects.count()
    page.get_by_role("button", name="发验证码").click()
    page.get_by_text("要换号码，请找志愿者办理").wait_for()
    phone.shoot("p9-person")
    assert SignInCode.objects.count() == codes
    page.get_by_role("link", name="我的", exact=True).click()
    page.get_by_role("heading", name="李爷爷").wait_for()


def _code_after(page: Page) -> str:
    """Once the page says that it is on its way."""
    page.locator("#said.good").wait_for()
    return delivered()


def test_token_that_ended_leads_back_to_joining(community: Community, phone: Phone) -> None:
    page = phone.open("#%")
    page.get_by_role("heading", name="凭入户码加入").wait_for()
    # What one person was about to order is not the next one's on this phone.
    page.evaluate("""() => ["basket", "token", "large"].forEach(
        (name) => localStorage.setItem(`jidan.${name}`, JSON.stringify("0".repeat(64))))""")

    page.goto(page.url.partition("#")[0] + "#/orders")

    page.get_by_text("您在这部手机上的登录已经结束").wait_for()
    page.get_by_role("heading", name="凭入户码加入").wait_for()
    assert page.evaluate("Object.keys(localStorage)") == ["jidan.large"]
