"""What names look like: surnames, bodies that sign, delegations, and the words that stand beside a person's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎闫余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦"
    "申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲游阳裴席卫查屈鲍覃霍翁隋甘景薄包柏宁柯阮桂闵"
    "柴华车冉房边吉饶刁瞿戚丘古米池滕晋苑邬臧宫蓝农零蒙银磨岑粟卓仇闭班容隆巫禤冼巴艾盘赫"
)
_DOUBLE = frozenset(
    ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "夏侯", "端木",
     "宇文", "长孙", "南宫", "闻人", "澹台"),
)  # fmt: skip
_COLLECTIVE = re.compile(
    r"[委会团党盟组局院部界处所社台校厂]$|代表团|总支|支部|民革|民盟|民建|民进|九三|工商联|界别|公司"
)
_BODIES = frozenset(("农工党", "常委会"))
_DELEGATION = re.compile(r".+(?:代表团|团|界|界别|代表小组|中心组|联组|选区)")
_ABOUT = re.compile(r"[男女]性?|.{1,5}族|.{0,4}(?:党员|盟员|社员|会员)|群众|无党派(?:人士)?")
_ODD = re.compile(r"[^\u3400-\u9fff\U00020000-\U000323afA-Za-z·\s]|代表|[团局女男族]")
_JOB = (
    r"(?:副?(?:书记|主任|主席|会长|经理|董事长|[局院校处所站队科部镇乡村区县市]长)|总经理|教授|教师|老师|医生|医师|护士|律师|支书"
    r"|村民|居民|农民|工人|职工|记者|先生|女士)"
)
_POST = re.compile(rf"\S{{0,12}}{_JOB}")
_FROM = re.compile(r"[省市区县镇乡]\S{2,}")
_PLACE = (
    r"(?:[局所台校院厂司社会委办处站心队村镇乡支团组界]|街道|[小中大]学|幼儿园|银行|集团|社区|代表|委员"
    rf"|{_JOB})"
)
_FAMILY = rf"(?:{'|'.join(_DOUBLE)}|[{''.join(sorted(_SURNAMES))}])"
_PERSON = re.compile(rf"{_FAMILY}[\u3400-\u9fff\U00020000-\U000323af]{{1,2}}")
_AFTER_PLACE = re.compile(rf"(?P<beside>.{{2,}}{_PLACE}|{_JOB})(?P<name>{_PERSON.pattern})")
_BEFORE_JOB = re.compile(rf"(?P<name>{_PERSON.pattern})(?P<beside>.{{0,8}}?{_JOB})")
_WITH_DELEGATION = re.compile(
    rf"(?P<name>{_PERSON.pattern})(?P<beside>第[一二三四五六七八九十\d]+代表(?:团|小组))"
)
_NO_NAME = re.compile(
    r"本人|同[上前左]|.*附[件表页].*|见.{2,}|全体|各位|委员|领衔人?|联名人?|附议人?|待定|不详|匿名|以上|其[他余].*"
    r"|.*某.*|.*[\u4e00-\u9fff][xX×]{1,2}"
)
"""What people write in the place of a name."""


def is_collective(name: str) -> bool:
    """Whether the name is that of a body that signs (民盟鱼峰区总支, 鱼峰代表团), not of a person (李会)."""
    if len(name) <= 3 and name[-1:] in "会社党" and name[:1] in _SURNAMES and name not in _BODIES:
        return False
    return _COLLECTIVE.search(name) is not None


def is_person(text: str) -> bool:
    """Whether the text begins with a surname and is as long as a name: 韦小满, 欧阳春晓."""
    return _PERSON.fullmatch(text) is not None


def is_double_surname(text: str) -> bool:
    """Whether the text is a surname of two characters: 欧阳."""
    return text in _DOUBLE


def is_surname(text: str) -> bool:
    """Whether a text of one character is a surname."""
    return text in _SURNAMES


def is_delegation(text: str) -> bool:
    """鱼峰团, 第三代表团, 教育界."""
    return _DELEGATION.fullmatch(text) is not None


def is_about_a_person(text: str) -> bool:
    """女, 壮族, 民盟盟员: what a roll says of a person, no name."""
    return _ABOUT.fullmatch(text) is not None


def is_post(text: str) -> bool:
    """教师, 区二中校长, 区二中: what a person is or where from, no name and holding none."""
    found = _POST.fullmatch(text) or _FROM.fullmatch(text)
    return found is not None and not is_person(text) and not beside_name(text)[1]


def is_odd(name: str) -> bool:
    """Whether the name of a person hardly is one: its length, digits, 代表 团 局 女 男 族 in it, or 同上."""
    plain = name.replace("·", "")
    too_long = len(name) > 4 and "·" not in name and not name.isascii()
    pair = name.split("·")
    two_people = len(pair) == 2 and all(map(is_person, pair))
    is_other = _ODD.search(name) is not None or _NO_NAME.fullmatch(name) is not None
    is_numeral = plain.strip("一二三四五六七八九十百") == ""
    return too_long or two_people or len(plain) < 2 or is_other or is_numeral


def beside_name(text: str) -> tuple[str, str]:
    """A name and what stands at it without a space: 区环卫所韦小满 -> 韦小满, 区环卫所; else the text and ''."""
    found = _BEFORE_JOB.fullmatch(text) or _AFTER_PLACE.fullmatch(text)
    found = _WITH_DELEGATION.fullmatch(text) or found
    if not found or is_person(text) or is_collective(found["name"]):
        return text, ""
    return found["name"], found["beside"]


def divisions(letters: str) -> Iterator[tuple[str, ...]]:
    """Every way to read characters set apart as names that begin with a surname."""
    if not letters:
        yield ()
    for length in (2, 3, 4):
        first = letters[:length]
        if len(first) == length and is_person(first):
            yield from ((first, *rest) for rest in divisions(letters[length:]))


def by_gaps(letters: Sequence[str], gaps: Sequence[str]) -> tuple[str, ...]:
    """The same characters divided where the gap is widest; () if that gives no names of two or three characters."""
    widths = [sum(2 if one == "\u3000" else 1 for one in gap) for gap in gaps]
    widest, names = max(widths), [letters[0]]
    for letter, width in zip(letters[1:], widths, strict=True):
        if width == widest:
            names.append(letter)
        else:
            names[-1] += letter
    return tuple(names) if all(2 <= len(name) <= 3 for name in names) else ()
