"""Real workers on a real queue: what people see when all goes well, and when processes are killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import redis
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from domain.storing.database import read_only
from domain.time.clock import shanghai_now
from jobs.queue.waking import JobQueue
from jobs.running.processes import dying_with_parent
from jobs.running.settings import Settings
from jobs.runs import runs
from jobs.runs.runs import RunRequest
from tests.ground.places import ROOT
from tests.ground.serving.servers import running_redis
from tests.ground.waiting import PATIENCE_S, number_in, wait_until, wait_until_ended


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, database_url=database_url, redis_url=redis_url)


@pytest.fixture
def start_worker(settings: Settings, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Starts workers that end with the test; their log is worker.log."""
    started = []

    def start(settings: Settings = settings) -> subprocess.Popen[bytes]:
        with (tmp_path / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.ground.programs.worker_process"],
                cwd=ROOT,
                env={**os.environ, **settings.as_environment()},
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


@pytest.fixture
def ask(engine: Engine, redis_url: str) -> Iterator[Callable[..., int]]:
    """Asks for a run as the web does; gives its id."""
    queue = JobQueue(redis_url)

    def ask(kind: str, **arguments: str) -> int:
        with Session(engine) as session, session.begin():
            run = queue.request_run(session, RunRequest(kind, arguments), shanghai_now())
            run_id: int = run.id
        return run_id

    yield ask
    queue.close()


@pytest.fixture
def wait_for(engine: Engine) -> Callable[..., Any]:
    """Waits until the run is in one of the states; gives its row."""

    def read(run_id: int) -> Any:
        with read_only(engine).connect() as connection:
            query = text("SELECT * FROM job_runs WHERE id = :id")
            return connection.execute(query, {"id": run_id}).one()

    def wait_for(run_id: int, *states: str) -> Any:
        wait_until(lambda: read(run_id).state in states, f"run {run_id} becomes none of {states}")
        return read(run_id)

    return wait_for


def units(engine: Engine) -> list[str]:
    with read_only(engine).connect() as connection:
        return list(connection.execute(text("SELECT name FROM units")).scalars())


def test_what_the_web_asks_for_is_done(
    engine: Engine, start_worker: Any, ask: Any, wait_for: Any
) -> None:
    start_worker()
    run = wait_for(ask("add_unit", name="区教育局"), "完成", "失败")
    assert (run.state, run.error) == ("完成", "")
    assert run.started_at >= run.queued_at
    assert units(engine) == ["区教育局"]


def test_a_fault_of_ours_bears_a_number_that_the_log_has_too(
    start_worker: Any, ask: Any, wait_for: Any, tmp_path: Path
) -> None:
    start_worker()
    run = wait_for(ask("divide_by_zero"), "失败")
    number = run.error.partition("故障编号 ")[2][:6]
    assert run.error == f"后台任务出错（故障编号 {number}），请把编号告诉系统管理员。"
    log = (tmp_path / "worker.log").read_text()
    assert number in log
    assert "ZeroDivisionError" in log


def test_a_refusal_is_shown_in_its_own_words(start_worker: Any, ask: Any, wait_for: Any) -> None:
    start_worker()
    run = wait_for(ask("refuse"), "失败")
    assert run.error == "文件“分工方案.xlsx”已加密，请另存为不加密的文件后再导入。"


def test_a_run_of_an_unknown_kind_fails_with_a_sentence(
    start_worker: Any, ask: Any, wait_for: Any
) -> None:
    start_worker()
    assert "没有“不存在”这种任务" in wait_for(ask("不存在"), "失败").error


def test_a_crash_of_the_whole_process_shows_at_once_and_the_worker_goes_on(
    engine: Engine, start_worker: Any, ask: Any, wait_for: Any
) -> None:
    start_worker()
    crashed = ask("die")
    following = ask("add_unit", name="区卫健局")
    assert "执行中断" in wait_for(crashed, "失败").error
    wait_for(following, "完成")
    assert units(engine) == ["区卫健局"]


def test_a_killed_child_leaves_nothing_behind_and_a_restart_completes_the_work(
    engine: Engine, start_worker: Any, ask: Any, wait_for: Any, tmp_path: Path, redis_url: str
) -> None:
    start_worker()
    run_id = ask("add_unit_slowly", pid_file=str(tmp_path / "pid"), go_on=str(tmp_path / "go-on"))
    os.kill(number_in(tmp_path / "pid"), signal.SIGKILL)
    assert "执行中断" in wait_for(run_id, "失败").error
    assert units(engine) == []
    assert runs.restart(engine, run_id, shanghai_now())
    queue = JobQueue(redis_url)
    assert queue.wake(run_id)
    queue.close()
    assert wait_for(run_id, "完成").attempt == 2
    assert units(engine) == ["区教育局"]


def test_a_killed_worker_takes_its_child_along_and_its_run_can_be_done_by_another(
    engine: Engine, start_worker: Any, ask: Any, wait_for: Any, tmp_path: Path, redis_url: str
) -> None:
    worker = start_worker()
    run_id = ask("add_unit_slowly", pid_file=str(tmp_path / "pid"), go_on=str(tmp_path / "go-on"))
    child = number_in(tmp_path / "pid")
    worker.kill()
    worker.wait()
    wait_until_ended(child)
    assert units(engine) == []
    runs.interrupt_expired(engine, shanghai_now() + runs.LEASE * 2)
    assert "执行中断" in wait_for(run_id, "失败").error
    start_worker()
    assert runs.restart(engine, run_id, shanghai_now())
    queue = JobQueue(redis_url)
    assert queue.wake(run_id)
    queue.close()
    wait_for(run_id, "完成")
    assert units(engine) == ["区教育局"]


def test_progress_is_seen_while_the_work_goes_on_and_losing_it_stops_the_work(
    engine: Engine, start_worker: Any, ask: Any, wait_for: Any
) -> None:
    start_worker()
    run_id = ask("count")
    wait_until(lambda: wait_for(run_id, "进行").progress_done, "no progress is shown")
    row = wait_for(run_id, "进行")
    assert row.progress_total == 600
    assert runs.interrupt(engine, run_id, row.lease_owner, shanghai_now())
    following = ask("add_unit", name="区教育局")
    wait_for(following, "完成")
    assert wait_for(run_id, "失败").finished_at


def test_a_worker_started_before_its_work_or_after_it_does_it_all(
    engine: Engine, start_worker: Any, ask: Any, wait_for: Any
) -> None:
    early = [ask("add_unit", name=f"第{n}单位") for n in range(5)]
    start_worker()
    start_worker()
    late = [ask("add_unit", name=f"第{n}单位") for n in range(5, 10)]
    for run_id in early + late:
        wait_for(run_id, "完成")
    assert sorted(units(engine)) == sorted(f"第{n}单位" for n in range(10))


def is_told_to_stop(redis_url: str) -> bool:
    """Whether the one worker of this queue has noted that it is to stop."""
    with redis.Redis.from_url(redis_url) as client:
        (key,) = client.smembers("rq:workers")
        return client.hexists(key, "shutdown_requested_date")


def test_a_worker_told_to_stop_finishes_what_it_has_in_hand(
    engine: Engine, start_worker: Any, ask: Any, wait_for: Any, tmp_path: Path, redis_url: str
) -> None:
    worker, go_on = start_worker(), tmp_path / "go-on"
    run_id = ask("add_unit_slowly", pid_file=str(tmp_path / "pid"), go_on=str(go_on))
    number_in(tmp_path / "pid")
    worker.terminate()
    wait_until(lambda: is_told_to_stop(redis_url), "the worker does not hear")
    assert units(engine) == []
    go_on.touch()
    assert worker.wait(PATIENCE_S) == 0
    assert wait_for(run_id, "完成", "失败").state == "完成"
    assert units(engine) == ["区教育局"]


def test_a_redis_that_dies_under_a_run_changes_nothing_about_it(
    engine: Engine, settings: Settings, start_worker: Any, ask: Any, wait_for: Any, tmp_path: Path
) -> None:
    """RQ loses the result and its worker gives up; the database knows that the work is done."""
    with running_redis() as lost:
        start_worker(replace(settings, redis_url=lost))
        queue = JobQueue(lost)
        arguments = {"pid_file": str(tmp_path / "pid"), "go_on": str(tmp_path / "go-on")}
        with Session(engine) as session, session.begin():
            request = RunRequest("add_unit_slowly", arguments)
            run_id = queue.request_run(session, request, shanghai_now()).id
        number_in(tmp_path / "pid")
        queue.close()
    assert wait_for(run_id, "进行")
    (tmp_path / "go-on").touch()
    assert wait_for(run_id, "完成", "失败").state == "完成"
    start_worker()
    back = JobQueue(settings.redis_url)
    assert back.wake(run_id)  # as a sweep that knows no better might
    back.close()
    wait_for(ask("add_unit", name="区卫健局"), "完成")  # it stood behind it in the queue
    assert wait_for(run_id, "完成").attempt == 1
    assert sorted(units(engine)) == ["区卫健局", "区教育局"]
