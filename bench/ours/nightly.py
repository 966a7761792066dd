"""The nightly check over every open deadline, as the job does it: check, write the reminders, commit."""

from bench.child import Stopwatch
from bench.ours.databases import NOW, open_panel
from domain.dues.nightly import check_deadlines
from domain.storing.session import system_session


def check(watch: Stopwatch, database: str) -> list[int]:
    """The same night twice, a lap each; how many reminders each made."""
    engine = open_panel(database)
    new = []
    for _ in range(2):
        with system_session(engine, "bench", lambda: NOW) as session, watch:
            new.append(check_deadlines(session, NOW.date()).new)
            session.commit()
    engine.dispose()
    return new
