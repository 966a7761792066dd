"""The overdue list to a group's robot: once a day, in the form that both kinds take, and to no other place."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import Engine, select

from domain import models
from domain.messages import mailings
from domain.storing.session import system_session
from jobs.running.settings import Settings, SettingsError
from jobs.work.robot import ForbiddenPlace, judged, post_text, send_overdue
from tests.ground.serving.contents import SEEDED, Contents
from tests.ground.tasks import a_deadline, a_task, an_item
from tests.jobs.work.test_mail import free_port

NOW = datetime(2024, 4, 26, 9)
KEY = "SECRET-KEY-OF-THE-GROUP"


@dataclass
class Group:
    """What the robot was told, and how it answers: (status, body), or None to break off."""

    heard: list[tuple[str, Any]] = field(default_factory=list)
    answer: tuple[int, str] | None = (200, '{"errcode": 0, "errmsg": "ok"}')
    headers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def group() -> Iterator[tuple[Group, Settings]]:
    """A robot on a free port of this machine, and settings that name it and allow it."""
    told = Group()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            told.heard.append((self.path, json.loads(self.rfile.read(length))))
            if told.answer is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, body = told.answer
            self.send_response(status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/cgi-bin/webhook/send?key={KEY}"
    yield told, Settings(robot_url=url, robot_hosts="127.0.0.1", robot_in_own_network=True)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def late(engine: Engine) -> Engine:
    """The education bureau's answer is a day late."""
    with system_session(engine, "初始数据", lambda: NOW) as session:
        a_deadline(session, a_task(session, an_item(session)), date(2024, 4, 25))
        session.commit()
    return engine


def states(engine: Engine) -> list[tuple[str, str | None, int, str]]:
    with system_session(engine, "看", lambda: NOW) as session:
        rows = session.scalars(select(models.Mailing).order_by(models.Mailing.id))
        return [(row.state, row.period, row.attempts, row.error) for row in rows]


def tell(engine: Engine, settings: Settings, now: datetime = NOW) -> Any:
    return send_overdue(engine, settings, lambda: now)


def test_the_robot_is_told_once_a_day_in_the_form_that_both_kinds_take(
    late: Engine, group: tuple[Group, Settings]
) -> None:
    told, settings = group
    assert tell(late, settings) == mailings.SENT
    ((path, body),) = told.heard
    assert path == f"/cgi-bin/webhook/send?key={KEY}"
    assert body["msgtype"] == "text" and set(body) == {"msgtype", "text"}
    assert body["text"]["content"] == (
        "【办理】建议提案逾期情况（2024-04-26）：1个单位1个环节逾期未完成。\n"
        "鱼峰区教育局：1个（蓝1），最早 2024-04-25 到期"
    )
    assert states(late) == [("已发", "2024-04-26", 1, "")]
    assert tell(late, settings) is None and len(told.heard) == 1  # never twice
    assert tell(late, settings, NOW + timedelta(days=3)) == mailings.SENT
    assert len(told.heard) == 2


def test_where_nothing_is_late_nothing_is_said(
    engine: Engine, group: tuple[Group, Settings]
) -> None:
    assert tell(engine, group[1]) is None
    assert (group[0].heard, states(engine)) == ([], [])


def test_a_robot_that_is_away_is_tried_again(late: Engine, group: tuple[Group, Settings]) -> None:
    told, settings = group
    away = replace(settings, robot_url=f"http://127.0.0.1:{free_port()}/?key={KEY}")
    tell(late, away)
    assert states(late) == [("待发", "2024-04-26", 1, "连不上机器人，下次再发。")]
    assert tell(late, settings) == mailings.SENT and len(told.heard) == 1


def test_a_robot_that_refuses_is_asked_again_but_not_the_next_day(
    late: Engine, group: tuple[Group, Settings]
) -> None:
    told, settings = group
    told.answer = (200, '{"errcode": 45009, "errmsg": "too often"}')
    tell(late, settings)
    assert states(late) == [("待发", "2024-04-26", 1, "机器人没有收（45009）。")]
    with system_session(late, "看", lambda: NOW + timedelta(days=1)) as session:
        mailings.give_up_the_old(session)
        session.commit()
    assert states(late) == [("没有发出", "2024-04-26", 1, "机器人没有收（45009）。")]


