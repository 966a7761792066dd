"""The settings that are numbers, with the least and the most that each may be; a person can save nothing else in them.

Not what is done with them, not the texts among the settings, which may be anything.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from domain import models
from domain.storing.refusals.implausible import Implausible
from domain.storing.write_rules import RowWrite, Save, Values, WriteRule

TABLE = "settings"
BOUNDS: Mapping[str, tuple[int, int]] = {
    "LATE_YELLOW_DAYS": (1, 249),
    "LATE_RED_DAYS": (2, 250),
    "TASK_IDLE_DAYS": (1, 365),
    "SEND_FROM_HOUR": (0, 23),
    "SEND_TO_HOUR": (1, 24),
    "SEND_EVERY_HOURS": (1, 24),
    "SEND_ON_REST_DAYS": (0, 1),
    "SESSION_IDLE_MINUTES": (5, 240),
    "SESSION_MAX_HOURS": (1, 24),
    "SESSIONS_PER_USER": (1, 50),
    "LOGIN_TRIES": (3, 10),
    "LOGIN_LOCK_MINUTES": (5, 1440),
    "LOGIN_ADDRESS_TRIES": (10, 10000),
    "PASSWORD_MAX_DAYS": (0, 3650),
    "ACCOUNT_UNUSED_DAYS": (0, 3650),
}
"""Name in the settings table -> the least and the most."""


RISING = (("LATE_YELLOW_DAYS", "LATE_RED_DAYS"), ("SEND_FROM_HOUR", "SEND_TO_HOUR"))
"""Settings of which the first is less than the second: late turns 黄 before it turns 红."""


class BadSetting(Implausible):
    """A person gave a setting a value that it cannot have; ``sentence`` names the setting."""

    def __init__(self, label: str, value: str, way_out: str) -> None:
        column = models.schema.tables[TABLE].columns["value"]
        super().__init__(TABLE, column, f"“{value[:40]}”不行，{way_out}。")
        self.sentence = f"“{label}”：{self.why}"


def read_number(name: str, value: str) -> int | None:
    """The number that a setting's value means; None where it is none, or out of bounds."""
    least, most = BOUNDS[name]
    text = value.strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
    return number if least <= number <= most else None


class KnownNumbers(WriteRule):
    """Raises BadSetting where a person, by whatever door, saves a number that the program could not use."""

    def concerns(self, table: str) -> bool:
        return table == TABLE

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        numbers = [row.new for row in rows if row.new.get("name") in BOUNDS]
        for row in numbers:
            if read_number(row["name"], row["value"] or "") is None:
                least, most = BOUNDS[row["name"]]
                raise BadSetting(row["label"], row["value"] or "", f"请填 {least} 至 {most} 的整数")
        for row in numbers:
            _refuse_disorder(save.connection, row, numbers)


def _refuse_disorder(connection: Connection, row: Values, saved: Sequence[Values]) -> None:
    """Raise BadSetting where the row does not rise with the one beside it in RISING."""
    for low, high in (pair for pair in RISING if row["name"] in pair):
        stored = {one["name"]: one for one in (*_locked(connection, (low, high)), *saved)}
        numbers = {name: read_number(name, one["value"] or "") for name, one in stored.items()}
        least, most = numbers.get(low), numbers.get(high)
        if least is None or most is None or least < most:
            continue
        other, way = (stored[high], "小于") if row["name"] == low else (stored[low], "大于")
        said = f"要{way}“{other['label']}”，那一项现在是 {other['value']}"
        raise BadSetting(row["label"], row["value"], said)


def _locked(connection: Connection, names: tuple[str, ...]) -> Sequence[Values]:
    """The settings of these names as they are stored; nobody else changes one of them meanwhile."""
    table = models.table_of(TABLE)
    query = select(table.c.name, table.c.label, table.c.value).where(table.c.name.in_(names))
    rows = connection.execute(query.order_by(table.c.id).with_for_update())
    return [dict(row) for row in rows.mappings()]
