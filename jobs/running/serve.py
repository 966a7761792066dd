"""`make run`: everything on one machine, from an empty folder to a page that answers; `make demo-year` the
same with a whole year of a demo.

Starts the database, the queue, the workers, the schedule and the web, watches over them, stops all of
them. For several machines, docs/deployment.md runs the same parts under systemd instead.
"""

import logging
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from jobs.running.children import Child, KeepsDying, Program
from jobs.running.preparation import (
    DEMO_YEAR,
    FLASK,
    CannotStart,
    check_queue,
    listening,
    make_folder,
    prepare_database,
    run_flask,
    sole_use_of,
)
from jobs.running.redis_server import NoRedisServer, redis_arguments, redis_server_command
from jobs.running.settings import Settings, SettingsError, redis_socket
from jobs.running.stopping import Stop

START_TIMEOUT_S = 120
LOOK_EVERY_S = 0.5
WEB_PATIENCE_S = 15
KEEP_ALIVE_S = 75
"""How long a connection is kept after an answer: longer than browsers keep one, and proxies (60 s), else a form that is
sent over it just as it closes is lost. A kept connection takes no thread."""


def main() -> int:
    """Run until Ctrl-C; the exit status is 0 after a wished-for stop, 1 when something would not run."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    os.umask(0o077)  # what we write is for us: people's addresses are in it
    told_to_stop = Stop()
    told_to_stop.at(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    try:
        demo = DEMO_YEAR if DEMO_YEAR in sys.argv[1:] else "--demo"
        serve(Settings.from_environment(), told_to_stop, demo)
    except (CannotStart, KeepsDying, NoRedisServer, SettingsError) as reason:
        # Ctrl-C reaches a command of the preparation too; that it then stops is no fault.
        say("\n已停止。" if told_to_stop.is_set() else f"\n{reason}")
        return 0 if told_to_stop.is_set() else 1
    return 0


def serve(settings: Settings, told_to_stop: Stop, demo: str = "--demo") -> None:
    """Start every part, say where the page is, and look after the parts until told to stop. A new database is filled
    with ``demo``."""
    folder = settings.data_dir
    for each in (folder, folder / "run", folder / "logs"):
        make_folder(each)
    with ExitStack() as cleanup:
        cleanup.enter_context(sole_use_of(folder))
        web_socket = cleanup.enter_context(listening(settings.host, settings.port))
        say(f"办理正在启动，数据目录 {folder}")
        check_queue(settings)
        for sentence in prepare_database(settings, demo):
            say(sentence)
        children: list[Child] = []
        cleanup.callback(stop_all, children)
        for program in programs(settings, web_socket.fileno()):
            children.append(Child(program))
            if told_to_stop.wait(0.05):
                return
        if wait_for_page(settings, children, told_to_stop):
            announce(settings)
        while not told_to_stop.wait(LOOK_EVERY_S):
            for child in children:
                child.look_after()


def programs(settings: Settings, web_fd: int) -> Iterator[Program]:
    """What runs, in the order of starting; stopping goes the other way."""
    environment, logs = settings.process_environment(), settings.data_dir / "logs"
    if settings.starts_its_own_redis():
        kept = settings.data_dir / "redis"
        socket_path = redis_socket(settings.data_dir)
        make_folder(socket_path.parent)
        make_folder(kept)
        command = (*redis_server_command(), *redis_arguments(socket_path, kept))
        yield Program("消息队列", command, logs / "redis.log", environment)
    for number in range(1, settings.workers + 1):
        log = logs / f"worker-{number}.log"
        yield Program(f"后台进程{number}", (*FLASK, "work"), log, environment)
    yield Program("定时任务", (*FLASK, "schedule"), logs / "schedule.log", environment)
    yield Program(
        "网页服务",
        tuple(_gunicorn(settings, web_fd)),
        logs / "web.log",
        environment,
        keep_fds=(web_fd,),
        patience_s=WEB_PATIENCE_S,
    )


def _gunicorn(settings: Settings, web_fd: int) -> Iterator[str]:
    yield from (sys.executable, "-m", "gunicorn", "app:create_app()", "--bind", f"fd://{web_fd}")
    yield from ("--worker-class", "gthread", "--workers", str(settings.web_processes))
    yield from ("--threads", str(settings.web_threads), "--timeout", "60")
    yield from ("--keep-alive", str(KEEP_ALIVE_S))
    yield from (
        "--limit-request-line",
        "8190",
    )  # an address carries filters; refused, it is answered in English
    yield from ("--graceful-timeout", "10", "--no-control-socket", "--log-level", "warning")
    # The application alone decides which proxies to believe (TRUSTED_PROXIES).
    yield from ("--forwarded-allow-ips", "")
    if Path("/dev/shm").is_dir():
        yield from ("--worker-tmp-dir", "/dev/shm")  # the sign of life must not wait for a disk


def wait_for_page(settings: Settings, children: list[Child], told_to_stop: Stop) -> bool:
    """Wait until the page answers; False when told to stop meanwhile."""
    give_up = time.monotonic() + START_TIMEOUT_S
    while not told_to_stop.wait(0.2):
        if _page_answers(settings):
            return True
        if time.monotonic() > give_up:
            raise CannotStart(f"网页服务没有应答，原因见 {settings.data_dir / 'logs'}。")
        for child in children:
            child.look_after()
    return False


def _page_answers(settings: Settings) -> bool:
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        directly.open(_address(settings), timeout=5).close()
    except urllib.error.HTTPError as answer:
        answer.close()
        return answer.code < 500
    except OSError:
        return False
    return True


def announce(settings: Settings) -> None:
    """Say where the page is and who can log in."""
    say(f"\n办理已启动：{_address(settings)}    （按 Ctrl-C 停止，数据会保留）")
    if settings.host in ("0.0.0.0", "::"):
        say(f"同一网络的同事可用 http://本机地址:{settings.port} 访问。")
    listed = run_flask(settings, "demo-logins").stdout.rstrip()
    if listed:
        say(f"\n演示账号：\n{listed}")


def stop_all(children: list[Child]) -> None:
    """Stop the web first and the queue last; those in between all at once."""
    if not children:
        return
    say("\n正在停止……")
    *others, web = children
    for group in ([web], others[1:], others[:1]):
        for child in group:
            child.ask_to_stop()
        for child in group:
            child.wait_until_stopped()
    say("已停止，数据都在。")


def say(sentence: str) -> None:
    """Tell the person at the terminal, who may be gone."""
    try:
        print(sentence, flush=True)  # noqa: T201
    except OSError:
        logging.getLogger(__name__).debug("nobody reads: %s", sentence)


def _address(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


if __name__ == "__main__":
    sys.exit(main())
