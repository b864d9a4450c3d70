"""The words of a survey's file, in both languages. Pure."""

from __future__ import annotations

WORDS = {
    "zh-hans": {
        "title": "需求调查",
        "not_an_order": "仅供备货参考，不是订单",
        "remark": "说明",
        "survey": "调查",
        "community": "小区",
        "supplier": "供货商",
        "until": "截止",
        "as_of": "统计时间",
        "replies": "已答户数",
        "position": "序号",
        "name": "品名",
        "spec": "规格",
        "unit": "单位",
        "pieces": "合计",
        "households": "户数",
        "total": "合计",
    },
    "en": {
        "title": "Survey",
        "not_an_order": "To plan stock by. Not an order.",
        "remark": "Note",
        "survey": "Survey",
        "community": "Communities",
        "supplier": "Supplier",
        "until": "Answers until",
        "as_of": "Counted",
        "replies": "Households that answered",
        "position": "No.",
        "name": "Product",
        "spec": "Specification",
        "unit": "Unit",
        "pieces": "Total",
        "households": "Households",
        "total": "Total",
    },
}
