"""The assignment plans of the year's meetings (分工方案), as files that the importer reads."""

from __future__ import annotations

import csv
from pathlib import Path

from seeds.year.items import YearItem, all_lives

_HEAD = ("案号", "类型", "案由", "内容分类", "领衔", "联名", "主办单位", "协办单位", "分办单位")


def write_plan(meeting: str, folder: Path) -> Path:
    """A plan of the items that were put to this meeting; returns its path."""
    path = folder / f"{meeting}分工方案.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEAD)
        planned = (item for item in all_lives() if item.line["begun"] == "方案")
        writer.writerows(_line(item) for item in planned if item.meeting == meeting)
    return path


def _line(item: YearItem) -> tuple[str, ...]:
    first, *others = item.sponsors
    units = (item.line["lead"], "、".join(item.partners), item.line["each"].replace("；", "、"))
    return (
        item.number,
        item.kind,
        item.title,
        item.story["category"],
        first,
        "、".join(others),
        *units,
    )
