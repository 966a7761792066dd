"""Opens the blocks of a form: with what is stored, as they were sent, and always with room for one row more."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from admin.frame.keys import is_key
from admin.tables.desk import Desk
from admin.tables.form import conflicts
from admin.tables.form.blocks.block import MOST_ROWS, Block, Line, WholeForm, blocks_of
from admin.tables.form.fields import PickerField
from admin.tables.form.forms import ColumnForm, values_of
from admin.tables.form.making import make
from admin.tables.form.opening import blank_form, carried_by, filled_form, sent_form
from admin.tables.form.pickers import Filling
from admin.tables.form.starting import beginning
from domain import models
from domain.storing.allowed import carried_values

KEY, SEEN, GONE = "row.key", "row.seen", "row.gone"
"""What a line sends besides its columns, behind its name; with a dot, as no column has one."""
MOST_LINES = 200
ROOM_IN_NEW, ROOM_IN_STORED = 3, 1
"""Blank lines of a block; with scripts one is left, and another comes when it is filled in."""
LOST = "这一行已被别人删除；您填写的还在，再次保存将作为新的一行。"
_NUMBER = r"\.(\d{1,4})\."


def new_whole(desk: Desk, args: Mapping[str, str], today: date) -> WholeForm:
    """The form for a new row, which the address may begin."""
    blocks = tuple(_Opener(block, today).stored() for block in blocks_of(desk, None))
    return WholeForm(blank_form(desk, args, today), blocks)


def stored_whole(desk: Desk, row: models.Row, today: date) -> WholeForm:
    """The form with what a row and those below it hold."""
    blocks = tuple(_Opener(block, today).stored() for block in blocks_of(desk, row))
    return WholeForm(filled_form(desk, row), blocks)


def sent_whole(
    desk: Desk, sent: MultiDict[str, str], today: date, row: models.Row | None = None
) -> WholeForm:
    """The form as it was sent, for a new row or for `row`; stored rows below it are held until the save."""
    blocks = tuple(_Opener(block, today).sent(sent) for block in blocks_of(desk, row))
    return WholeForm(sent_form(desk, sent, row), blocks)


@dataclass
class _Opener:
    """Fills one block with lines."""

    block: Block
    today: date
    last: int = -1
    """The highest number of a line."""

    def stored(self) -> Block:
        """With the rows that are stored."""
        self.block.lines += self._filled(self._read())
        return self.with_room(ROOM_IN_STORED if self.block.parent else ROOM_IN_NEW)

    def sent(self, sent: MultiDict[str, str]) -> Block:
        """As sent, then with the rows that others have stored meanwhile."""
        names = list(_names_sent(self.block, sent))
        keys = {int(sent[n + KEY]) for n in names if is_key(sent.get(n + KEY, ""))}
        rows = {row.id: row for row in self._read(keys, lock=True)}
        lines = list(self._sent_lines(sent, names, rows))
        self.block.lines += [line for line in lines if line.row or not line.is_blank]
        shown = {line.row.id for line in lines if line.row}
        self.block.lines += self._filled([row for key, row in rows.items() if key not in shown])
        return self.with_room(1)

    def _read(self, keys: Iterable[int] = (), *, lock: bool = False) -> list[models.Row]:
        """The first stored rows and those with these ids; which of them are not changed here, the block keeps apart."""
        block, child = self.block, self.block.child
        if block.parent is None:
            return []
        query = child.query_for(block.columns).order_by(*child.order().clauses())
        query = query.where(child.attribute(block.key.name) == block.parent.id)
        if lock and not block.is_guest:
            query = query.with_for_update(of=child.model)
        rows = list(child.session.scalars(query.limit(MOST_ROWS + 1)))
        block.has_more = len(rows) > MOST_ROWS
        del rows[MOST_ROWS:]
        if further := set(keys) - {row.id for row in rows}:
            rows += child.session.scalars(query.where(child.model.id.in_(further)))
        own = set() if block.is_guest else {row.id for row in child.those("update", rows)}
        block.kept += [row for row in rows if row.id not in own]
        return [row for row in rows if row.id in own]

    def _filled(self, rows: list[models.Row]) -> list[Line]:
        child = self.block.child
        removable = {row.id for row in child.those("delete", rows)} if rows else set()
        keys = {c.name: {getattr(row, c.name) for row in rows} for c in self._links}
        linked = self._linked(keys)
        return [self._filled_line(row, linked, row.id in removable) for row in rows]

    def _filled_line(self, row: models.Row, linked: Any, may_remove: bool) -> Line:
        child, columns = self.block.child, self.block.columns
        filling = Filling(child, row, {}, linked=linked)
        name = self._next_name()
        form = make(filling, columns, carried_by(child, row), name)
        form.process(None, data={c.name: getattr(row, c.name) for c in columns})
        seen = conflicts.seen_state(child, row)
        return Line(name, form, row, seen, may_remove=may_remove)

    def _sent_lines(
        self, sent: MultiDict[str, str], names: list[str], rows: Mapping[int, models.Row]
    ) -> Iterator[Line]:
        self.last = max([-1, *map(number_of, names)])
        texts = [[sent.get(name + c.name, "") for name in names] for c in self._links]
        keys = {
            c.name: {int(text) for text in some if is_key(text)}
            for c, some in zip(self._links, texts, strict=True)
        }
        linked = self._linked(keys)
        removable = {row.id for row in self.block.child.those("delete", rows.values())}
        blank = self._blank("")
        for name in names:
            key = sent.get(name + KEY, "")
            row = rows.get(int(key)) if is_key(key) else None
            form = self._sent_form(sent, name, row, linked)
            seen = sent.get(name + SEEN, "")
            line = Line(name, form, row, seen, bool(sent.get(name + GONE)))
            line.may_remove = row is None or row.id in removable
            line.is_gone &= line.may_remove
            if row is None and key:
                self._tell_lost(line)
            elif row is None:
                line.is_blank = _is_as(form, blank)
            yield line

    def _sent_form(
        self, sent: MultiDict[str, str], name: str, row: models.Row | None, linked: Any
    ) -> ColumnForm:
        child, columns = self.block.child, self.block.columns
        texts = {c.name: sent.get(name + c.name, "") for c in self._links}
        given = {link: int(text) for link, text in texts.items() if is_key(text)}
        filling = Filling(child, row, given | self._fixed, self._fixed, linked=linked)
        known = carried_values(child.session, child.words, filling.given)
        form = make(filling, columns, known, name)
        as_shown = (c.name for c in columns if row and c.kind in ("text", "long text"))
        form.process(sent, data={text: getattr(row, text) for text in as_shown})
        return form

    def _tell_lost(self, line: Line) -> None:
        """The stored row that it was about is not there any more: said where the person had done anything to it."""
        if line.is_gone or not conflicts.is_touched(self.block.child, line.form, line.seen):
            line.is_blank = True
        else:
            line.form.form_errors.append(LOST)

    def with_room(self, lines: int) -> Block:
        """With blank lines at the end, where the person may add rows."""
        if self.block.may_add:
            self.block.lines += [self._blank_line() for _ in range(lines)]
        return self.block

    def _blank_line(self) -> Line:
        name = self._next_name()
        return Line(name, self._blank(name), is_blank=True)

    def _blank(self, name: str) -> ColumnForm:
        """The form of a new line as it opens."""
        block, child = self.block, self.block.child
        filling = Filling(child, None, self._fixed, self._fixed)
        known = carried_values(child.session, child.words, self._fixed)
        begun = beginning(filling, {n: str(key) for n, key in self._fixed.items()}, self.today)
        asked = {c.name for c in block.columns if not self._is_said_above(c.name)}
        form = make(filling, block.columns, known, name)
        form.process(None, data={n: value for n, value in begun.items() if n in asked})
        return form

    def _is_said_above(self, name: str) -> bool:
        """Whether a day that a new row has by itself is asked for by the form of its parent already."""
        parents = models.schema.tables[self.block.key.target].columns
        return (
            self.block.parent is None
            and name in parents
            and self.block.child.words.columns[name].starts_today
        )

    @property
    def _fixed(self) -> dict[str, int]:
        """The key to the row whose form this is, where it has one yet."""
        return {self.block.key.name: self.block.parent.id} if self.block.parent else {}

    @property
    def _links(self) -> list[Any]:
        return [c for c in self.block.columns if c.references]

    def _linked(self, keys: Mapping[str, Iterable[int]]) -> dict[str, dict[int, models.Row]]:
        """What the lines point to, with a query for each reference and not for each line."""
        child = self.block.child
        return {c.name: child.linked_rows(c, set(keys[c.name]) - {None}) for c in self._links}

    def _next_name(self) -> str:
        self.last += 1
        return f"{self.block.name}.{self.last}."


def add_room(block: Block, lines: int, today: date) -> None:
    """Put blank lines at the end of a block."""
    _Opener(block, today, max([-1, *(number_of(line.name) for line in block.lines)])).with_room(
        lines
    )


def number_of(name: str) -> int:
    """The number of a line, out of its name."""
    return int(name.split(".")[1])


def _names_sent(block: Block, sent: MultiDict[str, str]) -> Iterator[str]:
    """The names of the lines in the order in which they were sent, which is that on the page."""
    pattern = re.compile(re.escape(block.name) + _NUMBER)
    found = dict.fromkeys(match[0] for key in sent if (match := pattern.match(key)))
    if len(found) > MOST_LINES:
        raise BadRequest(
            f"一张表单里最多写 {MOST_LINES} 行{block.child.words.label}，请分几次保存。"
        )
    yield from found


def _is_as(form: ColumnForm, blank: ColumnForm) -> bool:
    """Whether a sent line says no more than a blank one."""
    sent, usual = values_of(form), values_of(blank)
    texts = (field.text for field in form if isinstance(field, PickerField) and not field.data)
    return (
        not any(field.process_errors for field in form)
        and not any(texts)
        and all(conflicts.mark(sent[name]) == conflicts.mark(usual[name]) for name in usual)
    )
