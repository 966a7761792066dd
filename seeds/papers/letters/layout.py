"""The page and the styles of GB/T 9704: measures in twentieths of a point, sizes in half points, as Word counts them.

A page of text has 22 lines of 28 characters. Lines have a fixed height and characters a fixed advance, so that it has
them with whatever face a machine puts in the place of one that it lacks.
"""

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

SONG, TITLE_SONG, FANGSONG = "宋体", "方正小标宋简体", "仿宋_GB2312"
KAI, HEI = "楷体_GB2312", "黑体"
INSTEAD = {
    SONG: "SimSun",
    TITLE_SONG: "方正小标宋_GBK",
    FANGSONG: "仿宋",
    KAI: "楷体",
    HEI: "SimHei",
}
"""The faces, and what a machine takes that has only those of today's Windows."""

SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4 = 44, 32, 28, 24
RED = "FF0000"
_RED_RULE = (
    f'<w:pBdr><w:bottom w:val="thickThinSmallGap" w:sz="18" w:space="6" w:color="{RED}"/></w:pBdr>'
)

LINES, CHARACTERS = 22, 28
PAGE = (11_906, 16_838)
TOP, LEFT, RIGHT, BOTTOM = 2_098, 1_587, 1_474, 1_984
"""37, 28, 26 and 35 mm, which leave 156 x 225 mm."""
WIDTH, HEIGHT = PAGE[0] - LEFT - RIGHT, PAGE[1] - TOP - BOTTOM
LANDSCAPE_WIDTH = PAGE[1] - LEFT - RIGHT
LINE = HEIGHT // LINES
CLOSER = -5
"""By so much less than 16 points 28 characters stand within 156 mm."""
CHARACTER = SIZE_3 * 10 + CLOSER
TITLE_LINE = 660
FOOTER = 1_304
"""The page number begins 7 mm below the text."""


@dataclass(frozen=True)
class TextStyle:
    """A style of paragraphs: its face and size, how it is set, and its indents in characters of the text."""

    name: str
    face: str = FANGSONG
    size: int = SIZE_3
    align: str = "both"
    line: int = LINE
    first: int = 0
    left: int = 0
    right: int = 0
    colour: str = ""
    keeps_next: bool = False
    has_red_rule: bool = False
    has_right_stop: bool = False

    @property
    def xml(self) -> str:
        """The style as Word keeps it."""
        keep = "<w:keepNext/>" if self.keeps_next else ""
        below = _RED_RULE if self.has_red_rule else ""
        indent = (
            f'<w:ind w:leftChars="{self.left * 100}" w:left="{self.left * CHARACTER}"'
            f' w:rightChars="{self.right * 100}" w:right="{self.right * CHARACTER}"'
            f' w:firstLineChars="{self.first * 100}" w:firstLine="{self.first * CHARACTER}"/>'
        )
        stop = WIDTH - self.right * CHARACTER
        stops = (
            f'<w:tabs><w:tab w:val="right" w:pos="{stop}"/></w:tabs>' if self.has_right_stop else ""
        )
        rule = "exact" if self.line else "auto"
        return (
            f"<w:style w:type='paragraph' w:styleId={quoteattr(self.name)}>"
            f"<w:name w:val={quoteattr(self.name)}/><w:basedOn w:val='a'/><w:qFormat/>"
            f'<w:pPr>{keep}{below}{stops}<w:snapToGrid w:val="0"/>'
            f'<w:spacing w:line="{self.line or 240}" w:lineRule="{rule}"/>{indent}'
            f'<w:jc w:val="{self.align}"/></w:pPr><w:rPr>{self._letters}</w:rPr></w:style>'
        )

    @property
    def _letters(self) -> str:
        colour = f'<w:color w:val="{self.colour}"/>' if self.colour else ""
        closer = (
            f'<w:spacing w:val="{CLOSER}"/>' if self.size == SIZE_3 else '<w:spacing w:val="0"/>'
        )
        return (
            f"{faces(self.face)}{colour}{closer}"
            f'<w:sz w:val="{self.size}"/><w:szCs w:val="{self.size}"/>'
        )


def faces(face: str) -> str:
    """The face for letters of every script; the East Asian one is named, or Word takes its own."""
    name = quoteattr(face)
    return f"<w:rFonts w:ascii={name} w:hAnsi={name} w:eastAsia={name} w:cs={name}/>"


TEXT = TextStyle("公文正文", first=2)
FLUSH = TextStyle("公文顶格")
HEAD_1 = TextStyle("公文一级标题", HEI, first=2, keeps_next=True)
HEAD_2 = TextStyle("公文二级标题", KAI, first=2, keeps_next=True)
MARK = TextStyle("公文标注", HEI, align="right")
RED_HEAD = TextStyle("发文机关标志", TITLE_SONG, 60, "center", 0, colour=RED, has_red_rule=True)
NUMBER = TextStyle("发文字号", align="right")
TITLE = TextStyle("公文标题", TITLE_SONG, SIZE_2, "center", TITLE_LINE)
SIGNED = TextStyle("署名和日期", align="center", left=12, keeps_next=True)
ANNEX = TextStyle("附件标识", HEI)
COPIES = TextStyle("版记", size=SIZE_4, align="left", line=0, left=1, right=1, has_right_stop=True)
CELL = TextStyle("表格文字", size=SIZE_SMALL_4, align="left", line=0)
CELL_CENTRED = TextStyle("表格居中", size=SIZE_SMALL_4, align="center", line=0)
CELL_HEAD = TextStyle("表头", HEI, SIZE_SMALL_4, "center", 0)
NOTE = TextStyle("表注", size=SIZE_SMALL_4, align="left", line=0)
LAST = TextStyle("末行", size=2, line=20)
"""What must stand behind a table at the end."""
PAGE_ODD = TextStyle("单页码", SONG, SIZE_4, "right", 0, right=1)
PAGE_EVEN = TextStyle("双页码", SONG, SIZE_4, "left", 0, left=1)

STYLES = (
    TEXT, FLUSH, HEAD_1, HEAD_2, MARK, RED_HEAD, NUMBER, TITLE, SIGNED, ANNEX,
    COPIES, LAST, CELL, CELL_CENTRED, CELL_HEAD, NOTE, PAGE_ODD, PAGE_EVEN,
)  # fmt: skip
