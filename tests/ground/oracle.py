"""Who may see and do what, written down once more and otherwise: in plain Python, over rows, table by table.

Independent of domain/access/rules.py on purpose; the two must agree on every row of tests/ground/world.py. A table that
is not named inherits: its row is seen with all the rows it must hang on, but not by deputies.
"""

from domain import models
from domain.actors import ADMIN, AGENCY, AUDITOR, DEPUTY, LEADER, LIAISON, OFFICE, SUPERVISOR, Actor
from tests.ground.rows import Values
from tests.ground.world import World

UNIT = (LIAISON, LEADER)
HANDLING = (*UNIT, SUPERVISOR, AGENCY)
OPEN = {"units", "content_categories", "calendar_years", "calendar_days", "meetings", "answer_categories",
        "deadline_rule_sets", "deadline_rules", "review_routes", "review_route_steps"}  # fmt: skip
ADMINS = {"settings", "unit_aliases", "unit_contacts", "deputies", "users", "logins", "user_sessions"}  # fmt: skip
ADMINS |= {"mailings"}
NOT_THE_OFFICES = {"logins", "user_sessions", "sent_forms", "former_passwords", "export_log"}
DICTIONARY = {"units", "unit_aliases", "unit_contacts", "content_categories"}
DICTIONARY |= {"calendar_years", "calendar_days"}
PROGRAMS = {"settings", "reminders", "reminder_reads", "change_log", "job_runs", "import_rows"}
PROGRAMS |= NOT_THE_OFFICES | {"messages", "mailings"}
OFFICES_ACTS = {"hand_over", "add_unit", "reassign", "take_back", "correct_signing"}
OFFICES_ACTS |= {"grant_return", "refuse_return", "correct", "extend", "unextend"}
OFFICES_ACTS |= {"grant_extension", "refuse_extension", "accept_report", "return_report"}
OFFICES_ACTS |= {"accept_plan", "unaccept_plan", "return_plan", "unaccept_report"}
OFFICES_ACTS |= {"write_off_promise", "unwrite_promise", "carry_on", "undo_carry"}
OFFICES_ACTS |= {"extract_requests"}
OFFICES_ACTS |= {"publish", "keep_private", "unpublish"}
OFFICES_ACTS |= {"merge", "split", "close", "reopen", "write_off", "unwrite", "withdraw", "restore"}
OFFICES_ACTS |= {"uphold_score", "cancel_score", "restore_score"}
URGING = {"urge", "urge_date", "take_back_urging"}
OFFICES_ACTS |= URGING
OBJECTING = {"object_to_score", "withdraw_objection"}
OF_THE_UNIT = {"withdraw_return", "unsend", "ask_extension", "withdraw_extension", "read_urging"}
OF_THE_UNIT |= OBJECTING
OF_THE_LEAD = {"send_back_opinion", "restore_opinion"}
RATINGS = {"rate", "record_rating", "correct_rating", "unrate"}
_DEPUTYS = {"sponsors", "requests", "request_answers"}
OF_TASKS = {"handling_plans", "ledger_entries", "commitments"}


