"""The papers that ship: every number is what a count by hand gives, in the asker's scope, in files that open."""

import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import event, select

from admin.frame.db import db
from admin.papers import making, shelf
from admin.papers.making import ChosenFor, make_paper, subject_of
from admin.papers.shelf import papers_for
from domain import models
from domain.actors import AGENCY, LEADER, LIAISON, OFFICE
from domain.papers.paper import PaperRefused
from domain.storing.database import read_only
from domain.storing.session import ActorSession, system_session
from seeds.papers.register import SHIPPED
from tests.admin.figures.brute import ENDED, MAIN, Books
from tests.admin.on_demo import first_of, opened_demo
from tests.admin.papers.papering import fill_here, wanted_here
from tests.ground.kept_apps import KeptApps
from tests.ground.office import find_office
from tests.ground.serving.databases import Databases
from tests.seeds.test_seed_demo import A_DAY

WORKBOOKS = [name for name, paper in SHIPPED.items() if paper.ending == ".xlsx"]

TODAY = A_DAY.date()
MEETING = "鱼峰区第十四届人大第一次会议"
UNIT = "区住建局"


@pytest.fixture(scope="module")
def office_of_demo(
    databases: Databases, kept_apps: KeptApps, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The panel on the demo as of A_DAY, for tests that only read."""
    with opened_demo(databases, kept_apps, tmp_path_factory.mktemp("papers")) as app:
        yield app


@pytest.fixture(autouse=True)
def without_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workbooks are opened in this process; the child has its own tests."""
    monkeypatch.setattr(making, "fill", fill_here)
    monkeypatch.setattr(shelf, "wanted_of", wanted_here)


@contextmanager
def truth_of(app: Flask) -> Iterator[ActorSession]:
    """All rows."""
    with system_session(read_only(db.engine), "测试", lambda: A_DAY) as session:
        yield session


def made(session: ActorSession, name: str, **chosen: str) -> bytes:
    """The file of a paper that ships."""
    shelved = papers_for(session, Path())[name]
    return make_paper(session, shelved, subject_of(session, shelved, ChosenFor(**chosen))).content


def chosen_for(name: str) -> dict[str, str]:
    """What is chosen for each paper."""
    return {
        "会议": {"meeting": MEETING},
        "单位": {"unit": UNIT},
        "件": {"meeting": MEETING, "item": "001"},
        "期间": {"first": "2026-01-01", "last": "2026-12-31"},
        "全部": dict[str, str](),
    }[SHIPPED[name].per]


def table(content: bytes, head: str, page: int = 0) -> list[list[Any]]:
    """The rows of the table whose heads begin with ``head``, to its end: a line of totals, a blank row or to sign."""
    rows = [[c.value for c in row] for row in load_workbook(BytesIO(content)).worksheets[page]]
    first = next(n for n, row in enumerate(rows) if row[0] == head)
    two = rows[first + 1][0] is None
    found = []
    for row in rows[first + 1 + two :]:
        if (row[0] is None and "合计" not in row) or str(row[0]).startswith("填报人"):
            break
        found.append(row)
    return found


def of_meeting(truth: ActorSession, rows: Sequence[Any]) -> list[Any]:
    """Those tasks or replies that belong to the meeting."""
    return [row for row in rows if row.proposal.meeting.name == MEETING]


@pytest.mark.parametrize("name", WORKBOOKS)
def test_every_paper_is_filled_with_nothing_left_to_fill(office_of_demo: Flask, name: str) -> None:
    with first_of(office_of_demo, OFFICE) as session:
        content = made(session, name, **chosen_for(name))
    for page in load_workbook(BytesIO(content)).worksheets:
        texts = [str(cell.value) for row in page for cell in row if cell.value is not None]
        assert not [text for text in texts if "{{" in text or "}}" in text]
        assert page.title and page.page_setup.paperSize == 9
        assert page.print_title_rows, "the heads stand on every page"
        assert page.oddFooter.center.text == "— &P —"
        assert page["A1"].font.name == "方正小标宋简体"


def test_the_progress_of_a_meeting_has_every_item_once_in_the_order_of_their_numbers(
    office_of_demo: Flask,
) -> None:
    with first_of(office_of_demo, OFFICE) as session:
        rows = table(made(session, "办理进度表", meeting=MEETING), "序号")
        with truth_of(office_of_demo) as truth:
            items = truth.scalars(select(models.Proposal)).all()
            mine = {p.number: p for p in items if p.meeting.name == MEETING and p.state != "撤回"}
            assert [row[0] for row in rows] == list(range(1, len(mine) + 1))
            assert sorted(row[1] for row in rows) == sorted(mine)
            for row in rows:
                item = mine[row[1]]
                assert row[3] == item.title
                assert row[8] == item.state
                lead = [
                    t.unit.name
                    for t in sorted(item.assignments, key=lambda t: t.id)
                    if t.role in MAIN and t.state not in ENDED
                ]
                assert Counter((row[5] or "").split("、")) == Counter(lead or [""])


def test_numbers_by_unit_are_those_counted_by_hand(office_of_demo: Flask) -> None:
    with first_of(office_of_demo, OFFICE) as session:
        content = made(session, "满意度", meeting=MEETING)
        *rows, total = table(content, "承办单位")
        with truth_of(office_of_demo) as truth:
            books = Books(truth, TODAY)
            tasks = [
                t
                for t in of_meeting(truth, books.tasks)
                if books._counts(t) and not t.proposal.is_history
            ]
            answered = [t for t in tasks if books._issued(t, "答复", "协办意见")]

            def counted(some: list[Any], unit: str | None, roles: Sequence[str]) -> int:
                return sum(t.role in roles and unit in (None, t.unit.name) for t in some)

            for row in (*rows, total):
                unit = None if row is total else row[0]
                assert row[1:4] == [
                    counted(tasks, unit, MAIN),
                    counted(tasks, unit, ("协办",)),
                    counted(tasks, unit, (*MAIN, "协办")),
                ]
                assert row[4:7] == [
                    counted(answered, unit, MAIN),
                    counted(answered, unit, ("协办",)),
                    counted(answered, unit, (*MAIN, "协办")),
                ]
                assert row[7] == pytest.approx(round(row[6] / row[3], 4)) if row[3] else "—"
            assert {row[0] for row in rows} >= {t.unit.name for t in tasks}
            rated = [f for f in books.feedbacks if f.reply.proposal.meeting.name == MEETING]
            silent = sum(f.result_rating == "未表态" for f in rated)
            assert total[15] == silent


def test_returns_are_ranked_and_written_as_n_of_all(office_of_demo: Flask) -> None:
    with first_of(office_of_demo, OFFICE) as session:
        *rows, total = table(made(session, "退办情况", meeting=MEETING), "名次")
        with truth_of(office_of_demo) as truth:
            steps = truth.scalars(select(models.ReviewStep)).all()
            back = Counter(
                s.reply.assignment.unit.name
                for s in steps
                if (s.result, s.step) == ("退回", "督查审核")
                and s.reply.proposal.meeting.name == MEETING
            )
            books = Books(truth, TODAY)
            handled = {
                (t.unit.name, t.proposal_id)
                for t in of_meeting(truth, books.tasks)
                if books._counts(t)
            }
            items = Counter(unit for unit, _ in handled)
    assert {row[1]: (row[2], row[3]) for row in rows} == {
        unit: (n, items[unit]) for unit, n in back.items()
    }
    assert [row[4] for row in rows] == [f"{row[2]}/{row[3]}" for row in rows]
    shares = [row[2] / row[3] for row in rows]
    assert shares == sorted(shares, reverse=True)
    assert total[4] == f"{sum(back.values())}/{len({item for _, item in handled})}"


def test_what_is_late_is_listed_by_unit_and_one_by_one(office_of_demo: Flask) -> None:
    with first_of(office_of_demo, OFFICE) as session:
        content = made(session, "逾期清单", meeting=MEETING)
        with truth_of(office_of_demo) as truth:
            books = Books(truth, TODAY)
            late = [
                t
                for t in of_meeting(truth, books.tasks)
                if t.role in MAIN and books._counts(t) and books._is_late(t)
            ]
            by_unit = Counter(t.unit.name for t in late)
            titles = Counter(t.proposal.title for t in late)
    assert late, "the demo has something late"
    *units, total = table(content, "序号")
    assert {row[2]: row[1] for row in units} == by_unit
    assert total[1] == len({t.proposal_id for t in late})
    rows = [[c.value for c in r] for r in load_workbook(BytesIO(content)).worksheets[0]]
    second = next(n for n, row in enumerate(rows) if row[1] == "案号")
    listed = [row for row in rows[second + 1 :] if isinstance(row[0], int)]
    assert Counter(row[2] for row in listed) == titles
    days = [row[8] for row in listed]
    assert days == sorted(days, reverse=True)
    assert days[0] == (TODAY - listed[0][7].date()).days


def test_the_ledger_of_an_item_holds_every_entry_of_every_unit(office_of_demo: Flask) -> None:
    with first_of(office_of_demo, OFFICE) as session:
        content = made(session, "全程办理台账", meeting=MEETING, item="001")
        with truth_of(office_of_demo) as truth:
            entries = truth.scalars(select(models.LedgerEntry)).all()
            summaries = Counter(
                e.summary
                for e in entries
                if (e.assignment.proposal.number, e.assignment.proposal.meeting.name)
                == ("001", MEETING)
            )
    cells = [c.value for row in load_workbook(BytesIO(content)).worksheets[0] for c in row]
    assert summaries
    assert {text: cells.count(text) for text in summaries} == summaries


def test_sums_are_right_when_another_program_counts_them(
    office_of_demo: Flask, tmp_path: Path
) -> None:
    """LibreOffice opens all of them; what the formulas give there is what the rows say."""
    office = find_office()
    with first_of(office_of_demo, OFFICE) as session:
        for name in WORKBOOKS:
            (tmp_path / f"{name}.xlsx").write_bytes(made(session, name, **chosen_for(name)))
    out = tmp_path / "out"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out)]
    files = [str(tmp_path / f"{name}.xlsx") for name in WORKBOOKS]
    subprocess.run([*convert, *files], check=True, capture_output=True, timeout=240)
    assert {path.stem for path in out.glob("*.xlsx")} == set(WORKBOOKS)
    page = load_workbook(out / "退办情况.xlsx", data_only=True).worksheets[0]
    ranked = [row for row in page.iter_rows(values_only=True) if isinstance(row[2], int)]
    assert ranked
    for row in ranked:
        assert row[5] == pytest.approx(row[2] / row[3])


