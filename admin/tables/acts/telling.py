"""What is told of an act once it is done: on how many rows, and which were passed over and why."""

from collections.abc import Iterator

from admin.tables.desk import Desk
from admin.tables.finding.waiting import waiting_acts
from domain import models
from domain.lifecycle.acts.act import Act
from domain.lifecycle.doing import Minded, Outcome, PassedOver
from domain.lifecycle.judging import waiting_for

NAMED = 3


def tell(act: Act, outcome: Outcome) -> str:
    """How many rows were done, and of the others the first few with their reasons."""
    done, minded = len(outcome.done), outcome.minded
    if done == 1 and not outcome.passed_over:
        to_mind = f"请留意：{minded[0].sentence}" if minded else ""
        return f"{act.says}：{outcome.done[0]}。{to_mind}"
    begins = f"{act.says} {done} 条。" if done else f"没有{act.label}。"
    to_mind = f"其中 {len(minded)} 条请留意：{_first(minded)}" if minded else ""
    return begins + "".join(_others(outcome.passed_over)) + to_mind


def tone_of(outcome: Outcome) -> str:
    """How what is told looks: done wholly, done with something to be minded, or not done."""
    if not outcome.done:
        return "bad"
    return "warn" if outcome.passed_over or outcome.minded else "good"


def _first(minded: tuple[Minded, ...]) -> str:
    """Of the rows of which something is to be minded the first few."""
    named = (f"“{row.name}”：{row.sentence}" for row in minded[:NAMED])
    return "".join(named) + ("……" if len(minded) > NAMED else "")


def what_comes(desk: Desk, row: models.Row) -> str:
    """What a saved row still waits for this person to do; a draft that is saved has not been sent."""
    acts = waiting_acts(desk)
    labels = [act.label for act in waiting_for(desk.session, acts, [row.id]).get(row.id, ())]
    return f"还没有{'、'.join(labels)}。" if labels else ""


def _others(others: tuple[PassedOver, ...]) -> Iterator[str]:
    for row in others[:NAMED]:
        yield f"“{row.name}”：{row.why}"
    if len(others) > NAMED:
        yield f"另有 {len(others) - NAMED} 条也没有做。"
