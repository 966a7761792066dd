"""重算时限: what a changed rule, date or rest day does to the due dates, shown first and then written on purpose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from markupsafe import Markup
from sqlalchemy import select

from admin.frame import edge
from admin.frame.page_view import PageView
from admin.tables.additions import additions
from domain import models
from domain.actors import OFFICE
from domain.dues import donedates, duedates
from domain.dues.duedates import DateChange
from domain.lifecycle.reactions import MOVED
from domain.storing.session import program_within

SHOWN = 200
DATED_BY = (
    "deadline_rule_sets",
    "deadline_rules",
    "calendar_years",
    "calendar_days",
    "meetings",
)
"""The tables by which due dates are reckoned and whose changes move none of them before somebody recomputes."""


@dataclass(frozen=True)
class MovedLine:
    """One change with the words of its task."""

    assignment_id: int
    task: str
    change: DateChange


@dataclass(frozen=True)
class RecomputePage:
    """The meetings to choose from, what would change in the chosen one, and what stays because a person set it."""

    meetings: tuple[tuple[int, str], ...]
    chosen: int | None
    count: int
    rows: tuple[MovedLine, ...]
    added: int
    moved: int
    removed: int
    kept_count: int
    kept: tuple[MovedLine, ...]


class RecomputeView(PageView):
    """重算时限."""

    roles = frozenset({OFFICE})

    def __init__(self) -> None:
        super().__init__(name="重算时限", category="督办", endpoint="recompute", url="/recompute")

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        """Show what would change in ``?meeting=``; a POST writes it."""
        meetings = _meetings()
        chosen = request.values.get("meeting", type=int)
        if chosen is not None and chosen not in dict(meetings):
            abort(404)
        if request.method == "POST" and chosen is not None:
            return self._write(chosen, meetings)
        return self.render("dues/recompute.html", page=_page(meetings, chosen), title="重算时限")

    def _write(self, chosen: int, meetings: Sequence[tuple[int, str]]) -> ResponseReturnValue:
        with program_within(edge.session()) as inner:
            changes = duedates.bring_up_to_date(inner, models.Proposal.meeting_id == chosen)
            donedates.mark_done(inner)
        edge.session().commit()
        flash(f"{dict(meetings)[chosen]}：已更新 {len(changes)} 个时限。", "good")
        return redirect(url_for("recompute.index", meeting=chosen))


def _meetings() -> tuple[tuple[int, str], ...]:
    meeting = models.Meeting
    newest = select(meeting.id, meeting.name).order_by(meeting.year.desc(), meeting.id.desc())
    return tuple((row.id, row.name) for row in edge.session().execute(newest))


def _page(meetings: tuple[tuple[int, str], ...], chosen: int | None) -> RecomputePage:
    of = models.Proposal.meeting_id == chosen
    compared = duedates.compared(edge.session(), of) if chosen is not None else []
    changes = [change for change in compared if not change.kept_as]
    kept = [change for change in compared if change.kept_as]
    return RecomputePage(
        meetings=meetings,
        chosen=chosen,
        count=len(changes),
        rows=_rows(changes),
        added=sum(c.old_on is None for c in changes),
        moved=sum(c.old_on is not None and c.new is not None for c in changes),
        removed=sum(c.new is None for c in changes),
        kept_count=len(kept),
        kept=_rows(kept),
    )


def _rows(changes: Sequence[DateChange]) -> tuple[MovedLine, ...]:
    shown = changes[:SHOWN]
    names = _task_names([change.assignment_id for change in shown])
    return tuple(MovedLine(c.assignment_id, names[c.assignment_id], c) for c in shown)


def _task_names(ids: Sequence[int]) -> Mapping[int, str]:
    task = models.Assignment
    found = select(task).where(task.id.in_(set(ids))).options(*models.name_options(task))
    return {row.id: str(row) for row in edge.session().scalars(found)}


def _differing_notes() -> Iterator[str]:
    """Of each meeting that goes on: how many due dates are other ones by now, and where to bring them up to date."""
    if edge.actor().role not in RecomputeView.roles:
        return
    meeting = models.Meeting
    going_on = select(meeting.id, meeting.name).where(~meeting.is_closed).order_by(meeting.id)
    for key, name in edge.session().execute(going_on).all():
        changes = duedates.planned_changes(edge.session(), models.Proposal.meeting_id == key)
        if changes:
            yield Markup(
                '{}：有 {} 个时限与现在的规则和日期不一致，还没有改。<a href="{}">去重算时限</a>'
            ).format(name, len(changes), url_for("recompute.index", meeting=key))


def _moved_notes() -> Iterator[str]:
    """How many due dates have moved with what was just saved."""
    if moved := edge.session().info.pop(MOVED, 0):
        yield f"{moved} 个时限已跟着这次修改变动。"


def init_recompute(app: Flask) -> None:
    """Put the page into the menu, and the way to it where rules and dates are changed."""
    app.extensions["admin"][0].add_view(RecomputeView())
    additions(app).saved_notes.update(dict.fromkeys(DATED_BY, _differing_notes))
    additions(app).saved_notes.update(dict.fromkeys(("proposals", "assignments"), _moved_notes))
