"""From a row to its history and back, for those who read the log."""

from domain import models
from tests.ground.district import Panel


def rename(panel: Panel, number: str, title: str) -> int:
    """Change an item as the program does; its id."""
    with panel.truth() as session:
        item = session.get_one(models.Proposal, panel.id_of("Proposal", number=number))
        item.title = title
        session.commit()
        return int(item.id)


def test_a_row_leads_to_its_history_and_an_entry_to_its_row(panel: Panel) -> None:
    office, key = panel.as_("office"), rename(panel, "003", "关于延长公园开放时间的建议")
    rename(panel, "002", "关于老旧小区加装电梯和充电桩的建议")
    address = f"/change_log/?table_name=proposals&row_id.from={key}&row_id.to={key}"
    assert f'href="{address}"' in office.get(f"/proposals/details/?id={key}")
    listed = office.get(address)
    assert "公园" in listed and "充电桩" not in listed
    assert "表：建议提案" in listed and "proposals</span>" not in listed
    entry = panel.id_of("ChangeLog", table_name="proposals", row_id=key, action="修改")
    page = office.get(f"/change_log/details/?id={entry}")
    assert f'href="/proposals/details/?id={key}"' in page and "打开这条建议提案" in page


def test_an_entry_of_a_row_that_is_gone_or_not_the_readers_leads_nowhere(panel: Panel) -> None:
    key = rename(panel, "003", "关于延长公园开放时间的建议")
    entry = panel.id_of("ChangeLog", table_name="proposals", row_id=key, action="修改")
    path = f"/change_log/details/?id={entry}"
    assert "打开这条" not in panel.as_("auditor").get(path)  # who reads the log and no items
    with panel.truth() as session:
        session.delete(session.get_one(models.Proposal, key))
        session.commit()
    assert "打开这条" not in panel.as_("office").get(path)


def test_who_does_not_read_the_log_finds_no_way_to_it(panel: Panel) -> None:
    key = rename(panel, "001", "关于增设校门口斑马线和护栏的建议")
    assert "change_log" not in panel.as_("school").get(f"/proposals/details/?id={key}")
