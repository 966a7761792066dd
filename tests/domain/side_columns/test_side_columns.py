"""What side columns hold and how they are asked: every way to take a value, in the scope of who reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Engine, event, select

from domain import models
from domain.actors import Actor
from domain.dues.deadlines import WINDOWS
from domain.exports import tables as exports
from domain.schema.columns import SideColumn
from domain.schema.side_columns import read_note, understand
from domain.side_columns import asking, values
from domain.side_columns.asking import SideQuestion, holding
from domain.side_columns.offered import side_columns
from domain.side_columns.values import read_sides
from domain.storing.database import make_engine
from domain.storing.session import ActorSession, actor_session, system_session
from seeds.reference import seed_reference
from tests.ground.serving.contents import create_tables
from tests.ground.serving.databases import Databases
from tests.ground.tasks import a_deadline, a_reply, a_task, an_item

TODAY = date(2024, 5, 13)
NOW = datetime(2024, 5, 13, 9)
As = Callable[[str], Any]
PEOPLE = {"duban": ("交办督查", None), "czj": ("承办单位联络员", "区财政局")}


def build(url: str) -> None:
    """001 led by education with finance as a partner, answered twice; 002 led by finance; 003 nobody's yet."""
    create_tables(url)
    engine = make_engine(url)
    with system_session(engine, "准备", lambda: NOW) as session:
        seed_reference(session)
        units = {unit.short_name: unit.id for unit in session.scalars(select(models.Unit))}
        for username, (role, unit) in PEOPLE.items():
            words = {"full_name": username, "role": role, "unit_id": units[unit] if unit else None}
            session.add(models.User(username=username, **words))
        first, second, _ = (an_item(session, number) for number in ("001", "002", "003"))
        partner = a_task(session, first, "区财政局", "协办")
        lead = a_task(session, first)
        a_task(session, first, "区民政局", "协办")
        other = a_task(session, second, "区财政局")
        a_reply(session, lead, date(2024, 4, 20), "B", round=1, kind="答复")
        a_reply(session, lead, date(2024, 5, 9), "A", round=2, kind="答复")
        a_deadline(session, lead, date(2024, 5, 1), "重新办理")
        a_deadline(session, lead, date(2024, 6, 20), "办结")
        a_deadline(session, lead, date(2024, 4, 11), "办理方案", done_on=date(2024, 4, 11))
        a_deadline(session, partner, date(2024, 4, 20), "协办意见")
        a_deadline(session, other, date(2024, 5, 16), "答复")
        a_deadline(session, other, date(2024, 4, 17), "申请退办")
        for place, name in enumerate(("甲某", "乙某", "丙某")):
            deputy = models.Deputy(name=name, body="人大", term=15)
            session.add(deputy)
            session.flush()
            role = "联名" if place else "领衔"
            signs = {"deputy_id": deputy.id, "position": 3 - place if place else 0, "role": role}
            session.add(models.Sponsor(proposal_id=first.id, wants_reply=place != 1, **signs))
        session.flush()
        _keep_only(session, {"重新办理", "办结", "办理方案", "协办意见", "答复", "申请退办"})
        session.commit()
    engine.dispose()


def _keep_only(session: ActorSession, milestones: set[str]) -> None:
    """Of the deadlines only those that were set above by hand."""
    for line in session.scalars(select(models.Deadline)):
        if line.origin != "手工" or line.milestone not in milestones:
            session.delete(line)
    session.flush()


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    with databases.copy_of("side columns", build) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def acting(engine: Engine) -> As:
    """A session of the person with this log-in name."""

    @contextmanager
    def session_of(username: str) -> Iterator[ActorSession]:
        with system_session(engine, "登录", lambda: NOW) as session:
            user = session.scalars(select(models.User).filter_by(username=username)).one()
            actor = Actor.of(user)
        with actor_session(engine, actor, lambda: NOW) as session:
            yield session

    return session_of


def side(note: str, table: str = "proposals") -> SideColumn:
    """A side column as a note would declare it."""
    tables = models.schema.tables
    return understand(read_note(f"tried 试列 = {note}"), tables[table], tables)


