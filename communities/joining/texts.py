"""What people agree to, word by word. A text that somebody agreed to is never edited: it gets a new version.

Both languages stand here and not in the catalogue of translations, which is mended without a new version.
个保法 Art. 14–17 (voluntary, informed, withdrawable), 28–30 (separate consent for sensitive data).
"""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """One version. `zh` counts, `en` is a help."""

    version: str
    zh: str
    en: str


# By purpose, newest last.
TEXTS: dict[str, tuple[Text, ...]] = {
    "ordering": (
        Text(
            "2022-04-01",
            "为了给您家团购：我们记下您的姓名、门牌号、下单内容，您愿意留的话还有手机号。"
            "本小区的志愿者、楼组长和居委会只在分货、送货、对账时使用；供货商只看到数量合计，看不到您的姓名、电话和房号。"
            "一次团购结清 30 天后，这一次的个人信息会删除。"
            "您可以随时查看、更正、退出，退出后不再能下单。",
            "To order for your household we keep your name, your door, what you order and, if you wish, your "
            "phone number. Volunteers, building leaders and the committee of your community use them to hand out, "
            "deliver and settle. Suppliers see totals only, never your name, phone or room. Thirty days after a "
            "group buy is settled its personal data are erased. You can look, correct and leave at any time; after "
            "that you cannot order.",
        ),
    ),
    "care_notes": (
        Text(
            "2022-04-01",
            "为了照顾您家：志愿者会记下“需要照顾”这一项，以便优先分货、送到门口、截单前打电话提醒。"
            "原因（病情、年龄等）不记录，也不印在任何单子上。不同意不影响您下单。您可以随时撤回，撤回后删除。",
            "To look after your household, volunteers note that it needs care: it is served first, at the door, "
            "and called before the cutoff. Why is never stored or printed. Without your consent you can order all "
            "the same. You can withdraw at any time; then the note is erased.",
        ),
    ),
    "direct_delivery": (
        Text(
            "2022-04-01",
            "由供货商直接送到您家：我们把您的姓名、电话和门牌号交给这一次的供货商，只用于送这一次的货，送完即删。"
            "不同意的话，货物由志愿者转送。您可以随时撤回。",
            "For delivery to your door by the supplier we give him your name, phone and door for this one "
            "delivery; he erases them afterwards. Without your consent volunteers bring the goods. You can "
            "withdraw at any time.",
        ),
    ),
}


def current(purpose: str) -> Text:
    """The version that is asked for now. Raises KeyError for no purpose of ours."""
    return TEXTS[purpose][-1]
