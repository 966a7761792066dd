"""The script of the year: who does what on which day, to which rows, with which words.

Ordinary items go a course (courses.csv), so many working days after they were handed over and so many more as they
``lag``; what is out of the ordinary stands in strands/*.csv with its days. Not here: what a row's name means
(naming.py), who does it (playing.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from domain.lifecycle.acts.register import ACTS
from domain.time.calendar import WorkCalendar
from seeds.files import FOLDER, read
from seeds.year.items import YearItem, all_lives, year_items

BEGINS, ENDS = date(2024, 4, 10), date(2025, 10, 31)
FORMS = ("new", "edit", "attach", "import")
"""What people do besides acts."""
_TABLES = {act.name: act.table for act in ACTS}
_IN_BULK = {act.name for act in ACTS if act.in_bulk}
_AGENCIES = {"人大": "renda", "政协": "zhengxie"}
_OWN_ACCOUNTS = {"韦振华": "daibiao", "林婉清": "weiyuan"}
_LIAISON, _LEADER = "承办单位联络员", "承办单位领导"


@dataclass(frozen=True)
class YearStep:
    """Something that somebody does: an act, or a form filled in, on one row or, where the act allows it, on several."""

    on: date
    who: str
    act: str
    table: str
    rows: tuple[str, ...]
    values: tuple[tuple[str, str], ...]

    @property
    def is_act(self) -> bool:
        """Whether it is one of the register."""
        return self.act not in FORMS


@cache
def people() -> list[dict[str, str]]:
    """Everybody who has an account."""
    return [*read("demo/users"), *read("year/users")]


def full_script(calendar: WorkCalendar) -> list[YearStep]:
    """All steps in the order in which they are done; equal ones beside each other are done at once."""
    ordinary = [step for item in all_lives() for step in _course_of(item, calendar)]
    ordinary.sort(key=lambda placed: (placed[0], placed[1].who))
    steps = [*(step for _, step in ordinary), *_strands()]
    steps.sort(key=lambda step: step.on)
    return list(_at_once(steps))


def _at_once(steps: list[YearStep]) -> Iterator[YearStep]:
    waiting: YearStep | None = None
    for step in steps:
        if waiting and _joins(step, waiting):
            waiting = replace(waiting, rows=(*waiting.rows, *step.rows))
            continue
        if waiting:
            yield waiting
        waiting = step
    if waiting:
        yield waiting


def _joins(step: YearStep, others: YearStep) -> bool:
    """Whether the same person does the same with one row more; with the same row again he does it twice."""
    is_alike = replace(step, rows=others.rows) == others
    return is_alike and step.act in _IN_BULK and not {*step.rows} & {*others.rows}


def _strands() -> Iterator[YearStep]:
    for path in sorted((FOLDER / "year" / "strands").glob("*.csv")):
        for line in read(f"year/strands/{path.stem}"):
            item = year_items().get(line["row"].split(" ")[0].split("@")[0])
            words = item.words() | _words_of(item, item.answering[0], "") if item else {}
            yield _step(line, date.fromisoformat(line["on"]), words, line["who"], line["row"])


def _course_of(item: YearItem, calendar: WorkCalendar) -> Iterator[tuple[int, YearStep]]:
    """The steps of the item's course, each with its place in the course."""
    for place, line in enumerate(read("year/courses")):
        if line["way"] == item.line["way"] and _is_gone(line, item):
            on = _day(line["n"], item, calendar)
            for who, unit, partner in _doers(line, item):
                words = item.words() | _words_of(item, unit, partner)
                row = line["row"].format(**words)
                yield place, _step(line, on, words, who.format(**words), row)


def _is_gone(line: Mapping[str, str], item: YearItem) -> bool:
    """Whether the item goes its course by this line; days of a date come after all others."""
    since, until = (item.line[name] for name in ("since", "until"))
    if "-" in line["n"]:
        return not until
    return int(since or 0) <= int(line["n"]) <= int(until or line["n"])


def _day(text: str, item: YearItem, calendar: WorkCalendar) -> date:
    begun = date.fromisoformat(item.line["from"] or BEGINS.isoformat())
    if "-" in text:
        return date.fromisoformat(f"{begun.year}-{text}")
    return calendar.add_working_days(begun, int(text) + int(item.line["lag"] or 0))


def _doers(line: Mapping[str, str], item: YearItem) -> Iterator[tuple[str, str, str]]:
    """Who does the line, for which unit that answers, and for which partner."""
    if line["when"] == "key" and item.line["key"] == "":
        return
    for unit in item.answering if "{unit}" in line["row"] + line["values"] else item.answering[:1]:
        for partner in item.partners if _is_of_partner(line) else [""]:
            own = partner or unit
            led = bool(account_of(own, _LEADER))
            if line["when"] in ("", "key", "leader" if led else "paper"):
                yield _account(line["who"], own), unit, partner


def _is_of_partner(line: Mapping[str, str]) -> bool:
    return line["who"].startswith("协") or "{partner}" in line["row"]


def _account(who: str, unit: str) -> str:
    if not who.startswith(("主", "协")):
        return who
    return account_of(unit, _LEADER if who.endswith("领导") else _LIAISON)


def account_of(unit: str, role: str) -> str:
    """The account of this role in the unit, called by its short name; "" where there is none."""
    found = (row["username"] for row in people() if (row["unit"], row["role"]) == (unit, role))
    return next(found, "")


def _words_of(item: YearItem, unit: str, partner: str) -> dict[str, str]:
    """What the placeholders stand for, given who writes."""
    own = partner or unit
    names = {row["username"]: row["full_name"] for row in people()}
    liaison, leader = account_of(own, _LIAISON), account_of(own, _LEADER)
    first = item.sponsors[0]
    own_hand = _OWN_ACCOUNTS.get(first, "")
    agency = next(name for body, name in _AGENCIES.items() if body in item.meeting)
    return {
        "unit": unit,
        "partner": partner,
        "lead_unit": unit,
        "upper_unit": "柳州市发展和改革委员会",
        "handler": names.get(liaison, "办公室"),
        "boss": names.get(leader, "主要负责人"),
        "rater": own_hand or agency,
        "rate": "rate" if own_hand else "record_rating",
        "paper": "" if own_hand else f"deputy_id={item.name} {first}|received_on={{on}}|",
        "opinion": f"@feedback.{item.line['rating'] or '满意'}",
        "document_no": f"鱼{unit[1:3]}函〔{item.year}〕{item.number}号",
        "meeting": item.meeting,
    }


def _step(
    line: Mapping[str, str], on: date, words: Mapping[str, str], who: str, row: str
) -> YearStep:
    act, _, table = line["act"].format(**words).partition(" ")
    rows = tuple(part for part in row.split("；") if part)
    known = {**words, "on": on.isoformat()}
    text = line["values"].replace("{paper}", words.get("paper", ""))
    values = tuple(_value(part, known) for part in text.split("|") if part)
    return YearStep(on, who, act, table or _TABLES.get(act, ""), rows, values)


def _value(part: str, words: Mapping[str, str]) -> tuple[str, str]:
    name, _, text = part.partition("=")
    text = text.format(**words)
    if text.startswith("@"):
        text = _texts()[text[1:]].format(**words)
    return name, text


@cache
def _texts() -> Mapping[str, str]:
    return {row["key"]: row["text"] for row in (*read("demo/texts"), *read("year/texts"))}
