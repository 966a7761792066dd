"""Addresses with numbers and days at the edge of what can be said, and pages of a fault: never English, never a 5xx."""

import re
from collections.abc import Iterator

import pytest

from admin.frame.db import db
from tests.ground.district import Panel

NUMBERS = (str(2**31), str(2**63 - 1), str(2**63), "9" * 25, "0", "-1", "1.5", "٣")
DAYS = ("0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31", "2024-02-30")


def addresses(panel: Panel, number: str) -> Iterator[tuple[str, str]]:
    """Every address of the panel that takes a number, with this one in it: method and path."""
    for rule in panel.app.url_map.iter_rules():
        if "<int:" in rule.rule:
            yield (
                ("GET" if "GET" in rule.methods else "POST"),
                re.sub(r"<int:\w+>", number, rule.rule),
            )


@pytest.mark.parametrize("number", NUMBERS)
def test_no_number_in_an_address_is_too_large(standing_panel: Panel, number: str) -> None:
    office = standing_panel.as_("office").client
    for method, path in addresses(standing_panel, number):
        assert office.open(path, method=method).status_code < 500, path
    asked = (
        f"/late/?unit={number}", f"/reports/?meeting={number}", f"/import/?meeting={number}",
        f"/recompute/?meeting={number}", f"/proposals/?meeting_id={number}", f"/proposals/details/?id={number}",
        f"/proposals/new/?meeting_id={number}", f"/reports/file/?report=plan&meeting={number}",
        f"/proposals/?size={number}", f"/meetings/?year.from={number}",
    )  # fmt: skip
    for path in asked:
        assert office.get(path).status_code < 500, path
    assert office.post("/bell/read/", data={"id": number}).status_code < 500


@pytest.mark.parametrize("day", DAYS)
def test_no_day_is_too_early_or_too_late(standing_panel: Panel, day: str) -> None:
    office = standing_panel.as_("office").client
    for path in (
        f"/due-month/?day={day}", f"/imports/?uploaded_at.to={day}", f"/proposals/?due_on.from={day}",
        f"/proposals/?due_on.to={day}", f"/exports/list/imports?uploaded_at.to={day}",
    ):  # fmt: skip
        answer = office.get(path)
        assert answer.status_code == 400 and day in answer.get_data(as_text=True), path
    sent = {
        "number": "009",
        "title": "关于日期的建议",
        "kind": "建议",
        "handed_over_on": day,
        "due_on": day,
    }
    page = office.post("/proposals/new/", data=sent).get_data(as_text=True)
    assert f"“{day}”不是日期" in page


def test_a_fault_of_the_database_gets_its_page_with_a_number(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also on PostgreSQL, where the transaction of the request is of no use any more."""

    def fail(*_: object) -> None:
        db.session().unchecked_connection().exec_driver_sql("SELECT * FROM nowhere")

    monkeypatch.setattr("admin.tables.table_view.draw_list", fail)
    page = panel.as_("office").get("/proposals/", status=500)
    assert re.search(r"故障编号：<b>\w+</b>", page) and "nowhere" not in page
