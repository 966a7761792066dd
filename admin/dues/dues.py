"""到期日历 and 逾期清单: the due dates of the office, or of the person's own unit, as a month and as a list.

What is due and how late it is, domain/dues/duelists.py says; here only the pages.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin.frame import edge
from admin.frame.keys import read_key
from admin.frame.page_view import PageView
from domain.actors import LEADER, LIAISON, OFFICE
from domain.dues import duelists
from domain.dues.due_states import STATES
from domain.dues.duelists import DueRow, LateUnit, MonthDay
from domain.texts.days import read_day

ROLES = frozenset({OFFICE, LIAISON, LEADER})
TONES = {
    "逾期": "red",
    "到期": "red",
    "临期": "amber",
    "未到期": "blue",
    "已完成": "green",
    "逾期完成": "green",
}
SHOWN = 200


@dataclass(frozen=True)
class MonthPage:
    """A month in weeks that begin on Monday, and the deadlines of the chosen day."""

    title: str
    weeks: tuple[tuple[MonthDay | None, ...], ...]
    note: str
    today: date
    chosen: date
    rows: tuple[DueRow, ...]
    before_url: str
    after_url: str
    today_url: str


class MonthView(PageView):
    """到期日历."""

    roles = ROLES

    def __init__(self) -> None:
        super().__init__(name="到期日历", category="督办", endpoint="due_month", url="/due-month")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The month of ``?day=`` and the deadlines of that day."""
        page = _month_page(_asked_day(), edge.today())
        return self.render(
            "dues/month.html", page=page, tones=TONES, states=STATES, title="到期日历"
        )


@dataclass(frozen=True)
class LatePage:
    """Who is late with how much, and the rows of everybody or of one unit."""

    units: tuple[LateUnit, ...]
    unit: LateUnit | None
    rows: tuple[DueRow, ...]
    is_cut: bool
    shown: int
    all_url: str

    @property
    def total(self) -> int:
        """How many deadlines are late in all."""
        return sum(unit.total for unit in self.units)


class LateView(PageView):
    """逾期清单."""

    roles = ROLES

    def __init__(self) -> None:
        super().__init__(name="逾期清单", category="督办", endpoint="late", url="/late")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What is late, by unit; of one unit with ``?unit=``."""
        return self.render("dues/late.html", page=_late_page(edge.today()), title="逾期清单")


def _asked_day() -> date:
    asked = request.args.get("day", "")
    try:
        return read_day(asked) if asked else edge.today()
    except ValueError:
        abort(400, f"“{asked[:20]}”不是日期，请写成 2026-02-28。")


def _month_page(chosen: date, today: date) -> MonthPage:
    first = chosen.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    found = duelists.month(edge.session(), chosen, today)
    return MonthPage(
        title=f"{first.year}年{first.month}月",
        weeks=_weeks(found.days),
        note=found.note,
        today=today,
        chosen=chosen,
        rows=tuple(duelists.due_on_day(edge.session(), chosen, today)),
        before_url=_day_url(first - timedelta(days=1), today),
        after_url=_day_url(last + timedelta(days=1), today),
        today_url=url_for("due_month.index"),
    )


def _day_url(neighbour: date, today: date) -> str:
    """The neighbouring month, opened on today where it holds today, else on its first day."""
    same = (neighbour.year, neighbour.month) == (today.year, today.month)
    return url_for("due_month.index", day=today if same else neighbour.replace(day=1))


def _weeks(days: tuple[MonthDay, ...]) -> tuple[tuple[MonthDay | None, ...], ...]:
    lead = days[0].on.weekday()
    cells: list[MonthDay | None] = [*([None] * lead), *days]
    cells += [None] * (-len(cells) % 7)
    return tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))


def _late_page(today: date) -> LatePage:
    session = edge.session()
    units = tuple(duelists.late_by_unit(session, today))
    asked = read_key(request.args["unit"]) if request.args.get("unit") else None
    unit = next((u for u in units if u.unit_id == asked), None)
    rows = duelists.late(session, today, asked, SHOWN + 1)
    return LatePage(
        units, unit, tuple(rows[:SHOWN]), len(rows) > SHOWN, SHOWN, url_for("late.index")
    )


def init_dues(app: Flask) -> None:
    """Put both pages into the menu."""
    admin = app.extensions["admin"][0]
    admin.add_view(MonthView())
    admin.add_view(LateView())
