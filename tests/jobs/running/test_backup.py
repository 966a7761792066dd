"""A backup is worth what its restore brings back: every row, every file, on either database."""

import json
import os
import signal
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, inspect, select, text

from domain.storing.database import make_engine
from domain.storing.session import system_session
from jobs.commands.background import backup_command, restore_command
from jobs.running import backup
from jobs.running.backup import BackupFailed, back_up
from jobs.running.preparation import CannotStart, sole_use_of
from jobs.running.restore import restore
from jobs.running.row_copy import count_rows, live_tables
from jobs.running.settings import Settings
from seeds.reference import seed_reference
from tests.ground.places import ROOT
from tests.ground.serving.contents import create_tables
from tests.ground.serving.databases import Databases
from tests.ground.waiting import wait_until

MORNING = datetime(2024, 4, 10, 9)
FIRST, SECOND = "2024/3f9a", "关于校门口停车的答复.docx"
"""The stored names of the uploaded files."""
ON_A_FILE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
SENT_IN = {FIRST: b"\x00\x01" * 1000, SECOND: "答复".encode()}
ON_POSTGRESQL = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


def seeded(url: str) -> None:
    """The tables with all reference data and one row with every awkward value."""
    create_tables(url)
    engine = make_engine(url)
    with system_session(engine, "测试", lambda: MORNING) as session:
        seed_reference(session)
        session.commit()
    with engine.begin() as connection:
        tables = live_tables(connection)
        connection.execute(
            tables.tables["job_runs"].insert(),
            [
                {"kind": "导出", "period_key": "a", "queued_at": MORNING, "error": "“引号”\n😀",
                 "arguments": {"名称": ["逾期", None, 1.5]}, "result": None},
                {"kind": "导出", "period_key": "b", "queued_at": MORNING, "error": "",
                 "arguments": None, "result": []},
            ],
        )  # fmt: skip
        known = {"file_name": "方案.xlsx", "uploaded_at": MORNING}
        sums = {name: sha256(content).hexdigest() for name, content in SENT_IN.items()} | {"": ""}
        names = [{**known, "stored_name": name, "sha256": said} for name, said in sums.items()]
        connection.execute(tables.tables["imports"].insert(), names)
    engine.dispose()


@pytest.fixture
def settings(databases: Databases, tmp_path: Path) -> Iterator[Settings]:
    """An office with data and two uploaded files."""
    with databases.copy_of("backed up", seeded) as url:
        office = Settings(data_dir=tmp_path / "office", database_url=url)
        (office.uploads / "2024").mkdir(parents=True)
        for name, content in SENT_IN.items():
            (office.uploads / name).write_bytes(content)
        yield office


@pytest.fixture
def empty_office(bare_database_url: str, tmp_path: Path) -> Settings:
    """Another machine with nothing on it, whose database is of the same kind."""
    return Settings(data_dir=tmp_path / "new office", database_url=bare_database_url)


