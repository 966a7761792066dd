"""What has to be true before anything is started: folders, sole use of them, the port, the database.

Whatever is not becomes CannotStart with a sentence; what runs afterwards says serve.py.
"""

import errno
import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import inspect, make_url

from domain.database import make_engine
from jobs.settings import Settings

FLASK = (sys.executable, "-m", "flask", "--app", "app")


class CannotStart(RuntimeError):
    """Why not, and what to do, in a sentence for the person at the terminal."""


def make_folder(folder: Path) -> None:
    """Make the folder if it is not there. Raises CannotStart where we may not, or it is another's."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mine = folder.stat().st_uid == os.getuid() or os.getuid() == 0
    except OSError as error:
        raise CannotStart(
            f"不能使用目录 {folder}（{error.strerror}），请检查 DATA_DIR 和权限。"
        ) from None
    if not mine:
        raise CannotStart(f"目录 {folder} 属于别的用户，请用 DATA_DIR 指定另一个目录。")


@contextmanager
def sole_use_of(folder: Path) -> Iterator[None]:
    """Hold DATA_DIR for this process; the kernel lets go of it however the process ends."""
    with (folder / "run" / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(
                f"办理已经在这个数据目录里运行（进程号 {lock.read().strip()}）：{folder}\n"
                "请直接打开它的网页；要另开一个，请换目录和端口：DATA_DIR=… PORT=… make run"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """The socket the web server will answer on, taken before anything else is started.

    It stays open while the web server is started again, so that people wait instead of being refused.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        taken = socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        raise CannotStart(_why_not(error, host, port)) from None
    with taken:
        yield taken


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"端口 {port} 已被别的程序占用。请关闭那个程序，或换一个端口：PORT={port + 1} make run"
        )
    if error.errno == errno.EACCES:
        return f"没有权限使用端口 {port}。请换一个 1024 以上的端口：PORT=8000 make run"
    return f"不能在地址 {host} 上提供服务。HOST 应是本机的地址，如 127.0.0.1；要让同事访问，用 0.0.0.0。"


def prepare_database(settings: Settings) -> Iterator[str]:
    """Make a database where there is none, with the demo if it is our own file; else mend drift.

    Yields sentences on what is being done. A new file gets its name only when it is complete, so an
    interrupted first start leaves nothing behind.
    """
    file = _database_file(settings)
    if file and not file.exists():
        yield "新建数据库，写入演示数据……"
        unfinished = file.with_name(f"{file.name}.new")
        for left in file.parent.glob(f"{unfinished.name}*"):
            left.unlink()
        _flask(settings, "db-init", DATABASE_URL=f"sqlite:///{unfinished}")
        _flask(settings, "seed", "--demo", DATABASE_URL=f"sqlite:///{unfinished}")
        unfinished.rename(file)
    elif _is_empty(settings.database_url):
        yield "新建数据库……"
        _flask(settings, "db-init")
        _flask(settings, "seed")
    elif run_flask(settings, "db-check").returncode != 0:
        yield "schema.sql 有改动，更新数据库……"
        yield _flask(settings, "db-upgrade")


def _database_file(settings: Settings) -> Path | None:
    url = make_url(settings.database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _is_empty(database_url: str) -> bool:
    engine = make_engine(database_url)
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()


def run_flask(
    settings: Settings, *command: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of the program to its end and give its status and what it printed."""
    environment = {**process_environment(settings), **variables}
    return subprocess.run(
        [*FLASK, *command], env=environment, capture_output=True, text=True, check=False
    )


def process_environment(settings: Settings) -> dict[str, str]:
    """The environment of every process that works with these settings."""
    return {**os.environ, **settings.as_environment(), "PYTHONUNBUFFERED": "1"}


def _flask(settings: Settings, *command: str, **variables: str) -> str:
    done = run_flask(settings, *command, **variables)
    if done.returncode != 0:
        raise CannotStart(f"{' '.join(command)} 没有完成：\n{done.stderr or done.stdout}")
    return done.stdout.rstrip()
