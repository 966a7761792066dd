"""Programs beside each other: a dead one comes back, a hopeless one is named, all of them stop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobs.running import children
from jobs.running.children import Child, KeepsDying, Program
from tests.ground.places import ROOT
from tests.ground.waiting import PATIENCE_S, wait_until


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    started: list[Child] = []

    def start(code: str, patience_s: float = 5) -> Child:
        log = tmp_path / "logs" / "program.log"
        log.parent.mkdir(exist_ok=True)
        command = (sys.executable, "-c", code)
        program = Program("网页服务", command, log, os.environ, patience_s=patience_s)
        started.append(Child(program))
        return started[-1]

    yield start
    for child in started:
        child.ask_to_stop()
        child.wait_until_stopped()


def test_a_program_that_died_is_started_again(start: Callable[..., Child], tmp_path: Path) -> None:
    child = start(
        f"open({str(tmp_path / 'starts')!r}, 'a').write('x'); import time; time.sleep(.1)"
    )
    wait_until(lambda: not child.is_running())
    child.look_after()

    def started_twice() -> bool:
        child.look_after()
        return (tmp_path / "starts").read_text() == "xx"

    wait_until(started_twice)


def test_a_program_that_cannot_run_is_named_with_its_log(
    start: Callable[..., Child], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(children, "LONGEST_PAUSE_S", 0.01)
    child = start("raise SystemExit('no such table')")

    def look_after_for_ever() -> None:
        give_up = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up:
            child.look_after()

    with pytest.raises(KeepsDying) as ended:
        look_after_for_ever()
    log = tmp_path / "logs" / "program.log"
    assert str(ended.value) == f"网页服务反复退出，无法运行。原因见 {log}。"
    assert log.read_text().count("no such table") == children.MOST_DEATHS


def test_a_program_that_will_not_stop_is_killed_with_all_it_started(
    start: Callable[..., Child], tmp_path: Path
) -> None:
    pid_file = tmp_path / "grandchild"
    child = start(
        "import signal, subprocess, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "sleeper = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(pid_file)!r}, 'w').write(str(sleeper.pid))\n"
        "time.sleep(60)",
        patience_s=0.3,
    )
    wait_until(lambda: pid_file.exists() and pid_file.read_text() != "")
    child.ask_to_stop()
    child.wait_until_stopped()
    assert not child.is_running()
    grandchild = Path(f"/proc/{pid_file.read_text()}/status")
    wait_until(lambda: not grandchild.exists() or "State:\tZ" in grandchild.read_text())


def test_the_children_of_a_killed_parent_do_not_stay_behind(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from jobs.running.children import *\n"
        "p = Program('x', ('sleep', '60'), Path(sys.argv[1]) / 'log', os.environ)\n"
        "c = Child(p); print(c._process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not Path(f"/proc/{pid}").exists())


def test_a_log_that_has_grown_long_is_put_aside(
    start: Callable[..., Child], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "logs" / "program.log"
    log.parent.mkdir()
    log.write_text("the day before yesterday " * 10)
    monkeypatch.setattr(children, "LONGEST_LOG", 100)
    child = start("print('today')")
    wait_until(lambda: not child.is_running())
    assert log.read_text() == "today\n"
    assert log.with_name("program.log.1").read_text().startswith("the day before yesterday")
