"""All papers that ship with the panel, in the order of the screen. A new one is a layout and a line here."""

from collections.abc import Callable, Mapping
from functools import partial

from domain.papers.paper import OfficePaper
from seeds.papers import ledgers, numbers, tables
from seeds.papers.drawing import draw_template
from seeds.papers.layout import PaperPage
from seeds.papers.letters.register import LETTERS

_ITEMS = ("proposals", "assignments")
_REPLIES = (*_ITEMS, "replies")


def _drawn(*pages: PaperPage) -> Callable[[], bytes]:
    return partial(draw_template, *pages)


_ALL = (
    OfficePaper(
        "办理进度表",
        "每件的承办单位、走到哪一步、到期和逾期",
        "会议",
        _drawn(tables.PROGRESS),
        reads=_ITEMS,
    ),
    OfficePaper(
        "全程办理台账",
        "一件从签收、方案、办前办中办后到答复的全部记录（附件7）",
        "件",
        _drawn(ledgers.LEDGER),
        source="S0",
        reads=(*_ITEMS, "ledger_entries", "handling_plans"),
    ),
    OfficePaper(
        "单位办理台账",
        "一个单位各件的全程办理台账（附件7）",
        "单位",
        _drawn(ledgers.UNIT_LEDGER),
        source="S0",
        reads=(*_ITEMS, "ledger_entries", "handling_plans"),
    ),
    OfficePaper(
        "逾期清单",
        "各单位逾期未办结的件数，和逐项清单",
        "会议",
        _drawn(tables.OVERDUE),
        source="S3",
        reads=(*_ITEMS, "deadlines"),
    ),
    OfficePaper(
        "退办情况",
        "各单位答复被退回的次数和比例（n/N），由高到低",
        "会议",
        _drawn(numbers.RETURNS),
        source="S3",
        reads=(*_REPLIES, "review_steps"),
    ),
    OfficePaper(
        "满意度",
        "各单位办理、办复和代表委员的评价",
        "会议",
        _drawn(numbers.SATISFACTION),
        source="S2",
        reads=(*_REPLIES, "feedbacks"),
    ),
    OfficePaper(
        "类别统计",
        "各单位正式答复的A、B、C、D类件数和占比",
        "会议",
        _drawn(numbers.LETTERS),
        source="S2",
        reads=_REPLIES,
    ),
    OfficePaper(
        "单位汇总",
        "各单位的件数、办复、办结、退回、面商和满意率",
        "会议",
        _drawn(numbers.UNITS),
        source="S2",
        reads=(*_REPLIES, "review_steps", "ledger_entries", "feedbacks", "deadlines"),
    ),
    OfficePaper(
        "交办安排表",
        "每项任务由谁办、何时交办、何时完成",
        "会议",
        _drawn(tables.ASSIGNING),
        source="S2",
        reads=_ITEMS,
    ),
    OfficePaper(
        "协办意见汇总",
        "各协办单位送达的协办意见",
        "会议",
        _drawn(tables.OPINIONS),
        source="S0",
        reads=_REPLIES,
    ),
    OfficePaper(
        "回头看台账",
        "需回头看的任务和它们的历次答复",
        "会议",
        _drawn(ledgers.LOOKING_BACK),
        source="S0",
        reads=_REPLIES,
    ),
    OfficePaper(
        "承诺销号台账",
        "答复中承诺的事项、进展、兑现和销号",
        "会议",
        _drawn(ledgers.PROMISES),
        source="S4",
        reads=(*_ITEMS, "commitments"),
    ),
    OfficePaper(
        "催办记录",
        "一段时间里的催办和单位何时看到",
        "期间",
        _drawn(tables.URGINGS),
        reads=(*_ITEMS, "urgings"),
    ),
    OfficePaper(
        "考核扣分",
        "一段时间里各单位的扣分、加分和明细",
        "期间",
        _drawn(*tables.SCORES),
        source="S1",
        reads=("score_entries", "score_rules"),
    ),
    OfficePaper(
        "联络员信息表",
        "各单位的领导、科室负责人和联络员（附件9）",
        "全部",
        _drawn(tables.CONTACTS),
        source="S0",
        reads=("units", "unit_contacts"),
    ),
)

SHIPPED: Mapping[str, OfficePaper] = {paper.name: paper for paper in (*_ALL, *LETTERS)}
"""By name."""
