"""What may happen to one background run, and to whom it belongs. On both databases."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from domain import models
from jobs.queue import execution
from jobs.queue.execution import Workplace
from jobs.running.settings import Settings
from jobs.runs import runs
from jobs.runs.context import JobContext, Kind
from jobs.runs.runs import LEASE, RETRY_AFTER, LostClaim, RunRequest
from tests.ground.waiting import PATIENCE_S

EXPORT = RunRequest("导出", {"name": "逾期清单"})


def add(engine: Engine, now: datetime, request: RunRequest = EXPORT) -> int:
    with Session(engine) as session, session.begin():
        run_id: int = runs.add_run(session, request, now).id
    return run_id


def row(engine: Engine, run_id: int) -> Any:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT * FROM job_runs WHERE id = :i"), {"i": run_id})
        return found.one()


def end(engine: Engine, held: runs.Claim, now: datetime, result: Any = None) -> None:
    with engine.begin() as connection:
        runs.finish(connection, held, now, result)


def test_a_run_goes_from_waiting_to_done_with_its_result(engine: Engine, now: datetime) -> None:
    run_id = add(engine, now)
    held = runs.claim(engine, run_id, "worker", now)
    assert held is not None
    assert held.arguments == {"name": "逾期清单"}
    assert row(engine, run_id).state == "进行"
    end(engine, held, now + timedelta(seconds=5), {"rows": 12})
    assert (row(engine, run_id).state, row(engine, run_id).attempt) == ("完成", 1)


def test_eight_workers_grab_one_run_and_one_gets_it(engine: Engine, now: datetime) -> None:
    run_id = add(engine, now)
    with ThreadPoolExecutor(8) as workers:
        claims = list(workers.map(lambda n: runs.claim(engine, run_id, f"w{n}", now), range(8)))
    assert len([held for held in claims if held]) == 1
    assert row(engine, run_id).attempt == 1


def test_a_finished_run_is_not_done_again(engine: Engine, now: datetime) -> None:
    run_id = add(engine, now)
    held = runs.claim(engine, run_id, "worker", now)
    assert held
    end(engine, held, now)
    assert runs.claim(engine, run_id, "worker", now) is None


def test_a_run_that_nobody_knows_is_nobodys(engine: Engine, now: datetime) -> None:
    assert runs.claim(engine, 99, "worker", now) is None


def test_a_second_nightly_check_of_the_same_date_is_refused(engine: Engine, now: datetime) -> None:
    tonight = RunRequest("每日检查", period_key="2024-04-10")
    add(engine, now, tonight)
    with pytest.raises(IntegrityError):
        add(engine, now, tonight)
    assert runs.newest_period(engine, "每日检查") == "2024-04-10"


def test_a_worker_believed_dead_cannot_end_the_run_of_its_successor(
    engine: Engine, now: datetime
) -> None:
    run_id = add(engine, now)
    first = runs.claim(engine, run_id, "first", now)
    later = now + LEASE + timedelta(seconds=1)
    runs.interrupt_expired(engine, later)
    assert runs.restart(engine, run_id, later)
    second = runs.claim(engine, run_id, "second", later)
    assert first and second
    with pytest.raises(LostClaim):
        end(engine, first, later)
    assert not runs.renew(engine, first, later, (1, 2))
    assert not runs.fail(engine, first, later, "太迟了")
    end(engine, second, later)
    assert row(engine, run_id).state == "完成"


@pytest.mark.parametrize("ending", ["finish", "fail", "interrupt", "expire"])
def test_a_run_asked_for_by_a_machine_whose_clock_is_ahead_comes_to_its_end(
    engine: Engine, now: datetime, ending: str
) -> None:
    asked_at = now + timedelta(minutes=2)
    run_id = add(engine, asked_at)
    held = runs.claim(engine, run_id, "worker", now)
    assert held
    if ending == "finish":
        end(engine, held, now)
    elif ending == "fail":
        assert runs.fail(engine, held, now, "文件读不了")
    elif ending == "interrupt":
        assert runs.interrupt(engine, run_id, "worker", now)
    else:
        runs.interrupt_expired(engine, now + LEASE + timedelta(seconds=1))
    with Session(engine) as session:
        ended = session.get_one(models.JobRun, run_id)
        assert ended.state == ("完成" if ending == "finish" else "失败")
        assert (ended.started_at, ended.finished_at) == (asked_at, asked_at)


def test_a_connection_that_breaks_once_does_not_end_the_signs_of_life(
    engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    signs: list[bool] = []

    def renew(*told: Any) -> bool:
        signs.append(bool(signs))
        if not signs[-1]:
            raise InterfaceError("UPDATE job_runs", None, Exception("connection lost"))
        return runs.renew(*told)

    def job(context: JobContext) -> None:
        give_up = time.monotonic() + PATIENCE_S
        while not any(signs) and time.monotonic() < give_up:
            context.progress(len(signs) + 1, 2)
            time.sleep(0.01)

    monkeypatch.setattr(execution, "REPORT_EVERY_S", 0.02)
    monkeypatch.setattr(execution, "renew", renew)
    run_id = add(engine, now)
    kinds = {EXPORT.kind: Kind(EXPORT.kind, job)}
    execution.execute(Workplace(engine, Settings(), lambda: now, "worker", kinds), run_id)
    assert signs[:2] == [False, True]
    assert row(engine, run_id).state == "完成"


@pytest.mark.parametrize(("in_the_way", "state"), [(2, "完成"), (99, "失败")])
def test_work_that_gives_in_to_others_is_begun_again_but_not_for_ever(
    engine: Engine, now: datetime, in_the_way: int, state: str
) -> None:
    tries: list[int] = []

    def job(context: JobContext) -> None:
        tries.append(context.claim.run_id)
        if len(tries) <= in_the_way:
            raise OperationalError("UPDATE units", None, Exception("database is locked"))

    run_id = add(engine, now)
    kinds = {EXPORT.kind: Kind(EXPORT.kind, job)}
    execution.execute(Workplace(engine, Settings(), lambda: now, "worker", kinds), run_id)
    assert tries == [run_id] * 3
    ended = row(engine, run_id)
    assert (ended.state, ended.error) == (state, execution.BUSY if state == "失败" else "")


def test_after_a_run_the_planner_knows_the_tables_anew(engine: Engine, now: datetime) -> None:
    def fill(context: JobContext) -> None:
        with context.session() as session:
            session.add_all(models.Unit(name=f"第{n}局") for n in range(300))
            session.commit()

    run_id = add(engine, now)
    kinds = {EXPORT.kind: Kind(EXPORT.kind, fill)}
    execution.execute(Workplace(engine, Settings(), lambda: now, "worker", kinds), run_id)
    assert row(engine, run_id).state == "完成"
    if engine.dialect.name == "sqlite":  # PostgreSQL counts by itself, when it has the time
        with engine.connect() as connection:
            counted = "SELECT max(stat) FROM sqlite_stat1 WHERE tbl = 'units'"
            assert connection.execute(text(counted)).scalar_one().startswith("300 ")


def test_an_effect_goes_with_the_run_that_lost_its_claim(engine: Engine, now: datetime) -> None:
    run_id = add(engine, now)
    held = runs.claim(engine, run_id, "worker", now)
    assert held
    assert runs.interrupt(engine, run_id, "worker", now)
    with pytest.raises(LostClaim), engine.begin() as connection:
        connection.execute(text("INSERT INTO units (name) VALUES ('区教育局')"))
        runs.finish(connection, held, now, None)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM units")).scalar() == 0


def test_a_worker_that_reports_keeps_its_run_and_one_that_is_silent_loses_it(
    engine: Engine, now: datetime
) -> None:
    loud, silent = add(engine, now), add(engine, now)
    held = runs.claim(engine, loud, "loud", now)
    assert held and runs.claim(engine, silent, "silent", now)
    assert runs.renew(engine, held, now + LEASE / 2, (300, 10_000))
    runs.interrupt_expired(engine, now + LEASE + timedelta(seconds=1))
    assert row(engine, loud).state == "进行"
    assert (row(engine, loud).progress_done, row(engine, loud).progress_total) == (300, 10_000)
    assert row(engine, silent).state == "失败"
    assert "可以重新开始" in row(engine, silent).error


def test_a_failed_run_looks_failed_until_somebody_starts_it_again(
    engine: Engine, now: datetime
) -> None:
    run_id = add(engine, now)
    held = runs.claim(engine, run_id, "worker", now)
    assert held
    assert runs.fail(engine, held, now, "第7行“办理时限”不是日期。")
    assert (row(engine, run_id).state, row(engine, run_id).error) == (
        "失败",
        "第7行“办理时限”不是日期。",
    )
    assert runs.waiting_runs(engine) == []
    assert runs.restart(engine, run_id, now)
    assert runs.waiting_runs(engine) == [run_id]
    assert not runs.restart(engine, run_id, now)


def test_only_the_worker_that_died_gives_up_its_run(engine: Engine, now: datetime) -> None:
    run_id = add(engine, now)
    assert runs.claim(engine, run_id, "successor", now)
    assert not runs.interrupt(engine, run_id, "predecessor", now)
    assert row(engine, run_id).state == "进行"
    assert runs.interrupt(engine, run_id, "successor", now)
    assert row(engine, run_id).state == "失败"


def test_only_kinds_that_allow_it_are_tried_again_by_themselves(
    engine: Engine, now: datetime
) -> None:
    nightly = add(engine, now, RunRequest("每日检查", period_key="2024-04-10"))
    export = add(engine, now)
    for run_id in (nightly, export):
        held = runs.claim(engine, run_id, "worker", now)
        assert held and runs.fail(engine, held, now, "出错")
    attempts = {"每日检查": 2, "导出": 1}
    runs.retry_failed(engine, attempts, now + RETRY_AFTER / 2)
    assert runs.waiting_runs(engine) == []
    later = now + RETRY_AFTER + timedelta(seconds=1)
    runs.retry_failed(engine, attempts, later)
    assert runs.waiting_runs(engine) == [nightly]
    held = runs.claim(engine, nightly, "worker", later)
    assert held and runs.fail(engine, held, later, "又出错")
    runs.retry_failed(engine, attempts, later + RETRY_AFTER * 2)
    assert row(engine, nightly).state == "失败"


def test_a_job_that_refused_is_not_tried_again_by_itself_but_by_a_person(
    engine: Engine, now: datetime
) -> None:
    run_id, later = add(engine, now), now + RETRY_AFTER * 2
    held = runs.claim(engine, run_id, "worker", now)
    assert held and runs.refuse(engine, held, now, "行数太多，请缩小范围。")
    runs.retry_failed(engine, {"导出": 2}, later)
    assert (row(engine, run_id).state, row(engine, run_id).error) == (
        "失败",
        "行数太多，请缩小范围。",
    )
    assert runs.restart(engine, run_id, later) and runs.claim(engine, run_id, "worker", later)
    assert not row(engine, run_id).is_refused


def test_without_kinds_nothing_is_tried_again(engine: Engine, now: datetime) -> None:
    runs.retry_failed(engine, {}, now)
    assert runs.waiting_runs(engine) == []


def test_a_very_long_complaint_still_fits(engine: Engine, now: datetime) -> None:
    run_id = add(engine, now)
    held = runs.claim(engine, run_id, "worker", now)
    assert held and runs.fail(engine, held, now, "错" * 2000)
    assert len(row(engine, run_id).error) == 500


def test_runs_without_a_period_have_none_and_there_may_be_many(
    engine: Engine, now: datetime
) -> None:
    first, second = add(engine, now), add(engine, now)
    assert row(engine, first).period_key is row(engine, second).period_key is None
    tonight = add(engine, now, RunRequest("导出", period_key="2024-04-10"))
    assert runs.newest_period(engine, "导出") == row(engine, tonight).period_key == "2024-04-10"


def test_a_finished_run_has_done_all_of_it(engine: Engine, now: datetime) -> None:
    run_id = add(engine, now)
    held = runs.claim(engine, run_id, "worker", now)
    assert held and runs.renew(engine, held, now, (0, 10))
    end(engine, held, now)
    assert (row(engine, run_id).progress_done, row(engine, run_id).progress_total) == (10, 10)
