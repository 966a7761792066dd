"""The commands about time and the demo, as tests and other programs call them."""

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from domain import models
from domain.people.passwords import hash_password
from domain.storing.database import make_engine
from domain.storing.session import system_session
from jobs.commands.check_deadlines import check_deadlines_command
from jobs.commands.seed import demo_logins_command, seed_command
from jobs.queue.execution import Workplace, execute
from jobs.queue.kinds import KINDS, NIGHTLY_CHECK
from jobs.running.settings import Settings
from jobs.runs.runs import RunRequest, add_run
from seeds.reference import seed_reference
from tests.ground.serving.contents import create_tables
from tests.ground.tasks import a_deadline, a_task, an_item

NIGHT = datetime(2024, 4, 26, 0, 30)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A new SQLite database in a data folder of its own, which the commands find."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    create_tables(f"sqlite:///{tmp_path / 'banli.db'}")
    engine = make_engine(f"sqlite:///{tmp_path / 'banli.db'}")
    yield engine
    engine.dispose()


def run(command: click.Command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def read(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder with the demo in it, made once, and what was said."""
    folder = tmp_path_factory.mktemp("demo")
    create_tables(f"sqlite:///{folder / 'banli.db'}")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATA_DIR", str(folder))
        environment.delenv("DATABASE_URL", raising=False)
        return folder, run(seed_command, "--demo").output


@pytest.fixture
def demo(
    seeded: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """A copy of it, which the commands find."""
    shutil.copytree(seeded[0], tmp_path / "var")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    engine = make_engine(f"sqlite:///{tmp_path / 'var' / 'banli.db'}")
    yield engine
    engine.dispose()


@pytest.mark.usefixtures("demo")
def test_the_demo_tells_its_logins_and_every_password_opens_the_door(
    seeded: tuple[Path, str],
) -> None:
    assert "demo-logins" in seeded[1]
    logins = read(run(demo_logins_command, "--json"))
    assert set(logins[0]) == {"username", "password", "role", "unit"}
    assert len({login["role"] for login in logins}) == 8
    assert len({login["password"] for login in logins}) == len(logins) == 21
    assert {"鱼峰区教育局", "鱼峰区住房和城乡建设局"} <= {login["unit"] for login in logins}
    assert logins[0]["password"] in run(demo_logins_command).output


def test_a_demo_user_who_chose_an_own_password_is_not_told_any_more(demo: Engine) -> None:
    with system_session(demo, "改密", lambda: NIGHT) as session:
        user = session.scalars(select(models.User).filter_by(username="jyj")).one()
        user.password_hash = hash_password("自己的-Password-8")
        session.commit()
    told = {login["username"] for login in read(run(demo_logins_command, "--json"))}
    assert "jyj" not in told and "zjj" in told


@pytest.mark.usefixtures("office")
def test_an_offices_own_database_tells_no_logins() -> None:
    run(seed_command)
    assert read(run(demo_logins_command, "--json")) == []
    assert run(demo_logins_command).output.strip() == ""


@pytest.mark.usefixtures("office")
def test_seeding_again_says_that_nothing_changed() -> None:
    assert "已添加基础数据" in run(seed_command).output
    assert run(seed_command).output == "基础数据已经齐全，没有改动。\n"


@pytest.mark.usefixtures("demo")
def test_seeding_the_demo_again_says_that_nothing_changed() -> None:
    assert run(seed_command, "--demo").output == "演示数据已经有了，没有改动。\n"


@pytest.mark.usefixtures("demo")
def test_the_demo_year_is_not_lived_beside_a_demo() -> None:
    assert run(seed_command, "--demo-year").output == "演示数据已经有了，没有改动。\n"
    result = run(seed_command, "--demo", "--demo-year")
    assert (result.exit_code, "只能用一个" in result.output) == (1, True)


@pytest.mark.parametrize("which", ["--demo", "--demo-year"])
def test_the_demo_is_refused_where_the_office_has_items(office: Engine, which: str) -> None:
    with system_session(office, "登记", lambda: NIGHT) as session:
        seed_reference(session)
        an_item(session)
        session.commit()
    result = run(seed_command, which)
    assert (result.exit_code, "只能放进新建的空库" in result.output) == (1, True)


def test_a_database_without_tables_gets_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    result = run(seed_command)
    assert (result.exit_code, "db-init" in result.output) == (1, True)


def a_late_answer(engine: Engine) -> None:
    with system_session(engine, "登记", lambda: NIGHT) as session:
        seed_reference(session)
        a_deadline(session, a_task(session, an_item(session)), date(2024, 4, 25))
        session.commit()


def test_the_check_prints_what_other_programs_read(office: Engine) -> None:
    a_late_answer(office)
    first = read(run(check_deadlines_command, "--on", "2024-04-26", "--json"))
    assert (first["on"], first["open"], first["new"]) == ("2024-04-26", 1, 1)
    assert first["reminders"]["逾期蓝"] == 1
    again = read(run(check_deadlines_command, "--on", "2024-04-26", "--json"))
    assert again == first | {"new": 0}


def test_the_check_speaks_chinese_to_people(office: Engine) -> None:
    a_late_answer(office)
    said = run(check_deadlines_command, "--on", "2024-04-26").output
    assert said == "2024-04-26 检查完毕：未完成的时限 1 项；逾期蓝 1 项；新发提醒 1 条。\n"
    wrong = run(check_deadlines_command, "--on", "31.02.2026")
    assert wrong.exit_code == 1
    assert "“31.02.2026”不是日期，请写成 2026-02-28。" in wrong.output


def test_the_nightly_job_checks_its_date_and_keeps_the_result(engine: Engine) -> None:
    a_late_answer(engine)
    request = RunRequest(NIGHTLY_CHECK, {"on": "2024-04-26"}, period_key="2024-04-26")
    with system_session(engine, "时钟", lambda: NIGHT) as session:
        run_id = add_run(session, request, NIGHT).id
        session.commit()
    execute(Workplace(engine, Settings(), lambda: NIGHT, "tests", KINDS), run_id)
    with system_session(engine, "看", lambda: NIGHT) as session:
        row = session.get_one(models.JobRun, run_id)
        assert (row.state, row.result["new"]) == ("完成", 1)
        assert session.scalars(select(models.Reminder.step)).all() == ["逾期蓝"]
