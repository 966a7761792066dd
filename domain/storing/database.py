"""Makes the engine: which driver, which settings, when a transaction takes the write lock.

Not the sessions (session.py), not the tables (domain/models.py).

The rule of transactions, the same on both databases:

* A transaction writes from its first statement. On SQLite it opens with BEGIN IMMEDIATE, so it
  waits its turn (at most BUSY_TIMEOUT_S) before it has read anything.
* A transaction on `read_only(engine)` never waits and never writes: writing in it is an error.
* Nothing turns from reader into writer. That step is where SQLite answers SQLITE_BUSY_SNAPSHOT at
  once, whatever the timeout, when somebody else has committed in between.
"""

import logging
import sqlite3
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import Any, cast

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    Executable,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

BUSY_TIMEOUT_S = 30
"""How long a write waits for another one: on SQLite an import of ten thousand rows keeps others waiting for some."""

CONNECT_TIMEOUT_S = 10
TIME_ZONE = "Asia/Shanghai"
NO_LIMIT = -1
"""Connections of a process beyond those it keeps: as many as it has threads that ask, which is the limit."""

SQLITE_PRAGMAS = {
    "busy_timeout": str(BUSY_TIMEOUT_S * 1000),  # first: the next line may have to wait
    "journal_mode": "WAL",  # readers and the writer do not block each other
    "synchronous": "FULL",  # a confirmed commit outlives a power cut
    "foreign_keys": "ON",
    "recursive_triggers": "ON",  # else INSERT OR REPLACE passes the search index's triggers by
    "temp_store": "MEMORY",
    "cache_size": "-16384",  # KiB, per connection
    "journal_size_limit": str(64 * 1024 * 1024),
}

POSTGRESQL_SETTINGS = {
    "timezone": TIME_ZONE,
    "lock_timeout": f"{BUSY_TIMEOUT_S}s",
    "idle_in_transaction_session_timeout": "120s",
}

_READ_ONLY = "banli_read_only"
_DATA_EXCEPTION = "22"
"""The class of SQLSTATE for values that do not fit their type."""
_log = logging.getLogger(__name__)


def make_engine(url: str | URL) -> Engine:
    """An engine for a SQLite file or a PostgreSQL database, set up as this module describes.

    `postgres://` and `postgresql://` mean psycopg 3. Raises ValueError, with a sentence for the
    person who set DATABASE_URL, on any other database.
    """
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    match parsed.get_backend_name():
        case "sqlite":
            return _make_sqlite_engine(parsed)
        case "postgresql":
            return _make_postgresql_engine(parsed)
    raise ValueError(
        f"DATABASE_URL 里的“{parsed.drivername}”不受支持，请写成 sqlite:////路径/文件.db "
        "或 postgresql://用户:口令@主机/库名。"
    )


_COUNT_WHAT_CHANGED = "PRAGMA optimize = 0x10012"
"""All tables, not only those that this connection asked; a sample of each (sqlite.org/pragma.html#pragma_optimize)."""


def read_only(engine: Engine) -> Engine:
    """The same engine and pool for work that only reads: never waits for a lock, cannot write."""
    return engine.execution_options(**{_READ_ONLY: True, "postgresql_readonly": True})


def write_at_once(engine: Engine, *statements: Executable) -> bool:
    """Write in a transaction of its own, unless another writer is at work: then nothing is done, and False.

    For notes that a reading request makes and that can wait for the next one.
    """
    with engine.connect() as connection:
        _set_patience(connection, 0)
        try:
            with connection.begin():
                for statement in statements:
                    connection.execute(statement)
        except OperationalError:
            return False
        finally:
            _set_patience(connection, BUSY_TIMEOUT_S)
    return True


def renew_statistics(engine: Engine) -> None:
    """Have SQLite count anew what has grown or shrunk much, so that it chooses its ways by it; a look costs nothing.

    Passed over while another writer is at work. PostgreSQL does the like by itself.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        _set_patience(connection, 0)
        driver: Any = connection.connection.dbapi_connection
        with suppress(sqlite_driver().OperationalError):
            driver.execute("PRAGMA query_only = OFF")  # the last one here may only have read
            driver.execute(_COUNT_WHAT_CHANGED).fetchall()
        _set_patience(connection, BUSY_TIMEOUT_S)


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can corrupt a WAL file that several connections write and checkpoint.

    Mended in 3.51.3, and carried back to 3.50.7 and 3.44.6 (sqlite.org/wal.html).
    """
    if version[:2] == (3, 50):
        return version < (3, 50, 7)
    if version[:2] == (3, 44):
        return version < (3, 44, 6)
    return version < (3, 51, 3)


@cache
def sqlite_driver() -> ModuleType:
    """The newest SQLite at hand: the packaged one where a wheel exists, else the interpreter's."""
    try:
        from pysqlite3 import dbapi2 as packaged
    except ImportError:
        driver: ModuleType = sqlite3
    else:
        driver = cast(ModuleType, packaged)
    if has_wal_reset_bug(driver.sqlite_version_info):
        _log.warning(
            "SQLite %s 有一处罕见的写入缺陷（3.51.3 已修复），请安装 pysqlite3 或改用 PostgreSQL。",
            driver.sqlite_version,
        )
    return driver


def leave_out_values(error: Any) -> None:
    """Have an error of PostgreSQL say its code and what it means; the values of the row are nothing for a log.

    They stand in the lines behind the first, and where a value does not fit its type in the first one, too.
    """
    if getattr(error, "sqlstate", None) is None:
        return
    is_of_a_value = error.sqlstate.startswith(_DATA_EXCEPTION)
    said = type(error).__name__ if is_of_a_value else error.diag.message_primary
    error.args = (f"{error.sqlstate} {said}",)


def _make_sqlite_engine(url: URL) -> Engine:
    pool = {"poolclass": QueuePool, "max_overflow": NO_LIMIT}
    engine = create_engine(url, module=sqlite_driver(), hide_parameters=True, **pool)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _make_postgresql_engine(url: URL) -> Engine:
    settings = " ".join(f"-c {name}={value}" for name, value in POSTGRESQL_SETTINGS.items())
    engine = create_engine(
        url,
        connect_args={"options": settings, "connect_timeout": CONNECT_TIMEOUT_S},
        pool_pre_ping=True,
        max_overflow=NO_LIMIT,
        hide_parameters=True,
    )
    event.listen(engine, "handle_error", _say_no_values)
    return engine


def _say_no_values(context: ExceptionContext) -> None:
    """hide_parameters for what the database itself repeats of them."""
    found, told = context.original_exception, context.sqlalchemy_exception
    whole = str(found)
    leave_out_values(found)
    if told is not None:
        told.args = (str(told.args[0]).replace(whole, str(found)), *told.args[1:])


def _set_pragmas(dbapi_connection: Any, _record: object) -> None:
    """Set the pragmas, and take BEGIN away from the driver, which would send it late."""
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for name, value in SQLITE_PRAGMAS.items():
        cursor.execute(f"PRAGMA {name} = {value}")
    cursor.close()


def _set_patience(connection: Connection, seconds: int) -> None:
    """How long the next transaction waits for the write lock. PostgreSQL locks rows: nothing to wait for there."""
    if connection.dialect.name == "sqlite":
        dbapi_connection: Any = connection.connection.dbapi_connection
        dbapi_connection.execute(f"PRAGMA busy_timeout = {seconds * 1000}")


def _begin(connection: Connection) -> None:
    reads = bool(connection.get_execution_options().get(_READ_ONLY))
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
