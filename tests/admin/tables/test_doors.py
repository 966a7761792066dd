"""The door matrix: every table x every role x every address of the panel. Nothing of a foreign row is in any answer.

The world and the marks of its cells come from schema.sql; who may see what, from tests/ground/oracle.py. An address
that is not declared here stops the build. On PostgreSQL the check tries it in part (tests/ground/shares/proving.py).
What forms write is in test_door_forms.py, log-in in tests/admin/people/test_account_pages.py.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine

from admin.files.attachments import uploads_folder
from admin.frame.db import db
from admin.papers import batching, making, shelf
from domain import models
from domain.actors import ADMIN, LEADER, LIAISON, OFFICE, ROLES
from domain.exports.reports import REPORTS
from domain.files.uploads import path_of
from domain.papers.paper import ITEM, PERIOD, UNIT
from domain.statistics.dimensions import DIMENSIONS
from domain.statistics.register import PARTS
from jobs.queue.execution import Workplace, execute
from jobs.queue.kinds import KINDS
from jobs.running.settings import Settings
from seeds.papers.register import SHIPPED
from tests.admin.papers.papering import fill_all_here, fill_here, wanted_here
from tests.ground.doors import reading, writing
from tests.ground.doors.scene import TABLES, Scene, open_scene
from tests.ground.doors.sides import SIDE_DOORS, held, offered
from tests.ground.doors.visitor import AtTheDoor, text_of
from tests.ground.kept_apps import KeptApps
from tests.ground.serving.databases import Databases
from tests.ground.world import cells_in, now

# Which test tries an address: of this module, or of the one named. A view of a table is named after the view alone.
TRIED = {
    "test_of_every_table": "index_view count_view details_view create_view edit_view delete_view action_view"
    " act_view ajax_lookup exports.of_list",
    "test_a_long_export_is_written_in_the_askers_scope": "exports.request_list exports.run exports.progress"
    " exports.file exports.restart",
    "test_letters_are_packed_in_the_askers_scope": "batches.index batches.request_batch",
    "test_files_are_for_those_who_see_their_record": "files.file files.delete",
    "test_nothing_is_attached_to_a_record_that_is_not_the_roles": "files.add",
    "test_imports_are_the_offices": "importing.index importing.show importing.progress importing.original"
    " importing.workbook importing.again importing.apply importing.back importing.columns importing.drop"
    " importing.forget importing.restart importing.skip importing.undo importing.unchoose importing.units"
    " importing.table importing.template importing.table_template importing.row importing.correct importing.uncorrect"
    " importing.names importing.hidden importing.history",
    "test_pages_that_gather_rows_tell_nothing_foreign": "home.index late.index undated.index report_dues.index"
    " due_month.index bell.index reports.index recompute.index figures.index",
    "test_who_reads_all_reminders_silences_nobody_else": "bell.read",
    "test_reports_hold_nothing_foreign": "reports.file",
    "test_papers_hold_nothing_foreign": "papers.index papers.file papers.marks",
    "test_templates_of_papers_are_the_offices": "papers.template papers.template_file papers.drop_template",
    "test_accounts_of_others_are_the_administrators": "user_access.show user_access.end_sessions user_access.unlock"
    " user_access.give_first_password account.sessions account.end_session account.password account.alive",
    "tests/admin/frame/test_web_security.py": "account.log_in account.log_out",
    "tests/admin/people/test_account_pages.py": "account.end_all_sessions",
    "the same for all": "static",
}
DOORS = (*reading.DOORS, *SIDE_DOORS, *writing.DOORS)
each_role = pytest.mark.parametrize("role", ROLES)


@pytest.fixture(scope="module")
def scene(
    databases: Databases, kept_apps: KeptApps, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """One world for all: what is tried here is refused, and takes nothing away."""
    with open_scene(databases, kept_apps, tmp_path_factory.mktemp("doors")) as scene:
        yield scene


def test_every_address_of_the_panel_has_its_expectation(scene: Scene) -> None:
    endpoints = {rule.endpoint for rule in scene[0].url_map.iter_rules()}
    named = {e.split(".")[1] if e.split(".")[0] in TABLES else e for e in endpoints}
    declared = {endpoint for tried in TRIED.values() for endpoint in tried.split()}
    assert named - declared == set(), "an address without a declared expectation"
    assert declared - named == set(), "an expectation without an address"
    assert {name for name in TRIED if name.startswith("test_")} <= set(globals())
    assert all(Path(name).is_file() for name in TRIED if "/" in name)


@each_role
@pytest.mark.parametrize("door", DOORS, ids=lambda d: d.__name__)
def test_of_every_table(scene: Scene, role: str, door: Callable[[AtTheDoor, str], None]) -> None:
    at = AtTheDoor.of(*scene, role)
    for table in TABLES:
        if at.tries(table, DOORS.index(door)):
            door(at, table)


def test_the_world_has_something_to_hide_beside_its_rows(scene: Scene) -> None:
    """Else the doors of the side columns would be shut for everybody, or open onto nothing."""
    office, liaison = AtTheDoor.of(*scene, OFFICE), AtTheDoor.of(*scene, LIAISON)
    silent = {
        f"{table}.{side.name}"
        for table in TABLES
        for side in offered(office, table)
        if not any(held(office.rows, side, row) for row in office.rows(table))
    }
    # An item of the world has one signature, no deadline of it is for an answer, and no answer is published.
    assert silent <= {
        "proposals.joint_sponsors",
        "replies.joint_sponsors",
        "replies.next_due_on",
        "replies.days_late",
        "proposals.published_on",
    }
    hides = [
        side.name
        for table in ("proposals", "assignments", "replies")
        for side in offered(liaison, table)
        for row in liaison.rows(table)
        if held(liaison.rows, side, row) != held(office.rows, side, row)
    ]
    assert {"lead_units", "next_due_on", "days_late"} <= set(hides)


@each_role
def test_a_table_that_is_not_for_the_role_is_not_there(scene: Scene, role: str) -> None:
    at = AtTheDoor.of(*scene, role)
    for table in at.turns(TABLES):
        if not at.reads(table):
            reading.a_table_of_others_is_not_there(at, table)


def test_who_reads_all_reminders_silences_nobody_else(scene: Scene) -> None:
    """Stands before what reads them one by one; the unread number is the one in the top bar."""
    doors = {role: AtTheDoor.of(*scene, role) for role in ROLES}
    before = _unread_numbers(doors)
    assert {role for role, number in before.items() if number} == {LIAISON, LEADER, OFFICE}
    for role in (LIAISON, LEADER, OFFICE):
        doors[role].post("/bell/read/", 302)
        before[role] = 0
        assert _unread_numbers(doors) == before


def _unread_numbers(doors: Mapping[str, AtTheDoor]) -> dict[str, int]:
    """What each person's bell says."""
    told = {role: re.search(r"提醒，(\d+) 条未读", at.get("/")) for role, at in doors.items()}
    return {role: int(found[1]) if found else 0 for role, found in told.items()}


