"""Two who write are in each other's way: whoever must give in reads that the database is busy, not of a fault."""

import threading

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from admin.frame.db import db
from admin.frame.faults import init_faults
from domain import models
from domain.storing.contention import gave_in
from tests.ground.acting import SCHOOL, task
from tests.ground.contention import somebody_else_writes
from tests.ground.district import Panel

RENAME = text("UPDATE units SET short_name = short_name || '改' WHERE id = :id")


def refusal(engine: Engine) -> DBAPIError:
    """What the database says to one of two transactions that wait for each other, or one for the other."""
    with engine.begin() as connection:
        for number in (1, 2):
            row = {"id": number, "name": f"第{number}局"}
            connection.execute(text("INSERT INTO units (id, name) VALUES (:id, :name)"), row)
    said: list[DBAPIError] = []
    both_hold_one = threading.Barrier(2)

    def rename(first: int, second: int) -> None:
        with engine.connect() as connection:
            _be_impatient(connection)
            try:
                connection.execute(RENAME, {"id": first})
                both_hold_one.wait(5)
                connection.execute(RENAME, {"id": second})
            except DBAPIError as error:
                said.append(error)
                both_hold_one.abort()
            except threading.BrokenBarrierError:
                pass

    people = [threading.Thread(target=rename, args=pair) for pair in ((1, 2), (2, 1))]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return said[0]


def _be_impatient(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        driver = connection.connection.dbapi_connection
        assert driver
        driver.execute("PRAGMA busy_timeout = 100")


def told(error: DBAPIError) -> tuple[int, dict[str, str]]:
    """The status and the words that a page answers with on which this came up."""
    app = Flask("office")
    app.add_url_rule("/", "home.index", lambda: "")
    init_faults(app)

    @app.get("/save")
    def save() -> str:
        raise error

    answer = app.test_client().get("/save", headers={"Accept": "application/json"})
    return answer.status_code, answer.json or {}


def test_whoever_gives_in_reads_that_the_database_is_busy(engine: Engine) -> None:
    assert told(refusal(engine)) == (503, {"error": "数据库正在处理别的写入。", "number": ""})


@pytest.mark.parametrize(
    "said",
    [psycopg.errors.DeadlockDetected("检测到死锁"), psycopg.errors.LockNotAvailable("Verrou")],
)
def test_postgresql_is_understood_in_every_language(said: psycopg.Error) -> None:
    assert gave_in(DBAPIError(None, None, said))
    assert not gave_in(DBAPIError(None, None, psycopg.errors.UniqueViolation("deadlock detected")))


@pytest.mark.parametrize(
    ("path", "table", "sent"),
    [
        ("/units/new/", "units", {"name": "鱼峰区档案馆", "kind": "政府部门", "sort_order": "0"}),
        ("/units/delete/", "units", {"confirmed": "1"}),
        ("/assignments/act/?act=sign", "assignments", {"sure": "1"}),
    ],
)
def test_forms_and_acts_say_so_too(
    panel: Panel, path: str, table: str, sent: dict[str, str]
) -> None:
    with panel.truth() as session:
        spare = models.Unit(name="鱼峰区气象局")
        session.add(spare)
        session.commit()
        row = spare.id if table == "units" else task(panel, SCHOOL, "主办")
    with panel.app.app_context():
        url = db.engine.url
    person = panel.as_("office" if table == "units" else "school")
    with somebody_else_writes(url, table):
        page = person.post(path, status=503, **sent, id=row, rowid=row)
    assert "数据库正在处理别的写入" in page
    assert "故障编号" not in page
    assert panel.count("Unit", name="鱼峰区档案馆") == 0
    assert panel.count("Unit", name="鱼峰区气象局") == 1
    assert panel.count("Assignment", signed_on=None) == 3


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM nowhere", "INSERT INTO units (name) VALUES (NULL)"]
)
def test_every_other_complaint_is_a_fault_with_a_number(engine: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError) as complaint, engine.begin() as connection:
        connection.execute(text(statement))
    status, words = told(complaint.value)
    assert status == 500
    assert words["number"]