def test_a_units_paper_holds_nothing_foreign(office_of_demo: Flask) -> None:
    with first_of(office_of_demo, LIAISON) as session:
        unit = session.actor.unit_id
        content = made(session, "交办安排表", meeting=MEETING)
        seen = session.scalars(select(models.Assignment)).all()
        mine = Counter(
            (t.proposal.number, t.unit.name)
            for t in seen
            if t.proposal.meeting.name == MEETING and t.state not in ENDED
        )
        with truth_of(office_of_demo) as truth:
            every = of_meeting(truth, truth.scalars(select(models.Assignment)).all())
            own = {t.proposal.number for t in every if t.unit_id == unit}
    listed = Counter((row[1], row[4]) for row in table(content, "序号"))
    assert listed == mine
    assert {number for number, _ in listed} <= own
    assert len(listed) < len(every)


def test_a_paper_for_one_unit_holds_that_unit_alone(office_of_demo: Flask) -> None:
    with first_of(office_of_demo, OFFICE) as session:
        name = session.scalars(select(models.Unit.name).where(models.Unit.short_name == UNIT)).one()
        rows = table(made(session, "交办安排表", meeting=MEETING, unit=UNIT), "序号")
        assert {row[4] for row in rows} == {name}
        whole, total = table(made(session, "满意度", meeting=MEETING, unit=UNIT), "承办单位")
    assert whole[0] == name
    assert whole[1:] == total[1:]


