"""What the front page says about the nightly check: that it ran, or that it did not.

Read past the person's scope: everybody may know whether the reminders he sees are of today.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from admin import edge
from admin.db import db
from domain import models
from domain.storing.database import read_only
from domain.storing.session import system_session
from jobs.nightly import NIGHTLY_CHECK


@dataclass(frozen=True)
class NightlyNote:
    """One sentence, and whether it is a warning."""

    sentence: str
    is_warning: bool


def nightly_note(now: datetime) -> NightlyNote:
    """How the last nightly check stands at `now`."""
    run = _newest()
    if run is None:
        return NightlyNote("时限检查还没有运行过，提醒可能不全。", is_warning=True)
    day, state, finished_at = run
    due = now.date().isoformat()
    if now.time() < current_app.extensions["settings"].nightly_at and day < due:
        return NightlyNote(f"上次时限检查：{day}。", is_warning=state != "完成")
    if state == "完成" and day >= due:
        return NightlyNote(f"今天 {finished_at:%H:%M} 已检查时限。", is_warning=False)
    if state == "失败":
        return NightlyNote(f"{day} 的时限检查失败了，请联系系统管理员。", is_warning=True)
    if state in ("等待", "进行"):
        return NightlyNote("今天的时限检查正在进行。", is_warning=False)
    return NightlyNote(f"今天的时限检查还没有运行，上次是 {day}，提醒可能不全。", is_warning=True)


def _newest() -> tuple[str, str, datetime | None] | None:
    runs = models.JobRun
    query = select(runs.period_key, runs.state, runs.finished_at).where(runs.kind == NIGHTLY_CHECK)
    with system_session(read_only(db.engine), "首页", edge.now) as session:
        found = session.execute(query.order_by(runs.period_key.desc()).limit(1)).one_or_none()
    return tuple(found) if found else None
