"""What people correct in the file of an import, kept in its row: cells, names of signers, hidden rows left out.

Nothing is written into the file; whoever reads it is told (`corrections`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain import models
from domain.imports.corrections import CellPlace, Corrected, Correction, Corrections
from domain.storing.changes import CHANGED, Entry, plain, tell
from domain.storing.session import ActorSession

CELLS, NAMES, WITHOUT_HIDDEN = "改正", "改名", "不导入隐藏的行"
_SHEET, _ROW, _COLUMN, _OLD, _NEW = "工作表", "行", "列", "原为", "改为"
_BY, _AT, _ITEM = "改正人", "改正时间", "所在行"
"""The words of the JSON: the change log shows it as it is."""
MOST_CELLS = 2_000
"""How many cells of one file may be corrected: who has more to correct is quicker in the file."""
LONGEST = 2_000


@dataclass(frozen=True)
class KeptCorrection:
    """A corrected cell as the import keeps it: by whom and when, and, once the file was read with it, what came of it.

    `item` is the first row of the row it belongs to; 0 where it was of no use, None where nobody has looked yet.
    """

    place: CellPlace
    new: str
    old: str | None
    by: str
    at: str
    item: int | None


@dataclass(frozen=True)
class KeptName:
    """A name of a signer as the file has it, how it is to be read ('' for nobody), and who said so when."""

    name: str
    new: str
    by: str
    at: str


def said_of(row: models.Import) -> Corrections:
    """All that people said of the import's file."""
    kept = row.corrections or {}
    cells = tuple(Correction(one.place, one.new, one.old) for one in kept_cells(row))
    names = {one.name: one.new for one in kept_names(row)}
    return Corrections(cells, names, bool(kept.get(WITHOUT_HIDDEN)))


def kept_cells(row: models.Import) -> list[KeptCorrection]:
    """The corrected cells, in the order in which they were corrected."""
    return [_kept(one) for one in (row.corrections or {}).get(CELLS, ())]


def kept_names(row: models.Import) -> list[KeptName]:
    """The names of signers that are to be read otherwise."""
    found = (row.corrections or {}).get(NAMES, {})
    return [KeptName(name, one[_NEW], one[_BY], one[_AT]) for name, one in found.items()]


def _kept(one: Mapping[str, Any]) -> KeptCorrection:
    place = CellPlace(one[_SHEET], one[_ROW], one[_COLUMN])
    return KeptCorrection(place, one[_NEW], one.get(_OLD), one[_BY], one[_AT], one.get(_ITEM))


def correct_cells(session: ActorSession, row: models.Import, said: Mapping[CellPlace, str]) -> int:
    """Note what these cells should read; one that should read as the file has it is no longer corrected.

    Returns how many cells are corrected now.
    """
    kept = {one.place: one for one in kept_cells(row)}
    for place, new in said.items():
        before = kept.pop(place, None)
        old = before.old if before and before.item else None
        if old is None or new != old:
            by, at = session.actor.name, str(plain(session.now()))
            kept[place] = KeptCorrection(place, new[:LONGEST], old, by, at, None)
    _keep(session, row, {CELLS: [_as_json(one) for one in list(kept.values())[:MOST_CELLS]]})
    return len(kept)


def take_back(session: ActorSession, row: models.Import, places: Iterable[CellPlace]) -> None:
    """Have these cells read as the file has them."""
    gone = set(places)
    kept = [_as_json(one) for one in kept_cells(row) if one.place not in gone]
    _keep(session, row, {CELLS: kept})


def rename(session: ActorSession, row: models.Import, said: Mapping[str, str]) -> None:
    """Note how names of signers are to be read, wherever they stand in the file; unchanged ones as they stand."""
    names = dict((row.corrections or {}).get(NAMES, {}))
    by, at = session.actor.name, plain(session.now())
    for name, new in said.items():
        names.pop(name, None)
        if new != name:
            names[name] = {_NEW: new[:LONGEST], _BY: by, _AT: at}
    _keep(session, row, {NAMES: names})


def leave_hidden_out(session: ActorSession, row: models.Import, *, is_wanted: bool) -> None:
    """Leave the rows out that are hidden or filtered away in the file, or read them as well."""
    _keep(session, row, {WITHOUT_HIDDEN: is_wanted})


def looked_at(row: models.Import, corrected: Iterable[Corrected]) -> dict[str, Any] | None:
    """The import's corrections with what came of them when the file was read; None where nothing was corrected."""
    kept: dict[str, Any] | None = row.corrections
    came = {one.place: one for one in corrected}
    if not kept or not kept.get(CELLS):
        return kept
    cells = [
        {**one, _OLD: found.old, _ITEM: found.item}
        if (found := came.get(_kept(one).place))
        else one
        for one in kept[CELLS]
    ]
    return {**kept, CELLS: cells}


def write_log(session: ActorSession, row: models.Import) -> None:
    """Tell the change log what was corrected in the file, once it is written so: one entry, of the import itself."""
    told = [*_cells_in_words(row), *_names_in_words(row)]
    if told:
        name = f"{row.target} {row.file_name}"
        entry = Entry(CHANGED, "imports", row.id, name, {"corrections": [None, told]})
        where = replace(session.provenance(), import_id=None)  # undoing does not touch it
        tell(session.unchecked_connection(), where, [entry])


def _cells_in_words(row: models.Import) -> Iterator[str]:
    for one in kept_cells(row):
        if one.item:
            sheet, number, column = one.place
            yield f"{sheet}第{number}行{column}：{one.old or '（空）'} → {one.new or '（空）'}（{one.by}）"


def _names_in_words(row: models.Import) -> Iterator[str]:
    for one in kept_names(row):
        yield f"姓名：{one.name} → {one.new or '（不是人名）'}（{one.by}）"


def _as_json(one: KeptCorrection) -> dict[str, Any]:
    sheet, row, column = one.place
    known = {_OLD: one.old, _ITEM: one.item}
    said = {_SHEET: sheet, _ROW: row, _COLUMN: column, _NEW: one.new, _BY: one.by, _AT: one.at}
    return said | {name: value for name, value in known.items() if value is not None}


def _keep(session: ActorSession, row: models.Import, values: Mapping[str, Any]) -> None:
    row.corrections = {**(row.corrections or {}), **values}
    session.flush()
