"""Hands out the template of an import: an empty workbook with the right headers and lists, once it is on record."""

import io
from collections.abc import Sequence

from flask import request, send_file
from flask.typing import ResponseReturnValue

from admin.exports.exporting import XLSX, write_down
from domain.exports.blanks import BlankColumn, write_blank
from domain.exports.record import Taken


def hand_out_blank(target: str, columns: Sequence[BlankColumn]) -> ResponseReturnValue:
    """The template as a download; its lists name units and people, so that it is written down like an export."""
    stream, name = io.BytesIO(), f"{target}导入模板.xlsx"
    write_blank(stream, target, columns)
    stream.seek(0)
    write_down(Taken("导入", name, 0, f"导入模板：{target}", request.remote_addr or ""))
    answer = send_file(stream, XLSX, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
