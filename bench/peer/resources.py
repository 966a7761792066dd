"""The plan as import-export resources: one as its guide begins, one with everything its page on speed advises.

A row of the plan is an item with its people and its units. The library has no answer for rows that hang on the
imported one and carry a role, so they are written from its hooks: what is there already is kept and changed, as a
plan that comes again, corrected, must not throw away what the units have done.
"""

from typing import Any

from django.db.models import Model
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from import_export.widgets import DateWidget, ForeignKeyWidget

from bench.peer.models import Assignment, Deputy, Meeting, Proposal, Sponsor, UnitName

KIND = "建议"
SEPARATOR = "、"
LEAD, JOINT, LEAD_UNIT, PARTNERS = "领衔代表", "联名代表", "主办单位", "协办单位"
KEYS: dict[type[Model], str] = {Sponsor: "deputy_id", Assignment: "unit_id"}
"""What hangs on an item, and the column that tells one from another there."""

VALUES: dict[type[Model], list[str]] = {Sponsor: ["role", "position"], Assignment: ["role"]}
"""The columns of it that a plan may change."""

Row = dict[str, Any]
Children = dict[int, dict[str, Any]]
"""The key of a child -> its other values."""


def names(row: Row, column: str) -> list[str]:
    """The names in one cell."""
    return [name for name in (row[column] or "").split(SEPARATOR) if name]


class PlanResource(ModelResource):
    """As the guide begins: the library's defaults, a query for every look-up, update_or_create for every child."""

    number = Field("number", "建议编号")
    title = Field("title", "建议标题")
    delegation = Field("delegation", "代表团")
    due_on = Field("due_on", "办理时限", widget=DateWidget())

    class Meta:
        model = Proposal
        fields = ("number", "title", "delegation", "due_on")
        import_id_fields = ("number",)

    unit_names = ForeignKeyWidget(UnitName, "name")

    def __init__(self, meeting: Meeting) -> None:
        super().__init__()
        self.meeting = meeting
        self.roll = {"body": meeting.body, "level": meeting.level, "term": meeting.term}

    def get_queryset(self) -> Any:
        return Proposal.objects.filter(meeting=self.meeting, kind=KIND)

    def init_instance(self, row: Row | None = None) -> Proposal:
        return Proposal(meeting=self.meeting, kind=KIND)

    def after_init_instance(self, instance: Proposal, new: bool, row: Row, **kwargs: Any) -> None:
        self.is_new = new

    def after_save_instance(self, instance: Proposal, row: Row, **kwargs: Any) -> None:
        for cls, key in KEYS.items():
            wanted = self.children(cls, row)
            for child, values in wanted.items():
                cls.objects.update_or_create(proposal=instance, **{key: child}, defaults=values)
            if not self.is_new:
                others = cls.objects.filter(proposal=instance).exclude(**{f"{key}__in": wanted})
                others.delete()

    def children(self, cls: type[Model], row: Row) -> Children:
        """The signatures or the assignments that a row asks for. Raises where a unit is unknown."""
        if cls is Sponsor:
            signed = (row[LEAD], *names(row, JOINT))
            return {
                self.deputy_id(name): {"role": "联名" if place else "领衔", "position": place}
                for place, name in enumerate(signed)
            }
        partners = {self.unit_id(name): {"role": "协办"} for name in names(row, PARTNERS)}
        return {self.unit_id(row[LEAD_UNIT]): {"role": "主办"}, **partners}

    def unit_id(self, name: str) -> int:
        """The unit of that name. Raises UnitName.DoesNotExist."""
        return self.unit_names.clean(name).unit_id

    def deputy_id(self, name: str) -> int:
        """The deputy of that name, made where there is none."""
        return Deputy.objects.get_or_create(name=name, **self.roll)[0].pk


class BulkPlanResource(PlanResource):
    """With use_bulk, the cached loader and skip_diff; names are looked up in memory, children written at the end.

    The library's own CachedForeignKeyWidget is slower than the plain dictionaries that before_import makes here.
    """

    class Meta(PlanResource.Meta):
        use_bulk = True
        instance_loader_class = CachedInstanceLoader
        skip_diff = True

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.waiting: list[tuple[Proposal, dict[type[Model], Children]]] = []
        self.unit_ids = dict(UnitName.objects.values_list("name", "unit_id"))
        known = Deputy.objects.filter(**self.roll)
        old = set(known.values_list("name", flat=True))
        new = {name for row in dataset.dict for name in (row[LEAD], *names(row, JOINT))} - old
        Deputy.objects.bulk_create(Deputy(name=name, **self.roll) for name in sorted(new))
        self.deputy_ids = dict(known.values_list("name", "pk"))

    def after_save_instance(self, instance: Proposal, row: Row, **kwargs: Any) -> None:
        self.waiting.append((instance, {cls: self.children(cls, row) for cls in KEYS}))

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        for cls in KEYS:
            self._write(cls)
        super().after_import(dataset, result, **kwargs)

    def _write(self, cls: type[Model]) -> None:
        """Write what differs from what is stored: drop, change, add."""
        key = KEYS[cls]
        rows = cls.objects.filter(proposal__meeting=self.meeting)
        planned = {proposal.pk for proposal, _ in self.waiting}
        stored = {(row.proposal_id, getattr(row, key)): row for row in rows}
        wanted = {
            (proposal.pk, child): values
            for proposal, children in self.waiting
            for child, values in children[cls].items()
        }
        changed = [row for at, row in stored.items() if _set(row, wanted.get(at, {}))]
        gone = [r.pk for at, r in stored.items() if at[0] in planned and at not in wanted]
        added = [
            cls(proposal_id=at[0], **{key: at[1]}, **values)
            for at, values in wanted.items()
            if at not in stored
        ]
        cls.objects.filter(pk__in=gone).delete()
        cls.objects.bulk_update(changed, VALUES[cls], batch_size=1000)
        cls.objects.bulk_create(added, batch_size=1000)

    def unit_id(self, name: str) -> int:
        return self.unit_ids[name]

    def deputy_id(self, name: str) -> int:
        return self.deputy_ids[name]


def _set(row: Model, values: dict[str, Any]) -> bool:
    """Give the row these values; whether any of them was another."""
    differs = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return differs
