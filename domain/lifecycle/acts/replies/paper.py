"""What entering a signature on paper takes: its scan, and a day on which it could be given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.lifecycle.acts.act import Need
from domain.lifecycle.acts.conditions import has_file
from domain.storing.session import ActorSession

HAS_SCAN = Need(has_file, "还没有扫描件：请先把签了字的扫描件作为附件上传到这份答复。")


def unfit_signing_day(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[int, str]:
    """Which replies were not even handed to their unit on the day on which they are said to be signed."""
    on = told.get("acted_at")
    since = {row.id: row.assignment.counts_from_on for row in rows}
    return {
        id: f"签批日期 {on} 不能早于交办日期 {day}。"
        for id, day in since.items()
        if on and day and on < day
    }
