"""Fresh databases for the tests: each content is built once per run on each kind, and copied for those who want it.

After a test its copy is put back as it was, for the next one that wants this content: at the same address, so that
an engine or an app kept there goes on with the statements that it has compiled.
"""

import itertools
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.ground.serving.postgresql_copy import PostgreSQLCopy
from tests.ground.serving.premises import Premises
from tests.ground.serving.servers import PostgreSQL

Build = Callable[[str], None]


@dataclass
class SQLiteDatabases:
    """Databases that are files; a copy is a copied file."""

    premises: Premises
    folder: Path
    free: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @contextmanager
    def copy_of(self, name: str, build: Build) -> Iterator[str]:
        """The URL of a private copy of what `build(url)` makes of an empty database.

        `build` runs once per `name` and must leave no connection open.
        """
        template = self.premises.folder / f"{name}.db"
        with self.premises.first_time(f"sqlite {name}") as is_first:
            if is_first:
                build(f"sqlite:///{template}")
        copy = (
            self.free[name].pop() if self.free[name] else self.folder / f"{next(self.numbers)}.db"
        )
        if template.exists():
            shutil.copyfile(template, copy)
        try:
            yield f"sqlite:///{copy}"
        finally:
            for left in self.folder.glob(f"{copy.name}*"):
                left.unlink()
            self.free[name].append(copy)


@dataclass
class PostgreSQLDatabases:
    """Databases on a server; a copy is a clone of a template database."""

    server: PostgreSQL
    premises: Premises
    free: dict[str, list[PostgreSQLCopy]] = field(default_factory=lambda: defaultdict(list))
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @contextmanager
    def copy_of(self, name: str, build: Build) -> Iterator[str]:
        """As SQLiteDatabases.copy_of."""
        template = f"template-{name}"
        with self.premises.first_time(f"postgresql {name}") as is_first:
            if is_first:
                self.server.execute(f'DROP DATABASE IF EXISTS "{template}"')
                self.server.execute(f'CREATE DATABASE "{template}"')
                build(self.server.url(template))
        copy = self.free[name].pop() if self.free[name] else self._new_copy(template)
        try:
            yield self.server.url(copy.name)
        finally:
            copy.put_back()
            self.free[name].append(copy)

    def _new_copy(self, template: str) -> PostgreSQLCopy:
        """A name of its own on the server that all processes share."""
        return PostgreSQLCopy(self.server, f"test-{os.getpid()}-{next(self.numbers)}", template)

    def close(self) -> None:
        """Let go of all copies."""
        for copies in self.free.values():
            for copy in copies:
                copy.drop()


Databases = SQLiteDatabases | PostgreSQLDatabases