class Oracle:
    """Answers for one actor in a world."""

    def __init__(self, world: World, actor: Actor) -> None:
        self.world, self.actor = world, actor

    def sees(self, table: str, row: Values) -> bool:
        role = self.actor.role
        if table in OPEN:
            return True
        if table == "job_runs":
            return role in (ADMIN, OFFICE, AUDITOR) or row["requested_by_id"] == self.actor.user_id
        if table == "change_log":
            return role == AUDITOR or (role == OFFICE and row["table_name"] != "users")
        if role == OFFICE:
            return table not in NOT_THE_OFFICES
        if role == ADMIN and table in ADMINS:
            return True
        if role == AUDITOR and table in ("users", "logins", "export_log", "imports"):
            return True
        by_table = getattr(self, f"_{table}", None)
        return by_table(row) if by_table else self._inherits(table, row)

    def _inherits(self, table: str, row: Values) -> bool:
        if table in PROGRAMS | {"settings", "imports", "import_mappings", "users", "unit_aliases"}:
            return False
        if self.actor.role == DEPUTY and table not in _DEPUTYS:
            return False
        columns = models.schema.tables[table].columns.values()
        parents = [c for c in columns if c.references and c.is_required]
        return all(self._sees(c.references or "", row[c.name]) for c in parents)

    def _sees(self, table: str, key: int | None) -> bool:
        return key is not None and self.sees(table, self.world.row(table, key))

    def _of(self, roles: tuple[str, ...], table: str, key: int | None) -> bool:
        return self.actor.role in roles and self._sees(table, key)

    def _is_mine(self, row: Values) -> bool:
        return self.actor.role in UNIT and row["unit_id"] == self.actor.unit_id

    def _has_in_hand(self, task: Values) -> bool:
        """A task of the own unit that it has not given back."""
        return self._is_mine(task) and task["state"] not in ("已退办", "已撤办")

    def _leads(self, proposal: int) -> bool:
        return any(
            self._has_in_hand(a)
            for a in self.world.where("assignments", proposal_id=proposal, role="主办")
        )

    def _body(self, meeting: int) -> bool:
        return (
            self.actor.role == AGENCY
            and self.world.row("meetings", meeting)["body"] == self.actor.body
        )

    def _proposals(self, row: Values) -> bool:
        signed = self.world.where("sponsors", proposal_id=row["id"], deputy_id=self.actor.deputy_id)
        return (
            any(self._is_mine(a) for a in self.world.where("assignments", proposal_id=row["id"]))
            or (self.actor.role == SUPERVISOR and row["supervisor_id"] == self.actor.user_id)
            or self._body(row["meeting_id"])
            or (self.actor.role == DEPUTY and bool(signed))
        )

    def _assignments(self, row: Values) -> bool:
        if self.actor.role in UNIT:
            return self._is_mine(row) or self._leads(row["proposal_id"])
        return self._of((SUPERVISOR, AGENCY, DEPUTY), "proposals", row["proposal_id"])

    def _of_task(self, row: Values) -> bool:
        return self._of(HANDLING, "assignments", row["assignment_id"])

    _ledger_entries = _commitments = _deadlines = _of_task

    def _handling_plans(self, row: Values) -> bool:
        return self._of_task(row) or self._assists_by_plan(row)

    def _assists_by_plan(self, row: Values) -> bool:
        """A filed plan of a unit that answers an item in which the own unit is a partner."""
        task = self.world.row("assignments", row["assignment_id"])
        partners = self.world.where("assignments", proposal_id=task["proposal_id"], role="协办")
        is_filed = row["submitted_on"] is not None and task["role"] != "协办"
        return is_filed and any(self._has_in_hand(partner) for partner in partners)

    def _return_requests(self, row: Values) -> bool:
        return self._of(UNIT, "assignments", row["assignment_id"])

    _extension_requests = _return_requests

    def _reminders(self, row: Values) -> bool:
        return self._of(UNIT, "deadlines", row["deadline_id"])

    def _reminder_reads(self, row: Values) -> bool:
        return self._of(UNIT, "reminders", row["reminder_id"])

    def _is_asked_to_countersign(self, row: Values) -> bool:
        """The main unit's reply waits for its partners, of which the own unit is one."""
        partners = self.world.where("assignments", proposal_id=row["proposal_id"], role="协办")
        waits = row["state"] == "协办会签" and row["role"] == "主办"
        return waits and any(self._has_in_hand(task) for task in partners)

    def _has_countersigned(self, row: Values) -> bool:
        steps = self.world.where("review_steps", reply_id=row.get("id"))  # None: not written yet
        mine = self.actor.role in UNIT and self.actor.unit_id
        return any(step["countersign_unit_id"] == mine for step in steps) if mine else False

    def _replies(self, row: Values) -> bool:
        if self._is_asked_to_countersign(row) or self._has_countersigned(row):
            return True
        if self.actor.role == DEPUTY and self._leads_merged(row["proposal_id"]):
            return row["state"] == "已答复" and row["kind"] != "协办意见"
        if not self._sees("assignments", row["assignment_id"]):
            return False
        if self.actor.role == AGENCY:
            return row["state"] in ("通过", "已答复")
        if self.actor.role == DEPUTY:
            return row["state"] == "已答复" and row["kind"] != "协办意见"
        return self.actor.role in (*UNIT, SUPERVISOR)

    def _leads_merged(self, item_id: int) -> bool:
        """The actor has signed an item first that was merged into this one."""
        merged = self.world.where("proposals", merged_into_id=item_id, withdrawn_on=None)
        signs = {"deputy_id": self.actor.deputy_id, "role": "领衔"}
        return any(self.world.where("sponsors", proposal_id=m["id"], **signs) for m in merged)

    def _messages(self, row: Values) -> bool:
        mine = row["user_id"] == self.actor.user_id
        if self.actor.role == SUPERVISOR:
            return mine or bool(row["told_by_id"] == self.actor.user_id)
        return self.actor.role in UNIT and mine

    def _review_steps(self, row: Values) -> bool:
        return self._of((*UNIT, SUPERVISOR), "replies", row["reply_id"])

    def _deliveries(self, row: Values) -> bool:
        return self._of((*HANDLING, DEPUTY), "replies", row["reply_id"])

    def _feedbacks(self, row: Values) -> bool:
        if self.actor.role == DEPUTY and row["deputy_id"] != self.actor.deputy_id:
            return False
        return self._of((*HANDLING, DEPUTY), "replies", row["reply_id"])

    def _urgings(self, row: Values) -> bool:
        return self._of((*UNIT, SUPERVISOR), "assignments", row["assignment_id"])

    def _supervision_notes(self, row: Values) -> bool:
        return self._of(HANDLING, "proposals", row["proposal_id"])

    def _deputies(self, row: Values) -> bool:
        if self.actor.role == AGENCY:
            return bool(row["body"] == self.actor.body)
        signed = [s["proposal_id"] for s in self.world.where("sponsors", deputy_id=row["id"])]
        into = [self.world.row("proposals", p)["merged_into_id"] for p in signed]
        return any(self._sees("proposals", key) for key in (*signed, *into))

    def _onsite_opinions(self, row: Values) -> bool:
        return self._is_mine(row) or self._body(row["meeting_id"])

    _events = _onsite_opinions

    def _bulletins(self, row: Values) -> bool:
        if row["issued_on"] is None:
            return False
        return self.actor.role in (*UNIT, SUPERVISOR) or self._body(row["meeting_id"])

    def _score_rules(self, row: Values) -> bool:
        return self.actor.role in UNIT

    def _unit_aliases(self, row: Values) -> bool:
        return self.actor.role in UNIT

    def _unit_contacts(self, row: Values) -> bool:
        return self.actor.role in HANDLING

    def _of_unit(self, row: Values) -> bool:
        return self._is_mine(row)

    _score_entries = _unit_reports = _of_unit

    def _users(self, row: Values) -> bool:
        if self.actor.role in UNIT:
            return self._is_mine(row)
        return bool(row["id"] == self.actor.user_id)

    def _attachments(self, row: Values) -> bool:
        owners = models.schema.tables["attachments"].columns.values()
        (owner,) = [c for c in owners if c.references and not c.is_automatic and row[c.name]]
        shown = self.actor.role != DEPUTY or owner.references in (
            "proposals",
            "replies",
            "feedbacks",
        )
        return shown and self._sees(owner.references or "", row[owner.name])

    def may(self, verb: str, table: str, row: Values) -> bool:
        """Whether the actor may create a row like this one, change it, or delete it."""
        role = self.actor.role
        if role == OFFICE:
            return self._office_may(verb, table, row)
        if role == ADMIN:
            return self._admin_may(verb, table, row)
        return self.sees(table, row) and getattr(self, f"_{verb}s", self._never)(table, row)

    def _never(self, table: str, row: Values) -> bool:
        return False

    def _office_may(self, verb: str, table: str, row: Values) -> bool:
        if table == "job_runs":
            return verb == "create" and row["requested_by_id"] == self.actor.user_id
        if table == "review_steps":
            return verb == "create"
        if table == "request_answers":
            return self._is_in_draft(row)
        if verb == "delete" and not self._may_go(table, row):
            return False
        if table == "attachments":
            return verb != "update"
        if table == "imports":
            return verb != "delete"
        return table not in PROGRAMS | {"users"}

    def _admin_may(self, verb: str, table: str, row: Values) -> bool:
        if table == "job_runs":
            return verb == "create" and row["requested_by_id"] == self.actor.user_id
        if table == "settings":
            return verb == "update"
        if verb == "delete" and self.is_last_administrator(table, row):
            return False
        return table in DICTIONARY | {"users"}

    def is_last_administrator(self, table: str, row: Values) -> bool:
        """He stays: somebody can always administer the panel."""
        return table == "users" and row["role"] == ADMIN

    def _has_task(self, key: int | None) -> bool:
        return key is not None and self._has_in_hand(self.world.row("assignments", key))

    def _creates(self, table: str, row: Values) -> bool:
        role = self.actor.role
        if table == "job_runs":
            return bool(row["requested_by_id"] == self.actor.user_id)
        if table == "supervision_notes" and role == SUPERVISOR:
            return True
        if role != LIAISON:
            return False
        if table == "replies":
            return row["state"] in ("拟稿", "退回") and self._has_task(row["assignment_id"])
        return self._keeps(table, row)

    def _is_in_draft(self, row: Values) -> bool:
        return self.world.row("replies", row["reply_id"])["state"] in ("拟稿", "退回")

    def acts(self, act: str, table: str, row: Values) -> bool:
        """Whether an act on this row is the actor's at all, whatever state the row is in."""
        role = self.actor.role
        if act in {"countersign", "object"}:
            return role in UNIT and self._is_asked_to_countersign(row)
        if act in OF_THE_LEAD and role in UNIT:
            of_partner = row["kind"] == "协办意见" and row["role"] == "协办"
            return role == LIAISON and of_partner and self._leads(row["proposal_id"])
        if act == "unpass":  # whoever has signed: which row that is, its state says
            return role in (*UNIT, SUPERVISOR, OFFICE) and self.sees(table, row)
        if act in RATINGS:
            return self._rates(act, table, row)
        if act == "read_message":
            return role in (*UNIT, OFFICE) and row["user_id"] == self.actor.user_id
        if role == OFFICE:
            return act not in OF_THE_UNIT
        if role == SUPERVISOR:
            return act in {"pass", "send_back", *URGING} and self.sees(table, row)
        return self._acts_for_unit(act, table, row)

    def _acts_for_unit(self, act: str, table: str, row: Values) -> bool:
        """A leader signs, reads and objects; the rest is the liaison's, of the own unit's tasks and rows."""
        role = self.actor.role
        if role == LEADER and act not in {"pass", "send_back", "read_urging", *OBJECTING}:
            return False
        if role not in UNIT or act in OFFICES_ACTS:
            return False
        if table == "onsite_opinions":
            return act.endswith("_feedback") and self._is_mine(row)
        if table == "assignments":
            return self._has_in_hand(row)
        if table == "unit_reports" or act in OBJECTING:
            return self._is_mine(row)
        return self._has_task(self._task_of(table, row))

    def _rates(self, act: str, table: str, row: Values) -> bool:
        """A deputy says himself what he thinks; his institution and the office enter it for him."""
        role = self.actor.role
        entered = {"record_rating": (AGENCY, OFFICE), "rate": (DEPUTY,)}
        roles = entered.get(act, (AGENCY, OFFICE, DEPUTY))
        return role in roles and self.sees(table, row)

    def _keeps(self, table: str, row: Values) -> bool:
        """What a liaison keeps: the own unit's tables, what hangs on its tasks, and files there."""
        if table in ("unit_contacts", "unit_reports", "events"):
            return self._is_mine(row)
        if table == "request_answers":
            return self._is_in_draft(row) and self._has_task(self._task_of(table, row))
        if table == "attachments":
            for column, owner in (("unit_report_id", "unit_reports"), ("event_id", "events")):
                if row[column]:
                    return self._is_mine(self.world.row(owner, row[column]))
            return not row["feedback_id"] and self._has_task(self._task_of(table, row))
        if table == "commitment_steps":
            promise = self.world.row("commitments", row["commitment_id"])
            return promise["state"] == "推进中" and self._has_task(promise["assignment_id"])
        hangs = OF_TASKS | {"ledger_deputies", "ledger_invitees"}
        return table in hangs and self._has_task(self._task_of(table, row))

    def _task_of(self, table: str, row: Values) -> int | None:
        """The task that a row hangs on, over whatever lies between."""
        if row.get("assignment_id"):
            return int(row["assignment_id"])
        for column in ("handling_plan_id", "ledger_entry_id", "reply_id", "commitment_id"):
            if row.get(column):
                parent = models.schema.tables[table].columns[column].references or ""
                return self._task_of(parent, self.world.row(parent, row[column]))
        return None

    def _updates(self, table: str, row: Values) -> bool:
        if self.actor.role != LIAISON or table in ("attachments", "return_requests"):
            return False
        if table == "replies":
            return row["state"] in ("拟稿", "退回") and self._has_task(row["assignment_id"])
        if table == "commitments" and row["state"] != "推进中":
            return False
        if table == "unit_reports" and row["submitted_on"]:
            return False
        return (table == "assignments" and self._has_in_hand(row)) or self._keeps(table, row)

    def _deletes(self, table: str, row: Values) -> bool:
        kept = {"handling_plans", "commitments", "unit_reports"}
        if self.actor.role != LIAISON or table in kept:
            return False
        if table == "replies":
            return self._is_untouched_draft(row)
        return self._keeps(table, row) and self._may_go(table, row)

    def _may_go(self, table: str, row: Values) -> bool:
        """Not a task that has ended, a file of what was sent, or a ledger entry that a reply rests on."""
        if table == "attachments" and row["reply_id"]:
            return self.world.row("replies", row["reply_id"])["state"] in ("拟稿", "退回")
        if table == "attachments" and row["commitment_id"]:
            return bool(self.world.row("commitments", row["commitment_id"])["state"] == "推进中")
        if table == "attachments" and row["unit_report_id"]:
            return not self.world.row("unit_reports", row["unit_report_id"])["submitted_on"]
        if table == "assignments":
            return row["state"] not in ("已退办", "已撤办")
        if table == "score_entries":
            return not (row["milestone"] or row["review_step_id"] or row["feedback_id"])
        if table != "ledger_entries":
            return True
        return not any(
            reply["state"] not in ("拟稿", "退回")
            and (reply["issued_on"] is None or row["happened_on"] <= reply["issued_on"])
            for reply in self.world.where("replies", assignment_id=row["assignment_id"])
        )

    def _is_untouched_draft(self, row: Values) -> bool:
        """A draft of the own unit that has gone nowhere: a liaison takes back what nobody has dealt with."""
        hanging = ("review_steps", "deliveries", "feedbacks")
        touched = any(self.world.where(table, reply_id=row["id"]) for table in hanging)
        return row["state"] == "拟稿" and not touched and self._has_task(row["assignment_id"])


def readable(world: World, actor: Actor, table: str) -> set[int]:
    """The ids of the rows of ``table`` that ``actor`` sees."""
    oracle = Oracle(world, actor)
    return {row["id"] for row in world.rows[table] if oracle.sees(table, row)}
