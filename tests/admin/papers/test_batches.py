"""All letters of a meeting as one zip: asked for on a page, written by a worker, fetched by who asked."""

import io
import zipfile

import pytest
from docx import Document

from admin.frame.db import db
from admin.papers import batching
from domain import models
from domain.schema.states import RunState
from jobs.queue.execution import Workplace, execute
from jobs.queue.kinds import KINDS
from jobs.runs.context import JobContext
from tests.ground.district import Panel
from tests.ground.world import now

ANSWER = "答复函（人大建议）"


@pytest.fixture
def drafted(panel: Panel) -> None:
    """A draft of each of the two units that lead an item."""
    with panel.truth() as session:
        for task in session.query(models.Assignment).filter_by(role="主办"):
            body = f"{task.unit.name}拟这样答复。"
            session.add(models.Reply(assignment_id=task.id, kind="答复", body=body))
        session.commit()


def ask(panel: Panel, person: str, paper: str = ANSWER) -> int:
    """Have the letters of the meeting written; the id of the run."""
    meeting = panel.id_of("Meeting", body="人大")
    sent = {"paper": paper, "meeting": str(meeting)}
    answer = panel.as_(person).client.post("/papers/batch/", data=sent)
    assert answer.status_code == 302
    run_id = int(answer.location.rsplit("/", 1)[1])
    with panel.app.app_context():
        execute(Workplace(db.engine, panel.app.extensions["settings"], now, "test", KINDS), run_id)
    return run_id


def fetched(panel: Panel, person: str, run_id: int) -> dict[str, str]:
    """The letters of a finished run: the text of each by the name of its file."""
    answer = panel.as_(person).client.get(f"/exports/{run_id}/file", buffered=True)
    assert answer.status_code == 200 and answer.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        return {
            name: "\n".join(p.text for p in Document(io.BytesIO(archive.read(name))).paragraphs)
            for name in archive.namelist()
        }


@pytest.mark.parametrize(
    ("person", "units"),
    [("office", ["教育局", "住房和城乡建设局"]), ("school", ["教育局"])],
)
def test_the_letters_of_a_meeting_are_packed_as_far_as_the_person_sees_them(
    panel: Panel, drafted: None, person: str, units: list[str]
) -> None:
    run_id = ask(panel, person)
    letters = fetched(panel, person, run_id)
    titles = ["关于增设校门口斑马线的建议", "关于老旧小区加装电梯的建议"]
    assert list(letters) == [
        f"第00{n}号_鱼峰区{unit}_{title}.docx"
        for n, (unit, title) in enumerate(zip(units, titles, strict=False), 1)
    ]
    for unit, text in zip(units, letters.values(), strict=True):
        assert f"鱼峰区{unit}拟这样答复。" in text and text.count("收悉") == 1
    page = panel.as_(person).get(f"/exports/{run_id}")
    assert "下载压缩包" in page and f"<b>{len(units)}</b> 份" in page
    taken = [row for row in panel_log(panel) if row[0] == "后台"]
    assert taken == [("后台", f"{ANSWER}_鱼峰区第一届人大第五次会议", len(units))]


def panel_log(panel: Panel) -> list[tuple[str, str, int]]:
    """What was taken out: way, what, how much."""
    with panel.truth() as session:
        return [(row.way, row.item, row.row_count) for row in session.query(models.ExportLog)]


def test_a_batch_is_nobody_elses(panel: Panel, drafted: None) -> None:
    run_id = ask(panel, "school")
    for door in ("", "/file", "/progress"):
        panel.as_("housing").get(f"/exports/{run_id}{door}", status=404)


def test_the_run_tells_how_far_it_is(
    panel: Panel, drafted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[int, int]] = []
    monkeypatch.setattr(batching, "AT_ONCE", 1)
    monkeypatch.setattr(JobContext, "progress", lambda run, done, total: said.append((done, total)))
    told = panel.as_("office").json(f"/exports/{ask(panel, 'office')}/progress")
    assert (told["state"], said) == (RunState.DONE, [(1, 2), (2, 2)])


def test_where_there_is_nothing_to_pack_the_run_says_so(panel: Panel) -> None:
    run_id = ask(panel, "office")
    page = panel.as_("office").get(f"/exports/{run_id}")
    assert f"鱼峰区第一届人大第五次会议还没有可以出“{ANSWER}”的件。" in page
    panel.as_("office").get(f"/exports/{run_id}/file", status=404)


def test_the_page_offers_what_is_made_for_one_item(panel: Panel) -> None:
    page = panel.as_("office").get(f"/papers/batch/?meeting={panel.id_of('Meeting', body='人大')}")
    assert "<option>意见反馈表</option>" in page and "交办通知" not in page
    meeting = panel.as_("office").get(
        f"/meetings/details/?id={panel.id_of('Meeting', body='人大')}"
    )
    assert "/papers/batch/?meeting=" in meeting
    panel.as_("office").post("/papers/batch/", status=404, paper="交办通知", meeting="1")
    panel.as_("office").post("/papers/batch/", status=404, paper=ANSWER, meeting="999")
