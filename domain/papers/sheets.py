"""A spreadsheet as a template: what it asks for, and it filled. Everything that opens it runs in a limited child.

The same two functions for a document are in `documents`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from domain.papers.child import Template, fill_in_child, lying, wanted_in_child
from domain.papers.marks import Filled, Wanted
from domain.sheets.grid import UnreadableFile
from domain.sheets.preflight import inspect

_CHILD = "domain.papers.xlsx"
_NO_SHEET = "模板要用 .xlsx 工作簿，请用 WPS 或 Excel 另存为 .xlsx 后再上传。"


def wanted_of(template: Template) -> Wanted:
    """What an .xlsx template asks for. Raises UnreadableFile for the file, BadMark for a mark, each with a sentence."""
    with _workbook(template) as path:
        return wanted_in_child(_CHILD, path)


def fill_all(template: Template, every: Sequence[Filled]) -> list[bytes]:
    """The template filled in, once for each. Raises as `wanted_of`, and BadMark for a mark that has no value."""
    with _workbook(template) as path:
        return fill_in_child(_CHILD, path, every)


def fill(template: Template, filled: Filled) -> bytes:
    """The template with what its marks stand for. Raises as `fill_all`."""
    return fill_all(template, [filled])[0]


@contextmanager
def _workbook(template: Template) -> Iterator[Path]:
    """The template as a file that is an .xlsx."""
    with lying(template) as path:
        if inspect(path) != "xlsx":
            raise UnreadableFile(_NO_SHEET)
        yield path
