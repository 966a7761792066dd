"""What people are told goes out by e-mail: one mail each, again after a failure, never twice, and shown."""

import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine, select

from domain import models
from domain.messages import mailings
from domain.storing.session import ActorSession, system_session
from jobs.running.settings import Settings
from jobs.work.letters import send_letters
from tests.ground.serving.contents import SEEDED, Contents
from tests.jobs.work.test_mail import Mailbox, free_port

NOW = datetime(2024, 4, 15, 9)


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, Settings]]:
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, Settings(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="banli@example.org")
    controller.stop()


def at(engine: Engine, now: datetime = NOW) -> ActorSession:
    return system_session(engine, "测试", lambda: now)


def a_reader(engine: Engine, name: str, email: str) -> int:
    with at(engine) as session:
        unit = session.scalars(select(models.Unit.id).limit(1)).one()
        words = {"full_name": name, "role": "承办单位联络员", "unit_id": unit, "email": email}
        user = models.User(username=name, **words)
        session.add(user)
        session.commit()
        return int(user.id)


def told(engine: Engine, user_id: int, *said: str, at_: datetime = NOW) -> None:
    with at(engine) as session:
        about = {"table_name": "replies", "row_id": 1, "told_at": at_, "reader": "韦（教育局）"}
        session.add_all(
            models.Message(user_id=user_id, kind="退回", content=one, **about) for one in said
        )
        session.commit()


def send(engine: Engine, settings: Settings, now: datetime = NOW) -> int:
    return send_letters(engine, settings, lambda: now)


def states(engine: Engine) -> list[tuple[str, int, str]]:
    """(state, attempts, error) of every mailing."""
    with at(engine) as session:
        rows = session.scalars(select(models.Mailing).order_by(models.Mailing.id))
        return [(row.state, row.attempts, row.error) for row in rows]


def test_each_person_gets_one_mail_of_all_that_he_was_told(
    engine: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    wei, qin = (
        a_reader(engine, "wei", "wei@example.org"),
        a_reader(engine, "qin", "qin@example.org"),
    )
    told(engine, wei, "答复一被退回。", "答复二被退回。")
    told(engine, qin, "答复三被退回。")
    assert send(engine, settings) == 2
    assert box.to() == ["qin@example.org", "wei@example.org"]
    first = next(mail for mail in box.taken if mail["To"] == "wei@example.org")
    assert first["Subject"] == "建议提案办理消息：2条（2024-04-15）"
    text = first.get_content()
    assert "【退回】答复一被退回。" in text and "【退回】答复二被退回。" in text
    assert "答复三" not in text
    assert states(engine) == [("已发", 1, "")] * 2
    assert send(engine, settings) == 0 and len(box.taken) == 2  # never twice


def test_what_was_read_in_the_panel_and_who_has_no_address_is_not_mailed(
    engine: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    wei, qin = a_reader(engine, "wei", "wei@example.org"), a_reader(engine, "qin", "")
    told(engine, wei, "看过了。")
    told(engine, qin, "没有邮箱。")
    with at(engine) as session:
        session.scalars(select(models.Message).filter_by(user_id=wei)).one().read_at = NOW
        session.commit()
    told(engine, wei, "很久以前的。", at_=NOW - timedelta(days=8))
    assert send(engine, settings) == 0
    assert (box.taken, states(engine)) == ([], [])


def test_nothing_goes_out_and_nothing_is_counted_where_no_server_is_set(engine: Engine) -> None:
    told(engine, a_reader(engine, "wei", "wei@example.org"), "被退回。")
    assert send(engine, Settings(smtp_url="")) == 0
    assert states(engine) == []


def test_a_server_that_is_away_is_tried_again(
    engine: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    told(engine, a_reader(engine, "wei", "wei@example.org"), "被退回。")
    away = replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    assert send(engine, away) == 0
    assert states(engine) == [("待发", 0, "连不上邮件服务器，下次再发。")]
    assert send(engine, settings) == 1
    assert states(engine) == [("已发", 1, "")] and len(box.taken) == 1


def test_a_refusal_for_a_time_is_tried_again_and_given_up_at_last(
    engine: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    told(engine, a_reader(engine, "wei", "wei@example.org"), "被退回。")
    box.refused["wei@example.org"] = "451 later"
    for attempt in range(1, mailings.MOST_ATTEMPTS):
        send(engine, settings)
        assert states(engine) == [("待发", attempt, "邮件服务器没有收（451）。")]
    send(engine, settings)
    assert states(engine) == [("没有发出", 5, "邮件服务器没有收（451）。")]
    box.refused.clear()
    assert send(engine, settings) == 0 and box.taken == []


def test_a_refusal_for_good_holds_up_nobody_else(
    engine: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    for name in ("wei", "qin"):
        told(engine, a_reader(engine, name, f"{name}@example.org"), "被退回。")
    box.refused["wei@example.org"] = "550 unknown"
    assert send(engine, settings) == 1
    assert sorted(states(engine)) == [("已发", 1, ""), ("没有发出", 1, "邮件服务器没有收（550）。")]


def test_what_broke_off_while_it_was_sent_is_not_sent_again_and_shown(
    engine: Engine, mailbox: tuple[Mailbox, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, settings = mailbox
    for name in ("wei", "qin"):
        told(engine, a_reader(engine, name, f"{name}@example.org"), "被退回。")

    def lost(*_arguments: Any, **_named: Any) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as patch:
        patch.setattr(smtplib.SMTP, "send_message", lost)
        assert send(engine, settings) == 0
    said = "发送中途断了，不知道对方收到没有，没有再发。"
    assert states(engine) == [("不明", 1, said), ("待发", 0, "")]
    assert send(engine, settings) == 1  # the other one alone
    assert [state for state, _, _ in states(engine)] == ["不明", "已发"] and len(box.taken) == 1


def test_a_process_that_dies_while_it_sends_leaves_nothing_to_be_sent_twice(
    engine: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    told(engine, a_reader(engine, "wei", "wei@example.org"), "被退回。")
    with at(engine) as session:
        mailings.gather(session)
        (key,) = mailings.waiting(session, mailings.MAIL)
        assert mailings.claim(session, key)
        session.commit()
    assert send(engine, settings) == 0 and box.taken == []
    with at(engine, NOW + timedelta(hours=1)) as session:
        mailings.give_up_the_old(session)
        session.commit()
    assert states(engine)[0][0] == "不明"


def test_two_who_send_at_once_send_one_mail(
    engine: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    told(engine, a_reader(engine, "wei", "wei@example.org"), "被退回。")
    with at(engine) as session:
        mailings.gather(session)
        (key,) = mailings.waiting(session, mailings.MAIL)
        session.commit()
        assert mailings.claim(session, key)
        session.commit()
        assert not mailings.claim(session, key)
        session.rollback()


def test_an_address_never_stands_in_what_is_shown_of_a_failure(
    engine: Engine, mailbox: tuple[Mailbox, Settings]
) -> None:
    box, settings = mailbox
    told(engine, a_reader(engine, "wei", "wei@example.org"), "被退回。")
    box.refused["wei@example.org"] = "550 <wei@example.org> unknown"
    send(engine, settings)
    assert "wei@" not in states(engine)[0][2]
