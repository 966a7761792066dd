"""What a picker is told of the form that it stands in, out of the address by which it asks (picker.js)."""

from collections.abc import Iterator, Mapping

from admin.frame.keys import is_key
from admin.tables.desk import Desk
from admin.tables.finding.likely import Above
from admin.tables.finding.pickers import Answering, Filling
from admin.tables.form.starting import keys_in

OF_ACT = "act"
"""What a picker in the form of an act says that it stands in."""


def read_filling(desk: Desk, asked: Mapping[str, str]) -> Filling | None:
    """The form, with what its other pickers give; None where the picker stands in no form.

    Raises NotFound where it is that of a row that is not for this person.
    """
    of = asked.get("of")
    if of is None:
        return None
    if of == OF_ACT:
        key = asked.get("row")
        return Answering(desk, desk.find(key) if key else None, {})
    row = None if of == "new" else desk.find(of)
    given = {name.removeprefix("given."): key for name, key in asked.items()}
    return Filling(desk, row, keys_in(desk, given), above=tuple(_above(desk, asked)))


def _above(desk: Desk, asked: Mapping[str, str]) -> Iterator[Above]:
    """What the pickers of the form around a line give: the row of that form is not stored yet."""
    link = desk.words.form_column
    if link is not None:
        around = desk.beside(desk.words.columns[link].target)
        for column in around.writable:
            if column.references and is_key(key := asked.get(f"above.{column.name}", "")):
                yield column.references, int(key)
