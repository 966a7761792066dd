"""The reference data: settings, units, categories, the calendar, deadline rules, review routes, two meetings (S0).

Not here: people and items (demo/). What is there already is left as it is, so that running it again
changes nothing and never takes back what the office has edited.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from domain import models
from domain.models import Row
from domain.storing.session import ActorSession
from seeds.files import read, values

CALENDAR_SOURCE = "国务院办公厅关于{year}年部分节假日安排的通知"


def seed_reference(session: ActorSession) -> dict[str, int]:
    """Add the reference data that is missing; returns the number of new rows by table."""
    return {
        "settings": _add(session, models.Setting, "name", _read("settings", models.Setting)),
        "content_categories": _add(session, models.ContentCategory, "name", _categories()),
        "units": _add(session, models.Unit, "name", _units()),
        "unit_aliases": _add(session, models.UnitAlias, "alias", _aliases(session)),
        "calendar_years": _add(session, models.CalendarYear, "year", _years()),
        "calendar_days": _add(session, models.CalendarDay, "day", _days(session)),
        "deadline_rule_sets": add_rule_sets(session, "deadline_rule_sets", "deadline_rules"),
        "review_routes": add_routes(session, "review_routes", "review_route_steps"),
        "meetings": add_meetings(session, read("meetings")),
    }


def add_rule_sets(session: ActorSession, sets: str, rules: str) -> int:
    """Add the rule sets of one file that are missing, each with its rules of the other file."""
    models_of = (models.DeadlineRuleSet, models.DeadlineRule)
    return _add_with_lines(session, models_of, (sets, rules), "rule_set")


def add_routes(session: ActorSession, routes: str, steps: str) -> int:
    """Add the review routes of one file that are missing, each with its steps of the other file."""
    models_of = (models.ReviewRoute, models.ReviewRouteStep)
    return _add_with_lines(session, models_of, (routes, steps), "review_route")


def _add_with_lines(
    session: ActorSession, of: tuple[type[Row], type[Row]], files: tuple[str, str], named: str
) -> int:
    """Add the rows of the first file whose names are new, each with the rows of the second that are ``named`` so."""
    whole, line = of
    table: Any = whole
    known = set(session.scalars(select(table.name)))
    new: list[Any] = [whole(**values(whole, r)) for r in read(files[0]) if r["name"] not in known]
    session.add_all(new)
    session.flush()
    ids = {row.name: row.id for row in new}
    session.add_all(
        line(**{f"{named}_id": ids[row[named]]}, **values(line, row))
        for row in read(files[1])
        if row[named] in ids
    )
    session.flush()
    return len(new)


def add_meetings(session: ActorSession, rows: Iterable[Mapping[str, str]]) -> int:
    """Add the meetings that are missing, with the answer categories that go with their rule set.

    `rule_set`, `review_route` and `categories` name the sets; without `categories` the rule set's own are taken.
    """
    sets = _ids(session, models.DeadlineRuleSet, "name")
    routes = _ids(session, models.ReviewRoute, "name")
    known = set(session.scalars(select(models.Meeting.name)))
    new = [row for row in rows if row["name"] not in known]
    for row in new:
        chosen = {
            "rule_set_id": sets[row["rule_set"]],
            "review_route_id": routes[row["review_route"]],
        }
        meeting = models.Meeting(**chosen, **values(models.Meeting, row))
        session.add(meeting)
        session.flush()
        session.add_all(_letters(meeting.id, row.get("categories") or row["rule_set"]))
    session.flush()
    return len(new)


def _add(session: ActorSession, cls: type[Row], key: str, rows: Iterable[dict[str, Any]]) -> int:
    """Add the rows whose `key` no row of the table has yet; returns how many."""
    known = set(session.scalars(select(getattr(cls, key))))
    new = [cls(**row) for row in rows if row[key] not in known]
    session.add_all(new)
    session.flush()
    return len(new)


def _ids(session: ActorSession, cls: type[Row], key: str) -> dict[Any, int]:
    """The id of every row of the table, by one of its columns."""
    table: Any = cls
    return dict(session.execute(select(getattr(table, key), table.id)).all())


def _read(name: str, cls: type[Row]) -> Iterator[dict[str, Any]]:
    return (values(cls, row) for row in read(name))


def _categories() -> Iterator[dict[str, Any]]:
    for position, row in enumerate(read("content_categories"), 1):
        yield {"name": row["name"], "sort_order": position}


def _units() -> Iterator[dict[str, Any]]:
    for position, row in enumerate(read("units"), 1):
        short = row["aliases"].split(";")[0]
        yield {
            "name": row["name"],
            "short_name": short,
            "kind": row["kind"],
            "sort_order": position,
        }


def _aliases(session: ActorSession) -> Iterator[dict[str, Any]]:
    units = _ids(session, models.Unit, "name")
    for row in read("units"):
        for alias in row["aliases"].split(";"):
            yield {"unit_id": units[row["name"]], "alias": alias}


def _years() -> Iterator[dict[str, Any]]:
    """The years that the file knows: every published one has days that differ from the week."""
    for year in sorted({row["day"][:4] for row in read("calendar_days")}):
        yield {"year": int(year), "source": CALENDAR_SOURCE.format(year=year)}


def _days(session: ActorSession) -> Iterator[dict[str, Any]]:
    years = _ids(session, models.CalendarYear, "year")
    for row in read("calendar_days"):
        day = date.fromisoformat(row["day"])
        yield {
            "calendar_year_id": years[day.year],
            "day": day,
            "kind": row["kind"],
            "name": row["name"],
        }


def _letters(meeting_id: int, rule_set: str) -> Iterator[Row]:
    rows = [row for row in read("answer_categories") if row["rule_set"] == rule_set]
    for position, row in enumerate(rows, 1):
        words = values(models.AnswerCategory, row)
        yield models.AnswerCategory(meeting_id=meeting_id, sort_order=position, **words)
