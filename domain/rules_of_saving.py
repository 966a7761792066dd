"""Who is asked at every save, in this order: the one list. A rule is one file and a line here."""

from domain.lifecycle.last_records import KeepsLastRecords
from domain.lifecycle.reactions import Reacts
from domain.messages.notes import TellsOfNotes
from domain.saving.account_guard import GuardsAccounts
from domain.saving.authorship import NamesTheAuthor
from domain.saving.carried_stays import CarriedStays
from domain.saving.circles import NoCircles
from domain.saving.done_items import NoTasksOfDoneItems
from domain.saving.emptiness import RepliesSaySomething
from domain.saving.handed_over import NotBeforeHandover
from domain.saving.handover_noted import NotesHandover
from domain.saving.happened import HasHappened
from domain.saving.known_settings import KnownNumbers
from domain.saving.left_to_acts import FilesLeaveActsAlone
from domain.saving.one_step_once import OneStepOnce
from domain.saving.only_on_issued import OnlyIssuedReplies
from domain.saving.room import ChangesPlaces
from domain.saving.rounds import CountsRounds
from domain.saving.sent_stays import (
    EndedTasksStay,
    FiledPapersStay,
    SentRepliesStay,
    WorkedOnTasksStay,
)
from domain.saving.task_turns import CountsTurns
from domain.saving.typed_dates import KeepsTypedDates
from domain.saving.withdrawn_items import NothingOnWithdrawnItems
from domain.storing.write_rules import WriteRule

RULES: tuple[WriteRule, ...] = (
    KnownNumbers(),
    GuardsAccounts(),
    NotesHandover(),
    CountsTurns(),
    CountsRounds(),
    NamesTheAuthor(),
    OnlyIssuedReplies(),
    SentRepliesStay(),
    FiledPapersStay(),
    EndedTasksStay(),
    WorkedOnTasksStay(),
    CarriedStays(),
    FilesLeaveActsAlone(),
    NoTasksOfDoneItems(),
    NothingOnWithdrawnItems(),
    KeepsTypedDates(),
    HasHappened(),
    NotBeforeHandover(),
    ChangesPlaces(),
    NoCircles(),
    OneStepOnce(),
    RepliesSaySomething(),
    KeepsLastRecords(),
    TellsOfNotes(),
    Reacts(),
)
