"""Numbers by unit: 退办情况 (S3), 类别统计, 满意度 with heads of two rows, 单位汇总."""

from seeds.papers.layout import PaperHead, PaperPage, PaperTable
from seeds.papers.tables import PLACE

_TITLE = "{{届次会议}}{{件的统称}}"
_UNIT = PaperHead("承办单位", "{{承办单位}}", 28, total="合计")
_MAIN = "承办方式=主办、分办"
_PARTNER = "承办方式=协办"


def counted(text: str, mark: str, width: float = 9, kind: str = "number") -> PaperHead:
    """A column of numbers, with that of the whole in the line of totals: what is counted once is not added up."""
    return PaperHead(text, f"{{{{{mark}}}}}", width, kind, f"{{{{{mark}}}}}")


RETURNS = PaperPage(
    "退办情况",
    f"{_TITLE}答复退回情况",
    (
        PaperTable(
            "按承办单位 排序=退办比例 只列=退回次数",
            (
                PaperHead("名次", "{{序号}}", 7, "code"),
                _UNIT,
                counted("累计退回次数", "退回次数", 14),
                counted("主（会）办件总数", "主（会）办件", 16),
                counted("退办比例\n（n/N）", "退办比例", 14, "code"),
                PaperHead("折合", "=IF(D{row}=0,\"—\",C{row}/D{row})", 12, "share",
                          "=IF(D{row}=0,\"—\",C{row}/D{row})"),
                PaperHead("备注", " ", 24),
            ),
        ),
    ),
    "填报单位：{{填报单位}}（盖章）　　截至 {{填报日期}}　　退办比例＝累计退回次数÷主（会）办件总数，由高到低",
)  # fmt: skip

LETTERS = PaperPage(
    "类别统计",
    f"{_TITLE}答复类别统计表",
    (
        PaperTable(
            "按承办单位",
            (
                PLACE,
                _UNIT,
                counted("正式答复", "末次答复"),
                *(
                    PaperHead(f"{letter}类", under=(
                        counted("数量", f"{letter}类", 8),
                        counted("占比", f"{letter}类占比", 10, "share"),
                    ))
                    for letter in "ABCD"
                ),
                PaperHead("解决率", under=(
                    counted("A类", "解决率（A类）", 10, "share"),
                    counted("A类和B类", "解决率（A类和B类）", 11, "share"),
                )),
            ),
        ),
    ),
    "填报单位：{{填报单位}}（盖章）　　截至 {{填报日期}}　　只计每项任务最近一轮的正式答复",
)  # fmt: skip


def _ratings(head: str, column: str) -> PaperHead:
    last = f"数 意见反馈 末次评价 {column}="
    silent = (
        f"数 意见反馈 末次评价 {column}=未表态"
        if column == "办理工作"
        else f"数 意见反馈 {column}=未表态"
    )
    return PaperHead(
        head,
        under=(
            counted("满意", f"{last}满意", 8),
            counted("基本满意", f"{last}基本满意", 8),
            counted("不满意", f"{last}不满意", 8),
            counted("未表态", silent, 8),
        ),
    )


SATISFACTION = PaperPage(
    "满意度",
    f"{_TITLE}办理情况满意度统计表",
    (
        PaperTable(
            "按承办单位",
            (
                _UNIT,
                PaperHead("办理", under=(
                    counted("主办", f"数 承办任务 应办复 {_MAIN}", 7),
                    counted("协办", f"数 承办任务 应办复 {_PARTNER}", 7),
                    counted("总数", "应办复任务", 7),
                )),
                PaperHead("办复", under=(
                    counted("主办", f"数 承办任务 应办复 已办复 {_MAIN}", 7),
                    counted("协办", f"数 承办任务 应办复 已办复 {_PARTNER}", 7),
                    counted("总数", "已办复任务", 7),
                    counted("办复率", "办复率", 10, "share"),
                )),
                _ratings("办理工作", "办理工作"),
                _ratings("办理结果", "办理结果"),
                PaperHead("满意率", under=(
                    counted("满意", "满意率", 10, "share"),
                    counted("含基本满意", "满意率（含基本满意）", 11, "share"),
                )),
            ),
        ),
    ),
    "填报单位：{{填报单位}}（盖章）　　截至 {{填报日期}}　　评价只计每位代表委员对每项任务最近的一次表态",
)  # fmt: skip

UNITS = PaperPage(
    "单位汇总",
    f"{_TITLE}承办单位办理情况汇总表",
    (
        PaperTable(
            "按承办单位",
            (
                PLACE,
                _UNIT,
                PaperHead("承办件数", under=(
                    counted("主办、分办", "主办件", 8),
                    counted("协办", "协办件", 7),
                    counted("合计", "主（会）办件", 7),
                )),
                PaperHead("办复", under=(
                    counted("应办复", "应办复任务", 8),
                    counted("已办复", "已办复任务", 8),
                    counted("办复率", "办复率", 10, "share"),
                    counted("按期率", "按期率", 10, "share"),
                )),
                PaperHead("办结", under=(
                    counted("已办结", "已办结件", 8),
                    counted("办结率", "办结率", 10, "share"),
                    counted("逾期", "逾期未办结件", 7),
                )),
                counted("退回次数", "退回次数", 8),
                counted("面商件", "已面商件", 8),
                counted("满意率", "满意率", 10, "share"),
            ),
        ),
    ),
    "填报单位：{{填报单位}}（盖章）　　截至 {{填报日期}}　　一件由几个单位承办的，各单位分别计，合计只计一次",
)  # fmt: skip
