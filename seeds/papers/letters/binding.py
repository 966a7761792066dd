"""A .docx around a text: its parts, the styles, the page numbers — 1 — at the outer side, the faces by name."""

import io
import zipfile
from xml.sax.saxutils import quoteattr

from seeds.papers.letters.drawn import line, section
from seeds.papers.letters.layout import (
    FANGSONG,
    INSTEAD,
    LAST,
    PAGE_EVEN,
    PAGE_ODD,
    SIZE_3,
    STYLES,
    TextStyle,
    faces,
)

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NAMES = (
    f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{_OFFICE}"'
)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {
    "rId1": "styles",
    "rId2": "settings",
    "rId3": "fontTable",
    "rId10": "footer1",
    "rId11": "footer2",
}
_KINDS = {"document": "document.main", "footer1": "footer", "footer2": "footer"}
_SETTINGS = (
    '<w:zoom w:percent="100"/><w:evenAndOddHeaders/><w:defaultTabStop w:val="420"/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode"'
    ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
)


def bound(text: str, *, is_landscape: bool = False) -> bytes:
    """The file; the last section of the text is upright or lies on its side. The same bytes every time."""
    if text.endswith("</w:tbl>"):
        text += line("", LAST)
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"rId1": "officeDocument word/document.xml"}),
        "word/_rels/document.xml.rels": _relations(
            {key: f"{_kind(name)} {name}.xml" for key, name in _PARTS.items()}
        ),
        "word/document.xml": _root(
            "document", f"<w:body>{text}{section(is_landscape=is_landscape)}</w:body>"
        ),
        "word/styles.xml": _root("styles", _defaults() + "".join(one.xml for one in STYLES)),
        "word/settings.xml": _root("settings", _SETTINGS),
        "word/fontTable.xml": _root("fonts", "".join(map(_font, INSTEAD))),
        "word/footer1.xml": _root("ftr", _page_number(PAGE_ODD)),
        "word/footer2.xml": _root("ftr", _page_number(PAGE_EVEN)),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _kind(name: str) -> str:
    return name.rstrip("0123456789")


def _root(name: str, content: str) -> str:
    return f"{_DECLARATION}<w:{name} {_NAMES}>{content}</w:{name}>"


def _content_types() -> str:
    made = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{_KINDS.get(name, name)}+xml"/>'
        for name in ("document", *_PARTS.values())
    )
    return (
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{made}</Types>'
    )


def _relations(targets: dict[str, str]) -> str:
    made = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in ((key, said.split(" ")) for key, said in targets.items())
    )
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'


def _defaults() -> str:
    """What holds where no style says otherwise; the style of all others is Word's own Normal."""
    letters = (
        f'{faces(FANGSONG)}<w:sz w:val="{SIZE_3}"/><w:szCs w:val="{SIZE_3}"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    )
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{letters}</w:rPr></w:rPrDefault>"
        "<w:pPrDefault/></w:docDefaults>"
        "<w:style w:type='paragraph' w:default='1' w:styleId='a'><w:name w:val='Normal'/><w:qFormat/>"
        "<w:pPr><w:widowControl w:val='0'/><w:jc w:val='both'/></w:pPr></w:style>"
    )


def _font(name: str) -> str:
    return (
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(INSTEAD[name])}/>"
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
    )


def _page_number(style: TextStyle) -> str:
    def run(content: str) -> str:
        return f"<w:r>{content}</w:r>"

    field = "".join(
        run(content)
        for content in (
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    dashes = [run(f'<w:t xml:space="preserve">{text}</w:t>') for text in ("— ", " —")]
    return (
        f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style.name)}/></w:pPr>"
        f"{dashes[0]}{field}{dashes[1]}</w:p>"
    )
