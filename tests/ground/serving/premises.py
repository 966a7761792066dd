"""What all test processes of a run share: one PostgreSQL, and a folder in which each template is built once.

The process that hands out the tests opens them and tells the others where they are; a run in one process has its own.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.ground.serving.servers import PostgreSQL, running_postgresql, scratch

_open = pytest.StashKey[ExitStack]()
_told = pytest.StashKey[dict[str, str]]()


@dataclass(frozen=True)
class Premises:
    """Where the shared things are."""

    folder: Path

    @contextmanager
    def first_time(self, name: str) -> Iterator[bool]:
        """Whether to do it now: one process does, the others wait until it is done. A fault leaves it undone."""
        done = self.folder / f"{name}.done"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            is_first = not done.exists()
            yield is_first
            done.touch()


@contextmanager
def opened_folder() -> Iterator[Premises]:
    """A folder that goes with the run."""
    folder = Path(tempfile.mkdtemp(prefix="banli-tests-", dir=scratch()))
    try:
        yield Premises(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def pytest_configure_node(node: Any) -> None:
    """Before a test process starts; of the run's first one, everything is opened."""
    config: pytest.Config = node.config
    if _open not in config.stash:
        config.stash[_open] = ExitStack()
        folder = config.stash[_open].enter_context(opened_folder()).folder
        server = config.stash[_open].enter_context(running_postgresql())
        config.stash[_told] = {"folder": str(folder), "postgresql": str(server.folder)}
    node.workerinput["premises"] = config.stash[_told]


def pytest_unconfigure(config: pytest.Config) -> None:
    """The test processes have ended."""
    config.stash.get(_open, ExitStack()).close()


def _given(config: pytest.Config) -> dict[str, str]:
    given: dict[str, str] = getattr(config, "workerinput", {}).get("premises", {})
    return given


@contextmanager
def premises_of(config: pytest.Config) -> Iterator[Premises]:
    """The folder of the run."""
    if given := _given(config):
        yield Premises(Path(given["folder"]))
    else:
        with opened_folder() as own:
            yield own


@contextmanager
def postgresql_of(config: pytest.Config) -> Iterator[PostgreSQL]:
    """The PostgreSQL of the run."""
    if given := _given(config):
        yield PostgreSQL(Path(given["postgresql"]))
    else:
        with running_postgresql() as own:
            yield own
