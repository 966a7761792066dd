"""What every door of an import begins and ends with: the import is found and held, the program is asked to work."""

from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from admin.frame import edge
from domain import models
from jobs.runs.runs import RunRequest


def find_import(key: int, *states: str) -> "models.Import":
    """The import, if the person may see it; sent back to its page when it is not in one of ``states``."""
    model = models.Import
    query = select(model).where(model.id == key)
    if request.method == "POST":
        query = query.with_for_update(of=model)
    row = edge.session().scalars(query).one_or_none() or abort(404)
    if states and row.state not in states:
        flash(f"这次导入现在是“{row.state}”，不能这样做。", "bad")
        abort(redirect(url_for("importing.show", key=key)))
    return row


def request_run(
    row: "models.Import", kind: str, state: str, **arguments: Any
) -> ResponseReturnValue:
    """Note the new state, have the program do its part once that is committed, and lead to the import's page."""
    session, key = edge.session(), row.id
    wanted = RunRequest(kind, {"import": key, **arguments}, edge.actor().user_id)
    row.state, row.error = state, ""
    row.job_run_id = current_app.extensions["jobs"].request_run(session, wanted, edge.now()).id
    session.commit()
    return redirect(url_for("importing.show", key=key, **looked_at()))


def looked_at() -> dict[str, Any]:
    """Which rows the person was looking at, as the form that was sent says: to be shown again."""
    sent = {name: request.form.get(name, "") for name in ("outcome", "page")}
    return {name: value for name, value in sent.items() if value}
