"""What is told of an act once it is done: on how many rows, and which were passed over and why."""

from collections.abc import Iterator

from admin.tables.desk import Desk
from admin.tables.finding.waiting import waiting_acts
from domain import models
from domain.lifecycle.acts.act import Act
from domain.lifecycle.doing import Outcome, PassedOver
from domain.lifecycle.judging import judge

NAMED = 3


def tell(act: Act, outcome: Outcome) -> str:
    """How many rows were done, and of the others the first few with their reasons."""
    done = len(outcome.done)
    if done == 1 and not outcome.passed_over:
        return f"{act.says}：{outcome.done[0]}。"
    begins = f"{act.says} {done} 条。" if done else f"没有{act.label}。"
    return begins + "".join(_others(outcome.passed_over))


def what_comes(desk: Desk, row: models.Row) -> str:
    """What a saved row still waits for this person to do; a draft that is saved has not been sent."""
    acts = waiting_acts(desk)
    standings = judge(desk.session, acts, [row.id], owed=True).get(row.id, {})
    labels = [act.label for act in acts if standings and standings[act.name].is_waiting]
    return f"还没有{'、'.join(labels)}。" if labels else ""


def _others(others: tuple[PassedOver, ...]) -> Iterator[str]:
    for row in others[:NAMED]:
        yield f"“{row.name}”：{row.why}"
    if len(others) > NAMED:
        yield f"另有 {len(others) - NAMED} 条也没有做。"
