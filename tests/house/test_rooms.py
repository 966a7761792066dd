"""The house: imports go one way between its rooms, no two files import each other, and no room is a heap."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.ground.places import ROOT

FLOORS = ["domain", "seeds", "jobs", "admin", "app"]
ROOMS = {
    "domain": [
        "time", "actors", "sheets", "schema", "texts", "models", "ordering", "access", "storing", "side_columns",
        "saving", "searching", "files", "exports", "people", "upgrading", "dues", "scoring", "messages",
        "lifecycle",
        "statistics", "papers", "rules_of_saving", "imports", "plans", "tables",
    ],
    "seeds": ["files", "papers", "reference", "renew_calendar", "demo", "year"],
    "jobs": ["running", "runs", "work", "queue", "commands"],
    "admin": [
        "frame", "tables", "items", "exports", "files", "imports", "dues", "people", "figures", "papers",
        "home", "panel",
    ],
    "admin.tables": [
        "cells", "desk", "keeping", "finding", "drawing", "screens", "additions", "form", "acts", "list",
        "details", "deleting", "histories", "table_view",
    ],
    "domain.lifecycle.acts": [
        "act", "conditions", "recipients", "filing", "items", "tasks", "replies", "units", "register",
    ],
    "domain.papers": [
        "marks", "percent", "paper", "answering", "xlsx", "word", "child", "sheets", "documents", "templates",
    ],
    "domain.storing": [
        "database", "inserting", "changes", "creations", "acting", "write_rules", "cascades", "held", "density",
        "statements", "turns", "flushing", "session", "one_save", "bulk", "allowed", "choosing", "holding", "pauses",
        "contention", "refusals", "halving",
    ],
}  # fmt: skip
"""The rooms of each floor, and all that lies in a room with several rooms within: each imports only those before it."""
LOOSE = {"domain": 4, "jobs": 2, "admin": 2}
"""How many modules may lie on a floor outside its rooms."""
MOST_MODULES = 20
NOT_IN_DOMAIN = {
    "flask", "flask_admin", "flask_login", "flask_wtf", "werkzeug", "wtforms", "jinja2", "markupsafe",
    "redis", "rq", "gunicorn", "click",
}  # fmt: skip
UNSEEN = {
    "__import__",
    "import_module",
    "exec_module",
    "run_module",
    "run_path",
    "pkgutil",
    "runpy",
}
"""Names by which a module is loaded without an import that the tests below could see."""
# The edge: the only places that may ask what time it is or what the environment says.
EDGE = {"app.py", "domain/time/clock.py", "jobs/running/settings.py"}
LOOKS_OUTSIDE = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time",
    "os.environ", "os.getenv", "environ.get",
}  # fmt: skip


def sources(*floors: str) -> list[Path]:
    files = [path for floor in floors for path in (ROOT / floor).rglob("*.py")]
    return sorted([*files, *([ROOT / "app.py"] if "app" in floors else [])])


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def dotted(path: Path) -> str:
    """The name by which a module is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def modules() -> Mapping[str, Path]:
    return {dotted(path): path for path in sources(*FLOORS)}


