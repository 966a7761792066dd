"""A clone of a template database that is put back in place: only what a test changed is written again.

Cloning and dropping take some ten times longer. Where more than rows was changed, or very many rows, it is cloned anew.
"""

from collections.abc import Iterable

import psycopg
from psycopg import sql

from tests.ground.serving.servers import PostgreSQL

MOST_ROWS = 2_000
"""More rows in the changed tables than this are quicker cloned."""

_CATALOGS = (
    "pg_class pg_attribute pg_attrdef pg_constraint pg_index pg_trigger pg_proc pg_type pg_namespace pg_description"
    " pg_extension pg_statistic pg_rewrite pg_collation pg_policy"
)
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""

Mark = tuple[int, int]
Marks = dict[str, Mark]


class PostgreSQLCopy:
    """One database of a test process, with a connection that watches it."""

    def __init__(self, server: PostgreSQL, name: str, template: str) -> None:
        self.server, self.name, self.template = server, name, template
        self._saved: dict[str, bytes] = {}
        self._clone()

    def put_back(self) -> None:
        """Take everybody else out, and make it equal to its template."""
        self._watch.execute(_END_OTHERS)
        if self._read_marks(self._catalogs) != self._clean_catalogs:
            self._clone_anew()
            return
        rows, sequences = self._read_marks(self._rows), self._read_marks(self._sequences)
        changed = [table for table in rows if rows[table] != self._clean_rows[table]]
        if sum(rows[table][0] for table in changed) > MOST_ROWS:
            self._clone_anew()
            return
        moved = [name for name in sequences if sequences[name] != self._clean_sequences[name]]
        if changed or moved:
            self._write_again(changed, moved)
        if changed:
            self._clean_rows = self._read_marks(self._rows)

    def drop(self) -> None:
        """Let it go."""
        self._watch.close()
        self.server.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _clone_anew(self) -> None:
        self.drop()
        self._clone()

    def _clone(self) -> None:
        self.server.execute(
            f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}" STRATEGY FILE_COPY'
        )
        self._watch = psycopg.connect(
            host=str(self.server.folder), user="postgres", dbname=self.name, autocommit=True
        )
        self._learn()

    def _learn(self) -> None:
        """What it holds while nobody has touched it."""
        tables = self._names("r")
        self._catalogs = _union(
            sql.SQL("SELECT {name}, count(*), max(xmin::text::bigint) FROM {table}"),
            _CATALOGS.split(),
        )
        self._rows = _union(
            sql.SQL("SELECT {name}, count(*), max(xmin::text::bigint) FROM {table}"), tables
        )
        self._sequences = _union(
            sql.SQL("SELECT {name}, last_value, is_called::int FROM {table}"), self._names("S")
        )
        self._clean_catalogs = self._read_marks(self._catalogs)
        self._clean_rows = self._read_marks(self._rows)
        self._clean_sequences = self._read_marks(self._sequences)
        if not self._saved:
            self._saved = {table: self._copied(table) for table in tables}

    def _names(self, kind: str) -> list[str]:
        asked = "SELECT relname FROM pg_class WHERE relkind = %s AND relnamespace = 'public'::regnamespace"
        return [name for (name,) in self._watch.execute(asked, [kind])]

    def _read_marks(self, question: sql.Composed | None) -> Marks:
        """How many rows each table has and who wrote last, or where each sequence stands."""
        if question is None:
            return {}
        return {name: (first, second or 0) for name, first, second in self._watch.execute(question)}

    def _copied(self, table: str) -> bytes:
        question = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(table))
        with self._watch.cursor().copy(question) as rows:
            return b"".join(bytes(part) for part in rows)

    def _write_again(self, tables: Iterable[str], sequences: Iterable[str]) -> None:
        """These rows and numbers, without triggers and in any order."""
        with self._watch.transaction():
            cursor = self._watch.cursor()
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in tables:
                name = sql.Identifier(table)
                cursor.execute(sql.SQL("DELETE FROM {}").format(name))
                question = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(name)
                with cursor.copy(question) as copy:
                    copy.write(self._saved[table])
            for sequence in sequences:
                value, is_called = self._clean_sequences[sequence]
                name = sql.Identifier(sequence).as_string()
                cursor.execute("SELECT setval(%s, %s, %s)", [name, value, bool(is_called)])


def _union(question: sql.SQL, names: Iterable[str]) -> sql.Composed | None:
    parts = [question.format(name=sql.Literal(name), table=sql.Identifier(name)) for name in names]
    return sql.SQL(" UNION ALL ").join(parts) if parts else None
