"""The nightly check is started once for every date, late rather than never."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import redis
from sqlalchemy import Engine, select, text

from domain import models
from domain.searching.finding import candidates
from domain.searching.folding import fold
from domain.storing.database import make_engine
from jobs.queue.schedule import (
    CATCH_UP_DAYS,
    keep_schedule,
    nights_due,
    start_delivery,
    start_nightly_checks,
    sweep,
)
from jobs.queue.waking import JobQueue
from jobs.running.settings import Settings
from jobs.running.stopping import Stop
from jobs.runs import runs

SETTINGS = Settings()
HALF_PAST_MIDNIGHT = time(0, 30)
NIGHT = datetime(2024, 4, 11, 0, 30)


@pytest.fixture
def queue(redis_url: str) -> Iterator[JobQueue]:
    queue = JobQueue(redis_url)
    yield queue
    queue.close()


def nights(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        query = text("SELECT period_key FROM job_runs WHERE kind = '每日检查' ORDER BY period_key")
        return list(connection.execute(query).scalars())


def test_the_check_of_a_date_starts_at_half_past_midnight_and_not_before(engine: Engine) -> None:
    start_nightly_checks(engine, datetime(2024, 4, 10, 8), HALF_PAST_MIDNIGHT)
    start_nightly_checks(engine, NIGHT - timedelta(seconds=1), HALF_PAST_MIDNIGHT)
    assert nights(engine) == ["2024-04-10"]
    start_nightly_checks(engine, NIGHT, HALF_PAST_MIDNIGHT)
    assert nights(engine) == ["2024-04-10", "2024-04-11"]


def test_a_new_installation_owes_one_check_not_a_years() -> None:
    assert list(nights_due(None, NIGHT, HALF_PAST_MIDNIGHT)) == [date(2024, 4, 11)]


def test_missed_nights_are_made_up_for_in_order(engine: Engine) -> None:
    start_nightly_checks(engine, NIGHT, HALF_PAST_MIDNIGHT)
    start_nightly_checks(engine, NIGHT + timedelta(days=3, hours=9), HALF_PAST_MIDNIGHT)
    assert nights(engine) == ["2024-04-11", "2024-04-12", "2024-04-13", "2024-04-14"]
    assert len(runs.waiting_runs(engine)) == 4


def test_a_machine_that_was_off_for_months_catches_up_on_the_last_days_only() -> None:
    due = list(nights_due(date(2024, 1, 1), NIGHT, HALF_PAST_MIDNIGHT))
    assert len(due) == CATCH_UP_DAYS
    assert (due[0], due[-1]) == (date(2024, 3, 29), date(2024, 4, 11))


def test_a_clock_set_back_starts_nothing_twice(engine: Engine) -> None:
    start_nightly_checks(engine, NIGHT, HALF_PAST_MIDNIGHT)
    start_nightly_checks(engine, NIGHT - timedelta(days=2), HALF_PAST_MIDNIGHT)
    assert nights(engine) == ["2024-04-11"]


def test_a_year_of_schedulers_waking_at_any_minute_makes_one_run_per_date() -> None:
    newest, started = None, []
    moment = datetime(2023, 12, 31, 23, 50)
    while moment < datetime(2025, 1, 1):
        for on in nights_due(newest, moment, HALF_PAST_MIDNIGHT):
            started.append(on)
            newest = on
        moment += timedelta(minutes=47)
    assert started == [date(2023, 12, 31) + timedelta(days=n) for n in range(367)]


def test_two_schedulers_at_the_same_moment_start_one_check(database_url: str) -> None:
    def one_of_them(_n: int) -> None:
        engine = make_engine(database_url)
        start_nightly_checks(engine, NIGHT, HALF_PAST_MIDNIGHT)
        engine.dispose()

    with ThreadPoolExecutor(8) as schedulers:
        list(schedulers.map(one_of_them, range(8)))
    engine = make_engine(database_url)
    assert nights(engine) == ["2024-04-11"]
    engine.dispose()


def test_the_sweep_wakes_what_a_lost_redis_forgot(
    engine: Engine, queue: JobQueue, redis_url: str
) -> None:
    start_nightly_checks(engine, NIGHT, HALF_PAST_MIDNIGHT)
    sweep(engine, queue, NIGHT)
    with redis.Redis.from_url(redis_url) as client:
        assert client.llen("rq:queue:banli") == 1


def test_the_sweep_declares_dead_what_went_silent(engine: Engine, queue: JobQueue) -> None:
    start_nightly_checks(engine, NIGHT, HALF_PAST_MIDNIGHT)
    (run_id,) = runs.waiting_runs(engine)
    assert runs.claim(engine, run_id, "gone", NIGHT)
    sweep(engine, queue, NIGHT + runs.LEASE + timedelta(seconds=1))
    with engine.connect() as connection:
        states = connection.execute(text("SELECT state FROM job_runs")).scalars().all()
    assert states == ["失败"]


def test_the_schedule_brings_the_search_index_up_to_date(engine: Engine, queue: JobQueue) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO units (name) VALUES ('鱼峰区教育局')"))
    stop = Stop()
    stop.set()
    keep_schedule(engine, queue, lambda: NIGHT, SETTINGS, stop)
    assert fold(engine, models.schema.tables) == 0
    with engine.connect() as connection:
        offered = candidates(connection, models.Unit, ["教育"])
        assert offered is not None
        assert connection.scalars(select(models.Unit.id).where(offered)).all() == [1]


def test_the_schedule_outlives_a_database_and_a_redis_that_are_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/empty.db")
    queue, stop = JobQueue(f"unix://{tmp_path}/nobody.sock"), Stop()
    stop.set()
    keep_schedule(engine, queue, lambda: NIGHT, SETTINGS, stop)
    assert "trying again" in caplog.text
    engine.dispose()
    queue.close()


MORNING_HOURS = datetime(2024, 4, 11, 9)
MAILING = Settings(smtp_url="smtp://127.0.0.1:1")


def deliveries(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        asked = text("SELECT period_key FROM job_runs WHERE kind = '消息发送' ORDER BY id")
        return list(connection.scalars(asked))


def test_messages_are_sent_once_in_a_period_and_not_while_it_is_quiet(engine: Engine) -> None:
    for hours in (-2, 0, 1, 3, 4, 12, 24):
        start_delivery(engine, MAILING, lambda at=MORNING_HOURS + timedelta(hours=hours): at)
    assert deliveries(engine) == ["2024-04-11 08", "2024-04-11 12", "2024-04-12 08"]


def test_two_schedulers_start_one_delivery(database_url: str) -> None:
    def one_of_them(_n: int) -> None:
        engine = make_engine(database_url)
        start_delivery(engine, MAILING, lambda: MORNING_HOURS)
        engine.dispose()

    with ThreadPoolExecutor(8) as schedulers:
        list(schedulers.map(one_of_them, range(8)))
    engine = make_engine(database_url)
    assert deliveries(engine) == ["2024-04-11 08"]
    engine.dispose()


def test_where_no_way_is_set_nothing_is_started(engine: Engine) -> None:
    start_delivery(engine, Settings(), lambda: MORNING_HOURS)
    assert deliveries(engine) == []
