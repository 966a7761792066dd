"""The lines of a block as they were sent: which stored row each is about, what was typed, whether it is any row."""

import re
from collections.abc import Iterator, Mapping

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from admin.frame.keys import is_key
from admin.tables.finding.pickers import Filling
from admin.tables.form import conflicts
from admin.tables.form.blocks.block import Block, Line
from admin.tables.form.blocks.lines import LineMaker, Linked
from admin.tables.form.fields import PickerField
from admin.tables.form.forms import ColumnForm, values_of
from admin.tables.form.making import make
from domain import models
from domain.storing.allowed import carried_values

Sent = MultiDict[str, str]
KEY, SEEN, GONE = "row.key", "row.seen", "row.gone"
"""What a line sends besides its columns, behind its name; with a dot, as no column has one."""
MOST_LINES = 200
LOST = "这一行已被别人删除；您填写的还在，再次保存将作为新的一行。"
_NUMBER = r"\.(\d{1,4})\."


def names_sent(block: Block, sent: Sent) -> list[str]:
    """The names of the lines in the order in which they were sent, which is that on the page.

    Raises BadRequest where there are too many.
    """
    pattern = re.compile(re.escape(block.name) + _NUMBER)
    names = dict.fromkeys(match[0] for key in sent if (match := pattern.match(key)))
    if len(names) > MOST_LINES:
        label = block.child.words.label
        raise BadRequest(f"一张表单里最多写 {MOST_LINES} 行{label}，请分几次保存。")
    return list(names)


def keys_sent(sent: Sent, names: list[str]) -> set[int]:
    """The ids of the stored rows that the lines say they are about."""
    return {int(sent[n + KEY]) for n in names if is_key(sent.get(n + KEY, ""))}


def sent_lines(
    maker: LineMaker, sent: Sent, names: list[str], rows: Mapping[int, models.Row]
) -> Iterator[Line]:
    """The lines; ``rows`` are those that this person may change here, by id, and each is had once."""
    texts = {c.name: {sent.get(name + c.name, "") for name in names} for c in maker.links}
    linked = maker.linked({n: {int(t) for t in some if is_key(t)} for n, some in texts.items()})
    removable = {row.id for row in maker.child.those("delete", rows.values())}
    left, blank = dict(rows), maker.blank("")
    for name in names:
        key = sent.get(name + KEY, "")
        row = left.pop(int(key), None) if is_key(key) else None
        form = _form(maker, sent, name, row, linked)
        line = Line(name, form, row, sent.get(name + SEEN, ""))
        line.may_remove = row is None or row.id in removable
        line.is_gone = line.may_remove and bool(sent.get(name + GONE))
        if row is None and key:
            _tell_lost(maker, line)
        elif row is None:
            line.is_blank = _is_as(form, blank)
        yield line


def _form(
    maker: LineMaker, sent: Sent, name: str, row: models.Row | None, linked: Linked
) -> ColumnForm:
    child, columns, fixed = maker.child, maker.block.columns, maker.fixed
    texts = {c.name: sent.get(name + c.name, "") for c in maker.links}
    given = {link: int(text) for link, text in texts.items() if is_key(text)} | fixed
    known = carried_values(child.session, child.words, given)
    form = make(Filling(child, row, given, fixed, linked=linked), columns, known, name)
    as_shown = (c.name for c in columns if row and c.kind in ("text", "long text"))
    form.process(sent, data={text: getattr(row, text) for text in as_shown})
    return form


def _tell_lost(maker: LineMaker, line: Line) -> None:
    """The stored row that it was about is not there any more: said where the person had done anything to it."""
    if line.is_gone or not conflicts.is_touched(maker.child, line.form, line.seen):
        line.is_blank = True
    else:
        line.form.form_errors.append(LOST)


def _is_as(form: ColumnForm, blank: ColumnForm) -> bool:
    """Whether a sent line says no more than a blank one."""
    sent, usual = values_of(form), values_of(blank)
    texts = (field.text for field in form if isinstance(field, PickerField) and not field.data)
    return (
        not any(field.process_errors for field in form)
        and not any(texts)
        and all(conflicts.mark(sent[name]) == conflicts.mark(usual[name]) for name in usual)
    )