def numbers(session: ActorSession, clause: ColumnElement[bool]) -> set[str]:
    return set(session.scalars(select(models.Proposal.number).where(clause)))


def held(session: ActorSession, asked: SideColumn) -> dict[str, Any]:
    """By the number of the item, what the column holds."""
    ids = dict(session.execute(select(models.Proposal.id, models.Proposal.number)).all())
    found = read_sides(session, [asked], list(ids), TODAY)[asked.name]
    return {ids[key]: one.value for key, one in found.items()}


LEADS = "assignments.unit_id [role=主办 分办] [state<>已退办]"
OPEN = "assignments.deadlines.due_on [assignments.role=主办] [milestone<>申请退办] [done_on=空]"


@pytest.mark.parametrize(("note", "expected"), [
    (LEADS, {"001": "鱼峰区教育局", "002": "鱼峰区财政局"}),
    ("assignments.unit_id [role=协办]", {"001": "鱼峰区财政局、鱼峰区民政局"}),
    ("assignments.unit_id", {"001": "鱼峰区教育局、鱼峰区财政局、鱼峰区民政局", "002": "鱼峰区财政局"}),
    ("assignments.unit_id 首个", {"001": "鱼峰区教育局", "002": "鱼峰区财政局"}),
    ("assignments.unit_id 末个", {"001": "鱼峰区民政局", "002": "鱼峰区财政局"}),
    ("assignments.role", {"001": "主办、协办", "002": "主办"}),
    ("assignments.unit.name 末个", {"001": "鱼峰区民政局", "002": "鱼峰区财政局"}),
    ("sponsors.deputy_id", {"001": "甲某、丙某、乙某"}),
    ("sponsors.deputy_id [role<>领衔] 首个", {"001": "丙某"}),
    ("sponsors.deputy.name [sponsors.wants_reply=否]", {"001": "乙某"}),
    ("sponsors.wants_reply", {"001": "是、否"}),
    ("replies.answer_category.letter 末个 round", {"001": "A"}),
    ("replies.answer_category.letter 首个 round", {"001": "B"}),
    (f"{OPEN} 最早", {"001": date(2024, 5, 1), "002": date(2024, 5, 16)}),
    (f"{OPEN} 最晚", {"001": date(2024, 6, 20), "002": date(2024, 5, 16)}),
    (f"{OPEN} 已过", {"001": 12}),
    ("assignments.deadlines.done_on [done_on<>空] 最早", {"001": date(2024, 4, 11)}),
    ("meeting.body", dict.fromkeys(("001", "002", "003"), "人大")),
])  # fmt: skip
def test_each_way_to_take_a_value(acting: As, note: str, expected: dict[str, Any]) -> None:
    with acting("duban") as session:
        assert held(session, side(note)) == expected


@pytest.mark.parametrize(("note", "operator", "value", "expected"), [
    ("assignments.role", "is", "协办", {"001"}),
    ("assignments.role", "not", "协办", {"002", "003"}),
    ("assignments.role", "empty", False, {"001", "002"}),
    ("assignments.role", "empty", True, {"003"}),
    ("assignments.role 末个", "is", "主办", {"002"}),
    ("assignments.role 末个", "not", "协办", {"002", "003"}),
    ("replies.answer_category.letter 末个 round", "contains", "B", set()),
    ("replies.answer_category.letter 首个 round", "contains", "B", {"001"}),
    (f"{OPEN} 最早", "from", date(2024, 5, 2), {"002"}),
    (f"{OPEN} 最早", "to", date(2024, 5, 2), {"001"}),
    (f"{OPEN} 最晚", "from", date(2024, 5, 17), {"001"}),
    (f"{OPEN} 最晚", "to", date(2024, 5, 17), {"002"}),
    (f"{OPEN} 已过", "from", 12, {"001"}),
    (f"{OPEN} 已过", "from", 13, set()),
    (f"{OPEN} 已过", "to", 12, {"001"}),
    (f"{OPEN} 已过", "to", 11, set()),
    (f"{OPEN} 已过", "from", 10**15, set()),
    (f"{OPEN} 已过", "to", 10**15, {"001"}),
    (f"{OPEN} 已过", "empty", True, {"002", "003"}),
    ("meeting.body", "is", "人大", {"001", "002", "003"}),
    ("meeting.body", "not", "人大", set()),
])  # fmt: skip
@pytest.mark.parametrize("few", [0, 1_000], ids=["each looks up its own", "gathered at once"])
def test_each_question_finds_the_rows_that_hold_it(
    acting: As,
    monkeypatch: pytest.MonkeyPatch,
    note: str,
    operator: str,
    value: Any,
    expected: set[str],
    few: int,
) -> None:
    monkeypatch.setattr(asking, "FEW", few)
    monkeypatch.setattr(asking, "_is_indexed", lambda _: True)
    with acting("duban") as session:
        question = SideQuestion(operator, (value,), _says)
        assert numbers(session, holding(session, side(note), question, TODAY)) == expected