@each_role
def test_pages_that_gather_rows_tell_nothing_foreign(scene: Scene, role: str) -> None:
    at = AtTheDoor.of(*scene, role)
    assert cells_in(at.get("/"))
    for path in (
        "/late/",
        "/undated/",
        "/report-dues/",
        "/due-month/",
        "/bell/",
        "/reports/",
        "/recompute/",
        "/import/",
    ):
        at.get(path, 200, 403, 404)
    for unit in (1, 2, 3):
        at.get("/late/", 200, 400, 403, 404, unit=unit, unit_id=unit)
        at.get("/due-month/", 200, 400, 403, 404, unit=unit, unit_id=unit, day="2024-04-25")
    for by in DIMENSIONS:
        at.get("/figures/", 200, 403, 404, meeting="all", by=by)
    for part in PARTS:
        at.get("/figures/", 200, 403, 404, meeting="all", part=part)
    for meeting in scene[1].rows["meetings"]:
        at.get("/recompute/", 200, 403, 404, meeting=meeting["id"])
        at.get("/figures/", 200, 403, 404, meeting=meeting["id"])
    before = at.stored("reminder_reads")
    for row in scene[1].rows["reminders"]:
        at.post("/bell/read/", 200, 302, 400, 403, 404, id=row["id"], until=row["id"])
    read = [row for row in at.stored("reminder_reads") if row not in before]
    assert {row.reminder_id for row in read} <= at.visible("reminders")
    assert {row.user_id for row in read} <= {at.actor.user_id}


