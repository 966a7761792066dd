"""Which unit owes which year's report (总结), by the rules of the meetings it worked for.

A report is a unit's and a year's, so it has no row among the deadlines, which are tasks'. For a
person's session: the office sees all units, a unit itself.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from domain import models
from domain.actors import LEADER, LIAISON
from domain.dues.deadlines import Facts, report_due
from domain.dues.due_states import DueState
from domain.dues.rulebook import Rulebook, load_judge, load_rulebook
from domain.schema.states import ENDED
from domain.storing.session import ActorSession


@dataclass(frozen=True)
class ReportDue:
    """A unit's report of a year, until when it is owed, and when it was handed in."""

    unit_id: int
    unit: str
    year: int
    due_on: date
    done_on: date | None
    state: DueState
    report_id: int | None = None
    """The row of the report, handed in or still being written."""


def report_dues(session: ActorSession, today: date) -> list[ReportDue]:
    """The reports that are owed, by due date; where two meetings ask, the earlier date counts."""
    book, judge = load_rulebook(session), load_judge(session)
    dates = _dates(book)
    report = models.UnitReport
    written = {
        (unit_id, year): (on, report_id)
        for unit_id, year, on, report_id in session.execute(
            select(report.unit_id, report.year, report.submitted_on, report.id)
        )
    }
    owed: dict[tuple[int, str, int], date] = {}
    for unit_id, name, meeting_id in _workers(session):
        if meeting_id in dates:
            key = (unit_id, name, book.meetings[meeting_id].year)
            owed[key] = min(dates[meeting_id], owed.get(key, dates[meeting_id]))
    found = []
    for (unit_id, name, year), due_on in owed.items():
        done_on, report_id = written.get((unit_id, year), (None, None))
        state = judge.state(due_on, done_on, today)
        found.append(ReportDue(unit_id, name, year, due_on, done_on, state, report_id))
    return sorted(found, key=lambda r: (r.due_on, r.unit))


def _dates(book: Rulebook) -> dict[int, date]:
    """When the report on each meeting's items is due."""
    found = {}
    for meeting_id, meeting in book.meetings.items():
        facts = Facts(meeting_id, meeting.year, meeting.level, kind="", area_role="", role="")
        if made := report_due(meeting.rules, facts, book.calendar):
            found[meeting_id] = made.on
    return found


def _workers(session: ActorSession) -> list[tuple[int, str, int]]:
    """(unit, its name, meeting) for every unit that was given items of the meeting."""
    task, item, unit = models.Assignment, models.Proposal, models.Unit
    given = (
        select(unit.id, unit.name, item.meeting_id)
        .join(task, task.unit_id == unit.id)
        .join(item, item.id == task.proposal_id)
        .where(task.state.not_in(ENDED), ~item.is_history)
        .distinct()
    )
    if session.actor.role in (LIAISON, LEADER):
        given = given.where(task.unit_id == session.actor.unit_id)
    return [(row[0], row[1], row[2]) for row in session.execute(given)]