def everything(settings: Settings) -> dict[str, Any]:
    """Every row of every table and every uploaded file."""
    engine = make_engine(settings.database_url)
    with engine.connect() as connection:
        found: dict[str, Any] = {
            name: [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
            for name, table in live_tables(connection).tables.items()
        }
    engine.dispose()
    for path in settings.uploads.rglob("*"):
        if path.is_file():
            found[str(path.relative_to(settings.uploads))] = path.read_bytes()
    return found


def test_every_row_and_every_file_comes_back_on_another_machine(
    settings: Settings, empty_office: Settings, tmp_path: Path
) -> None:
    before = everything(settings)
    made = back_up(settings, tmp_path / "backup.zip", MORNING)
    restored = restore(empty_office, tmp_path / "backup.zip", MORNING)
    assert everything(empty_office) == before
    assert made == restored
    assert made.rows["calendar_days"] > 500
    assert made.files == 2


def test_work_goes_on_after_a_restore_where_it_stopped(
    settings: Settings, empty_office: Settings, tmp_path: Path
) -> None:
    back_up(settings, tmp_path / "backup.zip", MORNING)
    restore(empty_office, tmp_path / "backup.zip", MORNING)
    engine = make_engine(empty_office.database_url)
    with engine.begin() as connection:
        highest = connection.execute(text("SELECT max(id) FROM units")).scalar_one()
        connection.execute(text("INSERT INTO units (name) VALUES ('新设单位')"))
        new = connection.execute(text("SELECT id FROM units WHERE name = '新设单位'")).scalar_one()
    assert new == highest + 1
    with pytest.raises(Exception, match=r"(?i)unique"), engine.begin() as connection:
        connection.execute(text("INSERT INTO units (name) VALUES ('新设单位')"))
    engine.dispose()


@ON_A_FILE
def test_an_office_moves_from_sqlite_to_postgresql_and_back(
    settings: Settings, postgresql_server: Any, tmp_path: Path
) -> None:
    before = everything(settings)
    postgresql_server.execute("CREATE DATABASE moved")
    there = Settings(data_dir=tmp_path / "there", database_url=postgresql_server.url("moved"))
    back = Settings(data_dir=tmp_path / "back", database_url=f"sqlite:///{tmp_path}/back.db")
    back_up(settings, tmp_path / "out.zip", MORNING)
    restore(there, tmp_path / "out.zip", MORNING)
    assert everything(there) == before
    back_up(there, tmp_path / "home.zip", MORNING)
    restore(back, tmp_path / "home.zip", MORNING)
    assert everything(back) == before
    engine = make_engine(back.database_url)
    assert inspect(engine).get_foreign_keys("assignments")
    engine.dispose()
    postgresql_server.execute("DROP DATABASE moved WITH (FORCE)")


def test_a_backup_made_during_work_holds_whole_transactions_only(
    settings: Settings, engine_of: Callable[[Settings], Engine], tmp_path: Path
) -> None:
    with engine_of(settings).begin() as person:
        person.execute(text("INSERT INTO units (name) VALUES ('未提交单位')"))
        made = back_up(settings, tmp_path / "backup.zip", MORNING)
    with engine_of(settings).connect() as connection:
        assert count_rows(connection, live_tables(connection))["units"] == made.rows["units"] + 1


def test_a_file_that_is_deleted_meanwhile_is_named_and_the_rest_is_backed_up(
    settings: Settings, empty_office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what no row of the copied database names is nobody's, or of a later moment."""
    unfinished = settings.uploads / "2024" / "3f9b.unfinished"
    unfinished.write_bytes(b"half of it")
    read = backup.checked_rows

    def read_while_somebody_deletes(copy: Path) -> dict[str, int]:
        (settings.uploads / FIRST).unlink(missing_ok=True)
        return read(copy)

    monkeypatch.setattr(backup, "checked_rows", read_while_somebody_deletes)
    file = tmp_path / "backup.zip"
    made = CliRunner().invoke(backup_command, [str(file)], env=settings.as_environment())
    assert made.exit_code == 0, made.output
    assert f"有 1 个文件已经不在，没有备份：{FIRST}。" in made.output
    manifest = restore(empty_office, file, MORNING)
    assert (manifest.files, manifest.missing) == (1, [FIRST])
    stored = [path.name for path in empty_office.uploads.rglob("*") if path.is_file()]
    assert stored == [SECOND]


@ON_A_FILE
def test_a_backup_of_before_missing_files_were_named_comes_back(
    settings: Settings, empty_office: Settings, tmp_path: Path
) -> None:
    def older(name: str, data: bytes) -> tuple[str, bytes]:
        if name != "manifest.json":
            return name, data
        manifest = json.loads(data)
        del manifest["missing"]
        return name, json.dumps(manifest).encode()

    back_up(settings, tmp_path / "backup.zip", MORNING)
    restore(empty_office, rewritten(tmp_path / "backup.zip", older), MORNING)
    assert everything(empty_office) == everything(settings)


@pytest.fixture
def engine_of() -> Iterator[Callable[[Settings], Engine]]:
    made = []

    def engine_of(settings: Settings) -> Engine:
        made.append(make_engine(settings.database_url))
        return made[-1]

    yield engine_of
    for engine in made:
        engine.dispose()


@ON_A_FILE
def test_a_file_that_was_there_is_put_aside_and_not_lost(
    settings: Settings, tmp_path: Path
) -> None:
    back_up(settings, tmp_path / "backup.zip", MORNING)
    engine = make_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO units (name) VALUES ('后来的单位')"))
    engine.dispose()
    (settings.uploads / "later").write_text("后来的文件")
    after = everything(settings)
    restore(settings, tmp_path / "backup.zip", MORNING)
    assert everything(settings) != after
    aside = settings.backups / "before-restore-20240410-090000"
    (database,) = [path for path in aside.iterdir() if path.suffix == ".db"]
    put_aside = replace(settings, data_dir=aside, database_url=f"sqlite:///{database}")
    assert everything(put_aside) == after


@ON_POSTGRESQL
def test_a_postgresql_that_holds_something_is_left_alone(
    settings: Settings, tmp_path: Path
) -> None:
    before = everything(settings)
    back_up(settings, tmp_path / "backup.zip", MORNING)
    with pytest.raises(BackupFailed, match="请新建一个空库"):
        restore(settings, tmp_path / "backup.zip", MORNING)
    assert everything(settings) == before


def rewritten(file: Path, change: Callable[[str, bytes], tuple[str, bytes]]) -> Path:
    """A copy of a backup with its members changed."""
    changed = file.with_name("changed.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(*change(name, old.read(name)))
    return changed


def fewer_rows(name: str, data: bytes) -> tuple[str, bytes]:
    if name != "manifest.json":
        return name, data
    manifest = json.loads(data)
    manifest["rows"]["units"] += 1
    return name, json.dumps(manifest).encode()


def climbing(name: str, data: bytes) -> tuple[str, bytes]:
    return (f"uploads/../../{name.split('/')[1]}" if name.startswith("uploads/") else name), data


def torn_pages(name: str, data: bytes) -> tuple[str, bytes]:
    torn = data[:20000] + Random(1).randbytes(40000) + data[60000:]
    return name, torn if name == "database.sqlite3" else data


@ON_A_FILE
@pytest.mark.parametrize("change", [fewer_rows, climbing, torn_pages])
def test_a_backup_that_was_tampered_with_or_is_damaged_changes_nothing(
    settings: Settings, empty_office: Settings, tmp_path: Path, change: Any
) -> None:
    back_up(settings, tmp_path / "backup.zip", MORNING)
    with pytest.raises(BackupFailed, match=r"没有恢复|不能恢复"):
        restore(empty_office, rewritten(tmp_path / "backup.zip", change), MORNING)
    assert everything(empty_office) == {}


def other_bytes(name: str, data: bytes) -> tuple[str, bytes]:
    return name, data[:-1] + b"\x07" if name == f"uploads/{FIRST}" else data


@ON_A_FILE
def test_a_file_that_is_not_the_one_sent_in_is_named_and_taken_only_on_purpose(
    settings: Settings, empty_office: Settings, tmp_path: Path
) -> None:
    back_up(settings, tmp_path / "backup.zip", MORNING)
    changed = rewritten(tmp_path / "backup.zip", other_bytes)
    with pytest.raises(BackupFailed, match=r"有 1 个文件和上传时的内容不一样，没有恢复：方案.xlsx"):
        restore(empty_office, changed, MORNING)
    assert everything(empty_office) == {}
    restore(empty_office, changed, MORNING, even_damaged=True)
    assert everything(empty_office)[FIRST] == SENT_IN[FIRST][:-1] + b"\x07"


@ON_A_FILE
@pytest.mark.parametrize("keep", [0, 100, 0.5, 0.99])
def test_a_cut_off_file_is_refused_with_a_sentence(
    settings: Settings, empty_office: Settings, tmp_path: Path, keep: float
) -> None:
    back_up(settings, tmp_path / "backup.zip", MORNING)
    whole = (tmp_path / "backup.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: int(keep * len(whole)) if keep < 1 else int(keep)])
    with pytest.raises(BackupFailed, match=r"cut.zip 不是完整的备份文件"):
        restore(empty_office, tmp_path / "cut.zip", MORNING)
    assert everything(empty_office) == {}


@ON_A_FILE
def test_a_running_panel_is_not_restored_over(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "backup.zip", MORNING)
    before = everything(settings)
    (settings.data_dir / "run").mkdir()
    with (
        sole_use_of(settings.data_dir),
        pytest.raises(CannotStart, match="已经在这个数据目录里运行"),
    ):
        restore(settings, tmp_path / "backup.zip", MORNING)
    assert everything(settings) == before


@ON_A_FILE
def test_a_backup_is_readable_by_its_owner_only(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "backup.zip", MORNING)
    assert stat.S_IMODE((tmp_path / "backup.zip").stat().st_mode) == 0o600


HALTING = """
import pathlib, signal, sys, zipfile
from jobs.commands.background import backup_command

write, stands = zipfile.ZipFile.write, pathlib.Path(sys.argv.pop())

def write_or_stand_still(archive, path, name):
    if name.startswith("uploads/"):
        stands.touch()
        signal.pause()
    write(archive, path, name)

zipfile.ZipFile.write = write_or_stand_still
backup_command()
"""
"""The command `backup FILE STANDS`, which makes the file STANDS and stops before the first of the uploads."""


@ON_A_FILE
def test_a_backup_that_is_killed_leaves_yesterdays_in_place(
    settings: Settings, tmp_path: Path
) -> None:
    back_up(settings, tmp_path / "backup.zip", MORNING)
    yesterday = (tmp_path / "backup.zip").read_bytes()
    (settings.uploads / "more").write_text("一份新附件")
    process = subprocess.Popen(
        [sys.executable, "-c", HALTING, str(tmp_path / "backup.zip"), str(tmp_path / "stands")],
        cwd=ROOT, env={**os.environ, **settings.as_environment()},
    )  # fmt: skip
    wait_until((tmp_path / "stands").exists, "nothing is written")
    assert (tmp_path / "backup.zip.part").exists()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (tmp_path / "backup.zip").read_bytes() == yesterday


def test_the_commands_say_what_they_did(
    settings: Settings, empty_office: Settings, tmp_path: Path
) -> None:
    file = str(tmp_path / "backup.zip")
    made = CliRunner().invoke(backup_command, [file], env=settings.as_environment())
    assert made.output.startswith("已备份 "), made.output
    back = CliRunner().invoke(restore_command, [file], env=empty_office.as_environment())
    assert back.output.startswith("已恢复 "), back.output
    (tmp_path / "note.txt").write_text("不是备份")
    refused = CliRunner().invoke(
        restore_command, [str(tmp_path / "note.txt")], env=empty_office.as_environment()
    )
    assert refused.exit_code == 1
    assert "不是完整的备份文件" in refused.output
