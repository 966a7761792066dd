"""Makes assignment plans of any size: credible, made up, and the same bytes of content for the same seed.

Not here: how a plan is laid out on a sheet (layouts.py).
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bench import words
from bench.measure import ROOT

HANDED_OVER_ON = date(2024, 4, 10)
# As seeds/meetings.csv has it.
MEETING: dict[str, Any] = {
    "name": "柳州市第十五届人大第五次会议",
    "body": "人大",
    "level": "市级",
    "term": 15,
}
DEPUTIES = 400
# In turn, so that eight items have 24 assignments: three each.
PARTNERS = (2, 1, 3, 2, 1, 2, 3, 2)


@dataclass(frozen=True)
class Item:
    """One item of a plan: its people, and its units as somebody writes them (full name or alias)."""

    number: str
    title: str
    lead: str
    joint: tuple[str, ...]
    delegation: str
    lead_unit: str
    partners: tuple[str, ...]
    due_on: date


def unit_names() -> dict[str, tuple[str, ...]]:
    """Every unit of the seeds by its full name, with the other ways to write it."""
    with (ROOT / "seeds/units.csv").open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    return {row["name"]: tuple(filter(None, row["aliases"].split(";"))) for row in rows}


def make_items(count: int, seed: str = "banli") -> Iterator[Item]:
    """``count`` items with three units each on average; the same ones every time."""
    chance = random.Random(seed)
    units, people = unit_names(), deputy_names()
    full_names = sorted(units)
    width = max(3, len(str(count)))
    for number in range(1, count + 1):
        lead, *joint = chance.sample(people, chance.choice((1, 1, 2, 3, 4)))
        lead_unit, *partners = chance.sample(full_names, 1 + PARTNERS[number % len(PARTNERS)])
        yield Item(
            number=f"{number:0{width}}",
            title=_title(chance),
            lead=lead,
            joint=tuple(joint),
            delegation=chance.choice(words.DELEGATIONS),
            lead_unit=_written(chance, units, lead_unit),
            partners=tuple(_written(chance, units, unit) for unit in partners),
            due_on=HANDED_OVER_ON + timedelta(days=chance.choice((56, 90, 143))),
        )


def deputy_names() -> list[str]:
    """The deputies who sign the items."""
    everybody = [surname + given for surname in words.SURNAMES for given in words.GIVEN_NAMES]
    return random.Random("deputies").sample(everybody, DEPUTIES)


def _title(chance: random.Random) -> str:
    verb, place, topic = map(chance.choice, (words.VERBS, words.PLACES, words.TOPICS))
    return f"关于{verb}{place}{topic}的建议"


def _written(chance: random.Random, units: dict[str, tuple[str, ...]], name: str) -> str:
    """The unit as people write it, mostly by its short name. A name that holds 、 would be two units to the peer."""
    short = [alias for alias in units[name] if "、" not in alias]
    return chance.choice((name, *short, *short))
