"""The plan as import-export resources: one as its guide begins, one with everything its page on speed advises.

A row of the plan is an item with its people and its units. The library has no answer for rows that hang on the
imported one and carry a role, so they are written from its hooks, as its documentation says to.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.models import Model
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from import_export.widgets import DateWidget, ForeignKeyWidget

from bench.peer.models import Assignment, Deputy, Meeting, Proposal, Sponsor, UnitName

KIND = "建议"
SEPARATOR = "、"
LEAD, JOINT, LEAD_UNIT, PARTNERS = "领衔代表", "联名代表", "主办单位", "协办单位"

Row = dict[str, Any]


def names(row: Row, column: str) -> list[str]:
    """The names in one cell."""
    return [name for name in (row[column] or "").split(SEPARATOR) if name]


class PlanResource(ModelResource):
    """As the guide begins: a look-up and a save for every row, the difference of every row, no cache."""

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
        self.body = {"body": meeting.body, "level": meeting.level, "term": meeting.term}

    def get_queryset(self) -> Any:
        return Proposal.objects.filter(meeting=self.meeting, kind=KIND)

    def init_instance(self, row: Row | None = None) -> Proposal:
        return Proposal(meeting=self.meeting, kind=KIND)

    def after_init_instance(self, instance: Proposal, new: bool, row: Row, **kwargs: Any) -> None:
        self.is_new = new

    def after_save_instance(self, instance: Proposal, row: Row, **kwargs: Any) -> None:
        children = list(self.children(instance, row))
        if not self.is_new:
            for cls in (Sponsor, Assignment):
                cls.objects.filter(proposal=instance).delete()
        write(children)

    def children(self, proposal: Proposal, row: Row) -> Iterator[Model]:
        """The signatures and assignments of one row, not yet saved."""
        for position, name in enumerate((row[LEAD], *names(row, JOINT))):
            role = "联名" if position else "领衔"
            yield Sponsor(
                proposal=proposal, deputy_id=self.deputy_id(name), role=role, position=position
            )
        for name in (row[LEAD_UNIT], *names(row, PARTNERS)):
            role = "主办" if name == row[LEAD_UNIT] else "协办"
            yield Assignment(proposal=proposal, unit_id=self.unit_id(name), role=role)

    def unit_id(self, name: str) -> int:
        """The unit of that name. Raises UnitName.DoesNotExist."""
        return self.unit_names.clean(name).unit_id

    def deputy_id(self, name: str) -> int:
        """The deputy of that name, made where there is none."""
        return Deputy.objects.get_or_create(name=name, **self.body)[0].pk


class BulkPlanResource(PlanResource):
    """With use_bulk, the cached loader, skip_diff, and every look-up answered from memory.

    The library's own CachedForeignKeyWidget is slower than the plain dictionaries that before_import makes here.
    """

    class Meta(PlanResource.Meta):
        use_bulk = True
        instance_loader_class = CachedInstanceLoader
        skip_diff = True

    waiting: ClassVar[list[Model]]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.waiting, self.updated = [], []
        self.unit_ids = dict(UnitName.objects.values_list("name", "unit_id"))
        known = Deputy.objects.filter(**self.body)
        old = set(known.values_list("name", flat=True))
        new = {name for row in dataset.dict for name in (row[LEAD], *names(row, JOINT))} - old
        Deputy.objects.bulk_create(Deputy(name=name, **self.body) for name in sorted(new))
        self.deputy_ids = dict(known.values_list("name", "pk"))

    def after_save_instance(self, instance: Proposal, row: Row, **kwargs: Any) -> None:
        self.waiting += self.children(instance, row)
        if not self.is_new:
            self.updated.append(instance.pk)

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        for cls in (Sponsor, Assignment):
            cls.objects.filter(proposal_id__in=self.updated).delete()
        write(self.waiting)
        super().after_import(dataset, result, **kwargs)

    def unit_id(self, name: str) -> int:
        return self.unit_ids[name]

    def deputy_id(self, name: str) -> int:
        return self.deputy_ids[name]


def write(children: list[Model]) -> None:
    """Save signatures and assignments whose items have their ids."""
    for cls in (Sponsor, Assignment):
        own = [child for child in children if isinstance(child, cls)]
        for child in own:
            child.proposal_id = child.proposal.pk
        cls.objects.bulk_create(own, batch_size=1000)
