"""Lists: 办理进度表, 逾期清单, 交办安排表, 协办意见汇总, 催办记录, 联络员信息表; 考核扣分."""

from seeds.papers.layout import SUM, PaperHead, PaperPage, PaperTable

PLACE = PaperHead("序号", "{{序号}}", 6, "code")
_MEETING = "{{届次会议}}{{件的统称}}"
_UNIT = "填报单位：{{填报单位}}（盖章）　　承办单位：{{承办单位}}　　{{填报日期}}"


def _of_task(prefix: str) -> tuple[PaperHead, PaperHead]:
    return (
        PaperHead("案号", f"{{{{{prefix}建议提案.案号}}}}", 8, "code"),
        PaperHead("案由", f"{{{{{prefix}建议提案.标题}}}}", 34),
    )


PROGRESS = PaperPage(
    "办理进度表",
    f"{_MEETING}办理进度表",
    (
        PaperTable(
            "建议提案 办理状态<>撤回 排序=案号",
            (
                PLACE,
                PaperHead("案号", "{{案号}}", 8, "code"),
                PaperHead("类型", "{{类型}}", 7, "code"),
                PaperHead("案由", "{{标题}}", 32),
                PaperHead("领衔代表\n（第一提案人）", "{{领衔}}", 12, "code"),
                PaperHead("承办单位", under=(
                    PaperHead("主办、分办", "{{主办单位}}", 18),
                    PaperHead("协办", "{{协办单位}}", 18),
                )),
                PaperHead("交办日期", "{{交办日期}}", 11, "date"),
                PaperHead("办理状态", "{{办理状态}}", 9, "code"),
                PaperHead("答复类别", "{{答复类别}}", 8, "code"),
                PaperHead("最近到期", "{{最近到期}}", 11, "date"),
                PaperHead("逾期自然日", "{{逾期自然日}}", 8, "number"),
                PaperHead("办结日期", "{{办结日期}}", 11, "date"),
                PaperHead("存在问题", " ", 16),
            ),
            late="逾期自然日",
        ),
    ),
    "填报单位：{{填报单位}}（盖章）　　共 {{数 建议提案 办理状态<>撤回}} 件，"
    "已办结 {{数 建议提案 办理状态=办结、销号}} 件　　{{填报日期}}",
)  # fmt: skip

OVERDUE = PaperPage(
    "逾期清单",
    f"{_MEETING}逾期未办结清单",
    (
        PaperTable(
            "按承办单位 只列=逾期未办结件",
            (
                PLACE,
                PaperHead("件数", "{{逾期未办结件}}", 8, "number", "{{逾期未办结件}}"),
                PaperHead("承办单位", "{{承办单位}}", 34, total="合计"),
            ),
        ),
        PaperTable(
            "承办任务 计入统计 逾期未办结 承办方式=主办、分办 倒序=逾期自然日",
            (
                PLACE,
                *_of_task(""),
                PaperHead("承办单位", "{{承办单位}}", 22),
                PaperHead("承办方式", "{{承办方式}}", 9, "code"),
                PaperHead("办理人员", "{{办理人员}}", 10, "code"),
                PaperHead("任务状态", "{{任务状态}}", 9, "code"),
                PaperHead("最近到期", "{{最近到期}}", 12, "date"),
                PaperHead("逾期自然日", "{{逾期自然日}}", 9, "number"),
                PaperHead("逾期原因及下一步措施", " ", 24),
            ),
            late="逾期自然日",
        ),
    ),
    "填报单位：{{填报单位}}（盖章）　　截至 {{填报日期}}，主办件 {{主办件}} 件，"
    "逾期未办结 {{逾期未办结件}} 件；一件由几个单位分办的，各单位分别计",
)

ASSIGNING = PaperPage(
    "交办安排表",
    f"{_MEETING}交办安排表",
    (
        PaperTable(
            "承办任务 计入统计 排序=建议提案.案号",
            (
                PLACE,
                *_of_task(""),
                PaperHead("领衔", "{{领衔}}", 11, "code"),
                PaperHead("承办单位", "{{承办单位}}", 22),
                PaperHead("承办方式", "{{承办方式}}", 9, "code"),
                PaperHead("责任人", under=(
                    PaperHead("分管领导", "{{分管领导}}", 10, "code"),
                    PaperHead("办理科室", "{{办理科室}}", 12, "code"),
                    PaperHead("办理人员", "{{办理人员}}", 10, "code"),
                )),
                PaperHead("交办日期", "{{交办日期}}", 11, "date"),
                PaperHead("完成时限", "{{建议提案.办理时限}}", 11, "date"),
                PaperHead("签收日期", "{{签收日期}}", 11, "date"),
            ),
        ),
    ),
    _UNIT,
)  # fmt: skip

