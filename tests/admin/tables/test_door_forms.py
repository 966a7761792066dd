"""The door matrix, part two: what a sent form can do, for every table and role, on a world of its own.

On PostgreSQL the check tries it in part (tests/ground/shares/proving.py).
"""

from collections.abc import Iterator

import pytest

from domain.actors import ADMIN, AGENCY, AUDITOR, DEPUTY, LEADER, LIAISON, OFFICE, ROLES
from tests.ground.doors import below, hanging
from tests.ground.doors.scene import TABLES, Scene, open_scene
from tests.ground.doors.visitor import AtTheDoor
from tests.ground.kept_apps import KeptApps
from tests.ground.serving.databases import Databases

ONLY_ACTS = (LEADER, AGENCY, DEPUTY)
"""Who acts, and fills in no form at all."""
SEES_ALL_IT_FILLS_IN = (ADMIN, OFFICE, AUDITOR, *ONLY_ACTS)
"""Who has no form with a reference that could point to what is not his."""
WRITES_ROWS_BELOW = (ADMIN, OFFICE, LIAISON)
each_role = pytest.mark.parametrize("role", ROLES)


@pytest.fixture
def scene(
    databases: Databases, kept_apps: KeptApps, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """A world for each test: what own forms write stays in it."""
    with open_scene(databases, kept_apps, tmp_path_factory.mktemp("forms")) as scene:
        yield scene


@each_role
def test_no_form_hangs_a_row_on_what_is_not_ones_own(scene: Scene, role: str) -> None:
    at = AtTheDoor.of(*scene, role)
    tried = 0
    for table in TABLES:
        if at.tries(table, 0):
            tried += hanging.a_new_row_is_not_hung_on_a_foreign_parent(at, table)
            tried += hanging.a_row_is_not_moved_to_a_foreign_parent(at, table)
    assert tried > 0 or role in SEES_ALL_IT_FILLS_IN or not at.tries_all


@each_role
def test_the_same_forms_with_own_parents_are_taken(scene: Scene, role: str) -> None:
    at = AtTheDoor.of(*scene, role)
    tried = [table for table in TABLES if at.tries(table, 1)]
    taken = [table for table in tried if hanging.a_new_row_is_hung_on_own_parents(at, table)]
    writes = role not in (AUDITOR, *ONLY_ACTS)  # who only reads, and who only acts
    assert bool(taken) == writes or (writes and not at.tries_all)


@each_role
def test_a_form_writes_its_fields_alone(scene: Scene, role: str) -> None:
    at = AtTheDoor.of(*scene, role)
    for table in TABLES:
        if at.tries(table, 2):
            hanging.a_form_changes_nothing_beside_its_fields(at, table)


@each_role
def test_no_form_reaches_rows_below_that_are_not_its_own(scene: Scene, role: str) -> None:
    at = AtTheDoor.of(*scene, role)
    tried = 0
    for table in TABLES:
        if at.tries(table, 3):
            tried += below.rows_below_of_others_are_left_alone(at, table)
            tried += below.a_row_below_points_to_nothing_foreign(at, table)
    assert tried > 0 or role not in WRITES_ROWS_BELOW or not at.tries_all


@each_role
def test_rows_below_are_written_by_who_may_write_them(scene: Scene, role: str) -> None:
    at = AtTheDoor.of(*scene, role)
    tried = [table for table in TABLES if at.tries(table, 4)]
    added = [below.rows_below_are_written_with_their_parent(at, table) for table in tried]
    writes = role in WRITES_ROWS_BELOW
    assert bool(sum(added)) == writes or (writes and not at.tries_all)
