"""Writes a form and its blocks in one save, and finds the line that a refusal belongs to.

What is written, by whom and whether it may be, the session says (domain/storing/); here is only in which order.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from admin.tables.desk import Desk
from admin.tables.form.blocks.block import Block, Line, WholeForm
from admin.tables.form.blocks.places import places
from admin.tables.form.forms import values_of
from admin.tables.form.refusals import REFUSALS
from domain import models
from domain.storing.contention import gave_in
from domain.storing.turns import turns

Aims = dict[str, dict[str, Any]]
"""By the name of a line: the values that its row is to have."""


@dataclass(frozen=True)
class Step:
    """One thing to write; ``line`` is None for the row of the form itself."""

    do: Callable[[], None]
    block: Block | None = None
    line: Line | None = None


class Writing:
    """One save of a form: of a new row, or of the stored ``row``."""

    def __init__(self, desk: Desk, whole: WholeForm, row: models.Row | None = None) -> None:
        self.desk, self.whole = desk, whole
        self.is_new = row is None
        self.row = row if row is not None else desk.model()
        self._aims = {block.name: _aims(block) for block in whole.blocks}

    def write(self) -> None:
        """Write it all; what the database or a rule refuses is raised."""
        for stage in self._stages():
            for step in stage:
                step.do()
            self.desk.session.flush()

    def find_refused(self) -> tuple[Step, Exception] | None:
        """Do it again one by one, and take it back: the step that is refused, and why. Call it after the rollback."""
        found = None
        self._aims = {b.name: _apart(b, self._aims[b.name]) for b in self.whole.blocks}
        with self.desk.session.rehearsal():
            for step in (step for stage in self._stages() for step in stage):
                try:
                    step.do()
                    self.desk.session.flush()
                except REFUSALS as error:
                    if gave_in(error):
                        raise
                    found = step, error
                    break
        return found

    def _stages(self) -> Iterator[list[Step]]:
        """What is written at a time: what goes, then the row itself with the others, then those that wait for one."""
        yield [
            Step(_deleting(self.desk, line.row), block, line)
            for block in self.whole.blocks
            for line in block.meant
            if line.is_gone and line.row is not None
        ]
        later = [turn for block in self.whole.blocks for turn in self._in_turns(block)]
        yield [Step(self._write_row), *(step for turn, step in later if turn == 0)]
        for now in range(1, max((turn for turn, _ in later), default=0) + 1):
            yield [step for turn, step in later if turn == now]

    def _in_turns(self, block: Block) -> Iterator[tuple[int, Step]]:
        """The lines of a block that stay or come, each with its turn."""
        lines = [line for line in block.meant if not line.is_gone]
        aims = self._aims[block.name]
        writes = [
            (_held(line.row), self._whole_row(block, line, aims[line.name])) for line in lines
        ]
        found = turns(block.child.words, writes, block.place.name if block.place else "")
        for turn, places_in in enumerate(found):
            yield from ((turn, self._step(block, lines[n], aims)) for n in places_in)

    def _whole_row(self, block: Block, line: Line, aim: dict[str, Any]) -> dict[str, Any]:
        """The row as it becomes, as far as it is known here."""
        usual = {name: column.default for name, column in block.child.words.columns.items()}
        above = 0 if self.is_new else self.row.id
        return {**(_held(line.row) or usual), block.key.name: above, **aim}

    def _step(self, block: Block, line: Line, aims: Aims) -> Step:
        def write() -> None:
            if line.row is not None:
                _assign(line.row, aims[line.name])
                return
            made = block.child.model(**aims[line.name])
            setattr(made, block.key.name.removesuffix("_id"), self.row)
            self.desk.session.add(made)

        return Step(write, block, line)

    def _write_row(self) -> None:
        values = values_of(self.whole.form)
        if not self.is_new:
            _assign(self.row, values)
            return
        self.row = self.desk.model(**values)
        self.desk.session.add(self.row)


def _aims(block: Block) -> Aims:
    """By line: the values that it is to have."""
    lines = [line for line in block.meant if not line.is_gone]
    aims = {line.name: values_of(line.form) for line in lines}
    if block.place is not None:
        name = block.place.name
        stored = [getattr(line.row, name) if line.row else None for line in lines]
        first = block.place.default
        numbers = places(stored, 1 if first is None else int(first), _highest(block))
        for line, number in zip(lines, numbers, strict=True):
            aims[line.name][name] = number
    return aims


def _apart(block: Block, aims: Aims) -> Aims:
    """The same, with each line at a place that no other ever has: written one by one, none is in another's way."""
    if block.place is None:
        return aims
    name, lines = block.place.name, [line for line in block.meant if not line.is_gone]
    stored = {line.name: getattr(line.row, name) for line in lines if line.row}
    beyond = max([0, *(aims[line.name][name] for line in lines), *stored.values()])
    return {
        line.name: aims[line.name] | {name: stored.get(line.name, beyond + at)}
        for at, line in enumerate(lines, start=1)
    }


def _highest(block: Block) -> int | None:
    """The last place among all stored rows, where the form does not show them all."""
    if block.place is None or block.parent is None or not (block.has_more or block.kept):
        return None
    child = block.child
    own = child.attribute(block.key.name) == block.parent.id
    highest: int | None = child.session.scalar(
        select(func.max(child.attribute(block.place.name))).where(own)
    )
    return highest


def _held(row: models.Row | None) -> dict[str, Any]:
    """A stored row as it is, {} for a new one."""
    return {} if row is None else {name: getattr(row, name) for name in row.words.columns}


def _deleting(desk: Desk, row: models.Row) -> Callable[[], None]:
    return lambda: desk.session.delete(row)


def _assign(row: models.Row, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