@each_role
def test_reports_hold_nothing_foreign(scene: Scene, role: str) -> None:
    at = AtTheDoor.of(*scene, role)
    for name in REPORTS:
        for meeting in scene[1].rows["meetings"]:
            at.get("/reports/file/", 200, 403, 404, report=name, meeting=meeting["id"])


@each_role
def test_papers_hold_nothing_foreign(
    scene: Scene, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workbooks are opened in this process, for there are hundreds of them."""
    monkeypatch.setattr(making, "fill", fill_here)
    monkeypatch.setattr(shelf, "wanted_of", wanted_here)
    at = AtTheDoor.of(*scene, role)
    for path in ("/papers/", "/papers/marks/"):
        at.get(path, 200, 404)
    rows = scene[1].rows
    for name, paper in at.turns(SHIPPED.items()):
        chosen = {"first": "2020-01-01", "last": "2030-12-31"} if PERIOD in paper.needs else {}
        for meeting in rows["meetings"]:
            asked = {**chosen, "paper": name, "meeting": meeting["id"]}
            if UNIT in paper.needs:
                asked |= {"unit": rows["units"][0]["id"]}
            if ITEM in paper.needs:
                asked |= {"item": rows["proposals"][0]["number"]}
            at.get("/papers/file/", 200, 400, 404, **asked)


@each_role
def test_templates_of_papers_are_the_offices(scene: Scene, role: str) -> None:
    at = AtTheDoor.of(*scene, role)
    is_office = role == OFFICE
    before = at.stored("paper_templates")
    for name in ("", "满意度", *(row["name"] for row in scene[1].rows["paper_templates"])):
        at.get("/papers/template/", *((200, 404) if is_office else (404,)), paper=name)
        at.get("/papers/template/file/", *((200, 404) if is_office else (404,)), paper=name)
        if not is_office:
            at.post(f"/papers/template/?paper={name}", 404, name="别的", per="会议")
            at.post(f"/papers/template/drop/?paper={name}", 404)
    assert at.stored("paper_templates") == before


@each_role
def test_files_are_for_those_who_see_their_record(scene: Scene, role: str) -> None:
    at = AtTheDoor.of(*scene, role)
    with scene[0].app_context():
        folder = uploads_folder()
    before = at.stored("attachments")
    for row in at.turns(scene[1].rows["attachments"]):
        path = path_of(folder, row["stored_name"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"内容{row['id']}")
        is_seen = row["id"] in at.visible("attachments")
        text = at.get(f"/files/{row['id']}", 200 if is_seen else 404)
        assert (f"内容{row['id']}" in text) == is_seen
        if not at.oracle.may("delete", "attachments", row):
            at.post(f"/files/{row['id']}/delete", 302 if is_seen else 404, 403, 404)
        assert path.is_file()
    assert at.stored("attachments") == before


@each_role
def test_nothing_is_attached_to_a_record_that_is_not_the_roles(scene: Scene, role: str) -> None:
    at = AtTheDoor.of(*scene, role)
    before = at.stored("attachments")
    for column in models.schema.tables["attachments"].columns.values():
        if column.references and not column.is_automatic:
            for row in at.hidden(column.references):
                at.post(f"/files/add/{column.name}/{row['id']}", 403, 404)
    assert at.stored("attachments") == before


@each_role
def test_a_long_export_is_written_in_the_askers_scope(scene: Scene, role: str) -> None:
    """The worker knows who asked; the file is the asker's alone."""
    app, world = scene
    at, others = AtTheDoor.of(app, world, role), [r for r in ROLES if r != role]
    stranger = AtTheDoor.of(app, world, others[0])
    place = Workplace(db_engine(scene), app.extensions["settings"], now, "test", KINDS)
    for table in [
        t for t in ("proposals", "assignments", "replies", "users", "units") if at.reads(t)
    ]:
        answer = at.client.post(f"/exports/list/{table}")
        run_id = int(answer.location.rsplit("/", 1)[1])
        at.get(f"/exports/{run_id}/file", 404)
        execute(place, run_id)
        assert '"完成"' in at.get(f"/exports/{run_id}/progress").replace("'", '"')
        at.get(f"/exports/{run_id}")
        told = cells_in(at.get(f"/exports/{run_id}/file"))
        assert reading.listed_cells(at, table) <= told
        for path in ("", "/progress", "/file"):
            stranger.get(f"/exports/{run_id}{path}", 404)
        stranger.post(f"/exports/{run_id}/restart", 404)


@each_role
def test_letters_are_packed_in_the_askers_scope(
    scene: Scene, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some letters of every meeting: their text and the names of their files are of rows that the asker sees."""
    monkeypatch.setattr(batching, "fill_all", fill_all_here)
    monkeypatch.setattr(shelf, "wanted_of", wanted_here)
    app, world = scene
    at = AtTheDoor.of(app, world, role)
    place = Workplace(db_engine(scene), app.extensions["settings"], now, "test", KINDS)
    at.get("/papers/batch/", 200, 403)
    for paper in ("协办意见函（人大建议）", "意见反馈表"):
        for meeting in at.rows("meetings"):
            answer = at.client.post(
                "/papers/batch/", data={"paper": paper, "meeting": meeting["id"]}
            )
            if answer.status_code == 302:
                run_id = int(answer.location.rsplit("/", 1)[1])
                execute(place, run_id)
                at.get(f"/exports/{run_id}")
                at.get(f"/exports/{run_id}/file", 200, 404)
            else:
                assert answer.status_code in (403, 404)
    for meeting in at.hidden("meetings"):
        at.post("/papers/batch/", 403, 404, paper="意见反馈表", meeting=meeting["id"])


def db_engine(scene: Scene) -> Engine:
    """The engine of the app, as a worker beside it has one."""
    with scene[0].app_context():
        return db.engine


@each_role
def test_imports_are_the_offices(scene: Scene, role: str) -> None:
    at = AtTheDoor.of(*scene, role)
    if role == OFFICE:
        return
    before = at.stored("imports")
    for row in at.turns(scene[1].rows["imports"]):
        for path in ("", "progress/", "original/", "workbook/", "row/1/"):
            at.get(f"/import/{row['id']}/{path}", 403, 404)
        for path in (
            "again",
            "apply",
            "back",
            "columns",
            "correct",
            "drop",
            "forget",
            "hidden",
            "history",
            "names",
            "restart",
            "skip",
            "unchoose",
            "uncorrect",
            "undo",
            "units",
        ):
            at.post(f"/import/{row['id']}/{path}/", 403, 404)
    at.post("/import/", 403, 404)
    at.get("/import/template/", 403, 404)
    for table in at.turns(TABLES):
        at.get(f"/import/table/{table}/", 403, 404)
        at.get(f"/import/table/{table}/template/", 403, 404)
        at.post(f"/import/table/{table}/", 403, 404)
    assert at.stored("imports") == before


@each_role
def test_accounts_of_others_are_the_administrators(scene: Scene, role: str) -> None:
    at = AtTheDoor.of(*scene, role)
    before = at.stored("users")
    for row in scene[1].rows["users"]:
        if role != ADMIN:
            at.get(f"/account/of/{row['id']}/", 403, 404)
            for path in ("end-sessions", "first-password", "unlock"):
                at.post(f"/account/of/{row['id']}/{path}", 403, 404)
    at.get("/account/sessions")
    at.get("/account/alive", 200, 204)
    at.get("/account/password")
    for row in scene[1].rows["user_sessions"]:
        if row["user_id"] != at.actor.user_id:
            at.post(f"/account/sessions/{row['id']}/end", 403, 404)
    assert at.stored("users") == before
    ended = {row.id for row in at.stored("user_sessions") if row.revoked_at}
    strangers = [r for r in scene[1].rows["user_sessions"] if r["user_id"] != at.actor.user_id]
    assert not {r["id"] for r in strangers if r["revoked_at"] is None} & ended


@each_role
def test_the_command_export_gives_what_the_person_would_get(
    scene: Scene, role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, world = scene
    at = AtTheDoor.of(app, world, role)
    settings: Settings = app.extensions["settings"]
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)
    username = world.row("users", at.actor.user_id or 0)["username"]
    for table in at.turns(TABLES):
        out = tmp_path / f"{table}.xlsx"
        result = app.test_cli_runner().invoke(
            args=["export", table, "--out", str(out), "--as", username]
        )
        assert result.exit_code == (0 if at.reads(table) else 1), result.output
        assert out.exists() == at.reads(table)
        if out.exists():
            told = text_of(out.read_bytes())
            assert at.is_told_questions(table) or not at.leaks(told), (table, at.leaks(told))
            assert reading.listed_cells(at, table) <= cells_in(told), table
