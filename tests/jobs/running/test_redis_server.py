"""Any office machine has a queue: the system's Redis, else the one that came with the packages."""

import os
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from jobs.running import redis_server
from jobs.running.processes import dying_with_parent
from jobs.running.redis_server import (
    NoRedisServer,
    packaged_redis_server,
    redis_arguments,
    redis_server_command,
)
from tests.ground.waiting import wait_until

SERVERS = [str(found) for found in (shutil.which("redis-server"), packaged_redis_server()) if found]


def answers(client: redis.Redis) -> bool:
    """Whether the server is there yet."""
    try:
        return bool(client.ping())
    except redis.exceptions.ConnectionError:
        return False


@contextmanager
def running(server: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[redis.Redis]:
    monkeypatch.setattr(redis_server, "redis_server_command", lambda: [server])
    socket = folder / "redis.sock"
    process = subprocess.Popen(
        [server, *redis_arguments(socket, folder)],
        stdout=subprocess.DEVNULL,
        preexec_fn=dying_with_parent(),
    )
    client = redis.Redis(unix_socket_path=str(socket))
    wait_until(lambda: answers(client), "no Redis answers")
    yield client
    client.close()
    process.send_signal(signal.SIGKILL)
    process.wait()


def _is_written(told: Any) -> bool:
    """Whether all that the server took stands in its log."""
    return told["aof_enabled"] == 1 and told["aof_buffer_length"] == 0


def test_there_is_a_redis_on_this_machine() -> None:
    assert SERVERS


@pytest.mark.parametrize("server", SERVERS)
def test_what_is_queued_outlives_a_killed_redis(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(server, tmp_path, monkeypatch) as client:
        for n in range(200):
            client.rpush("queue", n)
        wait_until(lambda: _is_written(client.info("persistence")), "the log is not written")
    with running(server, tmp_path, monkeypatch) as client:
        assert client.llen("queue") == 200


@pytest.mark.parametrize("server", SERVERS)
def test_the_queue_is_ours_alone(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(server, tmp_path, monkeypatch) as client:
        assert client.config_get("port") == {"port": "0"}
        assert stat.S_IMODE(os.stat(tmp_path / "redis.sock").st_mode) == 0o700


def test_a_newer_and_an_older_redis_do_not_read_each_others_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for server in [*SERVERS, *reversed(SERVERS)]:
        with running(server, tmp_path, monkeypatch) as client:
            assert client.ping()


def test_without_a_redis_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(redis_server, "packaged_redis_server", lambda: None)
    with pytest.raises(NoRedisServer, match="apt install redis-server"):
        redis_server_command()


def test_a_machine_without_redis_uses_the_packaged_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    packaged = packaged_redis_server()
    if packaged is None:
        with pytest.raises(NoRedisServer):
            redis_server_command()
    else:
        assert redis_server_command() == [str(packaged)]
