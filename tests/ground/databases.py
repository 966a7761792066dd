"""Fresh databases for the tests: built once per run on each kind, then copied for every test.

A copy has a name of its own, or always the same one, for an app that is kept from test to test.
"""

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.ground.servers import PostgreSQL

Build = Callable[[str], None]


@dataclass
class SQLiteDatabases:
    """Databases that are files; a copy is a copied file."""

    folder: Path
    built: set[str] = field(default_factory=set)

    @contextmanager
    def copy_of(self, name: str, build: Build, place: str = "") -> Iterator[str]:
        """The URL of a private copy of what `build(url)` makes of an empty database, in `place` if one is named.

        `build` runs once per `name` and must leave no connection open.
        """
        template = self.folder / f"template-{name}.db"
        if name not in self.built:
            build(f"sqlite:///{template}")
            self.built.add(name)
        copy = self.folder / f"{place or uuid.uuid4().hex}.db"
        if template.exists():
            shutil.copyfile(template, copy)
        try:
            yield f"sqlite:///{copy}"
        finally:
            for left in self.folder.glob(f"{copy.name}*"):
                left.unlink()


@dataclass
class PostgreSQLDatabases:
    """Databases on a server; a copy is a clone of a template database."""

    server: PostgreSQL
    built: set[str] = field(default_factory=set)

    @contextmanager
    def copy_of(self, name: str, build: Build, place: str = "") -> Iterator[str]:
        """As SQLiteDatabases.copy_of."""
        template = f"template-{name}"
        if name not in self.built:
            self.server.execute(f'CREATE DATABASE "{template}"')
            build(self.server.url(template))
            self.built.add(name)
        copy = f"test-{place or uuid.uuid4().hex}"
        self.server.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        try:
            yield self.server.url(copy)
        finally:
            self.server.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


Databases = SQLiteDatabases | PostgreSQLDatabases
