"""The whole program as `make run` starts it, for tests: web server, worker and, if asked, the schedule."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from jobs.running.children import Child
from jobs.running.preparation import listening, run_flask
from jobs.running.serve import programs, wait_for_page
from jobs.running.settings import Settings
from jobs.running.stopping import Stop
from tests.ground.servers import running_redis

SCHEDULE = "定时任务"


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
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The program on the demo district, once for the run, with a Redis of its own: its worker would
    take the work of other tests.
    """
    folder = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{folder / 'banli.db'}"
    with running_redis() as redis_url:
        settings = Settings(data_dir=folder, database_url=url, redis_url=redis_url)
        for command in (["db-init"], ["seed", "--demo"]):
            assert run_flask(settings, *command).returncode == 0
        logins = json.loads(run_flask(settings, "demo-logins", "--json").stdout)
        with running_panel(settings) as address:
            yield DemoSite(address, settings, tuple(logins))
