"""Writes docs/marks.zh.md, the marks that the office may write into a template: ``make docs``. Of the handbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from admin.papers.offering import EXAMPLES, BlockHelp, MarkHelp, marks_help
from admin.tables.desk import Desk
from domain import models
from domain.actors import OFFICE, Actor

PAGE = Path(__file__).resolve().parents[2] / "docs" / "marks.zh.md"


def marks_page() -> str:
    """How marks are written, then all that there are."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    nobody: Any = None  # what may be written follows from the role alone
    helped = marks_help(Desk(models.schema.tables["proposals"], Actor("", OFFICE), nobody))
    yield "# 报表模板里的标记"
    yield ""
    yield "由 `make docs` 生成；交办督查能写的都在这里，别的角色在“报表 → 模板里的标记”里看自己的。"
    yield ""
    yield "## 怎么写"
    yield ""
    yield from _listed(MarkHelp(mark, about) for mark, about in EXAMPLES.items())
    yield "## 哪里都能写的"
    yield ""
    yield from _listed(helped.anywhere)
    yield "## 数"
    yield ""
    yield f"写在外面，或写在 {'、'.join(helped.by)} 的块里；前面可以加：{'、'.join(helped.qualifiers)}。"
    yield ""
    yield from _listed(helped.numbers)
    for block in helped.blocks:
        yield from _block(block)


def _block(block: BlockHelp) -> Iterator[str]:
    yield f"## {{{{#{block.label}}}}}"
    yield ""
    yield f"{block.row_is}标记：{'、'.join(one.mark for one in block.marks)}。"
    yield ""
    if block.conditions:
        yield "条件："
        yield ""
        yield from _listed(block.conditions)
    yield f"可以问：{'、'.join(block.asked)}。"
    yield ""


def _listed(marks: Iterable[MarkHelp]) -> Iterator[str]:
    for one in marks:
        yield f"- `{one.mark}`{f'：{one.about}' if one.about else ''}"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(marks_page(), "utf-8")
