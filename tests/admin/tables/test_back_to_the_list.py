"""Whoever does something with ticked rows of a list is led back to that list: its filter, search and order stay."""

from tests.ground.acting import SCHOOL, item, task
from tests.ground.district import Panel

QUESTION = "state=%E5%BE%85%E7%AD%BE%E6%94%B6&sort=-id"
"""What a list of tasks that are not signed for asks, as its form carries it."""
SHOWN = "/assignments/?state=%E5%BE%85%E7%AD%BE%E6%94%B6&sort=-id"


def led_to(panel: Panel, who: str, path: str, **sent: object) -> str:
    """Where a sent form leads."""
    answer = panel.as_(who).client.post(path, data=sent)
    assert answer.status_code == 302, answer.get_data(as_text=True)[-600:]
    return str(answer.location)


def test_a_list_sends_its_question_along(panel: Panel) -> None:
    page = panel.as_("office").get(SHOWN)
    assert f'name="list" value="{QUESTION}"' in page


def test_an_act_on_ticked_rows_leads_back_to_the_filtered_list(panel: Panel) -> None:
    own, other = task(panel, SCHOOL, "主办"), panel.id_of("Assignment", role="协办")
    ticked = {"action": "urge", "rowid": [own, other], "list": QUESTION}
    asked = panel.as_("office").post("/assignments/action/", status=200, **ticked)
    assert f'name="list" value="{QUESTION}"' in asked
    assert f'<a class="button plain" href="{SHOWN}">返回</a>' in asked
    done = {"rowid": [own, other], "list": QUESTION, "sure": "1", "content": "请尽快签收"}
    assert led_to(panel, "office", "/assignments/act/?act=urge", **done) == SHOWN


def test_one_ticked_row_leads_back_to_the_list_and_one_opened_row_to_itself(panel: Panel) -> None:
    own = task(panel, SCHOOL, "主办")
    ticked = {"action": "sign", "rowid": own, "list": QUESTION}
    assert led_to(panel, "school", "/assignments/action/", **ticked) == SHOWN
    by_itself = {"rowid": own, "sure": "1"}
    assert f"id={own}" in led_to(panel, "school", "/assignments/act/?act=unsign", **by_itself)


def test_what_was_missing_is_asked_for_again_without_losing_the_list(panel: Panel) -> None:
    own = task(panel, SCHOOL, "主办")
    sent = {"rowid": [own], "list": QUESTION, "sure": "1", "content": ""}
    again = panel.as_("office").post("/assignments/act/?act=urge", status=200, **sent)
    assert "请填写催办内容" in again and f'name="list" value="{QUESTION}"' in again


def test_deleted_rows_lead_back_too(panel: Panel) -> None:
    key = item(panel, "003")
    ticked = {"action": "delete", "rowid": [key], "list": "q=%E5%9B%BE%E4%B9%A6"}
    asked = panel.as_("office").post("/proposals/action/", status=200, **ticked)
    assert 'name="list" value="q=%E5%9B%BE%E4%B9%A6"' in asked
    to = led_to(panel, "office", "/proposals/action/", confirmed="1", **ticked)
    assert to == "/proposals/?q=%E5%9B%BE%E4%B9%A6"


def test_a_question_that_no_list_has_sent_leads_to_the_whole_list(panel: Panel) -> None:
    own = task(panel, SCHOOL, "主办")
    ticked = {"action": "sign", "rowid": own, "list": "state=%E9%A3%9E&x=//evil.example"}
    assert led_to(panel, "school", "/assignments/action/", **ticked) == "/assignments/"
