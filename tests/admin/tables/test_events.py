"""大事记 (S2): what a year's summary counts: meetings held, papers written, visits made. Generated from schema.sql."""

from tests.ground.acting import HOUSING, SCHOOL, unit
from tests.ground.district import Panel


def an_event(panel: Panel, who: str, status: int = 302, **words: object) -> str:
    meeting = panel.id_of("Meeting", body="人大")
    known = {"meeting_id": meeting, "kind": "交办会", "happened_on": "2024-04-10"}
    return panel.as_(who).post(
        "/events/new/", status, **{**known, "title": "专题交办会", "unit_id": "", **words}
    )


def test_the_office_counts_the_events_of_a_year_by_kind(panel: Panel) -> None:
    """S2: 交办会 3 times, 考察 twice."""
    for n in range(3):
        an_event(panel, "office", title=f"第{n + 1}次专题交办会")
    for n in range(2):
        an_event(panel, "office", kind="考察", title=f"第{n + 1}次考察")
    meeting = panel.id_of("Meeting", body="人大")
    office = panel.as_("office")
    for kind, count in (("交办会", 3), ("考察", 2)):
        assert f"共 {count} 条" in office.get(f"/events/?meeting_id={meeting}&kind={kind}")
    assert "大事记" in office.get("/")


def test_a_unit_keeps_its_own_and_sees_no_others(panel: Panel) -> None:
    an_event(panel, "school", kind="文稿", title="办理动态", unit_id=unit(panel, SCHOOL))
    an_event(panel, "office", kind="文稿", title="住建动态", unit_id=unit(panel, HOUSING))
    page = panel.as_("school").get("/events/")
    assert "办理动态" in page
    assert "住建动态" not in page
    an_event(panel, "school", 200, title="别人的", unit_id=unit(panel, HOUSING))
    assert panel.count("Event") == 2


def test_what_lies_ahead_is_no_event_yet_and_none_is_entered_twice(panel: Panel) -> None:
    an_event(panel, "office", 200, happened_on="2024-04-16")
    an_event(panel, "office")
    assert "这一天的这件大事已经登记。" in an_event(panel, "office", 200)
    assert panel.count("Event") == 1
