"""Writes docs/workflow.md from the acts: ``make docs``. Nothing is said there that the declarations do not say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from domain import models
from domain.lifecycle.acts.act import Act
from domain.lifecycle.acts.register import ACTS
from domain.lifecycle.doing import column_asked

PAGE = Path(__file__).resolve().parents[2] / "docs" / "workflow.md"


def workflow_page() -> str:
    """Every table with acts: a diagram of its states, then whose each act is and what it asks for."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield "# Workflow"
    yield ""
    yield "Generated from `domain/lifecycle/acts/` by `make docs`; a test fails when it is stale."
    yield ""
    yield "An arrow is drawn where an act alone says which state follows. Without one the state stays, or follows"
    yield "from what else is recorded: a reply's from the steps of its 审签流程 that were taken"
    yield "(`domain/lifecycle/review.py`), an item's from all its tasks (`domain/lifecycle/workflow.py`)."
    yield ""
    for table in dict.fromkeys(act.table for act in ACTS):
        words = models.schema.tables[table]
        acts = [act for act in ACTS if act.table == table]
        yield f"## {words.label} (`{table}`)"
        yield ""
        if any(act.starts for act in acts):
            yield from _diagram(acts)
        for act in acts:
            yield from _act_lines(act)


def _diagram(acts: list[Act]) -> Iterator[str]:
    """The states between which the acts alone lead, as Mermaid draws them."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for act in acts:
        for start in act.starts:
            if end := act.ends_in(start):
                yield f"  {start} --> {end}: {act.label}"
    yield "```"
    yield ""


def _act_lines(act: Act) -> Iterator[str]:
    yield f"### {act.label} (`{act.name}`)"
    yield ""
    if act.help:
        yield f"{act.help}"
        yield ""
    if act.starts:
        yield f"- open in: {'、'.join(act.starts)}"
    for role, criterion in act.who.items():
        yield f"- {role}: {(criterion.__doc__ or '').splitlines()[0].rstrip('.').lower()}"
    if act.todo:
        yield f"- waits as “{act.todo}” for: {'、'.join(act.todo_of or act.who)}"
    for answer in act.answers:
        column = column_asked(act, answer)
        must = ", required" if answer.is_required else ""
        whom = f", of {'、'.join(sorted(answer.roles))} alone" if answer.roles else ""
        yield f"- asks for `{answer.table or act.table}.{answer.column}` {column.label}{must}{whom}"
    for need in act.needs:
        yield f"- needs: {need.sentence}"
    for need in act.warns:
        yield f"- warns: {need.sentence}"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(workflow_page(), encoding="utf-8")
