"""Which item each row of a plan is merged into (并案), found in the file or in stock, whatever stands first.

Decides only. An item is merged into one that is answered itself: no unknown number, no chain, no circle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from domain.plans.recognising.facts import MainItem
from domain.plans.steps import PlanStep
from domain.plans.stock import Stock, Values

_COLUMN = "merged_into"
Key = int
"""An item: the id of a stored one; of a new one its row in the file, counted below zero."""


def match_merges(steps: Sequence[PlanStep], stock: Stock) -> None:
    """Find the main item of every row that names one, or say why it cannot be that."""
    if any(step.row.merged_into for step in steps):
        _Merges(steps, stock).settle()


class _Item(NamedTuple):
    """An item of the meeting: as a row of the file has it, as it is stored, or both."""

    key: Key
    number: str
    step: PlanStep | None
    stored: Values | None


@dataclass(frozen=True)
class _Claim:
    """A row that says which item it is merged into: its own item, and that one."""

    mine: Key
    main: _Item
    step: PlanStep

    def refuse(self, why: str) -> None:
        """Say why it cannot be."""
        self.step.fail(_COLUMN, self.main.number, f"“{self.main.number}”{why}。")


class _Merges:
    def __init__(self, steps: Sequence[PlanStep], stock: Stock) -> None:
        self.steps = steps
        self.items: dict[Key, _Item] = {}
        self.by_number: dict[tuple[str, str], list[_Item]] = {}
        stored = {item["id"]: item for item in stock.items.values()}
        for place, step in enumerate(steps):
            self._add(
                _Item(_key(place, step), step.row.number or "", step, step.item), step.row.kind
            )
        for item in stored.values():
            self._add(_Item(item["id"], item["number"], None, item), item["kind"])
        self.stored_links: dict[Key, Key] = {
            key: item["merged_into_id"] for key, item in stored.items() if item["merged_into_id"]
        }

    def _add(self, item: _Item, kind: str) -> None:
        """An item once, by the first row that has its number. 005 is found by 5 as well."""
        same = self.by_number.setdefault((kind, _value(item.number)), [])
        if item.number and item.key not in self.items:
            self.items[item.key] = item
            if not any(one.number == item.number for one in same):
                same.append(item)

    def settle(self) -> None:
        """Every claim becomes the main item of its step, or an error there."""
        claims = [
            claim
            for place, step in enumerate(self.steps)
            if step.row.merged_into and not step.errors and (claim := self._claim(place, step))
        ]
        links = {**self.stored_links, **{one.mine: one.main.key for one in claims}}
        for one in claims:
            if why := self._why_not(one, links) or self._why_not_mine(one, links):
                one.refuse(why)
        for one in claims:
            main = one.main.step
            if one.main.stored is None and main and main.errors and not one.step.errors:
                one.refuse(f"是{main.where}的件，那一行现在不能导入，请先改好那一行")
        for one in claims:
            if not one.step.errors:
                self._take(one)

    def _claim(self, place: int, step: PlanStep) -> _Claim | None:
        """The row's claim, where it can be one at all."""
        said = step.row.merged_into
        found = self._found(said, step.row.kind) if said else []
        if len(found) == 1 and found[0].key != _key(place, step):
            return _Claim(_key(place, step), found[0], step)
        if len(found) > 1:
            listed = "、".join(f"{_kind_of(one)}{one.number}" for one in found[:3])
            why = f"可能是几件（{listed}），请写全是哪一件。"
        elif found:
            why = "是本件自己的编号，一件不能并入自己；本件是主案的，这一格请空着。"
        else:
            why = "在这个文件和这次会议里都找不到，请核对主案的编号。"
        step.fail(_COLUMN, str(said), f"“{said}”{why}")
        return None

    def _found(self, said: MainItem, kind: str) -> list[_Item]:
        """The items of that number: of the kind that is said, else of the row's own, else of any."""
        own = self._of_kind(said.kind or kind, said.number)
        if own or said.kind:
            return own
        kinds = sorted({kind for kind, _ in self.by_number})
        return [item for kind in kinds for item in self._of_kind(kind, said.number)]

    def _of_kind(self, kind: str, number: str) -> list[_Item]:
        same = self.by_number.get((kind, _value(number)), [])
        return [item for item in same if item.number == number] or same

    def _why_not(self, one: _Claim, links: Mapping[Key, Key]) -> str:
        """A main item that is merged itself: round in a circle, or on to another."""
        way, at = [one.mine], one.main.key
        while at in links and at not in way:
            way.append(at)
            at = links[at]
        if at == one.mine:
            numbers = " → ".join(self.items[key].number for key in (*way, at))
            return f"又并回本件（{numbers}），绕成了一圈，请只留一件作主案，它的“并入”空着"
        if one.main.key in links:
            last = self.items[links[one.main.key]].number
            return f"自己已并入“{last}”，请直接写主案的编号 {last}"
        return ""

    def _why_not_mine(self, one: _Claim, links: Mapping[Key, Key]) -> str:
        """Items that are merged into this one already, and that the file does not merge elsewhere."""
        kept = (key for key, main in self.stored_links.items() if main == one.mine)
        others = [key for key in kept if links[key] == one.mine]
        if not others:
            return ""
        listed = "、".join(self.items[key].number for key in others)
        return f"不能作本件的主案：系统里已有“{listed}”并入本件，请先在它的“并入”里也写 {one.main.number}"

    def _take(self, one: _Claim) -> None:
        item, main = one.step.item, one.main
        old = item["merged_into_id"] if item else None
        if main.stored is None:
            one.step.main = main.step
        elif main.stored["id"] != old:
            one.step.main_id = main.stored["id"]
        else:
            return
        before = self.items[old].number if old else None
        one.step.note_change(_COLUMN, before, main.number)


def _key(place: int, step: PlanStep) -> Key:
    return step.record_id or -1 - place


def _value(number: str) -> str:
    """What a number counts, leading zeros aside."""
    return number.lstrip("0") if number.isdecimal() else number


def _kind_of(item: _Item) -> str:
    return item.step.row.kind if item.step else str((item.stored or {})["kind"])
