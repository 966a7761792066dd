"""An import by a real worker on a real queue: written when all goes well, nothing of it when the worker is killed."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from admin.frame.db import db
from domain import models
from domain.time.clock import shanghai_now
from jobs.queue.waking import JobQueue
from jobs.running.processes import dying_with_parent
from jobs.running.settings import Settings
from jobs.runs import runs
from tests.ground.district import Panel
from tests.ground.places import ROOT
from tests.ground.waiting import number_in, wait_until, wait_until_ended

ROWS = 600
"""More than the program takes at once (500)."""
PROGRAM = ("flask", "--app", "app", "work")


@pytest.fixture
def start_worker(panel: Panel, redis_url: str) -> Iterator[Callable[..., Any]]:
    """Starts workers of the real app; what is left of them ends with the test."""
    settings: Settings = panel.app.extensions["settings"]
    environ = {**os.environ, **settings.as_environment(), "REDIS_URL": redis_url}
    started: list[subprocess.Popen[bytes]] = []

    def start(module: str, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        with (settings.data_dir / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env={**environ, **more},
                stdout=log,
                stderr=log,
                preexec_fn=dying_with_parent(),
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@cache
def big_plan() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("方案")
    page.append(["建议编号", "建议标题", "领衔代表", "主办单位", "协办单位"])
    for n in range(ROWS):
        page.append(
            [
                f"{n + 100:05}",
                f"关于第{n}件事情的建议",
                f"代表{n % 300}",
                "鱼峰区教育局",
                "鱼峰区住房和城乡建设局",
            ]
        )
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(panel: Panel) -> None:
    meeting = panel.id_of("Meeting", name="鱼峰区第一届人大第五次会议")
    sent = {"meeting": str(meeting), "file": (io.BytesIO(big_plan()), "大方案.xlsx")}
    assert panel.as_("office").client.post("/import/", data=sent).status_code == 302


def wake(panel: Panel, redis_url: str) -> int:
    """Tell the workers of the import's run."""
    with panel.truth() as session:
        run_id = int(session.get(models.Import, 1).job_run_id)
    queue = JobQueue(redis_url)
    assert queue.wake(run_id)
    queue.close()
    return run_id


def wait_for(panel: Panel, run_id: int, *states: str) -> str:
    def state() -> str:
        with panel.truth() as session:
            return str(session.get(models.JobRun, run_id).state)

    wait_until(lambda: state() in states, f"run {run_id} becomes none of {states}")
    return state()


def look(panel: Panel) -> str:
    return panel.as_("office").get("/import/1/")


def written(panel: Panel) -> tuple[int, int, int]:
    """Items, tasks and new deputies of the plan."""
    return (
        panel.count("Proposal") - 3,
        panel.count("Assignment") - 3,
        panel.count("Deputy") - 2,
    )


def test_a_worker_reads_and_writes_the_plan(
    panel: Panel, redis_url: str, start_worker: Callable[..., Any]
) -> None:
    start_worker(*PROGRAM)
    upload(panel)
    wait_for(panel, wake(panel, redis_url), "完成")
    assert f"新增<b>{ROWS}</b>" in look(panel) and written(panel) == (0, 0, 0)
    panel.as_("office").post("/import/1/apply/", only_valid="0")
    wait_for(panel, wake(panel, redis_url), "完成")
    assert f"已写入 {ROWS} 行" in look(panel) and written(panel) == (ROWS, 2 * ROWS, 300)


@pytest.mark.parametrize("before", ["proposals", "assignments", "the commit"])
def test_a_killed_worker_leaves_nothing_and_the_run_can_start_again(
    panel: Panel, redis_url: str, start_worker: Callable[..., Any], before: str, tmp_path: Path
) -> None:
    """Killed while it stands still: with nothing, some or all of the plan in its open transaction."""
    halted = tmp_path / "halted"
    worker = start_worker(
        "tests.ground.programs.halting_worker", HALT_BEFORE=before, HALT_FILE=str(halted)
    )
    upload(panel)
    wait_for(panel, wake(panel, redis_url), "完成")
    panel.as_("office").post("/import/1/apply/", only_valid="0")
    run_id = wake(panel, redis_url)
    child = number_in(halted)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    wait_until_ended(child)
    assert written(panel) == (0, 0, 0)
    assert wait_for(panel, run_id, "进行")
    with panel.app.app_context():
        runs.interrupt_expired(db.engine, shanghai_now() + timedelta(minutes=2))
    page = look(panel)
    assert "执行中断" in page and "没有写入任何内容" in page and "重新开始" in page
    panel.as_("office").post("/import/1/restart/")
    start_worker(*PROGRAM)
    wait_for(panel, wake(panel, redis_url), "完成")
    assert f"已写入 {ROWS} 行" in look(panel) and written(panel) == (ROWS, 2 * ROWS, 300)
