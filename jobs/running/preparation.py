"""What has to be true before anything is started: folders, sole use of them, port, queue, database.

Whatever is not becomes CannotStart with a sentence; what runs afterwards says serve.py.
"""

import errno
import fcntl
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from domain.storing.database import make_engine
from jobs.running.settings import OWN_DATABASE, Settings

DEMO_YEAR = "--demo-year"
WAITS = {DEMO_YEAR: "一年里的每一步都照样办一遍，要几分钟。"}
"""What is said of a demo that takes its time."""
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


def check_queue(settings: Settings) -> None:
    """Raise CannotStart where REDIS_URL names a Redis that does not answer."""
    if settings.starts_its_own_redis():
        return
    try:
        with redis.Redis.from_url(settings.redis_url, socket_connect_timeout=5) as client:
            client.ping()
    except redis.exceptions.RedisError as error:
        raise CannotStart(f"连不上 REDIS_URL 指定的 Redis（{error}），请检查地址和口令。") from None


def prepare_database(settings: Settings, demo: str = "--demo") -> Iterator[str]:
    """Make a database where there is none, with a demo if DATABASE_URL was left to us; else mend drift. ``demo``: which
    one, as the command seed has it.

    Yields sentences on what is being done. The demo's file gets its name only when it is complete, so
    an interrupted first start leaves nothing behind.
    """
    own = settings.data_dir / OWN_DATABASE
    if settings.has_its_own_database() and not own.exists():
        yield f"新建数据库，写入演示数据……{WAITS.get(demo, '')}"
        unfinished = own.with_name(f"{own.name}.new")
        for left in own.parent.glob(f"{unfinished.name}*"):
            left.unlink()
        _flask(settings, "db-init", DATABASE_URL=f"sqlite:///{unfinished}")
        _flask(settings, "seed", demo, DATABASE_URL=f"sqlite:///{unfinished}")
        unfinished.rename(own)
    elif _is_empty(settings.database_url):
        yield "新建数据库……"
        _flask(settings, "db-init")
        _flask(settings, "seed")
    elif run_flask(settings, "db-check").returncode != 0:
        yield "schema.sql 有改动，更新数据库……"
        yield _flask(settings, "db-upgrade")


def _is_empty(database_url: str) -> bool:
    try:
        engine = make_engine(database_url)
        try:
            return not inspect(engine).get_table_names()
        finally:
            engine.dispose()
    except ValueError as unsupported:
        raise CannotStart(str(unsupported)) from None
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise CannotStart(f"打不开数据库（{reason}），请检查 DATABASE_URL。") from None


def run_flask(
    settings: Settings, *command: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of the program to its end and give its status and what it printed."""
    environment = {**settings.process_environment(), **variables}
    return subprocess.run(
        [*FLASK, *command], env=environment, capture_output=True, text=True, check=False
    )


def _flask(settings: Settings, *command: str, **variables: str) -> str:
    """What the command printed. Raises CannotStart with the sentence that it ended with."""
    done = run_flask(settings, *command, **variables)
    if done.returncode == 0:
        return done.stdout.rstrip()
    refusal = re.search(r"^Error: (.*)", done.stderr, re.DOTALL | re.MULTILINE)
    if refusal:
        raise CannotStart(refusal.group(1).strip())
    log = settings.data_dir / "logs" / "start.log"
    log.write_text(done.stderr, "utf-8")
    raise CannotStart(f"{' '.join(command)} 没有完成，原因见 {log}。")
