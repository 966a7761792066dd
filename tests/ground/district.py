"""A small district for tests of the panel: two units, a person of every role, three items, their tasks.

教育局 leads 001, with 住建局 as its partner; 住建局 leads 002 alone; 003 is registered and nobody's yet.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, true

from admin.frame.db import db
from app import create_app
from domain import actors, models
from domain.lifecycle import handovers
from domain.people.account_limits import AccountLimits
from domain.people.login_sessions import Visitor, open_session
from domain.schema.file import SCHEMA_FILE
from domain.storing.database import make_engine
from domain.storing.session import ActorSession, system_session
from tests.ground.kept_apps import KeptApps, settings_of

MORNING = datetime(2024, 4, 15, 9)
PEOPLE = {
    "admin": actors.ADMIN,
    "office": actors.OFFICE,
    "school": actors.LIAISON,
    "school-leader": actors.LEADER,
    "housing": actors.LIAISON,
    "supervisor": actors.SUPERVISOR,
    "congress": actors.AGENCY,
    "deputy": actors.DEPUTY,
    "auditor": actors.AUDITOR,
}


def build_district(url: str) -> None:
    """Fill a database that has the tables and nothing in them."""
    engine = make_engine(url)
    with engine.begin() as connection:
        for statement in models.schema.statements(engine.dialect.name):
            connection.exec_driver_sql(statement)
    with system_session(engine, "建立测试区", lambda: MORNING) as session:
        _fill(session)
        handovers.bring_up_to_date(session, true())
        session.commit()
    engine.dispose()


def _fill(session: ActorSession) -> None:
    units = _add(
        session,
        *(
            models.Unit(name=n, short_name=n[3:], sort_order=i)
            for i, n in enumerate(("鱼峰区教育局", "鱼峰区住房和城乡建设局"))
        ),
    )
    school, housing = units
    meeting, _ = _add(
        session,
        models.Meeting(
            name="鱼峰区第一届人大第五次会议",
            body="人大",
            level="区县级",
            term=1,
            session=5,
            year=2024,
        ),
        models.Meeting(
            name="鱼峰区政协一届四次会议",
            body="政协",
            level="区县级",
            term=1,
            session=4,
            year=2024,
            kind="提案",
        ),
    )
    _add(
        session,
        *(
            models.AnswerCategory(meeting_id=meeting.id, letter=letter, definition=f"{letter}类")
            for letter in "ABC"
        ),
    )
    deputy, member = _add(
        session,
        models.Deputy(name="覃丽", body="人大", phone="13800138000", address="古亭大道1号"),
        models.Deputy(name="韦强", body="政协", phone="13900139000"),
    )
    places = {"school": school.id, "school-leader": school.id, "housing": housing.id}
    people = _add(
        session,
        *(
            models.User(
                username=name,
                full_name=f"{role}·{name}",
                role=role,
                unit_id=places.get(name),
                must_change_password=False,
                deputy_id=deputy.id if name == "deputy" else None,
                body="人大" if name == "congress" else None,
            )
            for name, role in PEOPLE.items()
        ),
    )
    supervisor = next(user for user in people if user.username == "supervisor")
    items = _add(
        session,
        *(
            models.Proposal(
                meeting_id=meeting.id,
                kind="建议",
                number=number,
                title=title,
                state="交办" if handed else "登记",
                handed_over_on=handed,
                due_on=due,
            )
            for number, title, handed, due in (
                ("001", "关于增设校门口斑马线的建议", date(2024, 4, 10), date(2024, 4, 12)),
                ("002", "关于老旧小区加装电梯的建议", date(2024, 4, 10), date(2024, 6, 5)),
                ("003", "关于延长图书馆开放时间的建议", None, None),
            )
        ),
    )
    items[0].supervisor_id = supervisor.id
    _add(
        session,
        models.Sponsor(proposal_id=items[0].id, deputy_id=deputy.id, role="领衔"),
        models.Sponsor(proposal_id=items[1].id, deputy_id=member.id, role="领衔"),
    )
    _add(
        session,
        models.Assignment(proposal_id=items[0].id, unit_id=school.id, role="主办"),
        models.Assignment(proposal_id=items[0].id, unit_id=housing.id, role="协办"),
        models.Assignment(proposal_id=items[1].id, unit_id=housing.id, role="主办"),
    )


def _add(session: ActorSession, *rows: Any) -> list[Any]:
    session.add_all(rows)
    session.flush()
    return list(rows)


class Person:
    """Somebody of the district at the browser."""

    def __init__(self, panel: "Panel", name: str) -> None:
        self.panel, self.name = panel, name
        self.client: FlaskClient = panel.app.test_client()
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = panel.log_in(name)

    def get(self, path: str, status: int = 200) -> str:
        """The page's text, which came with this status."""
        return self._read(self.client.get(path), status)

    def post(self, path: str, status: int = 302, **sent: Any) -> str:
        """What a sent form answers, followed to the page it leads to."""
        data = {name.replace("__", "."): value for name, value in sent.items()}
        answer = self.client.post(path, data=data)
        text = self._read(answer, status)
        return self.get(answer.location) if status == 302 else text

    def json(self, path: str, status: int = 200) -> Any:
        """What an address answers to a script."""
        answer = self.client.get(path, headers={"Accept": "application/json"})
        assert answer.status_code == status
        return answer.json

    @staticmethod
    def _read(answer: Any, status: int) -> str:
        text = unescape(answer.get_data(as_text=True))
        assert answer.status_code == status, f"{answer.status_code}: {text[-600:]}"
        return text


class Panel:
    """The app on a district, with the clock at MORNING."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def close(self) -> None:
        """Let go of the database."""
        with self.app.app_context():
            db.engine.dispose()

    def as_(self, name: str) -> Person:
        """One of PEOPLE."""
        return Person(self, name)

    @contextmanager
    def truth(self) -> Iterator[ActorSession]:
        """A session that sees all, to check what is in the database."""
        with self.app.app_context(), system_session(db.engine, "测试", lambda: MORNING) as session:
            yield session

    def id_of(self, model: str, **known: Any) -> int:
        """The id of the one row of a mapped class with these values."""
        with self.truth() as session:
            cls = getattr(models, model)
            return session.scalars(select(cls.id).filter_by(**known)).one()

    def log_in(self, name: str) -> str:
        """Open a session of one of PEOPLE past the log-in page; its token."""
        with self.truth() as session:
            user = session.scalars(select(models.User).filter_by(username=name)).one()
            token = open_session(session, user, Visitor(), AccountLimits())
            session.commit()
            return token

    def count(self, model: str, **known: Any) -> int:
        """How many rows of a mapped class have these values."""
        with self.truth() as session:
            return len(session.scalars(select(getattr(models, model).id).filter_by(**known)).all())


def open_panel(url: str, folder: Path, schema_file: Path = SCHEMA_FILE) -> Panel:
    """The app on a district. CSRF has its own tests; here forms are sent without the token."""
    app = create_app(settings_of(url, folder), schema_file, lambda: MORNING)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return Panel(app)


@contextmanager
def opened_panel(kept_apps: KeptApps, url: str, folder: Path) -> Iterator[Panel]:
    """As open_panel, on an app that is kept."""
    with kept_apps.opened(url, folder, lambda: MORNING) as app:
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield Panel(app)
