"""The peer's steps: an empty database, read the file, preview, apply; each as the admin's pages call the library."""

from pathlib import Path
from typing import Any

from bench.child import Stopwatch
from bench.peer.project import open_project

Totals = dict[str, int]


def prepare(
    watch: Stopwatch, database: str, units: dict[str, list[str]], meeting: dict[str, Any]
) -> None:
    """Make a database with these units, by all the ways to write them, and the meeting."""
    open_project(database)
    from django.core.management import call_command

    from bench.peer.models import Meeting, Unit, UnitName

    call_command("migrate", run_syncdb=True, verbosity=0)
    Meeting.objects.create(**meeting)
    for name, others in units.items():
        unit = Unit.objects.create(name=name)
        UnitName.objects.bulk_create(UnitName(unit=unit, name=way) for way in (name, *others))


def read(watch: Stopwatch, database: str, plan: str) -> int:
    """The file into a dataset; returns the number of rows."""
    open_project(database)
    with watch:
        dataset = _dataset(plan)
    return len(dataset)


def preview(watch: Stopwatch, **job: Any) -> Totals:
    """Read the file and try it out: what the admin's first page does, without its HTML."""
    return _import(watch, True, **job)


def apply(watch: Stopwatch, **job: Any) -> Totals:
    """Read the file again and import it: what the admin's second page does, without its log of changes."""
    return _import(watch, False, **job)


def _import(watch: Stopwatch, dry_run: bool, database: str, plan: str, bulk: bool) -> Totals:
    open_project(database)
    from bench.peer.models import Meeting
    from bench.peer.resources import BulkPlanResource, PlanResource

    resource_class = BulkPlanResource if bulk else PlanResource
    with watch:
        resource = resource_class(Meeting.objects.get())
        dataset = _dataset(plan)
        result = resource.import_data(dataset, dry_run=dry_run, raise_errors=False)
    if result.has_errors() or result.has_validation_errors():
        raise RuntimeError(f"The peer could not import the plan: {_first_error(result)}")
    return dict(result.totals)


def _dataset(plan: str) -> Any:
    from import_export.formats.base_formats import XLSX

    return XLSX().create_dataset(Path(plan).read_bytes())


def _first_error(result: Any) -> str:
    errors = [*result.base_errors, *(error for _, row in result.row_errors() for error in row)]
    return errors[0].traceback if errors else str(result.invalid_rows[:1])
