"""The office's overdue list in a few lines, for a group: by unit, how many are late and how badly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.dues.duelists import LateUnit, late_by_unit
from domain.storing.session import ActorSession

_MOST_BYTES = 2000
"""企业微信 takes 2,048 bytes of text, 钉钉 more."""


def overdue_text(session: ActorSession, today: date) -> str:
    """What the robot says of this day; "" where nothing is overdue."""
    units = late_by_unit(session, today)
    if not units:
        return ""
    total = sum(unit.total for unit in units)
    head = f"【办理】建议提案逾期情况（{today}）：{len(units)}个单位{total}个环节逾期未完成。"
    return _fitting(head, [_line(unit) for unit in units])


def _line(unit: LateUnit) -> str:
    levels = (("红", unit.red), ("黄", unit.yellow), ("蓝", unit.blue))
    told = "、".join(f"{name}{count}" for name, count in levels if count)
    return f"{unit.unit}：{unit.total}个（{told}），最早 {unit.oldest_on} 到期"


def _fitting(head: str, lines: Sequence[str]) -> str:
    """As many lines as the smaller of the two robots takes."""
    end = "……其余的请登录系统，在逾期清单里看。"
    kept, size = [head], len((head + end).encode()) + 2
    for line in lines:
        size += len(line.encode()) + 1
        if size > _MOST_BYTES:
            kept.append(end)
            break
        kept.append(line)
    return "\n".join(kept)
