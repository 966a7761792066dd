"""A table that the command writes stands in the order of its list on the screen."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from openpyxl import load_workbook

from admin.frame.db import db
from domain import models
from domain.actors import OFFICE, Actor
from domain.exports.reports import named_sheet
from domain.exports.workbook import write_workbook
from domain.storing.session import actor_session
from tests.ground.district import MORNING, Panel
from tests.ground.doors.scene import TABLES, Scene, open_scene
from tests.ground.doors.visitor import AtTheDoor
from tests.ground.kept_apps import KeptApps
from tests.ground.serving.databases import Databases
from tests.ground.world import now


@pytest.fixture(scope="module")
def scene(
    databases: Databases, kept_apps: KeptApps, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    with open_scene(databases, kept_apps, tmp_path_factory.mktemp("orders")) as scene:
        yield scene


def rows_of(data: bytes) -> list[tuple[Any, ...]]:
    """The rows below the title, the notes and the header."""
    page = load_workbook(io.BytesIO(data)).active
    return [row for row in page.iter_rows(min_row=3, values_only=True) if any(row)]


@pytest.mark.parametrize("table", [t for t in TABLES if t not in ("export_log", "logins")])
def test_the_command_writes_the_rows_as_the_list_has_them(scene: Scene, table: str) -> None:
    at = AtTheDoor.of(*scene, OFFICE)
    if not at.reads(table):
        pytest.skip("the office does not read this table")
    on_screen = rows_of(at.client.get(f"/exports/list/{table}").data)
    stream = io.BytesIO()
    with scene[0].app_context(), actor_session(db.engine, at.actor, now) as session:
        write_workbook(stream, named_sheet(session, table))
    assert rows_of(stream.getvalue()) == on_screen and len(on_screen) > 1


def test_tasks_stand_by_item_with_the_main_unit_first(panel: Panel) -> None:
    item = panel.id_of("Proposal", number="003")
    given = [
        {"proposal_id": item, "unit_id": panel.id_of("Unit", short_name=name), "role": role}
        for name, role in (("教育局", "协办"), ("住房和城乡建设局", "主办"))
    ]
    with panel.truth() as session:
        for task in given:  # the partner first
            session.add(models.Assignment(**task))
            session.flush()
        session.commit()
    person = Actor("李", OFFICE, panel.id_of("User", username="office"))
    with panel.app.app_context(), actor_session(db.engine, person, lambda: MORNING) as session:
        stream = io.BytesIO()
        write_workbook(stream, named_sheet(session, "承办任务"))
    told = [(row[0].split("号")[0], row[2]) for row in rows_of(stream.getvalue())[1:]]
    assert told == [
        ("建议003", "主办"), ("建议003", "协办"), ("建议002", "主办"), ("建议001", "主办"),
        ("建议001", "协办"),
    ]  # fmt: skip
