"""A stored row's form, sent back as a browser would with some of its fields changed."""

from typing import Any

from tests.ground.district import Panel
from tests.ground.doors.formreading import fields_of


def change(
    panel: Panel, who: str, table: str, key: int, *, status: int = 302, **changed: Any
) -> str:
    """The page that follows the save, or (``status`` 200) the form again with what was refused."""
    person, path = panel.as_(who), f"/{table}/edit/?id={key}"
    sent = {**fields_of(person.get(path)), **changed}
    sent |= {f"{name}.text": "" for name in changed if f"{name}.text" in sent}
    return person.post(path, status, **sent)
