"""What a test may want to find in its database, each with the function that fills an empty one."""

from datetime import datetime

from domain.schema.file import read_schema
from domain.schema.sql_text import run
from domain.storing.database import make_engine
from domain.storing.session import system_session
from seeds.reference import seed_reference
from tests.ground.serving.databases import Build

Contents = tuple[str, Build]


def create_tables(url: str) -> None:
    """Build the tables of schema.sql in an empty database."""
    engine = make_engine(url)
    with engine.begin() as connection:
        for statement in read_schema().statements(engine.dialect.name):
            run(connection, statement)
    engine.dispose()


def create_seeded(url: str) -> None:
    """The tables, and in them the reference data of seeds/: units, meetings, calendar, rules."""
    create_tables(url)
    engine = make_engine(url)
    with system_session(engine, "初始数据", lambda: datetime(2024, 4, 10, 9)) as session:
        seed_reference(session)
        session.commit()
    engine.dispose()


EMPTY: Contents = ("schema", create_tables)
SEEDED: Contents = ("seeded", create_seeded)
