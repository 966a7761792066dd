"""Templates of every kind: told by their bytes, asked and filled by the module of their kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.papers import documents, sheets
from domain.papers.child import Template, lying
from domain.papers.marks import Filled, Wanted
from domain.sheets.grid import UnreadableFile
from domain.sheets.preflight import inspect


@dataclass(frozen=True)
class TemplateKind:
    """What says the marks of a kind of template, and what fills it, once for each."""

    wanted_of: Callable[[Template], Wanted]
    fill_all: Callable[[Template, Sequence[Filled]], list[bytes]]


KINDS: Mapping[str, TemplateKind] = {
    "xlsx": TemplateKind(sheets.wanted_of, sheets.fill_all),
    "docx": TemplateKind(documents.wanted_of, documents.fill_all),
}
"""By what `inspect` calls a file."""
_OTHER = "模板可以是 {} 文件，这个不是。"


def wanted_of(template: Template) -> Wanted:
    """What a template asks for. Raises UnreadableFile or BadMark, each with a sentence."""
    return KINDS[kind_of(template)].wanted_of(template)


def fill(template: Template, filled: Filled) -> bytes:
    """The template with what its marks stand for."""
    return fill_all(template, [filled])[0]


def fill_all(template: Template, every: Sequence[Filled]) -> list[bytes]:
    """The template filled in, once for each: many are sooner done so than one by one."""
    return KINDS[kind_of(template)].fill_all(template, every)


def kind_of(template: Template) -> str:
    """xlsx or another of KINDS. Raises UnreadableFile."""
    with lying(template) as path:
        kind = inspect(path)
    if kind not in KINDS:
        raise UnreadableFile(_OTHER.format("、".join(f".{known}" for known in KINDS)))
    return kind
