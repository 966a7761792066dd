"""Files on records: what is taken, who may fetch or delete it, and that rows and files never part."""

import io
import os
import time
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from domain import models
from domain.files import uploads
from domain.files.file_types import RefusedFile, type_of
from domain.files.uploads import LARGEST, path_of, shown_name, store, sweep_uploads
from domain.time.clock import shanghai_now
from tests.ground.acting import a_draft, act
from tests.ground.district import PEOPLE, Panel

PDF = b"%PDF-1.4\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def xlsx() -> bytes:
    stream = io.BytesIO()
    Workbook().save(stream)
    return stream.getvalue()


DOCX = zipped(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})


@pytest.mark.parametrize(
    ("name", "content", "media"),
    [
        ("答复.pdf", PDF, "application/pdf"),
        ("答复.PDF", PDF, "application/pdf"),
        (
            "答复.docx",
            DOCX,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("台账.xlsx", xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("答复.doc", OLE, "application/msword"),
        ("答复.wps", OLE, "application/msword"),
        ("台账.et", OLE, "application/vnd.ms-excel"),
        ("公文.ofd", zipped(**{"OFD.xml": b"<x/>"}), "application/ofd"),
        ("照片.png", PNG, "image/png"),
        ("照片.jpeg", b"\xff\xd8\xff\xe0" + b"\0" * 20, "image/jpeg"),
        ("材料.zip", zipped(**{"说明.txt": b"x"}), "application/zip"),
    ],
)
def test_what_an_office_works_with_is_taken(name: str, content: bytes, media: str) -> None:
    assert type_of(io.BytesIO(content), name).media_type == media


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("页面.html", b"<!DOCTYPE html><script>alert(1)</script>", "网页或 SVG"),
        ("图.svg", b'<svg xmlns="x" onload="alert(1)"/>', "网页或 SVG"),
        ("图.png", b'\xef\xbb\xbf<?xml version="1.0"?><svg/>', "网页或 SVG"),
        ("答复.pdf", b"<html>%PDF-1.4", "网页或 SVG"),
        ("安装.exe", b"MZ\x90\0", "程序文件"),
        ("答复.pdf", b"MZ\x90\0", "程序文件"),
        ("run.sh", b"#!/bin/sh", "程序文件"),
        ("空.pdf", b"", "空文件"),
        ("答复.pdf", PNG, "与扩展名“.pdf”不符"),
        ("答复", PDF, "与扩展名“（无）”不符"),
        ("答复.docx", OLE, "打开密码"),
        ("答复.zip", b"PK\x03\x04garbage", "已损坏"),
        ("宏.xlsx", zipped(**{"[Content_Types].xml": b"", "xl/vbaProject.bin": b""}), "含有宏"),
        ("里面.zip", zipped(**{"a/b.EXE": b"MZ"}), "里有程序文件"),
        ("包.zip", zipped(**{"META-INF/MANIFEST.MF": b""}), "里有程序文件"),
        ("压缩.rar", b"Rar!\x1a\x07\0", "类型不能上传"),
        ("文字.txt", "你好".encode(), "类型不能上传"),
    ],
)
def test_everything_else_is_refused_with_a_sentence(
    name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(RefusedFile, match=sentence):
        type_of(io.BytesIO(content), name)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("关于提案的答复.pdf", "关于提案的答复.pdf"),
        ("C:\\材料\\答复（第001号）.PDF", "答复（第001号）.PDF"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("答复\u202efdp.exe.pdf", "答复fdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("长" * 300 + ".docx", "长" * 115 + ".docx"),
    ],
)
def test_a_name_keeps_what_people_read_and_nothing_else(given: str, shown: str) -> None:
    assert shown_name(given) == shown


@pytest.mark.parametrize("given", ["", "/", "...", "\u202e", "\0"])
def test_a_file_without_a_name_is_refused(given: str) -> None:
    with pytest.raises(RefusedFile):
        shown_name(given)


def test_a_file_too_large_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="超过 1 MB"):
        store(io.BytesIO(b"x" * (1024**2 + 1)), tmp_path, "大.pdf", largest=1024**2)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert LARGEST == 30 * 1024**2


@pytest.mark.parametrize("name", ["../x", "ab/../../x", "/etc/passwd", "ab/zz", ""])
def test_no_stored_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError):
        path_of(tmp_path, name)


def send(panel: Panel, person: str, owner: str, key: int, *files: tuple[str, bytes]) -> str:
    """Upload files; the page one is led to, or the page of the refusal."""
    sent = {"files": [(io.BytesIO(content), name) for name, content in files]}
    someone = panel.as_(person)
    answer = someone.client.post(f"/files/add/{owner}/{key}", data=sent)
    if answer.status_code != 302:
        return str(answer.status_code)
    return someone.get(answer.location.partition("#")[0])


