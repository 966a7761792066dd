"""催办: by the office or the supervising leader, in words; the unit finds it and notes that it read it."""

from tests.ground.acting import HOUSING, SCHOOL, act, state, task
from tests.ground.district import Panel

WORDS = "请在本周五前面商并报送答复"


def urge(panel: Panel, *tasks: int) -> str:
    return act(panel, "office", "urge", "assignments", *tasks, content=WORDS)


def test_a_unit_reads_what_it_is_urged_to_do(panel: Panel) -> None:
    urge(panel, task(panel, SCHOOL, "主办"))
    assert WORDS in panel.as_("school").get("/urgings/?waits=read_urging")
    assert "收到的催办" in panel.as_("school").get("/")
    key = panel.id_of("Urging", content=WORDS)
    assert panel.as_("housing").get(f"/urgings/details/?id={key}", status=404)
    act(panel, "school", "read_urging", "urgings", key)
    assert str(state(panel, "Urging", key, "read_at"))[:10] == "2024-04-15"
    assert WORDS not in panel.as_("school").get("/urgings/?waits=read_urging")
    assert "已经看过" in act(panel, "office", "take_back_urging", "urgings", key)


def test_many_are_urged_at_once_and_slips_taken_back(panel: Panel) -> None:
    urge(panel, task(panel, SCHOOL, "主办"), task(panel, HOUSING, "协办"))
    assert panel.count("Urging", content=WORDS) == 2
    key = panel.id_of("Urging", assignment_id=task(panel, HOUSING, "协办"))
    act(panel, "office", "take_back_urging", "urgings", key)
    waits = panel.as_("housing").get("/urgings/?waits=read_urging")
    assert WORDS not in waits


def test_an_urging_says_something(panel: Panel) -> None:
    key = task(panel, SCHOOL, "主办")
    page = act(panel, "office", "urge", "assignments", key, status=200, content=" ")
    assert "请填写催办内容" in page
    assert panel.count("Urging") == 0
