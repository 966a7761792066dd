"""Writes down that somebody took data out: who, when, what, narrowed how, how many rows. Nothing goes out without it.

In a transaction of its own, because the one that reads the data cannot write. Read by the auditor.
"""

from dataclasses import dataclass

from sqlalchemy import Engine

from domain import models
from domain.actors import Actor
from domain.storing.session import system_session
from domain.time.clock import Clock

_COMMAND = "命令"


@dataclass(frozen=True)
class Taken:
    """What was taken out. ``way``: 列表, 报表, 后台, 命令, 附件 or 导入; ``narrowed``: the filters in words."""

    way: str
    item: str
    row_count: int = 0
    narrowed: str = ""
    address: str = ""


def record(engine: Engine, actor: Actor, taken: Taken, clock: Clock) -> None:
    """Add a row to export_log, and keep it. Raises what the database raises: then nothing may be handed out."""
    with system_session(engine, "导出", clock, user_id=actor.user_id) as session:
        session.add(
            models.ExportLog(
                happened_at=session.now(),
                user_id=actor.user_id,
                actor_name=_COMMAND if actor.is_system else actor.name,
                way=taken.way,
                item=taken.item[:300],
                narrowed=taken.narrowed[:1000],
                row_count=taken.row_count,
                address=taken.address[:60],
            )
        )
        session.commit()