def task_of(panel: Panel, unit: str, number: str) -> int:
    """The id of a unit's assignment."""
    with panel.truth() as session:
        found = session.scalars(
            select(models.Assignment)
            .join(models.Assignment.unit)
            .join(models.Assignment.proposal)
            .where(models.Unit.name == unit, models.Proposal.number == number)
        )
        return int(found.one().id)


@pytest.fixture
def task(panel: Panel) -> int:
    """The schools' task in 001, which 住建局 helps with."""
    return task_of(panel, "鱼峰区教育局", "001")


def stored_files(panel: Panel) -> list[Path]:
    folder = panel.app.extensions["settings"].data_dir / "uploads"
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_an_uploaded_file_comes_back_byte_for_byte_under_its_own_name(
    panel: Panel, task: int
) -> None:
    page = send(panel, "school", "assignment_id", task, ("关于斑马线的答复.pdf", PDF))
    assert (
        "已上传 1 个附件" in page
        and "关于斑马线的答复.pdf" in page
        and "承办单位联络员·school" in page
    )
    key = panel.id_of("Attachment", file_name="关于斑马线的答复.pdf")
    answer = panel.as_("school").client.get(f"/files/{key}", buffered=True)
    assert answer.data == PDF and answer.content_type == "application/pdf"
    told = answer.headers["Content-Disposition"]
    assert (
        told.startswith("attachment;")
        and f"filename*=UTF-8''{quote('关于斑马线的答复.pdf')}" in told
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_files_of_the_same_name_do_not_meet(panel: Panel, task: int) -> None:
    send(panel, "school", "assignment_id", task, ("答复.pdf", PDF), ("答复.pdf", PDF + b"2"))
    with panel.truth() as session:
        keys = session.scalars(select(models.Attachment.id).order_by(models.Attachment.id)).all()
    got = [panel.as_("school").client.get(f"/files/{key}", buffered=True).data for key in keys]
    assert got == [PDF, PDF + b"2"] and len(stored_files(panel)) == 2


def test_of_several_files_all_are_kept_or_none(panel: Panel, task: int) -> None:
    page = send(panel, "school", "assignment_id", task, ("答复.pdf", PDF), ("坏.exe", b"MZ"))
    assert "“坏.exe”是程序文件" in page
    assert panel.count("Attachment") == 0 and stored_files(panel) == []


@pytest.mark.parametrize("person", PEOPLE)
def test_a_file_is_for_those_who_see_its_record(panel: Panel, task: int, person: str) -> None:
    send(panel, "school", "assignment_id", task, ("工作底稿.pdf", PDF))
    key = panel.id_of("Attachment", file_name="工作底稿.pdf")
    seen = person in ("office", "school", "school-leader", "supervisor", "congress")
    for method in ("get", "head"):
        answer = getattr(panel.as_(person).client, method)(f"/files/{key}", buffered=True)
        assert answer.status_code == (200 if seen else 404), method
    part = panel.as_(person).client.get(
        f"/files/{key}", headers={"Range": "bytes=0-3"}, buffered=True
    )
    assert part.status_code == (206 if seen else 404)


@pytest.mark.parametrize(
    "person", ["housing", "supervisor", "congress", "deputy", "auditor", "admin"]
)
def test_nobody_attaches_to_or_deletes_from_anothers_task(
    panel: Panel, task: int, person: str
) -> None:
    send(panel, "school", "assignment_id", task, ("工作底稿.pdf", PDF))
    key = panel.id_of("Attachment", file_name="工作底稿.pdf")
    send(panel, person, "assignment_id", task, ("别人的.pdf", PDF))
    panel.as_(person).client.post(f"/files/{key}/delete")
    assert (
        panel.count("Attachment") == 1 and panel.count("Attachment", file_name="工作底稿.pdf") == 1
    )
    assert len(stored_files(panel)) == 1


def test_a_unit_is_not_offered_what_it_may_not_do(panel: Panel, task: int) -> None:
    partner = task_of(panel, "鱼峰区住房和城乡建设局", "001")
    assert 'name="files"' in panel.as_("school").get(f"/assignments/details/?id={task}")
    assert 'name="files"' not in panel.as_("school").get(f"/assignments/details/?id={partner}")
    assert 'name="files"' not in panel.as_("supervisor").get(f"/assignments/details/?id={task}")
    item = panel.id_of("Proposal", number="001")
    assert 'name="files"' not in panel.as_("school").get(f"/proposals/details/?id={item}")
    assert 'name="files"' in panel.as_("office").get(f"/proposals/details/?id={item}")


def test_a_deleted_attachment_takes_its_file_along(panel: Panel, task: int) -> None:
    send(panel, "school", "assignment_id", task, ("答复.pdf", PDF))
    key = panel.id_of("Attachment", file_name="答复.pdf")
    page = panel.as_("school").post(f"/files/{key}/delete")
    assert "已删除附件“答复.pdf”" in page
    assert panel.count("Attachment") == 0 and stored_files(panel) == []


@pytest.mark.parametrize("person", ["school", "office"])
def test_what_was_sent_for_review_keeps_its_files(panel: Panel, task: int, person: str) -> None:
    reply = a_draft(panel, task)
    send(panel, "school", "reply_id", reply, ("答复.pdf", PDF), ("错传.pdf", PDF))
    wrong = panel.id_of("Attachment", file_name="错传.pdf")
    panel.as_("school").post(f"/files/{wrong}/delete")  # a draft's file goes
    sent = {"submitted_on": "2024-04-15", "partner_note": "已电话征求意见"}
    act(panel, "office", "send", "replies", reply, **sent)
    key = panel.id_of("Attachment", file_name="答复.pdf")
    assert f"/files/{key}/delete" not in panel.as_(person).get(f"/replies/details/?id={reply}")
    panel.as_(person).client.post(f"/files/{key}/delete")
    assert panel.count("Attachment", file_name="答复.pdf") == 1
    assert panel.count("Attachment", file_name="错传.pdf") == 0


@pytest.mark.parametrize("owner", ["uploaded_by_id", "id", "nonsense"])
def test_a_file_hangs_only_on_the_records_that_have_attachments(panel: Panel, owner: str) -> None:
    assert send(panel, "office", owner, 1, ("答复.pdf", PDF)) == "404"


def test_a_record_with_an_attachment_cannot_be_deleted(panel: Panel) -> None:
    item = panel.id_of("Proposal", number="003")
    send(panel, "office", "proposal_id", item, ("原件.pdf", PDF))
    page = panel.as_("office").post("/proposals/delete/", 200, id=str(item), confirmed="1")
    assert "本件还有附件，不能删除" in page


def test_an_attachment_cannot_be_made_without_a_file(panel: Panel) -> None:
    panel.as_("office").post("/attachments/new/", 403, file_name="x", proposal_id="1")
    assert "没有选择文件" in send(
        panel, "office", "proposal_id", panel.id_of("Proposal", number="003")
    )


def test_the_change_log_tells_of_the_file_but_not_where_it_lies(panel: Panel, task: int) -> None:
    send(panel, "school", "assignment_id", task, ("答复.pdf", PDF))
    with panel.truth() as session:
        entry = session.scalars(select(models.ChangeLog).filter_by(table_name="attachments")).one()
        assert entry.changes["file_name"] == [None, "答复.pdf"]
        assert entry.changes["stored_name"] == ["（不记录）", "（不记录）"]


def test_a_failing_database_leaves_no_file(panel: Panel, task: int, monkeypatch: Any) -> None:
    monkeypatch.setattr("domain.files.attachments.models.Attachment", _away)
    assert send(panel, "school", "assignment_id", task, ("答复.pdf", PDF)) == "500"
    assert stored_files(panel) == []


def _away(**values: Any) -> Any:
    raise RuntimeError("the database is away")


def test_a_missing_file_is_said_in_a_sentence(panel: Panel, task: int) -> None:
    send(panel, "school", "assignment_id", task, ("答复.pdf", PDF))
    stored_files(panel)[0].unlink()
    key = panel.id_of("Attachment", file_name="答复.pdf")
    assert "已经丢失" in panel.as_("school").get(f"/files/{key}", 404)


def test_files_without_a_row_are_swept_after_a_day(panel: Panel, task: int) -> None:
    send(panel, "school", "assignment_id", task, ("答复.pdf", PDF))
    folder = panel.app.extensions["settings"].data_dir / "uploads"
    kept = stored_files(panel)[0]
    old, fresh = store(io.BytesIO(PDF), folder, "a"), store(io.BytesIO(PDF), folder, "b")
    for name in (kept, path_of(folder, old.name)):
        os.utime(name, (time.time() - 2 * 86400,) * 2)
    with panel.truth() as session:
        assert sweep_uploads(session, folder, shanghai_now()) == [old.name]
    assert stored_files(panel) == sorted([kept, path_of(folder, fresh.name)])


def test_a_full_disk_is_said_in_a_sentence(panel: Panel, task: int, monkeypatch: Any) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads.os, "fsync", full)
    page = send(panel, "school", "assignment_id", task, ("答复.pdf", PDF))
    assert "文件没有存下来，可能磁盘已满" in page and "No space" not in page
    assert panel.count("Attachment") == 0 and stored_files(panel) == []
