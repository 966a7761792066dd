"""The whole program as `make run` starts it, for tests: web server, worker and, if asked, the schedule."""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from jobs.running.children import Child
from jobs.running.preparation import listening, run_flask
from jobs.running.serve import programs, wait_for_page
from jobs.running.settings import Settings
from jobs.running.stopping import Stop
from tests.ground.serving.premises import Premises
from tests.ground.serving.servers import running_redis

SCHEDULE = "定时任务"
LOGINS = "demo-logins.json"


@contextmanager
def running_panel(settings: Settings, with_schedule: bool = False) -> Iterator[str]:
    """The address of the program at work on `settings`, whose Redis is running already."""
    with listening("127.0.0.1", 0) as socket:
        settings = replace(settings, host="127.0.0.1", port=socket.getsockname()[1], workers=1)
        (settings.data_dir / "logs").mkdir(parents=True, exist_ok=True)
        wanted = [
            program
            for program in programs(settings, socket.fileno())
            if with_schedule or program.name != SCHEDULE
        ]
        children = [Child(program) for program in wanted]
        try:
            wait_for_page(settings, children, Stop())
            yield f"http://127.0.0.1:{settings.port}"
        except BaseException:
            for log in sorted((settings.data_dir / "logs").iterdir()):
                sys.stderr.write(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}\n")
            raise
        finally:
            for child in reversed(children):
                child.ask_to_stop()
            for child in children:
                child.wait_until_stopped()


@dataclass(frozen=True)
class DemoSite:
    """The demo district at an address, and who can log in."""

    address: str
    settings: Settings
    logins: tuple[Mapping[str, str], ...]

    def login_of(self, role: str) -> Mapping[str, str]:
        """The first person of a role: username, password, role, unit."""
        return next(login for login in self.logins if login["role"] == role)


@pytest.fixture(scope="session")
def demo_site(premises: Premises, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The program on the demo district, once for each test process, with a Redis of its own: its worker would
    take the work of other tests. The district is made once for all.
    """
    made, folder = premises.folder / "demo", tmp_path_factory.mktemp("demo")
    with premises.first_time("demo site") as is_first:
        if is_first:
            _make_demo(made)
    shutil.copytree(made, folder, dirs_exist_ok=True)
    logins = json.loads((folder / LOGINS).read_text("utf-8"))
    with running_redis() as redis_url:
        settings = _settings(folder, redis_url)
        with running_panel(settings) as address:
            yield DemoSite(address, settings, tuple(logins))


def _settings(folder: Path, redis_url: str) -> Settings:
    url = f"sqlite:///{folder / 'banli.db'}"
    return Settings(data_dir=folder, database_url=url, redis_url=redis_url)


def _make_demo(folder: Path) -> None:
    """With the commands of the program, and beside it the log-ins that they tell."""
    folder.mkdir()
    settings = _settings(folder, "unix:///nowhere/redis.sock")
    for command in (["db-init"], ["seed", "--demo"]):
        done = run_flask(settings, *command)
        assert done.returncode == 0, done.stderr
    logins = run_flask(settings, "demo-logins", "--json").stdout
    (folder / LOGINS).write_text(logins, "utf-8")
