"""A process that is killed in the middle of an act on many rows leaves none of them half done, and nothing locked."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from admin.frame.db import db
from domain import models
from jobs.running.processes import dying_with_parent
from tests.ground.acting import SCHOOL, act, unit
from tests.ground.district import Panel
from tests.ground.waiting import number_in, wait_until_ended

ROOT = Path(__file__).parents[3]
ITEMS = 30
ADDRESS = "/proposals/act/?act=hand_over"


@pytest.fixture
def items(panel: Panel) -> list[int]:
    """Items that wait for their main unit."""
    with panel.truth() as session:
        meeting = session.query(models.Meeting.id).filter_by(body="人大").scalar()
        words = {"meeting_id": meeting, "kind": "建议"}
        rows = [
            models.Proposal(number=f"{n + 100}", title=f"第{n}件", **words) for n in range(ITEMS)
        ]
        session.add_all(rows)
        session.commit()
        return [row.id for row in rows]


@pytest.fixture
def start(panel: Panel, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts the panel in another process, which does the act; what is left of it ends with the test."""
    with panel.app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    started: list[subprocess.Popen[bytes]] = []

    def run(before: str, halted: Path, *answers: str) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", "tests.ground.programs.halting_act"]
        (folder := tmp_path / "other").mkdir()
        with (tmp_path / "other.log").open("ab") as log:
            process = subprocess.Popen(
                [*program, url, str(folder), "office", ADDRESS, *answers],
                cwd=ROOT,
                env={**os.environ, "HALT_BEFORE": before, "HALT_FILE": str(halted)},
                stdout=log,
                stderr=log,
                preexec_fn=dying_with_parent(),
            )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize("before", ["assignments", "deadlines", "change_log", "the commit"])
def test_a_killed_process_leaves_no_row_half_done(
    panel: Panel,
    items: list[int],
    start: Callable[..., subprocess.Popen[bytes]],
    before: str,
    tmp_path: Path,
) -> None:
    known = {"unit_id": unit(panel, SCHOOL), "role": "主办", "handed_over_on": "2024-04-15"}
    logged, halted = panel.count("ChangeLog"), tmp_path / "halted"
    sent = [
        *(f"rowid={key}" for key in items),
        *(f"{name}={value}" for name, value in known.items()),
    ]
    process = start(before, halted, "sure=1", *sent)
    assert number_in(halted) == process.pid
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    wait_until_ended(process.pid)
    assert panel.count("Assignment", handed_over_on=None) == panel.count("Assignment")
    assert panel.count("ChangeLog") == logged
    assert panel.count("Proposal", state="登记") == ITEMS + 1
    page = act(panel, "office", "hand_over", "proposals", *items, **known)
    assert f"已交办 {ITEMS} 条" in page
    assert panel.count("Proposal", state="交办") == ITEMS + 2
