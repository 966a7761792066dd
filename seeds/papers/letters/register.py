"""All letters and papers, each with what it is, whom it is for and the document that asks for it."""

from collections.abc import Mapping
from functools import partial

from domain.papers.paper import OfficePaper
from seeds.papers.letters.scripts import draw_letter

_CONGRESS = {"件": "建议", "称呼": "代表", "抄送": "市人大常委会选联工委", "机构": "人大"}
_CONFERENCE = {
    "件": "提案",
    "称呼": "{{#答复 领衔是=个人}}委员{{/答复}}",
    "抄送": "市政协提案委",
    "机构": "政协",
}
_ANSWER = {"答复": "答复 答复种类=答复 最近一轮"}
_AGAIN = {"答复": "答复 答复种类=再次答复 最近一轮"}
_OPINION = {"答复": "答复 答复种类=协办意见 最近一轮"}
_OF_REPLY = ("proposals", "replies")
_OF_MEETING = ("meetings", "proposals", "assignments", "replies", "feedbacks")


def _paper(
    name: str, about: str, per: str, source: str, *text: str | Mapping[str, str]
) -> OfficePaper:
    """A paper whose text has this name, with the words that it is given."""
    file, *words = text
    assert isinstance(file, str)
    given = {key: said for some in words if not isinstance(some, str) for key, said in some.items()}
    reads = {"件": _OF_REPLY}.get(per, _OF_MEETING)
    return OfficePaper(name, about, per, partial(draw_letter, file, given), ".docx", source, reads)


LETTERS = (
    _paper("答复函（人大建议）", "一个单位对一件建议的答复，附件1格式", "件", "S0", "answer", _CONGRESS, _ANSWER),
    _paper("答复函（政协提案）", "一个单位对一件提案的答复，附件2格式", "件", "S0", "answer", _CONFERENCE, _ANSWER),
    _paper("协办意见函（人大建议）", "送主办单位的意见，附件3格式", "件", "S0", "opinion", _CONGRESS, _OPINION),
    _paper("协办意见函（政协提案）", "送主办单位的意见，附件4格式", "件", "S0", "opinion", _CONFERENCE, _OPINION),
    _paper("再次答复函（人大建议）", "承诺落实后再次答复，附件5格式", "件", "S0", "answer_again", _CONGRESS, _AGAIN),
    _paper("再次答复函（政协提案）", "承诺落实后再次答复，附件6格式", "件", "S0", "answer_again", _CONFERENCE, _AGAIN),
    _paper("工作台账（一件）", "一件从签收到答复的全程，附件7，Word 格式", "件", "S0", "ledger"),
    _paper("意见反馈表", "随答复寄送，件的情况已填好，附件8", "件", "S0", "feedback", _ANSWER),
    _paper("征询意见表", "正式答复以前征求代表委员的意见", "件", "S2", "consultation", _ANSWER),
    _paper("复函回执", "代表委员收到答复后填", "件", "S1", "receipt", _ANSWER),
    _paper("重点任务交办单", "一件重点件的任务、督办领导和承办单位", "件", "S3", "order"),
    _paper("交办通知", "一次会议的件交办给各单位，附分工方案", "会议", "S0", "notice"),
    _paper("催办函", "一个单位已过时限的任务，发给这个单位", "单位", "S3", "reminder"),
    _paper("办理情况通报", "总体情况、逾期和退办的单位、下一步要求", "会议", "S3", "bulletin"),
    _paper("办前分析", "一次会议的件按类型、内容、单位的分析", "会议", "S2", "outlook"),
    _paper("总结分析报告", "一个单位一年的总结，七个部分，数字已填好", "单位", "S0", "summary",
           {"总结": "办理总结 最近一年"}),
    _paper("向人大的报告", "代表建议办理情况的报告", "会议", "S2", "report",
           {"件": "代表建议", "机构": "{{地区名称}}人民代表大会常务委员会"}),
    _paper("向政协的报告", "提案办理情况的报告", "会议", "S2", "report",
           {"件": "提案", "机构": "政协{{地区名称}}委员会"}),
)  # fmt: skip
"""All of them, in the order of the attachments of S0, then as a year goes."""
