"""Error pages, in Chinese and with the way out; an unforeseen fault shows a number that the log has too."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WSGIResponse

from admin.frame.db import db
from domain.access.rule import NotAllowed, OutOfScope
from domain.storing.contention import gave_in

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fault:
    """What an error page says."""

    status: int
    title: str
    sentence: str
    way_out: str
    number: str = ""
    home: str = "/"


_SAYINGS: Mapping[int, tuple[str, str, str]] = {
    400: ("这个请求看不懂", "地址或填写的内容不完整。", "请返回上一页，重新操作一次。"),
    401: ("请先登录", "您还没有登录，或登录已过期。", "请从首页重新登录。"),
    403: (
        "不能做这项操作",
        "您可以看到这里，但这项操作不在您的职责内。",
        "需要办理的，请联系交办督查的同志。",
    ),
    404: (
        "没有这一页",
        "地址写错了，记录已删除，或不在您的范围内。",
        "请从首页重新找。",
    ),
    405: ("不能这样打开", "这个地址只能从页面上的按钮进入。", "请返回上一页操作。"),
    413: (
        "内容太多",
        "发来的内容超过了允许的大小。",
        "太大的文件请拆成几个再传；太长的文字请存成文件，作为附件上传。返回上一页，填写的内容还在。",
    ),
    429: ("操作太频繁", "短时间内尝试的次数太多。", "请稍等几分钟再试。"),
    500: (
        "出了故障",
        "程序遇到了没有预料到的情况，您的操作没有保存。",
        "请稍后再试；还是这样，请把下面的编号告诉系统管理员。",
    ),
    503: (
        "现在太忙",
        "数据库正在处理别的写入。",
        "请过几秒钟再试一次；您填写的内容还在浏览器里，返回上一页即可。",
    ),
}


def init_faults(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(OutOfScope, lambda error: _answer(404))
    app.register_error_handler(NotAllowed, lambda error: _answer(403, error.sentence))
    app.register_error_handler(DBAPIError, _answer_database)
    app.register_error_handler(Exception, lambda error: _answer(500, number=log_fault(error)))


def _answer_http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error.response, WSGIResponse):
        return error.response
    status = error.code or 500
    if isinstance(error, CSRFError):
        return _answer(400, "页面放得太久，或登录已换人，安全标记失效了。")
    return _answer(status, _own_sentence(error))


def _answer_database(error: DBAPIError) -> Response:
    """To have waited for another who writes is no fault; everything else of the database is."""
    return _answer(503) if gave_in(error) else _answer(500, number=log_fault(error))


def _own_sentence(error: HTTPException) -> str:
    """The sentence that our code gave with the error; Werkzeug's own English is not for people."""
    text = error.description or ""
    return text if text != type(error).description else ""


def _answer(status: int, sentence: str = "", number: str = "") -> Response:
    title, usual, way_out = _SAYINGS.get(status, _SAYINGS[400 if status < 500 else 500])
    fault = Fault(status, title, sentence or usual, way_out, number, url_for("home.index"))
    if request.accept_mimetypes.best == "application/json":
        return make_response(jsonify(error=fault.sentence, number=number), status)
    return make_response(_draw(fault), status)


def _draw(fault: Fault) -> str:
    """With the menu around it where somebody is logged in and nothing has fallen, else a page that stands alone."""
    if g.get("actor") is not None and fault.status < 500:
        try:
            db.session.rollback()  # what was refused may have left the transaction failed
            return render_template("frame/fault_framed.html", fault=fault, title=fault.title)
        except SQLAlchemyError as error:
            log_fault(error)
    # Without what every other page is given: its frame asks the database.
    return current_app.jinja_env.get_template("frame/fault.html").render(fault=fault)


def log_fault(error: BaseException) -> str:
    """Write the fault to the log; the number by which it is found there."""
    number = secrets.token_hex(4).upper()
    _log.error("fault %s", number, exc_info=error)
    return number
