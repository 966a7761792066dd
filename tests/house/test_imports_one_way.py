"""Imports go one way, domain -> jobs -> admin -> app, and only the edge looks outside."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ground.places import ROOT

ROOMS = ["domain", "seeds", "jobs", "admin", "app"]
NOT_IN_DOMAIN = {"flask", "flask_admin", "flask_login", "flask_wtf", "redis", "rq", "jinja2"}
# The edge: the only places that may ask what time it is or what the environment says.
EDGE = {"app.py", "domain/time/clock.py", "jobs/running/settings.py"}
LOOKS_OUTSIDE = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time",
    "os.environ", "os.getenv", "environ.get",
}  # fmt: skip


def sources(*rooms: str) -> list[Path]:
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    return sorted([*files, *([ROOT / "app.py"] if (ROOT / "app.py").exists() else [])])


def imported(path: Path) -> Iterator[str]:
    """The first part of the name of every module that the file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the full name of a module"
            yield (node.module or "").split(".")[0]


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", sources(*ROOMS[:-1]), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    above = ROOMS[ROOMS.index(room_of(path)) + 1 :]
    forbidden = {*above, *(NOT_IN_DOMAIN if room_of(path) == "domain" else ())}
    assert not forbidden & set(imported(path))


@pytest.mark.parametrize("path", sources(*ROOMS[:-1]), ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_edge_reads_the_clock_and_the_environment(path: Path) -> None:
    if str(path.relative_to(ROOT)) in EDGE:
        return
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    read = {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)}
    assert not {name for name in read if name.removeprefix("datetime.") in LOOKS_OUTSIDE}
