"""The measurements still run: each of them at a tiny size, with real databases, files and processes.

How fast anything is, is nobody's business here.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from bench import child
from bench.__main__ import RUNS, main
from bench.layouts import LAYOUTS
from bench.measure import PANEL_PYTHON, PEER_PYTHON, StepFailed, measure, run_step
from bench.plans import make_items
from bench.runs.pages import PAGES
from bench.runs.plan import OURS, PEER_SETUPS

TINY = [
    "--rows=24", "--layout-rows=16", "--small=120", "--large=240",
    "--deadlines=600", "--exported=200", "--laps=1",
    "--people=4", "--crowd-items=150", "--quiet-s=3", "--crowd-rows=16", "--crowd-times=1",
]  # fmt: skip


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The panel's steps run in this process: starting thirty takes longer than what they do."""

    def run_here(python: Path, step: str, arguments: str) -> str:
        if python == PANEL_PYTHON:
            return child.run(step, arguments)
        return run_step(python, step, arguments)

    monkeypatch.setattr("bench.measure.run_step", run_here)


def measured(part: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Run one part at a tiny size; its lines by their names."""
    assert main([*TINY, f"--only={part}", f"--json={folder}/numbers.json"]) == 0
    lines = json.loads((folder / "numbers.json").read_text("utf-8"))
    return {line["name"]: line for line in lines}


def test_a_plan_is_the_same_every_time_and_has_three_assignments_an_item() -> None:
    items = list(make_items(80))
    assert items == list(make_items(80))
    assert sum(1 + len(item.partners) for item in items) == 3 * 80


def test_a_step_runs_in_a_process_of_its_own() -> None:
    arguments = {"packages": ["flask"], "sqlite": "sqlite3"}
    told = measure(PANEL_PYTHON, "bench.about:about", arguments)
    assert "flask 3" in told.answer
    assert told.peak_bytes > 1024 * 1024


def test_a_step_that_fails_says_why() -> None:
    with pytest.raises(StepFailed, match="no-such-package"):
        measure(
            PANEL_PYTHON,
            "bench.about:about",
            {"packages": ["no-such-package"], "sqlite": "sqlite3"},
        )


@pytest.mark.usefixtures("here")
def test_the_plan_is_measured_in_every_layout_and_beside_the_peer(tmp_path: Path) -> None:
    lines = measured("plan", tmp_path)
    for step in OURS:
        assert lines[f"panel: {step}"]["rows"] == 24
        assert lines[f"panel: {step}"]["peak_bytes"] > 0
    for layout in LAYOUTS:
        assert f"{layout}: 16 usable" in lines
    if PEER_PYTHON.exists():
        for setup in PEER_SETUPS:  # there is a ratio only where both databases hold the same
            assert lines[f"import-export {setup}, times ours"]["ratio"] > 0
    else:
        assert any("bench/.venv is not there" in name for name in lines)


@pytest.mark.usefixtures("here")
def test_the_pages_are_measured_at_both_sizes(tmp_path: Path) -> None:
    lines = measured("pages", tmp_path)
    for page in PAGES:
        assert lines[page]["ratio"] > 0
    assert "list (50 rows)" in lines
    assert "search, found three times (3 rows)" in lines
    assert "search, found nowhere (0 rows)" in lines


@pytest.mark.usefixtures("here")
def test_the_nightly_check_is_measured_and_reminds_once(tmp_path: Path) -> None:
    lines = measured("nightly", tmp_path)
    assert [name for name in lines if name.startswith("600 open: ") and " 0 " not in name]
    assert "600 open again: 0 reminders" in lines


@pytest.mark.usefixtures("here")
def test_the_export_is_measured_with_every_row(tmp_path: Path) -> None:
    assert measured("export", tmp_path)["200 rows"]["rows"] == 200


@pytest.mark.usefixtures("here")
def test_people_work_on_while_plans_come_and_go(tmp_path: Path) -> None:
    lines = measured("crowd", tmp_path)
    assert "0 faults" in lines
    assert sum(line["times"] for name, line in lines.items() if name.endswith("read or write")) > 0


def test_every_part_has_its_test() -> None:
    assert set(RUNS) == {"plan", "pages", "nightly", "export", "crowd"}