def test_what_broke_off_is_not_said_again(late: Engine, group: tuple[Group, Settings]) -> None:
    told, settings = group
    told.answer = None
    assert tell(late, settings) == mailings.BROKEN_OFF
    told.answer = (200, '{"errcode": 0}')
    assert tell(late, settings) is None and len(told.heard) == 1
    assert states(late)[0][0] == "不明"


@pytest.mark.parametrize("body", ["", "ok", "[]", '{"code": 0}', "<html>", '{"errcode": null}'])
def test_an_answer_that_is_none_counts_as_not_taken(
    group: tuple[Group, Settings], body: str
) -> None:
    group[0].answer = (200, body)
    assert post_text(group[1], "话").state == "待发"


def test_a_redirect_is_not_followed(group: tuple[Group, Settings]) -> None:
    told, settings = group
    told.answer, told.headers = (302, ""), {"Location": "http://127.0.0.1:1/"}
    assert post_text(settings, "话").error == "机器人没有收（HTTP 302），下次再发。"
    assert len(told.heard) == 1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://evil.example/?key=1", "不在 ROBOT_HOSTS"),
        ("https://qyapi.weixin.qq.com.evil.example/", "不在 ROBOT_HOSTS"),
        ("https://evil.example/?qyapi.weixin.qq.com", "不在 ROBOT_HOSTS"),
        ("https://qyapi.weixin.qq.com@evil.example/", "不在 ROBOT_HOSTS"),
        ("http://qyapi.weixin.qq.com/", "要用 https"),
        ("https://qyapi.weixin.qq.com:8443/", "要用 https"),
        ("https://a:b@qyapi.weixin.qq.com/", "用户名和口令"),
    ],
)
def test_the_program_goes_to_the_allowed_hosts_alone(url: str, why: str) -> None:
    with pytest.raises(ForbiddenPlace, match=why):
        judged(Settings(robot_url=url))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.9", "169.254.169.254", "::1", "fe80::1",
     "fd00::1", "0.0.0.0", "::ffff:127.0.0.1", "100.64.0.1"],
)  # fmt: skip
def test_an_allowed_name_that_leads_into_the_own_network_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever answers for the name cannot have the server ask its own neighbours."""

    def found(*_arguments: Any, **_named: Any) -> list[Any]:
        public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))
        return [public, (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with pytest.raises(ForbiddenPlace, match="内网或本机"):
        judged(Settings(robot_url=f"https://oapi.dingtalk.com/robot/send?access_token={KEY}"))


def test_the_address_is_connected_to_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is looked up once: what it leads to a moment later is of no account."""
    asked = []

    def found(*arguments: Any, **_named: Any) -> list[Any]:
        asked.append(arguments[0])
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))]

    def refused(address: Any, *_rest: Any) -> None:
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr(socket, "create_connection", refused)
    outcome = post_text(Settings(robot_url=f"https://oapi.dingtalk.com/?access_token={KEY}"), "话")
    assert outcome.state == "待发"
    assert asked == ["oapi.dingtalk.com", ("8.8.8.8", 443)]


def test_the_secret_address_is_neither_shown_nor_logged(
    late: Engine, group: tuple[Group, Settings], caplog: pytest.LogCaptureFixture
) -> None:
    told, settings = group
    told.answer = (500, KEY)
    tell(late, settings)
    assert KEY not in repr(settings) + caplog.text + str(states(late))
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"ROBOT_URL": KEY})
    assert KEY not in str(refused.value)


def test_a_long_list_fits_into_what_the_smaller_robot_takes(
    engine: Engine, group: tuple[Group, Settings]
) -> None:
    told, settings = group
    with system_session(engine, "初始数据", lambda: NOW) as session:
        units = session.scalars(select(models.Unit.short_name).order_by(models.Unit.id)).all()
        for number, unit in enumerate(units, start=1):
            task = a_task(session, an_item(session, f"{number:03}"), unit)
            a_deadline(session, task, date(2024, 4, 25))
        session.commit()
    tell(engine, settings)
    said = told.heard[0][1]["text"]["content"]
    assert len(said.encode()) <= 2048 and said.endswith("……其余的请登录系统，在逾期清单里看。")
