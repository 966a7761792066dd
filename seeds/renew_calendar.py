"""Writes calendar_days.csv from the package chinesecalendar: `python -m seeds.renew_calendar`.

For the developer, once a year, when the State Council has published the next year's days off and a
new release of the package has them. The office enters a year itself where it cannot wait.
"""

import csv
from datetime import date

from chinese_calendar.constants import Holiday, holidays, workdays

from domain.time.calendar import REST_DAY, WORKDAY
from seeds.files import FOLDER

_SATURDAY = 5
_IN_FULL = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
_NAMES = {each.value: _IN_FULL.get(each.chinese, each.chinese) for each in Holiday}


def special_days() -> list[tuple[date, str, str]]:
    """(day, kind, name) of every day that differs from Monday to Friday, in order."""
    off = [(d, REST_DAY, _NAMES[n]) for d, n in holidays.items() if d.weekday() < _SATURDAY]
    on = [(d, WORKDAY, f"{_NAMES[n]}调休") for d, n in workdays.items() if d.weekday() >= _SATURDAY]
    return sorted([*off, *on])


def write() -> None:
    """Replace the file."""
    with (FOLDER / "calendar_days.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("day", "kind", "name"))
        writer.writerows(special_days())


if __name__ == "__main__":
    write()
