"""What an item asks for, one by one, as its text numbers it."""

import pytest

from domain.texts.demands import MOST, demands_in

WHOLE = """关于增设校门口斑马线的建议
一、存在问题
（一）车流大。
（二）没有信号灯。
二、建议
（一）增设斑马线。
在东门和西门各一处。
（二）加装信号灯。
三、其他
请予支持。"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (WHOLE, ["增设斑马线。\n在东门和西门各一处。", "加装信号灯。"]),
        ("1. 增设斑马线\n2．加装信号灯", ["增设斑马线", "加装信号灯"]),
        ("建议：\n1、增设斑马线。\n2、加装信号灯。", ["增设斑马线。", "加装信号灯。"]),
        ("建议一：增设斑马线。\n建议二：加装信号灯。", ["增设斑马线。", "加装信号灯。"]),
        ("为此，一是增设斑马线；二是加装信号灯。", ["增设斑马线；", "加装信号灯。"]),
        ("车流大。建议增设斑马线。建议加装信号灯。", ["建议增设斑马线。", "建议加装信号灯。"]),
        ("校门口车流很大，请予解决。", []),
        ("2.5万人经过。\n1.2公里长。", []),
        ("", []),
    ],
)
def test_demands_are_found_as_they_are_numbered(text: str, found: list[str]) -> None:
    assert demands_in(text) == found


def test_a_text_that_numbers_too_much_is_left_to_the_person() -> None:
    assert demands_in("\n".join(f"{n}、第几条" for n in range(1, MOST + 2))) == []
