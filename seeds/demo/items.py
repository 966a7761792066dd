"""The demo's items with their signatures and tasks; `Telling` carries one item through its story.

Not here: what units did with it (handling.py), what was answered (answers.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from domain import models
from domain.storing.session import ActorSession
from domain.time.calendar import WorkCalendar
from seeds.demo.meetings import Days
from seeds.files import read

# The day, counted from the hand-over, on which each story stands still.
LAST_DAY = {
    "登记": 0, "并案": 0, "交办": 0, "签收": 2, "退办": 8, "方案": 8, "办理": 19, "拟稿": 30,
    "复核": 31, "分管审核": 33, "主要审签": 35, "督办审签": 37, "督查审核": 40, "退回": 42, "通过": 42,
    "协办意见": 45, "答复": 45, "评价": 54, "办结": 72, "跨年": 72, "销号": 72,
}  # fmt: skip
_KEY_KINDS = ("重点建议", "重点提案", "领导督办", "人大重点督办", "政协重点督办")
_OLD_HAND_OVER = date(2024, 4, 10)


@dataclass
class Cast:
    """Everybody and everything that the items refer to, found once."""

    session: ActorSession
    today: date
    calendar: WorkCalendar
    meetings: Mapping[str, Any]
    deputies: Mapping[str, Any]
    units: Mapping[str, Any]
    categories: Mapping[str, int]
    letters: Mapping[tuple[int, str], int]
    users: Mapping[tuple[str, int | None], int]
    contacts: Mapping[tuple[int, str], str]
    texts: Mapping[str, str] = field(
        default_factory=lambda: {row["key"]: row["text"] for row in read("demo/texts")}
    )


@dataclass
class ItemStory:
    """One item on its way: its line of proposals.csv, its days, its rows."""

    cast: Cast
    line: Mapping[str, str]
    days: Days
    item: Any
    sponsors: list[Any]
    tasks: list[Any] = field(default_factory=list)

    @property
    def flags(self) -> set[str]:
        """The line's flags."""
        return set(self.line["flags"].split())

    def reaches(self, day: int) -> bool:
        """Whether the story goes as far as this day."""
        return day <= LAST_DAY[self.line["story"]]

    def flag(self, name: str) -> str | None:
        """What follows the colon of the flag `name`, if the line has it."""
        found = [word for word in self.line["flags"].split() if word.startswith(f"{name}:")]
        return found[0].partition(":")[2] if found else None

    def add(self, row: Any) -> Any:
        """Add a row to the database and return it with its id."""
        self.cast.session.add(row)
        self.cast.session.flush()
        return row

    def text(self, key: str, **words: str) -> str:
        """A text of texts.csv with the item's words filled in."""
        measures = (self.line["measures"] or "研究办理").split("；")
        known = {
            "title": self.item.title,
            "number": self.item.number,
            "kind": self.item.kind,
            "problem": self.line["problem"],
            "measures": "；".join(measures),
            "measure": measures[len(measures) // 2],
            **dict(zip(("first", "second", "third"), measures * 3, strict=False)),
            "lead": called(self.sponsors[0]),
        }
        return self.cast.texts[key].format(**{**known, **words})

    def user(self, role: str, task: Any = None) -> int | None:
        """The user who acts in this role, of the task's unit where it is a unit's role."""
        return self.cast.users.get((role, task and task.unit_id))

    def contact(self, task: Any, duty: str) -> str:
        """The name of the unit's contact with this duty."""
        return self.cast.contacts[task.unit_id, duty]


def called(deputy: Any) -> str:
    """How a reply addresses the person: 韦振华代表, 林婉清委员; a group by its name."""
    title = "代表" if deputy.body == "人大" else "委员"
    return str(deputy.name) + (title if deputy.kind == "个人" else "")


def begin(cast: Cast, line: Mapping[str, str]) -> ItemStory:
    """Register the item of the line with its sponsors and, if it was handed over, its tasks."""
    story = line["story"]
    ago = int(line["days_ago"]) if line["days_ago"] else _days_since(cast, story)
    days = Days(cast.calendar, cast.today, ago, LAST_DAY[story])
    sponsors = [cast.deputies[name] for name in line["sponsors"].split("、")]
    telling = ItemStory(cast, line, days, _item(cast, line, days), sponsors)
    telling.add(telling.item)
    for position, deputy in enumerate(sponsors):
        role = "联名" if position else "领衔"
        words = {"role": role, "position": position}
        telling.add(models.Sponsor(proposal_id=telling.item.id, deputy_id=deputy.id, **words))
    for named in line["units"].split():
        role, unit = named.split(":")
        telling.tasks.append(assign(telling, role, unit))
    return telling


def assign(telling: ItemStory, role: str, unit: str, day: int = 0) -> Any:
    """Give the item to a unit on a day of its story."""
    return telling.add(
        models.Assignment(
            proposal_id=telling.item.id,
            unit_id=telling.cast.units[unit].id,
            role=role,
            handed_over_on=telling.days.on(day) if day else telling.item.handed_over_on,
        )
    )


def _days_since(cast: Cast, story: str) -> int:
    return (cast.today - _OLD_HAND_OVER).days if story == "跨年" else 76


def _item(cast: Cast, line: Mapping[str, str], days: Days) -> Any:
    meeting, flags = cast.meetings[line["meeting"]], set(line["flags"].split())
    between = "闭会" in flags
    key_kind = next((kind for kind in _KEY_KINDS if kind in flags), None)
    handed_over_on = None if line["story"] == "登记" else days.handed_over_on
    submitted_on = days.handed_over_on - timedelta(days=9) if between else meeting.opened_on
    return models.Proposal(
        meeting_id=meeting.id,
        kind=line["kind"],
        number=line["number"].format(year=meeting.year),
        title=line["title"],
        content_category_id=cast.categories[line["category"]],
        area_role="协办" if "协办" in flags else "主办",
        upper_unit="柳州市发展和改革委员会" if "协办" in flags else "",
        key_kind=key_kind,
        supervisor_id=cast.users["督办领导", None] if key_kind else None,
        source="闭会期间" if between else "会议期间",
        submitted_on=submitted_on,
        registered_on=submitted_on and submitted_on + timedelta(days=3),
        handed_over_on=handed_over_on,
        delegation=cast.deputies[line["sponsors"].split("、")[0]].delegation,
        abstract=f"{line['problem']}。",
        body=_body(line),
    )


def _body(line: Mapping[str, str]) -> str:
    wishes = [wish for wish in line["measures"].split("；") if wish]
    asked = "".join(f"\n　　{number}．{wish}。" for number, wish in enumerate(wishes, 1))
    return f"　　{line['problem']}。" + (f"为此建议：{asked}" if asked else "")


def find_cast(session: ActorSession, today: date, calendar: WorkCalendar) -> dict[str, Any]:
    """What of the cast is already in the database."""
    users, contacts = models.User, models.UnitContact
    letters = session.scalars(select(models.AnswerCategory))
    return {
        "units": {unit.short_name: unit for unit in session.scalars(select(models.Unit))},
        "categories": {c.name: c.id for c in session.scalars(select(models.ContentCategory))},
        "letters": {(row.meeting_id, row.letter): row.id for row in letters},
        "users": {
            (user.role, user.unit_id if "承办单位" in user.role else None): user.id
            for user in session.scalars(select(users).order_by(users.id.desc()))
        },
        "contacts": {(c.unit_id, c.duty): c.name for c in session.scalars(select(contacts))},
        "today": today,
        "calendar": calendar,
    }
