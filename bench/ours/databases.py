"""Makes the panel's databases for the measurements: the reference data alone, or any number of items in use.

Rows go straight into the tables: how they got there is not what is measured.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from bench.child import Stopwatch
from bench.plans import HANDED_OVER_ON, Item, deputy_names, make_items, unit_names
from bench.users import (
    PASSWORD,
    USERS,
    crowd_unit,
    crowd_user,
)
from bench.words import RARE_WORD
from domain import models
from domain.actors import AGENCY, DEPUTY, LEADER, LIAISON, OFFICE, SUPERVISOR
from domain.people.passwords import hash_password
from domain.rules_of_saving import RULES
from domain.schema.states import ItemState, TaskRole
from domain.searching.folding import fold
from domain.storing.database import make_engine
from domain.storing.session import system_session
from domain.storing.write_rules import hold_to
from seeds.reference import seed_reference

NOW = datetime(2024, 4, 15, 9)
FIRST_MEETING = 1_001
MEETING_SIZE = 2_000
RARE_ITEMS = 3

_PORTION = 5_000
STATES = (
    ("办结",) * 70 + ("销号",) * 12 + ("办理",) * 8 + ("交办",) * 6 + ("审核",) * 2 + ("评价",) * 2
)
"""Of a hundred items; most of an archive is done with."""
_TASK_STATES = {"交办": "待签收", "办理": "办理中", "审核": "审核中"}
_REPLY_STATES = {
    "办结": ("已答复",),
    "销号": ("已答复",),
    "评价": ("已答复",),
    "审核": ("督查审核", "主要审签", "通过", "协办会签"),
    "办理": ("", "", "", "", "拟稿", "退回"),
}
SUPERVISED = 100
"""Of so many items one is a leader's."""
_SUPERVISOR_ID = list(USERS).index(SUPERVISOR) + 1
DONE = (ItemState.CLOSED, ItemState.WRITTEN_OFF)

Values = dict[str, Any]


def open_panel(database: str) -> Engine:
    """The database, with the classes made and the rules of saving set, as a worker has them when work comes in."""
    models.load()
    hold_to(RULES)
    return make_engine(f"sqlite:///{database}")


def prepare(watch: Stopwatch, database: str) -> None:
    """An empty panel: tables, units, calendar, rules, meetings."""
    _prepare(database).dispose()


def fill(watch: Stopwatch, database: str, proposals: int) -> None:
    """A panel in use: so many items of many meetings with people, tasks, replies and deadlines, and a user of every
    role."""
    engine = _prepare(database)
    _fill(engine, proposals)
    with engine.begin() as connection:
        _add(connection, "deadlines", _deadlines_of_leads(connection))
        _add(connection, "replies", _replies(connection))
        _add(connection, "return_requests", _return_requests(connection))
    _analyze(engine)
    engine.dispose()


def fill_crowd(watch: Stopwatch, database: str, proposals: int, people: int) -> None:
    """A panel in use as of ``fill``, and a crowd of users who may log in today."""
    engine = _prepare(database)
    _fill(engine, proposals)
    with engine.begin() as connection:
        password = {"password_hash": hash_password(PASSWORD), "must_change_password": False}
        _add(connection, "users", ({**_of_crowd(place), **password} for place in range(people)))
        connection.execute(update(models.table_of("users")).values(password_changed_at=None))
    _analyze(engine)
    engine.dispose()


