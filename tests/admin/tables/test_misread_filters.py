"""A filter that means nothing: the list stays a list and says what is wrong; no row is hidden or shown by guess."""

from urllib.parse import quote

import pytest

from tests.ground.district import Panel

BY_SENTENCE = {
    "due_on.from=31.02.2026": "“办理时限”：“31.02.2026”不是日期，请写成 2026-02-28。",
    "due_on.to=2026-02-31": "“办理时限”：“2026-02-31”不是日期，请写成 2026-02-28。",
    "meeting.term.from=一": "“届”：“一”不是整数，请写成 12 这样的数。",
    "state=办好了": "“办理状态”没有“办好了”这一项。",
    "meeting_id=987654": "“届次会议”没有编号为987654的记录。",
    "meeting_id=甲": "“届次会议”：“甲”不是记录的编号，请按名称查找后选择。",
    "meeting_id.text=没有的会": "届次会议：没有找到“没有的会”，请从列表里选一项。",
    "due_on.empty=也许": "“办理时限”只能问是否未填。",
    "sponsors.empty=也许": "“提出人”只能问是否未填。",
}
each_filter = pytest.mark.parametrize(("asked", "sentence"), BY_SENTENCE.items())


@each_filter
def test_the_list_says_what_is_wrong_and_shows_no_row(
    standing_panel: Panel, asked: str, sentence: str
) -> None:
    page = standing_panel.as_("office").get(f"/proposals/?{asked}", status=400)
    assert page.count(sentence) == 2  # where the rows would stand, and beside what was typed
    assert 'aria-label="主菜单"' in page and "有筛选条件看不懂，没有列出建议提案" in page
    assert "建议001号" not in page and "斑马线" not in page
    typed = asked.split("=")[1]
    assert f'value="{typed}"' in page
    assert '<a class="button" href="/proposals/">去掉“' in page


@each_filter
def test_an_export_of_it_is_refused_and_a_long_one_does_not_begin(
    standing_panel: Panel, asked: str, sentence: str
) -> None:
    office, runs = standing_panel.as_("office"), standing_panel.count("JobRun")
    for answer in (
        office.client.get(f"/exports/list/proposals?{asked}"),
        office.client.post(f"/exports/list/proposals?{asked}"),
        office.client.get(f"/proposals/count/?{asked}"),
    ):
        assert answer.status_code == 400 and sentence in answer.get_data(as_text=True)
    assert standing_panel.count("JobRun") == runs


def test_the_ways_on_keep_the_filter_until_it_is_mended(standing_panel: Panel) -> None:
    """Neither the export, nor another order or column, drops in silence what was asked."""
    office = standing_panel.as_("office")
    page = office.get("/proposals/?due_on.from=31.02.2026&kind=建议&q=斑马线", status=400)
    kept = "q=" + quote("斑马线") + "&kind=" + quote("建议") + "&due_on.from=31.02.2026"
    assert f'href="/exports/list/proposals?{kept}"' in page
    assert '<input type="hidden" name="due_on.from" value="31.02.2026">' in page
    assert '<input type="text" name="due_on.from" value="31.02.2026"' in page
    mended = office.get("/proposals/?due_on.from=2024-01-01&kind=建议&q=斑马线")
    assert (
        "斑马线" in mended and '<input type="date" name="due_on.from" value="2024-01-01"' in mended
    )


def test_two_that_mean_nothing_are_both_told(standing_panel: Panel) -> None:
    asked = "/assignments/?unit_id.text=没有的局&counts_from_on.to=明天&role=主办"
    page = standing_panel.as_("office").get(asked, status=400)
    assert "没有找到“没有的局”" in page and "“明天”不是日期" in page
    assert "承办方式：主办" in page


def test_what_is_no_filter_of_the_list_stays_an_error(standing_panel: Panel) -> None:
    for asked in ("nope=1", "password_hash=a", "due_on.from=" + "1" * 101, "sort=nope"):
        page = standing_panel.as_("office").get(f"/proposals/?{asked}", status=400)
        assert "没有列出" not in page and "这个请求看不懂" in page