@cache
def packages() -> frozenset[str]:
    return frozenset(name for name, path in modules().items() if path.name == "__init__.py")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> Iterator[str]:
    """The full name of every module that the file imports, also late and for types alone."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the full name of a module"
            whole = (f"{node.module}.{name.name}" for name in node.names)
            yield from (name if name in modules() else node.module or "" for name in whole)


def packages_around(name: str) -> set[str]:
    """The packages that are loaded before a module of this name is."""
    parts = name.split(".")
    return {".".join(parts[:end]) for end in range(1, len(parts))}


@cache
def needed() -> Mapping[str, set[str]]:
    """What each module loads: what it imports, and the packages in which it lies."""
    return {
        name: (packages_around(name) | set(imported(path))) & modules().keys() - {name}
        for name, path in modules().items()
    }


def part_of(room: str, name: str) -> str:
    """What of the room, or of the floor, a module lies in or is; "" where it lies elsewhere."""
    within = name.removeprefix(f"{room}.")
    return within.split(".")[0] if within != name else ""


def rooms_within(room: str) -> set[str]:
    """The folders of a room."""
    return {part_of(room, name) for name in packages()} - {""}


@pytest.mark.parametrize("path", sources(*FLOORS), ids=shown)
def test_a_module_imports_only_what_lies_below_it(path: Path) -> None:
    own = dotted(path)
    floor = own.split(".")[0]
    for name in imported(path):
        for room, order in ROOMS.items():
            here, there = part_of(room, own), part_of(room, name)
            if here in order and there in order:
                assert order.index(there) <= order.index(here), f"{name} lies above"
        other = name.split(".")[0]
        if other in FLOORS:
            assert FLOORS.index(other) <= FLOORS.index(floor), f"{name} lies above"
        assert floor != "domain" or other not in NOT_IN_DOMAIN
        assert other not in {"tests", "bench"}


@pytest.mark.parametrize("path", sources(*FLOORS[:-1]), ids=shown)
def test_only_the_edge_reads_the_clock_and_the_environment(path: Path) -> None:
    if shown(path) in EDGE:
        return
    read = {ast.unparse(node) for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    assert not {name for name in read if name.removeprefix("datetime.") in LOOKS_OUTSIDE}
    # By another name they would not be seen above.
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            taken = {f"{node.module}.{name.name}" for name in node.names}
            assert not taken & LOOKS_OUTSIDE
        if isinstance(node, ast.Import | ast.ImportFrom):
            assert not {n.name for n in node.names if n.asname} & {"os", "time", "datetime", "date"}


def test_whatever_a_module_loads_it_imports() -> None:
    for path in sources(*FLOORS):
        for node in ast.walk(tree(path)):
            names = {getattr(node, said, None) for said in ("id", "attr", "name", "module")}
            assert not UNSEEN & names, f"{shown(path)}: {ast.unparse(node)}"


def test_a_package_imports_nothing() -> None:
    """Who wants one of its modules loads it first, and would load all that it imports."""
    for path in sources(*FLOORS):
        if path.name == "__init__.py":
            assert not list(imported(path)), shown(path)


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circle(needed()) == []


def test_no_two_parts_of_a_room_need_each_other() -> None:
    """A folder within a room is one part of it, like a module: who knows what it needs can read it alone."""
    for room in packages():
        graph: dict[str, set[str]] = defaultdict(set)
        for name, others in needed().items():
            if here := part_of(room, name):
                graph[here] |= {part_of(room, other) for other in others} - {here, ""}
        assert circle(graph) == [], room


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Names that need each other, if any do."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def test_every_room_has_its_place_in_the_order() -> None:
    for room, order in ROOMS.items():
        assert {part_of(room, name) for name in modules()} - {""} == set(order), room
    assert {room for room in packages() if len(rooms_within(room)) > 1} <= ROOMS.keys()


def test_no_room_is_a_heap() -> None:
    for folder in {path.parent for path in sources("domain", "seeds", "jobs", "admin", "tests")}:
        own = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(own) <= LOOSE.get(shown(folder), MOST_MODULES), shown(folder)
    loose = {path.name for path in (ROOT / "tests").glob("*.py")}
    assert loose == {"__init__.py", "conftest.py"}


def test_every_package_says_what_it_is() -> None:
    for path in sources("domain", "jobs", "admin", "seeds"):
        if path.name == "__init__.py":
            assert ast.get_docstring(tree(path)), shown(path)


def test_a_package_that_names_its_modules_names_all() -> None:
    for package in packages():
        parts = {part_of(package, name) for name in modules()} - {"", "__main__"}
        named = set(re.findall(r"`(\w+)", ast.get_docstring(tree(modules()[package])) or ""))
        assert not parts & named or parts <= named, f"{package}: {parts - named}"


def test_no_two_classes_have_one_name() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    mapped = ROOT / "domain" / "models.pyi"
    for path in (*sources("domain", "jobs", "admin", "seeds", "app"), mapped):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(shown(path))
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


# ---- docs/map.md, docs/decisions.md

MAP, DECISIONS = ((ROOT / "docs" / name).read_text("utf-8") for name in ("map.md", "decisions.md"))
FILE = r"`([^`\s]*(?:/|\.(?:py|pyi|sql|md|txt|json)))(?=[`\s:])"
"""A folder or a file as these pages name it, whole from the root."""


def test_the_map_names_every_room() -> None:
    loose = {f"{floor}.{part}" for floor in FLOORS for part in ROOMS.get(floor, ())}
    for room in (loose | packages()) - set(FLOORS):
        path = room.replace(".", "/")
        there = f"{path}/" if room in packages() else f"{path}.py"
        assert f"`{there}`" in MAP, there


@pytest.mark.parametrize("page", [MAP, DECISIONS], ids=["map", "decisions"])
def test_a_page_names_nothing_that_is_not_there(page: str) -> None:
    named = set(re.findall(FILE, page))
    assert len(named) > 30
    assert {name for name in named if not (ROOT / name).exists()} == set()
