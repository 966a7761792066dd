"""Reminders by e-mail, on a real SMTP server: once each, again after a failure, never in the way."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine, func, select

from domain import models
from domain.storing.session import ActorSession, system_session
from jobs.running.settings import Settings
from jobs.work.mail import send_digests
from jobs.work.nightly import check_by_hand
from tests.ground.serving.contents import SEEDED, Contents
from tests.ground.tasks import a_deadline, a_task, an_item

LATE = date(2024, 4, 26)
NIGHT = datetime(2024, 4, 26, 0, 30)


@dataclass
class Mailbox:
    """What the server took, and the addresses it refuses with which answer."""

    taken: list[EmailMessage] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def to(self) -> list[str]:
        return sorted(str(message["To"]) for message in self.taken)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, Settings]]:
    """A server on a free port of this machine, and settings that name it."""
    box = Mailbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, Settings(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="banli@example.org")
    controller.stop()


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def engine_with_late_task(engine: Engine) -> Engine:
    """The education bureau's answer is a day late, and it has a liaison with an address."""
    with system_session(engine, "初始数据", lambda: NIGHT) as session:
        task = a_task(session, an_item(session))
        a_deadline(session, task, date(2024, 4, 25))
        a_person(session, "jyj", task.unit_id, "jyj@example.org")
        session.commit()
    return engine


def a_person(session: ActorSession, username: str, unit_id: int, email: str) -> None:
    words = {"full_name": username, "role": "承办单位联络员", "unit_id": unit_id}
    session.add(models.User(username=username, email=email, **words))
    session.flush()


def night(engine: Engine, settings: Settings, on: date = LATE) -> int:
    return check_by_hand(engine, settings, lambda: NIGHT, on).new


def unmailed(engine: Engine) -> int:
    with system_session(engine, "看", lambda: NIGHT) as session:
        reminder = models.Reminder
        waiting = select(func.count(reminder.id)).where(reminder.mailed_at.is_(None))
        return session.scalar(waiting) or 0


def test_the_liaison_gets_one_mail_that_names_the_item_and_the_day(
    engine_with_late_task: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    night(engine_with_late_task, settings)
    (mail,) = box.taken
    assert (mail["To"], mail["From"]) == ("jyj@example.org", "banli@example.org")
    assert mail["Subject"] == "建议提案办理提醒：1项（2024-04-26）"
    expected = "【逾期蓝】鱼峰区教育局：建议001号《关于第001号的建议》，答复，2024-04-25到期"
    assert expected in mail.get_content()
    assert "+0800" in mail["Date"]


def test_nothing_is_mailed_twice(
    engine_with_late_task: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    night(engine_with_late_task, settings)
    night(engine_with_late_task, settings)
    assert len(box.taken) == 1
    assert unmailed(engine_with_late_task) == 0


def test_a_unit_s_reminders_come_in_one_mail_a_person(
    engine_with_late_task: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    with system_session(engine_with_late_task, "准备", lambda: NIGHT) as session:
        second = a_task(session, an_item(session, "002"))
        a_deadline(session, second, date(2024, 4, 26))
        a_person(session, "jyj2", second.unit_id, "jyj2@example.org")
        words = {"duty": "联络员", "name": "联络员", "email": "jyj@example.org"}
        session.add(models.UnitContact(unit_id=second.unit_id, **words))
        a_task(session, an_item(session, "003"), "区财政局")
        session.commit()
    night(engine_with_late_task, settings)
    assert box.to() == ["jyj2@example.org", "jyj@example.org"]
    assert all("《关于第002号的建议》" in mail.get_content() for mail in box.taken)


def test_a_server_that_is_down_does_not_stop_the_check_and_is_tried_again(
    engine_with_late_task: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    down = replace(settings, smtp_url="smtp://127.0.0.1:9")
    assert night(engine_with_late_task, down) == 1
    assert unmailed(engine_with_late_task) == 1
    assert night(engine_with_late_task, settings, date(2024, 4, 27)) == 0
    assert len(box.taken) == 1


def test_an_address_refused_for_good_holds_nobody_up_and_is_not_tried_again(
    engine_with_late_task: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    box.refused["jyj@example.org"] = "550 no such user"
    with system_session(engine_with_late_task, "准备", lambda: NIGHT) as session:
        other = a_task(session, an_item(session, "002"), "区财政局")
        a_deadline(session, other, date(2024, 4, 26))
        a_person(session, "czj", other.unit_id, "czj@example.org")
        session.commit()
    night(engine_with_late_task, settings)
    assert box.to() == ["czj@example.org"]
    assert unmailed(engine_with_late_task) == 0


def test_an_address_that_is_busy_is_tried_again(
    engine_with_late_task: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    box.refused["jyj@example.org"] = "451 try later"
    night(engine_with_late_task, settings)
    assert unmailed(engine_with_late_task) == 1
    box.refused.clear()
    night(engine_with_late_task, settings, date(2024, 4, 27))
    assert box.to() == ["jyj@example.org"]


def test_a_colleague_whose_mailbox_took_it_does_not_settle_it_for_who_is_busy(
    engine_with_late_task: Engine,
    mailbox: tuple[Mailbox, Settings],
    caplog: pytest.LogCaptureFixture,
) -> None:
    box, settings = mailbox
    box.refused["jyj2@example.org"] = "450 mailbox busy"
    with system_session(engine_with_late_task, "准备", lambda: NIGHT) as session:
        unit = session.scalars(select(models.Assignment.unit_id)).one()
        a_person(session, "jyj2", unit, "jyj2@example.org")
        session.commit()
    night(engine_with_late_task, settings)
    assert box.to() == ["jyj@example.org"]
    assert unmailed(engine_with_late_task) == 1
    assert "refused with 450" in caplog.text
    assert "jyj2@example.org" not in caplog.text
    box.refused.clear()
    night(engine_with_late_task, settings, date(2024, 4, 27))
    assert "jyj2@example.org" in box.to()
    assert unmailed(engine_with_late_task) == 0


def test_what_could_not_be_sent_for_a_week_is_old_news(
    engine_with_late_task: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    night(engine_with_late_task, replace(settings, smtp_url=""))
    assert send_digests(engine_with_late_task, settings, lambda: NIGHT, date(2024, 5, 3)) == 0
    assert box.taken == []


def test_without_a_mail_server_nothing_is_sent_and_nothing_complains(
    engine_with_late_task: Engine,
) -> None:
    assert night(engine_with_late_task, Settings()) == 1
    assert unmailed(engine_with_late_task) == 1


def test_a_check_by_hand_is_noted_as_the_run_of_that_night(
    engine_with_late_task: Engine,
) -> None:
    night(engine_with_late_task, Settings())
    night(engine_with_late_task, Settings())
    night(engine_with_late_task, Settings(), date(2024, 4, 27))  # lies ahead of NIGHT
    with system_session(engine_with_late_task, "看", lambda: NIGHT) as session:
        (run,) = session.scalars(select(models.JobRun))
        assert (run.kind, run.period_key, run.state) == ("每日检查", "2024-04-26", "完成")
        assert run.result["new"] == 0
