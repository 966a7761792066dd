"""Opens the panel on a schema.sql with one more table and one more column, and prints what it finds there.

A program of its own, because a process works on one schema. Arguments: the file, the database URL, a folder.
"""

import io
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import select

from domain import models
from domain.imports.traces import hanging
from domain.rules_of_saving import RULES
from domain.sheets.child import read_grids
from domain.storing.write_rules import hold_to
from domain.tables.importing import import_table, open_table
from tests.ground.district import PEOPLE, Panel, Person, build_district, open_panel
from tests.ground.doors.formreading import fields_of


def main(schema_file: Path, url: str, folder: Path) -> dict[str, Any]:
    """Walk through the new table and column as the office and as two liaisons."""
    models.load(schema_file)
    hold_to(RULES)
    build_district(url)
    panel = open_panel(url, folder, schema_file)
    office, school, housing = (panel.as_(name) for name in ("office", "school", "housing"))
    task = panel.id_of("Assignment", role="主办", unit_id=panel.id_of("Unit", short_name="教育局"))
    found = {
        "menu": "/site_visits/" in office.get("/"),
        "form": office.get("/site_visits/new/"),
        "details of the task": office.get(f"/assignments/details/?id={task}"),
        "proposal form": office.get("/proposals/new/"),
    }
    sent = {
        "assignment_id": task,
        "visited_on": "2024-04-13",
        "outcome": "已回访",
        "findings": "灯已装好",
    }
    found["saved"] = school.post("/site_visits/new/", **sent)
    found["refused"] = school.post("/site_visits/new/", status=200, **sent)
    found["foreign"] = housing.get("/site_visits/details/?id=1", status=404)
    found["readers"] = [
        name
        for name in PEOPLE
        if panel.as_(name).client.get("/site_visits/details/?id=1").status_code == 200
    ]
    found["filtered"] = office.get("/site_visits/?outcome=已回访&visited_on.from=2024-04-13&q=灯")
    units = [panel.id_of("Unit", short_name=name) for name in ("教育局", "住房和城乡建设局")]
    for asked, unit in zip(("beside", "beside another"), units, strict=True):
        found[asked] = office.get(f"/site_visits/?visited_unit={unit}&item_leads={unit}")
    found["item"] = office.get(f"/proposals/details/?id={panel.id_of('Proposal', number='001')}")
    found["details"] = office.get("/site_visits/details/?id=1")
    _fill_in_cost(panel, office)
    found["dear"] = office.get("/proposals/?cost.from=12&columns=number,cost")
    found["exported"] = [_export(person, "site_visits") for person in (office, housing)]
    found["exported cost"] = _export(office, "proposals", "&columns=number,cost&cost.from=1")
    found["log"] = _log(panel)
    found["imported"] = _import_back(panel, office, folder / "site_visits.xlsx")
    found["holds the task"] = _holding(panel, task)
    found["imported is listed"] = office.get("/site_visits/?outcome=未见到人")
    found["findings"] = list(_write_findings(panel, school, task))
    found["findings in the log"] = sorted(
        action for _, action, label, _ in _log(panel, "visit_findings")
    )
    panel.close()
    return found


def _holding(panel: Panel, task: int) -> list[str]:
    """What keeps a plan from dropping the task, once somebody has also noted something at a deadline of it."""
    with panel.truth() as session:
        line = models.Deadline(assignment_id=task, milestone="办结", due_on=date(2024, 6, 1))
        session.add(line)
        session.flush()
        before = hanging(session, models.Assignment.id == task)
        session.add(models.DeadlineNote(deadline_id=line.id, content="已电话提醒"))
        session.flush()
        return [*before[task], "then", *hanging(session, models.Assignment.id == task)[task]]


def _write_findings(panel: Panel, school: Person, task: int) -> Iterator[list[Any]]:
    """Rows below a new visit in its form, then put in order, changed and removed there; as they are stored then."""
    visit = {"assignment_id": task, "visited_on": "2024-04-12", "outcome": "已回访"}
    lines = {f"visit_findings.{n}.place": f"{side}门" for n, side in enumerate("东西南")}
    school.post("/site_visits/new/", **visit, **lines, **{"visit_findings.1.is_mended": "y"})
    yield _findings(panel)
    path = f"/site_visits/edit/?id={panel.id_of('SiteVisit', visited_on=date(2024, 4, 12))}"
    page = school.get(path)
    kept = {n: v for n, v in fields_of(page).items() if n.startswith("visit_findings.")}
    kept |= {"seen": fields_of(page)["seen"]}
    kept |= {"visit_findings.1.row.gone": "y", "visit_findings.0.is_mended": "y"}
    first = {name: kept.pop(name) for name in list(kept) if name.startswith("visit_findings.2.")}
    school.post(path, **visit, **first, **kept)
    yield _findings(panel)


def _findings(panel: Panel) -> list[Any]:
    with panel.truth() as session:
        rows = select(models.VisitFinding).order_by(models.VisitFinding.position)
        return [[row.position, row.place, row.is_mended] for row in session.scalars(rows)]


def _fill_in_cost(panel: Panel, office: Person) -> None:
    path = f"/proposals/edit/?id={panel.id_of('Proposal', number='003')}"
    seen = office.get(path).split('name="seen" value="')[1].split('"')[0]
    with panel.truth() as session:
        row = session.scalars(select(models.Proposal).filter_by(number="003")).one()
        known = {"meeting_id": row.meeting_id, "kind": row.kind, "title": row.title}
    office.post(path, seen=seen, number="003", cost="12.5", **known)


def _import_back(panel: Panel, person: Person, file: Path) -> list[str]:
    """Bring the exported list back with one row more; the outcome of every row."""
    file.write_bytes(person.client.get("/exports/list/site_visits").data)
    book = load_workbook(file)
    rows = list(book.active.iter_rows())
    head = next(row for row in rows if "回访结果" in [cell.value for cell in row])
    last = {label.value: cell.value for label, cell in zip(head, rows[-1], strict=True)}
    changed = last | {"回访日期": date(2024, 4, 14), "回访结果": "未见到人"}
    book.active.append([changed[cell.value] for cell in head])
    book.save(file)
    with panel.truth() as session:
        done = import_table(
            session, open_table(session, models.schema.tables["site_visits"], read_grids(file))
        )
        session.commit()
    return [step.outcome for step in done.steps]


def _export(person: Person, table: str, asked: str = "") -> list[list[Any]]:
    answer = person.client.get(f"/exports/list/{table}?{asked.lstrip('&')}")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


def _log(panel: Panel, *tables: str) -> list[Any]:
    log = models.ChangeLog
    with panel.truth() as session:
        wanted = log.table_name.in_(tables or ("site_visits", "proposals")) & log.user_id.is_not(
            None
        )
        rows = session.scalars(select(log).where(wanted).order_by(log.id))
        return [[row.actor_name, row.action, row.table_label, row.changes] for row in rows]


if __name__ == "__main__":
    schema_file, url, folder = sys.argv[1:]
    json.dump(main(Path(schema_file), url, Path(folder)), sys.stdout, ensure_ascii=False)
