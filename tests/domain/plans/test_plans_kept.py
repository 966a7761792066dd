"""A plan as the preview read it: the same to the last cell, used only where reading again would give the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.imports.corrections import CellPlace, Correction, Corrections
from domain.plans import kept
from domain.plans.recognising.units import UnitBook, UnitEntry
from domain.sheets import kept as kept_sheets
from domain.sheets.grid import Grid
from tests.ground.plans import CONGRESS, SAMPLES, demo_units, workbook

FILES = sorted(path for path in SAMPLES.iterdir() if not path.name.endswith(".json"))


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were really read, one entry each time."""
    read, seen = kept.read_grids_once, list[Path]()

    def counting(path: Path, place: Path) -> list[Grid]:
        seen.append(path)
        return read(path, place)

    monkeypatch.setattr(kept, "read_grids_once", counting)
    return seen


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_sample_comes_back_as_it_was_read(
    file: Path, tmp_path: Path, readings: list[Path]
) -> None:
    first, again = (
        kept.read_plan_once(file, CONGRESS, demo_units(), kept.Said({}), tmp_path / "1.json")
        for _ in range(2)
    )
    assert first == again
    assert first.rows
    assert readings == [file]


def test_what_was_left_unread_is_kept_too(tmp_path: Path, readings: list[Path]) -> None:
    header, row = ["编号", "标题", "主办单位", "还有谁"], ["关于某事的建议", "区教育局", "区财政局"]
    file = workbook(tmp_path / "plan.xlsx", [header, ["001", *row], ["002", *row]])
    first, again = (
        kept.read_plan_once(file, CONGRESS, demo_units(), kept.Said({}), tmp_path / "1.json")
        for _ in range(2)
    )
    assert first == again and again.sheets[0].tables[0].unread
    assert readings == [file]


def test_the_rows_of_a_table_share_it_when_they_come_back(tmp_path: Path) -> None:
    for _ in range(2):
        plan = kept.read_plan_once(
            FILES[0], CONGRESS, demo_units(), kept.Said({}), tmp_path / "1.json"
        )
        tables = {id(table) for sheet in plan.sheets for table in sheet.tables}
        assert {id(row.table) for row in plan.rows} <= tables


def test_what_would_be_read_otherwise_is_read_anew(tmp_path: Path, readings: list[Path]) -> None:
    file, book, place = FILES[0], demo_units(), tmp_path / "1.json"
    units = list(book.by_id.values())
    renamed = UnitBook([*units[:-1], replace(units[-1], aliases=("办事的",))], book.basis[1])
    for facts, known, columns in (
        (CONGRESS, book, {}),
        (replace(CONGRESS, year=CONGRESS.year + 1), book, {}),
        (CONGRESS, renamed, {}),
        (CONGRESS, UnitBook([*units, UnitEntry(9999, "区新设局")], book.basis[1]), {}),
        (CONGRESS, UnitBook(units, ("另一区",)), {}),
        (CONGRESS, UnitBook(units, book.basis[1], {"教局": units[0].id}), {}),
        (CONGRESS, book, {"0" * 40: {0: "number"}}),
    ):
        before = len(readings)
        kept.read_plan_once(file, facts, known, kept.Said(columns), place)
        kept.read_plan_once(file, facts, known, kept.Said(columns), place)
        assert len(readings) == before + 1


@pytest.mark.parametrize(
    "left", ["", "{", "[]", '{"basis": 1}', "null", '["basis",[],[],[[1]],[]]']
)
def test_what_is_not_whole_is_read_anew(left: str, tmp_path: Path, readings: list[Path]) -> None:
    place = tmp_path / "1.json"
    whole = kept.read_plan_once(FILES[0], CONGRESS, demo_units(), kept.Said({}), place)
    place.write_text(left)
    assert kept.read_plan_once(FILES[0], CONGRESS, demo_units(), kept.Said({}), place) == whole
    assert len(readings) == 2


def test_a_plan_that_cannot_be_kept_is_read_all_the_same(
    tmp_path: Path, readings: list[Path]
) -> None:
    (tmp_path / "full").write_text("no folder")
    for _ in range(2):
        plan = kept.read_plan_once(
            FILES[0], CONGRESS, demo_units(), kept.Said({}), tmp_path / "full" / "1.json"
        )
        assert plan.rows
    assert len(readings) == 2


def test_a_correction_reads_the_rows_anew_and_does_not_open_the_file_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, row = ["编号", "标题", "主办单位"], ["", "关于某事的建议", "区教育局"]
    file = workbook(tmp_path / "plan.xlsx", [header, row, ["002", *row[1:]]])
    opened, answer_of = list[Path](), kept_sheets.answer_of

    def counting(path: Path) -> bytes:
        opened.append(path)
        return answer_of(path)

    monkeypatch.setattr(kept_sheets, "answer_of", counting)
    said = Corrections((Correction(CellPlace("Sheet1", 2, "A"), "005"),))
    place = tmp_path / "1.json"
    before, after, again = (
        kept.read_plan_once(file, CONGRESS, demo_units(), kept.Said({}, one), place)
        for one in (Corrections(), said, said)
    )
    assert [one.number for one in before.rows] == [None, "002"] and before.rows[0].errors
    assert [one.number for one in after.rows] == ["005", "002"] and not after.rows[0].errors
    assert after == again and after.corrected[0].item == 2 and opened == [file]
