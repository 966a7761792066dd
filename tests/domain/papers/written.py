"""Word templates for tests, written by another program's library, and what stands in the documents made of them."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from docx import Document

from domain.papers.marks import Filled, Value
from domain.papers.word.template import DocumentTemplate


def row(_blocks: Mapping[str, list[Filled]] | None = None, /, **values: Value) -> Filled:
    """A row of a block."""
    return Filled(values, _blocks or {})


def saved(document: Any, folder: Path, name: str = "模板.docx") -> Path:
    """The document as a file."""
    path = folder / name
    document.save(path)
    return path


def of_paragraphs(folder: Path, *texts: str | Iterable[str]) -> Path:
    """A template of paragraphs; one that is given in pieces has a run for each."""
    document = Document()
    for text in texts:
        paragraph = document.add_paragraph()
        for piece in [text] if isinstance(text, str) else text:
            paragraph.add_run(piece)
    return saved(document, folder)


def filled_in(template: Path, filled: Filled) -> Any:
    """The template filled in, opened by another program's library."""
    return Document(io.BytesIO(DocumentTemplate(template).fill(filled)))


def texts(document: Any) -> list[str]:
    """The paragraphs outside tables."""
    return [paragraph.text for paragraph in document.paragraphs]


def cells(table: Any) -> list[list[str]]:
    """The cells of a table, row by row."""
    return [[cell.text for cell in line.cells] for line in table.rows]


def changed(path: Path, parts: Mapping[str, str | bytes | None]) -> Path:
    """The same file with some parts replaced, added, or (None) left out."""
    with zipfile.ZipFile(path) as archive:
        old = {name: archive.read(name) for name in archive.namelist()}
    new = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**old, **parts}.items():
            if data is not None:
                archive.writestr(name, data)
    return new


def part(path: Path, name: str) -> str:
    """A part of the file."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()
