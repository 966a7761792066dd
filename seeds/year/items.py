"""The items of the year: which units handle them, how they are answered, and the words that their texts are made of.

Their titles and what they complain of are those of the demo's items (seeds/demo/proposals.csv), named in ``of``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from seeds.files import read

_ADOPTED = {"A": "采纳", "B": "部分采纳", "C": "解释说明", "": ""}
_SOLVED = {"A": "已解决", "B": "列入计划", "C": "暂不能解决", "": ""}


@dataclass(frozen=True)
class YearItem:
    """A line of items.csv with the words of the demo's item that it is made of."""

    line: Mapping[str, str]
    story: Mapping[str, str] = field(compare=False)

    @property
    def name(self) -> str:
        """What the script calls it: its number, and the year where that is not the first."""
        return self.line["number"]

    @property
    def number(self) -> str:
        """Its number."""
        return self.name.split("@")[0]

    @property
    def year(self) -> int:
        """The year in which it is handled."""
        return int(self.name.partition("@")[2] or 2024)

    @property
    def kind(self) -> str:
        """建议, 提案 or another."""
        return self.line["kind"]

    @property
    def title(self) -> str:
        """The title, as one of its own kind."""
        plain = self.story["title"].removesuffix("（跨年度）")
        return plain.removesuffix("建议").removesuffix("提案") + self.kind

    @property
    def sponsors(self) -> list[str]:
        """Who signed it, the first one first."""
        return self.line["sponsors"].split("、")

    @property
    def answering(self) -> list[str]:
        """The units that answer it: one, or several apart."""
        return [name for name in (self.line["each"] or self.line["lead"]).split("；") if name]

    @property
    def partners(self) -> list[str]:
        """The units that assist."""
        return [name for name in self.line["partners"].split("；") if name]

    @property
    def body(self) -> str:
        """Its text, with what it asks for in numbered lines."""
        wishes = self.story["measures"].split("；")
        asked = "".join(f"\n　　{place}．{wish}。" for place, wish in enumerate(wishes, 1))
        return f"　　{self.story['problem']}。为此建议：{asked}"

    def words(self) -> dict[str, str]:
        """What the placeholders of texts and values stand for, whoever writes."""
        measures = (self.story["measures"] or "研究办理").split("；")
        letter, alone = self.line["letter"], len(self.sponsors) == 1
        return {
            "item": self.name,
            "number": self.number,
            "kind": self.kind,
            "title": self.title,
            "problem": self.story["problem"],
            "body": self.body,
            "measures": "；".join(measures),
            "measure": measures[len(measures) // 2],
            **dict(zip(("first", "second", "third"), measures * 3, strict=False)),
            "lead": self.called(self.sponsors[0]),
            "deputies": "、".join(map(self.called, self.sponsors)),
            "letter": letter,
            "rating": self.line["rating"],
            "adoption": _ADOPTED[letter],
            "solved": _SOLVED[letter],
            "closing": "" if alone else "联名人的反馈表没有收回，领衔人已反馈",
            "partner_tasks": self._partner_tasks(measures),
        }

    def called(self, name: str) -> str:
        """How a reply addresses who signed."""
        groups = ("支部", "总支部")
        return (
            name if name.endswith(groups) else name + ("代表" if "人大" in self.meeting else "委员")
        )

    @property
    def meeting(self) -> str:
        """The meeting to which it was put, by its key."""
        return self.line["meeting"]

    def _partner_tasks(self, measures: list[str]) -> str:
        if not self.partners:
            return "无"
        return f"{'、'.join(self.partners)}：提出协办意见，配合做好“{measures[-1]}”等工作。"


@cache
def all_lives() -> tuple[YearItem, ...]:
    """All lines of items.csv: an item has a further one for what another unit did with it, or for what came later."""
    stories = {f"{row['meeting']} {row['number']}": row for row in read("demo/proposals")}
    return tuple(YearItem(line, stories[line["of"]]) for line in read("year/items"))


@cache
def year_items() -> Mapping[str, YearItem]:
    """Each item by its name, as it began."""
    return {item.name: item for item in reversed(all_lives())}
