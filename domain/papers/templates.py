"""Templates of every kind: told by their bytes, asked and filled by the module of their kind."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.papers import sheets
from domain.papers.marks import Filled, Wanted
from domain.sheets.grid import UnreadableFile
from domain.sheets.preflight import inspect

Template = Path | bytes
KINDS: Mapping[str, tuple[Callable[[Template], Wanted], Callable[[Template, Filled], bytes]]] = {
    "xlsx": (sheets.wanted_of, sheets.fill),
}
"""By what `inspect` calls a file: what says its marks, and what fills it."""
_OTHER = "模板可以是 {} 文件，这个不是。"


def wanted_of(template: Template) -> Wanted:
    """What a template asks for. Raises UnreadableFile or BadMark, each with a sentence."""
    return KINDS[kind_of(template)][0](template)


def fill(template: Template, filled: Filled) -> bytes:
    """The template with what its marks stand for."""
    return KINDS[kind_of(template)][1](template, filled)


def kind_of(template: Template) -> str:
    """xlsx or another of KINDS. Raises UnreadableFile."""
    if isinstance(template, Path):
        kind = inspect(template)
    else:
        with TemporaryDirectory(prefix="paper-") as folder:
            path = Path(folder) / "template"
            path.write_bytes(template)
            kind = inspect(path)
    if kind not in KINDS:
        raise UnreadableFile(_OTHER.format("、".join(f".{known}" for known in KINDS)))
    return kind