OPINIONS = PaperPage(
    "协办意见汇总",
    f"{_MEETING}协办意见汇总表",
    (
        PaperTable(
            "答复 答复种类=协办意见 审核状态=已答复 排序=建议提案.案号",
            (
                PLACE,
                *_of_task(""),
                PaperHead("主办单位", "{{建议提案.主办单位}}", 18),
                PaperHead("协办单位", "{{承办单位}}", 18),
                PaperHead("协办意见", "{{正文}}", 48),
                PaperHead("文号", "{{文号}}", 16, "code"),
                PaperHead("送达日期", "{{答复日期}}", 12, "date"),
            ),
        ),
    ),
    _UNIT,
)

URGINGS = PaperPage(
    "催办记录",
    "{{届次会议}}催办记录",
    (
        PaperTable(
            "催办 期间=催办日期 撤回日期=空 排序=催办日期",
            (
                PLACE,
                PaperHead("催办日期", "{{催办日期}}", 12, "date"),
                PaperHead("承办单位", "{{承办任务.承办单位}}", 22),
                *_of_task("承办任务."),
                PaperHead("环节", "{{环节}}", 10, "code"),
                PaperHead("催办内容", "{{催办内容}}", 34),
                PaperHead("催办人", "{{催办人}}", 12, "code"),
                PaperHead("已阅时间", "{{已阅时间}}", 17, "instant"),
            ),
        ),
    ),
    "填报单位：{{填报单位}}　　{{期间}}　　共 {{数 催办 期间=催办日期 撤回日期=空}} 次",
)

CONTACTS = PaperPage(
    "联络员信息表",
    "{{地区名称}}建议提案办理工作联络员信息表",
    (
        PaperTable(
            "承办单位 在用=是",
            (
                PaperHead("单位", "{{单位全称}}", 28),
                PaperHead("职责", "{{#单位联系人 排序=职责}}{{职责}}", 12, "code"),
                PaperHead("姓名", "{{姓名}}", 12, "code"),
                PaperHead("职务", "{{职务}}", 16, "code"),
                PaperHead("科室", "{{科室}}", 16, "code"),
                PaperHead("联系方式", under=(
                    PaperHead("办公电话", "{{办公电话}}", 16, "code"),
                    PaperHead("手机", "{{手机}}", 16, "code"),
                    PaperHead("邮箱", "{{邮箱}}{{/单位联系人}}", 22, "code"),
                )),
            ),
        ),
    ),
)  # fmt: skip

SCORES = (
    PaperPage(
        "单位汇总",
        "{{地区名称}}建议提案办理工作考核扣分情况",
        (
            PaperTable(
                "承办单位 在用=是",
                (
                    PLACE,
                    PaperHead("承办单位", "{{单位全称}}", 40, total="合计"),
                    PaperHead("扣分", "=SUMIFS(明细!$G$4:$G$4,明细!$B$4:$B$4,$B{row},明细!$D$4:$D$4,\"扣分\")",
                              14, "points", SUM),
                    PaperHead("加分", "=SUMIFS(明细!$G$4:$G$4,明细!$B$4:$B$4,$B{row},明细!$D$4:$D$4,\"加分\")",
                              14, "points", SUM),
                    PaperHead("备注", " ", 24),
                ),
            ),
        ),
        "填报单位：{{填报单位}}（盖章）　　{{期间}}　　撤销的不计",
        is_landscape=False,
    ),
    PaperPage(
        "明细",
        "{{地区名称}}建议提案办理工作考核记分明细",
        (
            PaperTable(
                "考核记分 期间=日期 效力<>撤销 排序=日期",
                (
                    PLACE,
                    PaperHead("承办单位", "{{承办单位}}", 24),
                    PaperHead("事由", "{{考核规则.事由}}", 22),
                    PaperHead("性质", "{{考核规则.性质}}", 8, "code"),
                    PaperHead("案号", "{{承办任务.建议提案.案号}}", 9, "code"),
                    PaperHead("日期", "{{日期}}", 12, "date"),
                    PaperHead("分值", "{{分值}}", 9, "points"),
                    PaperHead("说明", "{{说明}}", 36),
                    PaperHead("效力", "{{效力}}", 9, "code"),
                ),
            ),
        ),
        "填报单位：{{填报单位}}　　{{期间}}",
    ),
)  # fmt: skip