def fill_deadlines(watch: Stopwatch, database: str, deadlines: int) -> None:
    """A panel in use with so many open deadlines, due from two months before NOW to six after."""
    engine = _prepare(database)
    _fill(engine, -(-deadlines // 3) + 1)
    tasks = models.table_of("assignments")
    with engine.begin() as connection:
        some = select(tasks.c.id, tasks.c.unit_id).order_by(tasks.c.id).limit(deadlines)
        _add(connection, "deadlines", (_deadline(*row) for row in connection.execute(some).all()))
    _analyze(engine)
    engine.dispose()


def _prepare(database: str) -> Engine:
    engine = open_panel(database)
    with engine.begin() as connection:
        for statement in models.schema.statements(engine.dialect.name):
            connection.exec_driver_sql(statement)
    with system_session(engine, "bench", lambda: NOW) as session:
        seed_reference(session)
        session.commit()
    return engine


def _fill(engine: Engine, proposals: int) -> None:
    with engine.begin() as connection:
        _add(connection, "meetings", _meetings(proposals))
        _add(connection, "answer_categories", _categories(proposals))
        people = {name: place for place, name in enumerate(deputy_names(), 1)}
        _add(connection, "deputies", (_deputy(name, place) for name, place in people.items()))
        _add(connection, "users", _users())
        units = _unit_ids(connection)
        for start in range(0, proposals, _PORTION):
            items = make_items(min(_PORTION, proposals - start), seed=f"items from {start}")
            _add_items(connection, list(enumerate(items, start + 1)), people, units)
    fold(engine, models.schema.tables)
    _analyze(engine)


def _analyze(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _add(connection: Connection, table: str, rows: Iterable[Values]) -> None:
    """Insert the rows, all with the same columns, a portion at a time."""
    waiting = iter(rows)
    while portion := list(islice(waiting, _PORTION)):
        connection.execute(insert(models.table_of(table)), portion)


def _add_items(
    connection: Connection,
    items: Sequence[tuple[int, Item]],
    people: Mapping[str, int],
    units: Mapping[str, int],
) -> None:
    """Items with the ids they come with, their signatures and tasks."""
    _add(connection, "proposals", (_proposal(place, item) for place, item in items))
    _add(
        connection,
        "sponsors",
        (
            {
                "proposal_id": place,
                "deputy_id": people[name],
                "role": "联名" if position else "领衔",
                "position": position,
            }
            for place, item in items
            for position, name in enumerate((item.lead, *item.joint))
        ),
    )
    _add(
        connection,
        "assignments",
        (
            {
                "proposal_id": place,
                "unit_id": units[unit],
                "role": "协办" if position else "主办",
                "state": _task_state(_state(place), is_lead=position == 0),
                "signed_on": None if _state(place) == "交办" else HANDED_OVER_ON,
                "counts_from_on": HANDED_OVER_ON,
            }
            for place, item in items
            for position, unit in enumerate((item.lead_unit, *item.partners))
        ),
    )


def _meetings(proposals: int) -> Iterator[Values]:
    """As many meetings as the items need, above the ids of the seeds'; five sessions make a term."""
    for place in range(-(-proposals // MEETING_SIZE)):
        term, session = divmod(place, 5)
        yield {
            "id": FIRST_MEETING + place,
            "name": f"第{term + 1}届人大第{session + 1}次会议（测量）",
            "body": "人大",
            "level": "区县级",
            "term": term + 1,
            "session": session + 1,
            "year": 2024,
            "handed_over_on": HANDED_OVER_ON,
            "review_route_id": 2,
        }


def _categories(proposals: int) -> Iterator[Values]:
    """One letter for the answers of each meeting, with the meeting's id."""
    for meeting in _meetings(proposals):
        yield {"id": meeting["id"], "meeting_id": meeting["id"], "letter": "A", "definition": "A类"}


def _deputy(name: str, place: int) -> Values:
    return {"id": place, "name": name, "body": "人大", "level": "区县级", "term": 1}


def _proposal(place: int, item: Item) -> Values:
    """States are mixed so that every part of the table holds all of them."""
    title = f"关于推广{RARE_WORD}种植的建议" if place <= RARE_ITEMS else item.title
    return {
        "id": place,
        "meeting_id": FIRST_MEETING + (place - 1) // MEETING_SIZE,
        "kind": "建议",
        "number": f"{(place - 1) % MEETING_SIZE + 1:04}",
        "title": title,
        "state": _state(place),
        "delegation": item.delegation,
        "handed_over_on": HANDED_OVER_ON,
        "counts_from_on": HANDED_OVER_ON,
        "due_on": item.due_on,
        "key_kind": "领导督办" if place % SUPERVISED == 0 else None,
        "supervisor_id": _SUPERVISOR_ID if place % SUPERVISED == 0 else None,
    }


def _state(place: int) -> str:
    """The state of the item in this place."""
    return STATES[place * 37 % len(STATES)]


def _task_state(item_state: str, *, is_lead: bool) -> str:
    """The state of a task, as that of its item follows from it."""
    if item_state in _TASK_STATES:
        return _TASK_STATES[item_state]
    return "已答复" if is_lead else "已完成"


def _deadline(task_id: int, unit_id: int) -> Values:
    """One open deadline of a task; a third of them is overdue, as no office ever has it."""
    return {
        "assignment_id": task_id,
        "unit_id": unit_id,
        "milestone": "答复",
        "due_on": NOW.date() + timedelta(days=task_id * 7919 % 240 - 60),
        "basis_text": "",
    }


def _deadlines_of_leads(connection: Connection) -> Iterator[Values]:
    """The answer that every leading task owes; done on its day, where the item is done with."""
    tasks, items = models.table_of("assignments"), models.table_of("proposals")
    leading = (
        select(tasks.c.id, tasks.c.unit_id, items.c.state)
        .join(items, items.c.id == tasks.c.proposal_id)
        .where(tasks.c.role == TaskRole.LEAD)
    )
    for task_id, unit_id, state in connection.execute(leading.order_by(tasks.c.id)).all():
        line = _deadline(task_id, unit_id)
        yield {**line, "done_on": line["due_on"] if state in DONE else None}


def _replies(connection: Connection) -> Iterator[Values]:
    """What the leading tasks have answered, by how far their items are; none of most that are being handled."""
    tasks, items = models.table_of("assignments"), models.table_of("proposals")
    leading = (
        select(tasks.c.id, tasks.c.unit_id, tasks.c.proposal_id, items.c.meeting_id, items.c.state)
        .join(items, items.c.id == tasks.c.proposal_id)
        .where(tasks.c.role == TaskRole.LEAD)
    )
    for row in connection.execute(leading.order_by(tasks.c.id)):
        task_id, unit_id, item_id, meeting_id, state = row
        common = {"assignment_id": task_id, "proposal_id": item_id, "meeting_id": meeting_id}
        words = {"role": TaskRole.LEAD, "area_role": TaskRole.LEAD, "kind": "答复"}
        told = _REPLY_STATES.get(state, ("",))
        if reply_state := told[task_id % len(told)]:
            issued_on = NOW.date() if reply_state == "已答复" else None
            is_draft = reply_state == "拟稿"
            yield {
                **common,
                **words,
                "unit_id": unit_id,
                "state": reply_state,
                "submitted_on": None if is_draft else HANDED_OVER_ON,
                "issued_on": issued_on,
                "answer_category_id": None if is_draft else meeting_id,
            }


def _return_requests(connection: Connection) -> Iterator[Values]:
    """One of a hundred tasks has asked to be rid of its item; a third waits, a third was refused."""
    tasks = models.table_of("assignments")
    asked = select(tasks.c.id, tasks.c.unit_id).where(tasks.c.id % 100 == 7)
    for place, (task_id, unit_id) in enumerate(connection.execute(asked.order_by(tasks.c.id))):
        decision = ("待定", "不同意", "撤回")[place % 3]
        yield {
            "assignment_id": task_id,
            "unit_id": unit_id,
            "reason": "不属本单位职责",
            "asked_on": HANDED_OVER_ON,
            "decision": decision,
            "decided_on": None if decision == "待定" else NOW.date(),
        }


def _users() -> list[Values]:
    common = {
        "password_hash": hash_password(PASSWORD),
        "must_change_password": False,
        "password_changed_at": NOW,
    }
    return [
        {
            "id": place,
            "username": user,
            "full_name": f"测量{place}",
            "role": role,
            "unit_id": 1 if role in (LIAISON, LEADER) else None,
            "deputy_id": 1 if role == DEPUTY else None,
            "body": "人大" if role == AGENCY else None,
            **common,
        }
        for place, (role, user) in enumerate(USERS.items(), 1)
    ]


def _of_crowd(place: int) -> Values:
    """One of the crowd: at the office, or a liaison of one unit or another."""
    username, unit_id = crowd_user(place), crowd_unit(place)
    role = LIAISON if unit_id else OFFICE
    return {"username": username, "full_name": username, "role": role, "unit_id": unit_id}


def _unit_ids(connection: Connection) -> dict[str, int]:
    """The id of every unit by all the ways to write it."""
    units = models.table_of("units")
    ids = dict(connection.execute(select(units.c.name, units.c.id)).all())
    return {way: ids[name] for name, others in unit_names().items() for way in (name, *others)}
