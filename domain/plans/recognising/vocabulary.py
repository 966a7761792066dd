"""The headers people write and the column each means, with how sure the words alone make us (0-100).

Words only: what stands under a header is weighed in `columns`. Sources: the header sets of real exports (慈溪, 渝北,
汝州, 虹口, kelvinBen/ei, EVECOM) and of S0's attachments.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from domain.texts.text import squeeze

CANONICAL = (
    "number", "kind", "title", "lead", "joint", "delegation", "category", "lead_unit",
    "co_unit", "each_unit", "unit", "leader", "due_on", "is_key", "merged_into",
    "note",
)  # fmt: skip
UNIT_COLUMNS = ("lead_unit", "unit", "each_unit", "co_unit")
REPEATABLE = frozenset(("joint", "co_unit", "each_unit", "note"))

NAMES = {
    "number": "编号", "kind": "类型", "title": "标题", "lead": "提出人", "joint": "联名人",
    "delegation": "代表团或界别", "category": "内容类别", "lead_unit": "主办单位",
    "co_unit": "协办单位", "each_unit": "分办单位", "unit": "承办单位",
    "leader": "责任领导", "due_on": "办理时限", "is_key": "是否重点",
    "merged_into": "并入", "note": "备注",
}  # fmt: skip
"""What a column is called in sentences when the file itself has no header for it."""


def _read_words() -> dict[str, tuple[str, int]]:
    """Word -> (canonical column, score), from the list beside this module."""
    words: dict[str, tuple[str, int]] = {}
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            canonical, score, *labels = line.split()
            words |= {label: (canonical, int(score)) for label in labels}
    return words


_EXACT = _read_words()

_STRANGERS = re.compile(
    r"序号|联系|电话|手机|地址|邮编|邮政|意见|结果|情况|方式|形式|件数|人数|数量|[率数]$|标记|状态|环节|面商|采纳|满意|时间|日期|证号"
    r"|号标|文号|签发|操作|选择|办复类别|答复|^现|^建议承办|^建议[协分]办|^申请|^主办.*号|^[协分]办.*号|科室|人员|联络员|经办|会议|附件"
)
"""Headers of other things that hold a word of ours: 主办答复时间, 协办意见, 主办提案号, 现承办单位."""

_PATTERNS = (
    (re.compile(r"^(?!.*(?:单位|部门))(?:拟|已|是否|与|同)?(?:并案|并入|合并|归并)"), "merged_into", 85),
    (re.compile(r"(建议|议案|提案|意见)案?(编号|序号|号码|号)$"), "number", 90),
    (re.compile(r"(?<!单位)(?<!部门)(标题|题目|题名|案由)$"), "title", 85),
    (re.compile(r"(建议|议案|提案)(的)?名称$"), "title", 85),
    (re.compile(r"(领衔|第一提案|首位提案|主提)(人|代表|委员|者)"), "lead", 85),
    (re.compile(r"(附议|联名)(人|代表|委员|提案)"), "joint", 85),
    (re.compile(r"(分别?办理?)(责任)?(单位|部门)"), "each_unit", 85),
    (re.compile(r"(协办|会办|配合|参办|协同|协助|共同)(办理|责任)?(单位|部门)"), "co_unit", 85),
    (re.compile(r"(主办|牵头|独办)(责任)?(单位|部门)"), "lead_unit", 85),
    (re.compile(r"(承办|责任|办理)(责任)?(单位|部门)"), "unit", 80),
    (re.compile(r"(领导|(分管|督办|包案|联系|牵头|领办)副?[省市州区县旗]长)$"), "leader", 70),
    (re.compile(r"时限|期限|限期|限时|(办结|办理|完成|答复)要求$"), "due_on", 75),
    (re.compile(r"(完成|办结|办复|截止|答复).*(前|时间|日期)$"), "due_on", 65),
    (re.compile(r"重点"), "is_key", 70),
    (re.compile(r"(代表团|界别)$"), "delegation", 75),
    (re.compile(r"(内容类别|内容分类)"), "category", 80),
    (re.compile(r"^备注|备注$"), "note", 80),
)  # fmt: skip


_STATED = re.compile(r"(要求|计划|规定|限).*(时间|日期)$|^限[期时](答复|办复)$|^答复要求$")
"""Strangers' words in headers of what is asked for, not of what came of it."""

_ROLES = {
    **dict.fromkeys(("主", "主办", "牵头", "独办"), "lead_unit"),
    **dict.fromkeys(("协", "会", "协办", "会办", "配合", "协同"), "co_unit"),
    **dict.fromkeys(("分", "分办"), "each_unit"),
}
_SIGNERS = {
    **dict.fromkeys(("领衔", "第一", "首位"), "lead"),
    **dict.fromkeys(("联名", "附议", "其他", "其余"), "joint"),
}
_UNDER = {**dict.fromkeys(UNIT_COLUMNS, _ROLES), **dict.fromkeys(("lead", "joint"), _SIGNERS)}
"""What short words mean in the second row of a header, under 承办单位 or 代表."""


def tidy_label(text: str) -> str:
    """A header for comparing: no spaces, line breaks, stars, colons, numbering; half-width."""
    return squeeze(text).strip("*:;。,、★●").rstrip("0123456789")


def is_of_other_things(label: str) -> bool:
    """Whether a header holds a word of what no plan is read for: 联系电话, 答复日期, 会议时间."""
    return bool(_STRANGERS.search(label)) and not _STATED.search(label)


@lru_cache(maxsize=4096)
def meaning(label: str) -> tuple[str, int] | None:
    """The column a header means and how sure its words make us; None for headers of other things."""
    text = tidy_label(label)
    if not text or len(text) > 30:
        return None
    bare = re.sub(r"\([^()]*\)", "", text)
    found = _EXACT.get(text) or _EXACT.get(bare)
    if found:
        return found
    if is_of_other_things(bare):
        return None
    return next(
        ((canonical, score) for pattern, canonical, score in _PATTERNS if pattern.search(bare)),
        None,
    )


def of_path(labels: tuple[str, ...]) -> tuple[str, int] | None:
    """The meaning of a header of one to three rows, outermost first: each row qualifies what stands above it."""
    found = meaning(labels[0]) if labels else None
    for upper, label in pairwise(labels):
        found = _qualified(found, upper, label)
    return found


def _qualified(above: tuple[str, int] | None, upper: str, label: str) -> tuple[str, int] | None:
    """A label under a header that means `above`: its own meaning, that of both together, or the upper one's."""
    own = meaning(label)
    if above and (under := _UNDER.get(above[0], {}).get(tidy_label(label))):
        return under, 90
    if above and own and own[0] == "unit" and above[0] in _ROLES.values():
        return above
    if own and own[1] >= 85:
        return own
    joined = meaning(upper + label)
    is_strange = _STRANGERS.search(tidy_label(label))
    around = (above[0], above[1] * 9 // 10) if above and not is_strange else None
    return max(filter(None, (own, joined, around)), key=lambda found: found[1], default=None)
