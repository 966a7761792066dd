"""What the README says about settings and commands is what the program has."""

import re
from pathlib import Path

from app import create_app
from jobs.running.settings import Settings, settings_table
from tests.ground.places import ROOT

README = ROOT / "README.md"
COME_WITH_FLASK = {"routes", "run", "shell"}


def test_the_table_of_settings_is_the_programs_own() -> None:
    """`python -m jobs.running.settings` prints it."""
    shown = README.read_text("utf-8").partition(
        "<!-- settings: python -m jobs.running.settings -->\n"
    )[2]
    assert shown.partition("\n<!-- /settings -->")[0] == settings_table()


def test_every_command_is_listed(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, database_url="sqlite://", secret_key="k" * 40))
    listed = README.read_text("utf-8").partition("## Commands")[2].partition("\n## ")[0]
    documented = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)(?: [^`]*)?`", listed))
    commands = set(app.cli.commands) - COME_WITH_FLASK
    assert commands == documented - {"make"}
