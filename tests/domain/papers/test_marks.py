"""How a mark is written, and what a person is told who writes it wrong."""

import pytest

from domain.papers.marks import BadMark, marks_in, wanted_by


def test_marks_become_a_tree_of_what_is_asked() -> None:
    text = "{{案由}}由{{#承办任务 承办方式=主办}}{{序号}}.{{ 承办单位.单位简称 }}{{/承办任务}}办，{{案由}}"
    wanted = wanted_by(marks_in(text, "第 1 段"))
    assert list(wanted.marks) == ["案由"]
    assert list(wanted.blocks) == ["承办任务 承办方式=主办"]
    assert list(wanted.blocks["承办任务 承办方式=主办"].marks) == ["序号", "承办单位.单位简称"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{案由", "没有成对"),
        ("案由}}", "没有成对"),
        ("{{ }}", "没有写要填什么"),
        ("{{#承办任务}}{{案由}}", "没有结束"),
        ("{{案由}}{{/承办任务}}", "之前没有"),
        ("{{#承办任务}}{{#协办意见}}{{/承办任务}}{{/协办意见}}", "之前没有"),
    ],
)
def test_a_mark_written_wrong_is_told_with_its_place(text: str, why: str) -> None:
    with pytest.raises(BadMark, match=f"^第 3 段：.*{why}"):
        wanted_by(marks_in(text, "第 3 段"))
