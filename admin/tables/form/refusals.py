"""What the database or the rules refused, as sentences for the person, on the right field of a form."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from admin.frame.faults import log_fault
from admin.tables.desk import Desk
from domain.access.rule import ScopeError
from domain.files.file_types import RefusedFile
from domain.storing.contention import gave_in
from domain.storing.refusals import violations
from domain.storing.refusals.implausible import Implausible

REFUSALS = (SQLAlchemyError, ScopeError, Implausible, RefusedFile)


@dataclass(frozen=True)
class Refusal:
    """Why something was not done; `column` is the field it belongs to, if one."""

    sentence: str
    column: str | None = None


def take_back(desk: Desk, error: Exception) -> None:
    """Take back what was refused. Raises the error again where nothing was: the database was busy (frame/faults.py)."""
    desk.session.rollback()
    if gave_in(error):
        raise error


def explain(error: Exception, desk: Desk) -> Refusal:
    """The sentence for a refused write, after the rollback.

    Anything unknown gets a number that the log has too.
    """
    if isinstance(error, ScopeError):
        return Refusal(error.sentence)
    if isinstance(error, RefusedFile):
        return Refusal(str(error))
    if isinstance(error, Implausible):
        return Refusal(error.sentence, error.column.name)
    if isinstance(error, IntegrityError):
        broken = violations.explain(error, desk.session)
        if broken is not None:
            asked = {column.name for column in desk.writable}
            return Refusal(broken.sentence, next((c for c in broken.columns if c in asked), None))
    return Refusal(unknown(error))


def unknown(error: BaseException) -> str:
    """Log a fault that nobody foresaw; the sentence with its number."""
    return f"没有保存成功，请把故障编号 {log_fault(error)} 告诉系统管理员。"
