"""Word files that are no template: each refused with a sentence, before anything is made of it."""

import zipfile
from pathlib import Path

import pytest

from domain.papers.documents import wanted_of
from domain.papers.marks import Filled
from domain.papers.word import filling
from domain.papers.word.template import DocumentTemplate
from domain.sheets.grid import UnreadableFile
from tests.domain.papers.written import changed, of_paragraphs, part, row

DOCUMENT, RELATIONS = "word/document.xml", "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return of_paragraphs(tmp_path, "关于{{案由}}")


def refusal_of(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        DocumentTemplate(path)
    return refusal.value.sentence


def names_in(path: Path) -> list[str]:
    return [mark.name for mark in DocumentTemplate(path).marks]


def related(template: Path, kind: str, target: str, *, outside: bool) -> Path:
    """The template with one relation more."""
    mode = ' TargetMode="External"' if outside else ""
    one = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
    relations = part(template, RELATIONS)
    return changed(
        template, {RELATIONS: relations.replace("</Relationships>", one + "</Relationships>")}
    )


def worded(template: Path, text: str) -> Path:
    """The template with something more in its first paragraph."""
    return changed(
        template, {DOCUMENT: part(template, DOCUMENT).replace("</w:p>", text + "</w:p>", 1)}
    )


def test_what_a_child_refuses_is_told_in_its_words(template: Path) -> None:
    with pytest.raises(UnreadableFile, match="有宏"):
        wanted_of(changed(template, {"word/vbaProject.bin": b"\xd0\xcf"}))


def test_macros(template: Path) -> None:
    assert "有宏" in refusal_of(changed(template, {"word/vbaProject.bin": b"\xd0\xcf"}))
    types = part(template, "[Content_Types].xml").replace(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert "有宏" in refusal_of(changed(template, {"[Content_Types].xml": types}))


@pytest.mark.parametrize(
    ("kind", "target", "said"),
    [
        ("attachedTemplate", "http://elsewhere.example/a.dotm", "文档模板"),
        ("image", "//elsewhere.example/share/a.png", "图片"),
        ("hyperlink", "file:///etc/passwd", "超链接"),
        ("frame", "http://elsewhere.example/", "frame"),
    ],
)
def test_what_is_fetched_from_outside(template: Path, kind: str, target: str, said: str) -> None:
    assert said in refusal_of(related(template, kind, target, outside=True))


def test_a_link_that_a_person_clicks_is_none_of_these(template: Path) -> None:
    linked = related(template, "hyperlink", "https://www.yfq.gov.cn/", outside=True)
    assert names_in(linked) == ["案由"]


@pytest.mark.parametrize("kind", ["oleObject", "package", "control", "aFChunk", "subDocument"])
def test_files_within_the_file(template: Path, kind: str) -> None:
    assert "嵌入" in refusal_of(related(template, kind, "embeddings/a.bin", outside=False))


@pytest.mark.parametrize("element", ["<w:altChunk/>", "<w:r><w:object/></w:r>", "<w:subDoc/>"])
def test_elements_that_embed(template: Path, element: str) -> None:
    assert "嵌入" in refusal_of(worded(template, element))


@pytest.mark.parametrize(
    "field",
    [
        '<w:r><w:instrText>INCLUDE</w:instrText></w:r><w:r><w:instrText>TEXT "c:\\a"</w:instrText></w:r>',
        '<w:fldSimple w:instr=" ddeauto excel a b "/>',
        "<w:r><w:instrText> INCLUDEPICTURE http://elsewhere.example/a.png</w:instrText></w:r>",
    ],
)
def test_fields_that_fetch(template: Path, field: str) -> None:
    assert "从别处取内容的域" in refusal_of(worded(template, field))


def test_page_numbers_are_fields_that_do_not_fetch(template: Path) -> None:
    numbered = worded(template, '<w:fldSimple w:instr=" PAGE \\* MERGEFORMAT "/>')
    assert names_in(numbered) == ["案由"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", [DOCUMENT, "word/styles.xml"])
def test_entities_that_swell(template: Path, name: str, encoding: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'.encode(encoding)
    assert "已损坏" in refusal_of(changed(template, {name: bomb}))


def test_deep_trees(template: Path) -> None:
    deep = "<w:sdt>" * 5000 + "</w:sdt>" * 5000
    assert "已损坏" in refusal_of(worded(template, deep))


def test_a_file_that_unpacks_to_gigabytes(template: Path) -> None:
    with zipfile.ZipFile(template, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.bmp", bytes(300 * 2**20))
    assert refusal_of(template) == "模板展开后太大，请删去大图片和不用的内容后再上传。"


def test_a_file_that_is_cut_off_or_has_no_document(template: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.docx"
    broken.write_bytes(template.read_bytes()[:-400])
    assert "已损坏" in refusal_of(broken)
    assert "已损坏" in refusal_of(changed(template, {DOCUMENT: "<w:document"}))
    assert "已损坏" in refusal_of(changed(template, {DOCUMENT: "<document/>"}))


def test_a_workbook_is_no_word_file(tmp_path: Path) -> None:
    from openpyxl import Workbook

    Workbook().save(tmp_path / "a.docx")
    assert refusal_of(tmp_path / "a.docx") == "这不是 Word 文件，公文模板要用 .docx。"


def test_the_strict_kind_of_word_file(template: Path) -> None:
    strict = part(template, DOCUMENT).replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert "严格" in refusal_of(changed(template, {DOCUMENT: strict}))


def test_blocks_that_multiply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "MOST_ELEMENTS", 10_000)
    template = of_paragraphs(tmp_path, "{{#甲}}{{#甲}}{{序号}}{{/甲}}{{/甲}}")
    rows = [row({"甲": [row()] * 100})] * 100
    with pytest.raises(UnreadableFile, match="太长"):
        DocumentTemplate(template).fill(Filled(blocks={"甲": rows}))