def _says(operator: str, expression: Any, asked: tuple[Any, ...]) -> ColumnElement[bool]:
    says: dict[str, Callable[[], ColumnElement[bool]]] = {
        "is": lambda: expression == asked[0],
        "contains": lambda: expression.contains(asked[0]),
        "from": lambda: expression >= asked[0],
        "to": lambda: expression <= asked[0],
    }
    return says[operator]()


def test_what_a_partner_does_not_see_neither_shows_nor_answers(acting: As) -> None:
    """Finance is a partner in 001: the task of education, its replies and its dates are not finance's to see."""
    with acting("czj") as session:
        assert held(session, side(LEADS)) == {"002": "鱼峰区财政局"}
        assert held(session, side("assignments.unit_id")) == dict.fromkeys(
            ("001", "002"), "鱼峰区财政局"
        )
        assert held(session, side("replies.answer_category.letter 末个 round")) == {}
        assert held(session, side(f"{OPEN} 已过")) == {}
        late = SideQuestion("from", (1,), _says)
        assert numbers(session, holding(session, side(f"{OPEN} 已过"), late, TODAY)) == set()


def test_a_page_asks_one_query_for_each_side_column(engine: Engine, acting: As) -> None:
    with acting("duban") as session:
        sides = side_columns(session.actor, "proposals").values()
        ids = session.scalars(select(models.Proposal.id)).all()
        statements: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        read_sides(session, sides, ids, TODAY)
    assert len(sides) == 9
    assert len(statements) == 9


def test_an_export_asks_for_some_rows_at_a_time(
    engine: Engine, acting: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_A_TIME", 2)
    words = models.schema.tables["proposals"]
    with acting("duban") as session:
        shown = [words.columns["number"], words.sides["lead_units"], words.sides["days_late"]]
        query = exports.rows_query(words, shown).order_by(models.Proposal.id)
        statements: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        rows = list(exports.row_values(session, exports.walk(session, query), shown))
    assert rows == [
        ["001", "鱼峰区教育局", 12],
        ["002", "鱼峰区财政局", None],
        ["003", None, None],
    ]
    asked = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(asked) == 1 + 2 * 2  # the rows; each side column for two of them, then for one


def test_more_than_can_be_read_ends_in_and_so_on(
    acting: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values, "MOST", 2)
    with acting("duban") as session:
        assert held(session, side("sponsors.deputy_id")) == {"001": "甲某、丙某等"}


def test_what_is_late_in_a_list_is_what_is_late_elsewhere() -> None:
    """What a unit may do until a day is never late; the milestones of the side columns say so as the code does."""
    for table in ("proposals", "assignments"):
        for name in ("next_due_on", "days_late"):
            found = models.schema.tables[table].sides[name]
            (excluded,) = (d.words for d in found.demands if d.column == "milestone")
            assert set(excluded) == WINDOWS
    for name in ("next_due_on", "days_late"):
        found = models.schema.tables["replies"].sides[name]
        (meant,) = (d.words for d in found.demands if d.column == "milestone")
        assert not WINDOWS & set(meant)
