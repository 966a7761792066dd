"""Fills an empty database with the demo district as it stands on a given day.

Not here: the reference data (seeds/reference.py), the texts (.csv files of this folder).
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from sqlalchemy import func, select

from domain import models
from domain.dues.deadlines import REVIEW
from domain.dues.nightly import check_deadlines
from domain.dues.rulebook import load_calendar
from domain.lifecycle import last_records, reactions
from domain.schema.states import ReplyKind, ReplyState, Revisit
from domain.storing.session import ActorSession
from seeds.demo.answers import answer
from seeds.demo.handling import handle
from seeds.demo.items import Cast, ItemStory, begin, find_cast
from seeds.demo.meetings import meetings, term_and_session
from seeds.demo.people import add_contacts, add_deputies, add_users
from seeds.files import read, values
from seeds.reference import add_meetings, add_rule_sets, seed_reference

MARK = "DEMO"
HELP = "有这一项说明这是演示库：件、人和办理情况都是编的，取值是放入的日期；正式使用请新建不带演示数据的库"
_LONGEST_STORY = 76


class NotEmpty(Exception):
    """The database holds the office's own items; the demo stays out of it. Its text is for people."""


def is_demo(session: ActorSession) -> bool:
    """Whether this database was filled with the demo."""
    return bool(session.scalar(select(models.Setting.id).filter_by(name=MARK)))


def seed_demo(session: ActorSession, hashed: Callable[[str], str]) -> bool:
    """Add the demo district as of the session's clock; False, changing nothing, if it is there.

    `hashed` gives the password hash of a username. Raises NotEmpty where there are items already.
    """
    if is_demo(session):
        return False
    if session.scalar(select(func.count(models.Proposal.id))):
        raise NotEmpty("库里已有建议提案，演示数据只能放进新建的空库。")
    seed_reference(session)
    add_rule_sets(session, "demo/deadline_rule_sets", "demo/deadline_rules")
    today = session.now().date()
    cast = _cast(session, today, hashed)
    lines = [line for line in read("demo/proposals") if _has_happened(line, today)]
    # the last one first, as a plan is written: lists show the newest first
    tellings = {line["number"]: _tell(cast, line) for line in reversed(lines)}
    _connect(tellings)
    _add_the_rest(cast, tellings)
    reactions.follow_up(session, [telling.item.id for telling in tellings.values()])
    last_records.fill_in(session.unchecked_connection())
    _revisit_last_october(session, today)
    words = {"label": "演示数据", "value": today.isoformat(), "help": HELP}
    session.add(models.Setting(name=MARK, **words))
    session.flush()
    check_deadlines(session, today)
    return True


def _cast(session: ActorSession, today: date, hashed: Callable[[str], str]) -> Cast:
    calendar = load_calendar(session)
    handed_over_on = calendar.add_working_days(today - timedelta(days=_LONGEST_STORY - 1), -1)
    rows = list(meetings(today.year, handed_over_on))
    add_meetings(session, rows)
    deputies = add_deputies(session, term_and_session(today.year)[0])
    add_users(session, read("demo/users"), deputies, hashed, session.now())
    add_contacts(session)
    by_name = {meeting.name: meeting for meeting in session.scalars(select(models.Meeting))}
    keyed = by_name | {row["key"]: by_name[row["name"]] for row in rows}
    found = find_cast(session, today, calendar)
    return Cast(session=session, meetings=keyed, deputies=deputies, **found)


def _has_happened(line: Mapping[str, str], today: date) -> bool:
    """Items of 2024 are told only where 2024 is over."""
    return line["story"] != "跨年" or today.year > 2024


def _tell(cast: Cast, line: Mapping[str, str]) -> ItemStory:
    telling = begin(cast, line)
    handle(telling)
    answer(telling)
    cast.session.flush()
    return telling


def _connect(tellings: Mapping[str, ItemStory]) -> None:
    """Merge and carry over: 并入:034 names the main item, 接续:047 this year's."""
    for telling in tellings.values():
        main, this_year = telling.flag("并入"), telling.flag("接续")
        if main:
            telling.item.merged_into_id = tellings[main].item.id
        if this_year:
            carried = tellings[this_year]
            carried.item.carried_from_id = telling.item.id
            carried.item.tracker = carried.tasks[0].handler


def _add_the_rest(cast: Cast, tellings: Mapping[str, ItemStory]) -> None:
    """Notes of the supervising leader, opinions from the meeting hall, score rules."""
    for telling in tellings.values():
        if telling.item.key_kind and telling.tasks:
            _note(cast, telling)
    for row in read("demo/opinions"):
        collected_on = cast.today - timedelta(days=int(row["days_ago"]))
        named = {
            "deputy_id": cast.deputies[row["deputy"]].id,
            "unit_id": cast.units[row["unit"]].id,
        }
        words = {key: row[key] for key in ("occasion", "summary", "judgement")}
        meeting = {"meeting_id": cast.meetings["区"].id, "collected_on": collected_on}
        judged_on = collected_on if row["judgement"] else None
        opinion = models.OnsiteOpinion(**meeting, **named, **words, judged_on=judged_on)
        cast.session.add(opinion)
    for row in read("demo/scores"):
        words = values(models.ScoreRule, row)
        cast.session.add(models.ScoreRule(year=cast.today.year, **words))
    cast.session.flush()


def _note(cast: Cast, telling: ItemStory) -> None:
    key = "note.领导督办" if telling.item.key_kind == "领导督办" else "note.重点"
    user = cast.session.get_one(models.User, telling.item.supervisor_id)
    words = {"author": user.full_name, "user_id": user.id, "content": telling.text(key)}
    on = telling.days.on(2)
    cast.session.add(models.SupervisionNote(proposal_id=telling.item.id, written_on=on, **words))


def _revisit_last_october(session: ActorSession, today: date) -> None:
    """Let units have looked at their answers (再梳理) last October: a demo of them all late would say nothing."""
    line, reply = models.Deadline, models.Reply
    passed = select(line.assignment_id, line.due_on).where(
        line.milestone == REVIEW, line.done_on.is_(None), line.due_on <= today
    )
    due = {row.assignment_id: row.due_on for row in session.execute(passed)}
    answered = reply.kind == ReplyKind.ANSWER, reply.state == ReplyState.ISSUED
    found = select(reply).where(reply.assignment_id.in_(due), *answered).order_by(reply.round)
    last = {row.assignment_id: row for row in session.scalars(found)}
    for task_id, row in last.items():
        row.revisited_on = max(row.issued_on, due[task_id] - timedelta(days=2))
        row.revisit_result = Revisit.CONFIRMED
    session.flush()
