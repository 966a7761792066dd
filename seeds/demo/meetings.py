"""The demo's meetings of the current year: their names and the days they were held.

Not here: the two meetings of 2024, which are reference data.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.time.calendar import WorkCalendar

RULE_SET = "演示时限"
CATEGORIES = "鱼峰区2024年通知"
ROUTE = "彭水县2023年流程"
# The first meeting of the term that the count starts from, and how many meetings a term has.
_FIRST_YEAR, _FIRST_TERM, _A_TERM = 2021, 13, 5
_DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """A number below 100 in Chinese: 14 is 十四, 20 is 二十."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def term_and_session(year: int) -> tuple[int, int]:
    """Which 届 and which 次 the yearly meeting of `year` is."""
    terms, sessions = divmod(year - _FIRST_YEAR, _A_TERM)
    return _FIRST_TERM + terms, sessions + 1


def meetings(year: int, handed_over_on: date) -> Iterator[dict[str, str]]:
    """The two meetings of the year: the district's 人大, the city's 政协; `key` is what items name."""
    term, session = term_and_session(year)
    names = {
        "区": f"鱼峰区第{numeral(term)}届人大第{numeral(session)}次会议",
        "市": f"柳州市政协{numeral(term)}届{numeral(session)}次会议",
    }
    held = {
        "opened_on": (handed_over_on - timedelta(days=25)).isoformat(),
        "closed_on": (handed_over_on - timedelta(days=21)).isoformat(),
        "handed_over_on": handed_over_on.isoformat(),
    }
    kinds = {"区": ("人大", "区县级", "建议"), "市": ("政协", "市级", "提案")}
    for key, (body, level, kind) in kinds.items():
        words = {"body": body, "level": level, "kind": kind, "year": str(year)}
        numbers = {"term": str(term), "session": str(session)}
        sets = {"rule_set": RULE_SET, "categories": CATEGORIES, "review_route": ROUTE}
        yield {"key": key, "name": names[key], **words, **numbers, **held, **sets}


class Days:
    """The working days of one item's story, counted from its hand-over and never after today."""

    def __init__(self, calendar: WorkCalendar, today: date, days_ago: int, last: int) -> None:
        """`last` is the day of the story's last event: a story too long for `days_ago` is squeezed."""
        self._calendar, self._today = calendar, today
        self._pace = min(1.0, (days_ago - 1) / last) if last else 1.0
        self.handed_over_on = calendar.add_working_days(today - timedelta(days=days_ago - 1), -1)

    def on(self, day: int) -> date:
        """The date of an event that comes `day` days after the hand-over; a working day or today."""
        planned = self.handed_over_on + timedelta(days=round(day * self._pace))
        return min(self._calendar.roll_forward(planned), self._today)
