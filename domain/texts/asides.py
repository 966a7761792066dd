"""Lines under a table that are none of its rows: totals, notes, who filled it in. By their words alone."""

import re
from collections.abc import Iterable

from domain.texts.text import squeeze

EXAMPLE = "【示例行，不导入】"
"""Stands in one cell of the example row of a template, wherever that row is moved to."""
_EXAMPLE = re.compile(r"示例行.?不导入")

_TOTAL = re.compile(
    r"(合计|小计|总计|共计|总数|累计|本页小计)([:(].*|\d+件?|共?\d+件.*)?|共\d+[件条项].*|\d+[件条项]"
)
_NOTE = re.compile(
    r"(注|备注|说明|附注|附|填表说明|填报说明)\d?[:：、.]|(填表|制表|填报|审核|联系|经办|报送|审批|负责|签发|复核)(人|单位|时间|日期|电话)"
    r"|\(?此表|\(?本表|联系电话|(打印|制表|填报)(时间|日期)|^注$"
)


def is_total(text: str) -> bool:
    """合计, 合计：12件, 共6件."""
    return _TOTAL.fullmatch(squeeze(text)) is not None


def is_note(text: str) -> bool:
    """注：以正式通知为准; 制表人：韦小满."""
    return _NOTE.match(squeeze(text)) is not None


def is_example(line: Iterable[object]) -> bool:
    """Whether one of the cells of a row says that it is the example of a template, and no data."""
    return any(
        isinstance(cell, str) and "示例行" in cell and _EXAMPLE.search(cell) for cell in line
    )