def test_a_paper_is_not_offered_to_who_may_not_read_it(office_of_demo: Flask) -> None:
    for role, reads in ((AGENCY, False), (LEADER, True)):
        with first_of(office_of_demo, role) as session:
            assert ("催办记录" in papers_for(session, Path())) is reads


@pytest.mark.parametrize(
    ("name", "chosen", "says"),
    [
        ("办理进度表", {}, "要先选：会议"),
        ("办理进度表", {"meeting": "某会"}, "没有叫“某会”的会议"),
        ("单位办理台账", {"unit": "某局"}, "没有叫“某局”的承办单位"),
        ("全程办理台账", {"item": "没有"}, "没有叫“没有”的件"),
        ("催办记录", {"first": "2026-01-01"}, "要先选：起止日期"),
        ("催办记录", {"first": "x", "last": "y"}, "2026-02-28"),
        ("催办记录", {"first": "2026-02-01", "last": "2026-01-01"}, "不能早于"),
    ],
)
def test_what_is_missing_is_said(
    office_of_demo: Flask, name: str, chosen: dict[str, str], says: str
) -> None:
    with (
        first_of(office_of_demo, OFFICE) as session,
        pytest.raises(PaperRefused, match=says),
    ):
        made(session, name, **chosen)


@pytest.mark.parametrize("name", ["办理进度表", "单位办理台账", "单位汇总", "联络员信息表"])
def test_the_number_of_questions_does_not_grow_with_the_rows(
    office_of_demo: Flask, name: str
) -> None:
    """As many for the unit with the most tasks as for one with few, for 51 items as for 2."""

    def asked(session: ActorSession, **chosen: str) -> int:
        said = list[str]()
        event.listen(db.engine, "before_cursor_execute", lambda *a: said.append(a[2]))
        made(session, name, **chosen)
        return len(said)

    small: dict[str, str] = {"meeting": "柳州市第十五届人大第五次会议"}
    large: dict[str, str] = {"meeting": MEETING}
    if SHIPPED[name].per == "单位":
        small, large = {"unit": "区统计局"}, {"unit": UNIT}
    with first_of(office_of_demo, OFFICE) as session:
        made(session, name, **large)
        assert asked(session, **large) <= asked(session, **small) + 3
