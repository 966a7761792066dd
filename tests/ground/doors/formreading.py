"""What a form of the panel would send if a person pressed 保存 without changing anything."""

from html.parser import HTMLParser


def fields_of(page: str) -> dict[str, str]:
    """The values of the row's form on a page, by name; {} where the page has none."""
    return _read(page).fields


def controls_of(page: str) -> set[str]:
    """The names of all controls of that form, boxes that are not ticked among them."""
    return _read(page).names


def _read(page: str) -> "_Reader":
    reader = _Reader()
    reader.feed(page)
    return reader


class _Reader(HTMLParser):
    """Collects the controls of the one form that asks before it loses what was typed."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.names: set[str] = set()
        self._inside = False
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = "data-unsaved" in given
        if not self._inside or "disabled" in given:
            return
        name = given.get("name", "")
        self.names.add(name)
        if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.fields[name] = given.get("value", "")
        elif tag == "select":
            self._select, self.fields[name] = name, ""
        elif tag == "option" and "selected" in given:
            self.fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area, self.fields[name] = name, ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""
        elif tag == "form":
            self._inside = False
