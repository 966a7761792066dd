"""Papers made in this process: what the limited child does, without starting one for each of hundreds."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook

from domain.papers.marks import Filled, Wanted, wanted_by
from domain.papers.xlsx.asking import marks_of
from domain.papers.xlsx.filling import fill_book
from domain.papers.xlsx.opening import open_template


def fill_here(template: bytes, filled: Filled) -> bytes:
    """As domain.papers.templates.fill, of an .xlsx."""
    stream, book = BytesIO(), _opened(template)
    fill_book(book, filled)
    book.save(stream)
    return stream.getvalue()


def wanted_here(template: bytes) -> Wanted:
    """As domain.papers.templates.wanted_of, of an .xlsx."""
    return wanted_by(marks_of(_opened(template)))


def _opened(template: bytes) -> Workbook:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template"
        path.write_bytes(template)
        return open_template(path)
