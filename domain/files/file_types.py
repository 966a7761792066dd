"""What an uploaded file is, told by its content, and whether the office takes such files. Nothing is parsed here.

Documents, spreadsheets, pictures and zip archives are taken; web pages, SVG, programs and macros never.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO


class RefusedFile(ValueError):
    """The file is not taken; the text is the sentence for the person."""


@dataclass(frozen=True)
class FileType:
    """A kind of file: what people call it, its media type, the endings it may have."""

    label: str
    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = FileType("PDF", "application/pdf", (".pdf",))
DOC = FileType("Word 文档", "application/msword", (".doc", ".wps", ".dot", ".wpt"))
XLS = FileType("表格", "application/vnd.ms-excel", (".xls", ".et", ".xlt", ".ett"))
PPT = FileType("演示文稿", "application/vnd.ms-powerpoint", (".ppt", ".dps", ".pps"))
DOCX = FileType("Word 文档", f"{_OFFICE}.wordprocessingml.document", (".docx", ".wps"))
XLSX = FileType("表格", f"{_OFFICE}.spreadsheetml.sheet", (".xlsx", ".et"))
PPTX = FileType("演示文稿", f"{_OFFICE}.presentationml.presentation", (".pptx", ".dps"))
ODT = FileType("文字文档", "application/vnd.oasis.opendocument.text", (".odt",))
ODS = FileType("表格", "application/vnd.oasis.opendocument.spreadsheet", (".ods",))
OFD = FileType("OFD", "application/ofd", (".ofd",))
ZIP = FileType("压缩包", "application/zip", (".zip",))
_PICTURES = (
    (b"\xff\xd8\xff", FileType("图片", "image/jpeg", (".jpg", ".jpeg", ".jpe"))),
    (b"\x89PNG\r\n\x1a\n", FileType("图片", "image/png", (".png",))),
    (b"GIF87a", FileType("图片", "image/gif", (".gif",))),
    (b"GIF89a", FileType("图片", "image/gif", (".gif",))),
    (b"II*\0", FileType("图片", "image/tiff", (".tif", ".tiff"))),
    (b"MM\0*", FileType("图片", "image/tiff", (".tif", ".tiff"))),
)
_WEBP = FileType("图片", "image/webp", (".webp",))
_BMP = FileType("图片", "image/bmp", (".bmp",))
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|svg|\?xml|script|head|body|table|!--)", re.I
)
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"L\0\0\0\x01\x14\x02\0",
)
_PROGRAM_ENDINGS = (
    ".exe", ".bat", ".cmd", ".com", ".scr", ".js", ".vbs", ".ps1", ".sh", ".msi", ".jar", ".apk", ".lnk", ".dll",
)  # fmt: skip

_BAD_ZIP = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError,
)  # fmt: skip
"""What the standard library raises on damaged or encrypted archives."""

TAKEN = "可以上传 PDF、Word、Excel、PPT、WPS、OFD、图片和 zip 压缩包"


def type_of(file: IO[bytes], name: str) -> FileType:
    """The type of a seekable file called ``name``. Raises RefusedFile where it is none that is taken, or has the
    ending of another."""
    file.seek(0)
    head = file.read(2048)
    found = _from_content(file, head, name)
    ending = PurePath(name).suffix.lower()
    if ending not in found.endings:
        raise RefusedFile(
            f"“{name}”的内容是{found.label}，与扩展名“{ending or '（无）'}”不符，"
            f"请把文件名的结尾改成 {found.endings[0]} 再上传。"
        )
    return found


def _from_content(file: IO[bytes], head: bytes, name: str) -> FileType:
    if not head:
        raise RefusedFile(f"“{name}”是空文件，请检查后重新选择。")
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(_COMPOUND):
        return _compound(name)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(file, name)
    for start, kind in _PICTURES:
        if head.startswith(start):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _WEBP
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return _BMP
    raise RefusedFile(_why_not(head, name))


def _why_not(head: bytes, name: str) -> str:
    if head.startswith(_PROGRAMS) or name.lower().endswith(_PROGRAM_ENDINGS):
        return f"“{name}”是程序文件，不能上传。{TAKEN}。"
    if _MARKUP.match(head):
        return f"“{name}”是网页或 SVG 文件，可能含有脚本，不能上传，请另存为 PDF 或图片。"
    return f"“{name}”的类型不能上传。{TAKEN}。"


def _compound(name: str) -> FileType:
    """Old Office and WPS files look alike from outside: the ending tells which."""
    ending = PurePath(name).suffix.lower()
    found = next((kind for kind in (DOC, XLS, PPT) if ending in kind.endings), None)
    if found is None:
        if ending in (".docx", ".xlsx", ".pptx"):
            raise RefusedFile(f"“{name}”可能设了打开密码，请取消密码后再上传。")
        raise RefusedFile(f"“{name}”的类型不能上传。{TAKEN}。")
    return found


def _zipped(file: IO[bytes], name: str) -> FileType:
    """What a zip archive holds says what it is; only its directory is read."""
    try:
        with zipfile.ZipFile(file) as archive:
            inside = [info.filename for info in archive.infolist()]
            kind = _opendocument(archive, inside)
    except _BAD_ZIP:
        raise RefusedFile(f"“{name}”已损坏，打不开，请检查后重新选择。") from None
    if any(part.lower().endswith("vbaproject.bin") for part in inside):
        raise RefusedFile(f"“{name}”含有宏，不能上传，请另存为不含宏的文件。")
    if any(
        part.lower().endswith(_PROGRAM_ENDINGS) or part == "META-INF/MANIFEST.MF" for part in inside
    ):
        raise RefusedFile(f"“{name}”里有程序文件，不能上传。{TAKEN}。")
    return kind or _openxml(inside)


def _openxml(inside: list[str]) -> FileType:
    if "[Content_Types].xml" in inside:
        for folder, kind in (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)):
            if any(part.startswith(folder) for part in inside):
                return kind
    return OFD if "OFD.xml" in inside else ZIP


def _opendocument(archive: zipfile.ZipFile, inside: list[str]) -> FileType | None:
    if "mimetype" not in inside or archive.getinfo("mimetype").file_size > 100:
        return None
    said = archive.read("mimetype").decode("ascii", "replace").strip()
    return next((kind for kind in (ODT, ODS) if kind.media_type == said), None)
