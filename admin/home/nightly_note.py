"""What the front page says about the nightly check: that it ran, or that it did not.

Read past the person's scope: everybody may know whether the reminders he sees are of today.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import select

from admin.frame import edge
from admin.frame.db import db
from domain import models
from domain.schema.states import RunState
from domain.storing.database import read_only
from domain.storing.session import system_session
from jobs.work.nightly import NIGHTLY_CHECK

PATIENCE = timedelta(minutes=10)
"""A check that has not ended so long after it was asked for is not merely at work."""


@dataclass(frozen=True)
class NightlyNote:
    """One sentence, and whether it is a warning."""

    sentence: str
    is_warning: bool


@dataclass(frozen=True)
class _Check:
    """The check of the newest day that one was asked for."""

    day: date
    state: str
    queued_at: datetime
    finished_at: datetime | None


def nightly_note(now: datetime) -> NightlyNote:
    """How the last nightly check stands at `now`."""
    check = _newest()
    if check is None:
        return NightlyNote("时限检查还没有运行过，提醒可能不全。", is_warning=True)
    has_begun = now.time() >= current_app.extensions["settings"].nightly_at
    due = now.date() if has_begun else now.date() - timedelta(days=1)
    which = "今天" if check.day == now.date() else f"{check.day} "
    if check.state == RunState.FAILED:
        return NightlyNote(f"{check.day} 的时限检查失败了，请联系系统管理员。", is_warning=True)
    if check.state != RunState.DONE:
        return _unfinished(
            check, which, is_stuck=check.day < due or now > check.queued_at + PATIENCE
        )
    if check.day < due:
        missed = "今天的时限检查还没有运行" if has_begun else "昨天的时限检查没有运行"
        return NightlyNote(f"{missed}，上次是 {check.day}，提醒可能不全。", is_warning=True)
    if check.day < now.date():
        return NightlyNote(f"上次时限检查：{check.day}。", is_warning=False)
    return NightlyNote(f"{which} {check.finished_at:%H:%M} 已检查时限。", is_warning=False)


def _unfinished(check: _Check, which: str, *, is_stuck: bool) -> NightlyNote:
    if not is_stuck:
        return NightlyNote(f"{which}的时限检查正在进行。", is_warning=False)
    since = f"{check.queued_at:%Y-%m-%d %H:%M}"
    return NightlyNote(
        f"{which}的时限检查从 {since} 起一直没有做完，提醒可能不全，请联系系统管理员。",
        is_warning=True,
    )


def _newest() -> _Check | None:
    runs = models.JobRun
    query = select(runs.period_key, runs.state, runs.queued_at, runs.finished_at)
    query = query.where(runs.kind == NIGHTLY_CHECK).order_by(runs.period_key.desc()).limit(1)
    with system_session(read_only(db.engine), "首页", edge.now) as session:
        found = session.execute(query).one_or_none()
    if found is None or found[0] is None:  # the period of a check is its day
        return None
    return _Check(date.fromisoformat(found[0]), *found[1:])
