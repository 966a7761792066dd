"""The template of an import: filled in and sent back it is imported without a question, also after LibreOffice."""

import io
import subprocess
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from domain import models
from domain.access.importable import is_fillable
from domain.plans.recognising.vocabulary import CANONICAL, NAMES
from domain.sheets.child import read_grids
from domain.sheets.grid import CHOICES
from domain.tables.reading import read_sheet
from domain.texts.asides import EXAMPLE
from jobs.runs.context import JobContext
from tests.admin.imports.test_import_screens import CONGRESS, numbers, press, work
from tests.ground.district import Panel
from tests.ground.office import find_office

FILLED = {
    "编号": "021",
    "类型": "建议",
    "标题": "关于增设公交站点的建议",
    "提出人": "覃丽",
    "主办单位": "鱼峰区教育局",
    "协办单位": "鱼峰区住房和城乡建设局",
    "办理时限": "2024-06-05",
}


def template(panel: Panel, address: str = "/import/template/") -> bytes:
    answer = panel.as_("office").client.get(address)
    assert answer.status_code == 200, address
    return bytes(answer.data)


def filled(content: bytes, values: dict[str, str], row: int = 3) -> bytes:
    """The template with one row typed into it; the example row is left where it is."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.worksheets[0]
    places = {cell.value: cell.column for cell in page[1]}
    for name, value in values.items():
        page.cell(row, places[name]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sent(panel: Panel, content: bytes, name: str) -> str:
    """Drop the file as a plan and have it looked at; the page then."""
    form = {
        "meeting": str(panel.id_of("Meeting", name=CONGRESS)),
        "file": (io.BytesIO(content), name),
    }
    assert panel.as_("office").client.post("/import/", data=form).status_code == 302
    assert work(panel) == ["完成"]
    return panel.as_("office").get("/import/1/")


def converted(content: bytes, kind: str, folder: Path) -> bytes:
    """The file as LibreOffice saves it."""
    (folder / "模板.xlsx").write_bytes(content)
    out = folder / "out"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [find_office(), profile, "--headless", "--convert-to", kind, "--outdir", str(out)]
    subprocess.run(
        [*command, str(folder / "模板.xlsx")], check=True, capture_output=True, timeout=120
    )
    return (out / f"模板.{kind}").read_bytes()


def assert_unquestioned(page: str) -> None:
    assert "新增<b>1</b>" in page and "全部<b>1</b>" in page and "无效<b>0</b>" in page
    for question in ("没有读取", "没有当作一件", "不认识的单位", "提醒<b>", "请逐列核对"):
        assert question not in page, question


def test_the_plans_template_is_imported_without_a_question(panel: Panel) -> None:
    page = sent(panel, filled(template(panel), FILLED), "分工方案.xlsx")
    assert_unquestioned(page)
    press(panel, "apply", only_valid="0")
    assert "021" in numbers(panel)
    with panel.truth() as session:
        log = models.ExportLog
        assert session.scalars(select(log).where(log.item == "分工方案导入模板.xlsx")).one()


def test_the_plans_template_has_every_column_with_a_note_and_lists_on_a_hidden_sheet(
    panel: Panel,
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(panel)))
    page, hidden = book.worksheets
    header = [cell.value for cell in page[1]]
    assert header == [NAMES[name] for name in CANONICAL if name != "unit"]
    assert all(cell.comment and cell.comment.text for cell in page[1])
    assert (hidden.title, hidden.sheet_state) == (CHOICES, "hidden")
    rules = page.data_validations.dataValidation
    assert rules and all(CHOICES in rule.formula1 for rule in rules)
    units = header.index("主办单位") + 1
    assert "鱼峰区教育局" in [
        cell.value for cell in hidden[openpyxl.utils.get_column_letter(units)]
    ]
    assert str(page["A2"].value).endswith(EXAMPLE)


def test_the_example_row_is_never_data_wherever_it_is_moved(panel: Panel) -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled(template(panel), FILLED)))
    page = book.worksheets[0]
    for cell in page[2]:
        page.cell(9, cell.column).value, cell.value = cell.value, None
    stream = io.BytesIO()
    book.save(stream)
    assert_unquestioned(sent(panel, stream.getvalue(), "分工方案.xlsx"))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_the_template_saved_by_libreoffice_is_imported_without_a_question(
    panel: Panel, tmp_path: Path, kind: str
) -> None:
    content = converted(filled(template(panel), FILLED), kind, tmp_path)
    if kind == "xlsx":
        page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        assert any(CHOICES in rule.formula1 for rule in page.data_validations.dataValidation)
    assert_unquestioned(sent(panel, content, f"分工方案.{kind}"))


def test_every_importable_table_has_a_template_that_its_own_import_reads(
    panel: Panel, tmp_path: Path
) -> None:
    tables = [words for words in models.schema.tables.values() if is_fillable(words)]
    assert len(tables) > 10
    for words in tables:
        content = template(panel, f"/import/table/{words.name}/template/")
        (tmp_path / "t.xlsx").write_bytes(filled(content, {}))
        book = openpyxl.load_workbook(io.BytesIO(content))
        header = [cell.value for cell in book.worksheets[0][1]]
        page = book.worksheets[0]
        page.cell(3, 1).value = "某个内容"
        book.save(tmp_path / "t.xlsx")
        sheet = read_sheet(words, read_grids(tmp_path / "t.xlsx"))
        assert [column.label for column in sheet.columns.values()] == header, words.name
        assert not sheet.ignored and sheet.rows == [2] and not sheet.left_out, words.name


def test_a_tables_template_is_filled_and_imported(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    report = JobContext.report
    monkeypatch.setattr(
        JobContext,
        "report",
        lambda run, done, total: (told.append(total), report(run, done, total)),
    )
    content = template(panel, "/import/table/deputies/template/")
    book = openpyxl.load_workbook(io.BytesIO(content))
    header = {cell.value for cell in book.worksheets[0][1]}
    words = models.schema.tables["deputies"]
    typed = {
        words.columns["name"].label: "陆小满",
        words.columns["body"].label: "人大",
        words.columns["level"].label: "区县级",
        words.columns["term"].label: "1",
    }
    assert typed.keys() <= header
    form = {"file": (io.BytesIO(filled(content, typed)), "代表委员.xlsx")}
    assert panel.as_("office").client.post("/import/table/deputies/", data=form).status_code == 302
    assert work(panel) == ["完成"]
    page = panel.as_("office").get("/import/1/")
    assert "新增<b>1</b>" in page and "全部<b>1</b>" in page and "不导入" not in page
    assert set(told) == {1}, "neither the lists to pick from nor the example are rows of the file"


def test_a_unit_does_not_get_templates(panel: Panel) -> None:
    for address in ("/import/template/", "/import/table/deputies/template/"):
        assert panel.as_("school").client.get(address).status_code == 404
    assert panel.as_("office").client.get("/import/table/users/template/").status_code == 404
