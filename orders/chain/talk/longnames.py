"""Nicknames that are whole phrases: 涮锅爱好者, 三花大王, 芒果味的夏天. Pure.

Only what stands beside the door by itself is asked here.
"""

from __future__ import annotations

import re

_SIGN = "[\u3400-\u9fff]"
_SOMEBODY = re.compile(
    f"{_SIGN}{{1,6}}(?:爱好者|达人|大王|小王子|小公主|仙女|战士|青年|少女|少年|居士|掌柜|本人|控|侠|者|人)"
)
_NOBODY = re.compile(
    "(?:[老病家别客大盲每有没男女工个两几外他行本二一]|[一二两三四五六七八九十]个)人$|代|帮|替|隔壁|邻居|的人$"
)
# What people long for; goods are not called so.
_LONGED_FOR = re.compile(
    f"{_SIGN}{{1,5}}的(?:春天|夏天|秋天|冬天|日子|快乐|幸福|时光|世界|故事|生活|人生|月亮|星星|星空|大海|天空|风|云|梦)"
)


def is_long_name(words: str) -> bool:
    return bool(_LONGED_FOR.fullmatch(words)) or (
        _SOMEBODY.fullmatch(words) is not None and not _NOBODY.search(words)
    )
