"""An import as a record: how it begins, what people correct in it, where it stands. Reading and writing are others'.

States: 读取中 -> 待确认 -> 写入中 -> 已写入 -> 撤销中 -> 已撤销; beside them 失败, 已放弃, and 无需写入 where
the rows are all there already. While the program is at work (…中), the background run tells whether it still is.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from domain import models
from domain.access import scopes
from domain.access.rule import NotAllowed
from domain.files.uploads import Stored
from domain.schema.states import ImportState, RunState
from domain.storing.session import ActorSession, program_within

PREVIEWED = (ImportState.WAITING, ImportState.NOTHING)
"""Where people look at the rows and may correct how the file is read."""
AT_WORK = (ImportState.READING, ImportState.WRITING, ImportState.UNDOING)
OUTDATED = "这次导入后来另外办过了，这个任务不再需要，没有做任何事。"
BEFORE = {ImportState.WRITING: ImportState.WAITING, ImportState.UNDOING: ImportState.WRITTEN}
"""Where an import stands again when the program's work on it came to nothing."""


def begin(
    session: ActorSession, target: str, meeting_id: int | None, file_name: str, stored: Stored
) -> int:
    """The id of a new import of a stored file, in the transaction of the actor's session. Raises NotAllowed.

    Where a file lies is no person's to write, so the row is the program's, in the person's name.
    """
    if not scopes.may(session.actor, "imports", "create"):
        raise NotAllowed("您的角色不能导入文件。")
    with program_within(session) as inner:
        row = models.Import(
            target=target,
            meeting_id=meeting_id,
            file_name=file_name,
            stored_name=stored.name,
            sha256=stored.sha256,
            state=ImportState.READING,
            uploaded_at=session.now(),
            uploaded_by_id=session.actor.user_id,
        )
        inner.add(row)
        inner.flush()
        return int(row.id)


def choose_units(
    session: ActorSession, row: "models.Import", chosen: Mapping[str, int], kept: Iterable[str] = ()
) -> None:
    """Note what written names mean in this file: ``chosen`` maps them to the ids of units.

    Those of them that are also in ``kept`` become aliases of their units once the import is written.
    """
    before = row.corrections or {}
    units = {**before.get("units", {}), **chosen}
    aliases = sorted({*before.get("aliases", ()), *kept} - (chosen.keys() - set(kept)))
    row.corrections = {**before, "units": units, "aliases": aliases}
    session.flush()


def take_back_unit(session: ActorSession, row: "models.Import", written: str) -> None:
    """Have a written name read as the program reads it again, in this file."""
    units = {name: unit for name, unit in chosen_units(row).items() if name != written}
    aliases = sorted(aliases_to_keep(row) - {written})
    row.corrections = {**(row.corrections or {}), "units": units, "aliases": aliases}
    session.flush()


def chosen_units(row: "models.Import") -> dict[str, int]:
    """What people said that written names mean in this file."""
    return dict((row.corrections or {}).get("units", {}))


def aliases_to_keep(row: "models.Import") -> set[str]:
    """The written names among those chosen that are to mean their unit in every later file too."""
    return set((row.corrections or {}).get("aliases", ()))


def find_alias(session: ActorSession, written: str) -> "models.UnitAlias | None":
    """The alias that is written so, of whatever unit; None for none."""
    alias = models.UnitAlias
    return session.scalars(select(alias).where(alias.alias == written)).one_or_none()


def skip_rows(session: ActorSession, row: "models.Import", rows: Iterable[tuple[str, int]]) -> None:
    """Leave these rows (sheet, row number) out of the import, and no others."""
    row.corrections = {**(row.corrections or {}), "skipped": [list(one) for one in rows]}
    session.flush()


def skipped_rows(row: "models.Import") -> set[tuple[str, int]]:
    """The rows that people left out, by sheet and row number."""
    return {(sheet, number) for sheet, number in (row.corrections or {}).get("skipped", ())}


def choose_columns(
    session: ActorSession,
    row: "models.Import",
    table: Mapping[str, Any],
    columns: Mapping[int, str],
) -> None:
    """Note what columns mean in this file: `table` as `imports.sheets` holds it, index -> canonical column."""
    chosen = {
        "headers": "　".join(table["labels"])[:1000],
        "columns": {str(index): canonical for index, canonical in columns.items()},
    }
    kept = {**_columns_of(row), table["fingerprint"]: chosen}
    row.corrections = {**(row.corrections or {}), "columns": kept}
    session.flush()


def chosen_columns(row: "models.Import") -> dict[str, dict[int, str]]:
    """What people said that columns mean in this file, by header fingerprint."""
    return {
        fingerprint: {int(index): canonical for index, canonical in chosen["columns"].items()}
        for fingerprint, chosen in _columns_of(row).items()
    }


def _columns_of(row: "models.Import") -> dict[str, Any]:
    return dict((row.corrections or {}).get("columns", {}))


def remember(session: ActorSession, row: "models.Import") -> None:
    """Keep what was chosen for this file for every later one, where it was said to; for an import being written."""
    _remember_columns(session, row)
    for written in sorted(aliases_to_keep(row)):
        unit = session.get(models.Unit, chosen_units(row)[written])
        if unit is not None and find_alias(session, written) is None:
            session.add(models.UnitAlias(unit_id=unit.id, alias=written))
    session.flush()


def _remember_columns(session: ActorSession, row: "models.Import") -> None:
    """The columns hold for every later file with the same header."""
    for fingerprint, chosen in _columns_of(row).items():
        kept = find_mapping(session, row.target, fingerprint)
        if kept is None:
            kept = models.ImportMapping(target=row.target, fingerprint=fingerprint)
            session.add(kept)
        kept.headers, kept.columns = chosen["headers"], chosen["columns"]
        kept.saved_at, kept.saved_by_id = session.now(), session.actor.user_id


def forget_columns(session: ActorSession, row: "models.Import", fingerprint: str) -> None:
    """Have the columns under this header recognised by the program again, in this file and in every later one."""
    columns = {key: chosen for key, chosen in _columns_of(row).items() if key != fingerprint}
    row.corrections = {**(row.corrections or {}), "columns": columns}
    kept = find_mapping(session, row.target, fingerprint)
    if kept is not None:
        session.delete(kept)
    session.flush()


def find_mapping(
    session: ActorSession, target: str, fingerprint: str
) -> "models.ImportMapping | None":
    """What is remembered of the header with this fingerprint; None for nothing."""
    mapping = models.ImportMapping
    of = mapping.target == target, mapping.fingerprint == fingerprint
    return session.scalars(select(mapping).where(*of)).one_or_none()


def hold(
    session: ActorSession, import_id: int, job_run_id: int, state: str
) -> "models.Import | None":
    """The import, locked until the transaction ends; None unless it is in this state and this run works on it.

    A run may come late: another one was asked for meanwhile, and what came of that must stand.
    """
    model = models.Import
    mine = select(model).where(model.id == import_id, model.job_run_id == job_run_id)
    mine = mine.where(model.state == state).with_for_update(of=model)
    return session.scalars(mine.execution_options(populate_existing=True)).one_or_none()


def has_stopped(row: "models.Import", run: "models.JobRun | None") -> bool:
    """Whether the program should be at work on this import, but is not: its run failed."""
    return row.state in AT_WORK and (run is None or run.state == RunState.FAILED)
