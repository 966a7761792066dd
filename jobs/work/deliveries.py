"""消息发送 as background work: once in each period that the settings allow (domain/messages/hours.py), reminders and
messages by e-mail, and the overdue list to a group's robot.
"""

from datetime import date

from sqlalchemy import Engine

from domain.messages import mailings
from domain.messages.hours import period_at
from domain.storing.session import system_session
from domain.time.clock import Clock
from jobs.running.settings import Settings
from jobs.runs.context import JobContext
from jobs.work.letters import NAME, send_letters
from jobs.work.mail import send_digests
from jobs.work.robot import send_overdue

DELIVERY = NAME


def run_delivery(context: JobContext) -> dict[str, int]:
    """The job: send what waits. What cannot be sent is no failure of the run: its own rows say it."""
    engine, settings, clock = context.engine, context.settings, context.clock
    with context.session() as session:
        mailings.give_up_the_old(session)
        session.commit()
    reminders = send_digests(engine, settings, clock, clock().date())
    letters = send_letters(engine, settings, clock)
    told = send_overdue(engine, settings, clock)
    return {"reminders": reminders, "letters": letters, "robot": int(told == mailings.SENT)}


def is_anything_set(settings: Settings) -> bool:
    """Whether there is any way to send something."""
    return bool(settings.smtp_url or settings.robot_url)


def due_period(engine: Engine, clock: Clock) -> str | None:
    """The period for which things may be sent at this moment; None while it is quiet."""
    with system_session(engine, DELIVERY, clock) as session:
        return period_at(session, clock())


def remind_unless_quiet(engine: Engine, settings: Settings, clock: Clock, on: date) -> int:
    """The reminders of a night, at once where that is allowed; else the morning's delivery sends them."""
    if not settings.smtp_url or due_period(engine, clock) is None:
        return 0
    return send_digests(engine, settings, clock, on)
