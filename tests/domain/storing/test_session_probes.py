"""Whatever a person's session is asked in code, nothing of another unit comes out and nothing goes in.

Every way that SQLAlchemy has to read or write is tried as Alice against the rows of her neighbours
(tests/ground/neighbours.py): it is held, which gives her own rows only, or it raises.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import (
    Engine,
    MetaData,
    column,
    delete,
    event,
    exists,
    func,
    insert,
    lambda_stmt,
    literal_column,
    select,
    table,
    text,
    union,
    union_all,
    update,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import (
    Bundle,
    Session,
    aliased,
    contains_eager,
    defaultload,
    immediateload,
    joinedload,
    load_only,
    make_transient,
    make_transient_to_detached,
    selectinload,
    subqueryload,
    undefer,
    with_loader_criteria,
    with_parent,
)
from sqlalchemy.orm import (
    join as orm_join,
)
from sqlalchemy.orm.attributes import set_committed_value

from domain import models
from domain.access.rule import NotAllowed, OutOfScope, ScopeError
from domain.storing import bulk
from domain.storing.acting import ActingSession
from domain.storing.database import make_engine
from domain.storing.session import ActorSession, system_session
from tests.ground.neighbours import (
    ALICE,
    BOB,
    CAROL,
    FOREIGN,
    FOREIGN_ITEM,
    FOREIGN_REPLY,
    FOREIGN_TASK,
    HERS,
    ITEM,
    OLIVIA,
    OWN,
    PARTNERS_REPLY,
    PARTNERS_TASK,
    REPLY,
    SHARED_TASK,
    TASK,
    build_neighbours,
    now,
    working,
)
from tests.ground.serving.databases import Databases

Probe = Callable[[Any], Any]
m = models


@pytest.fixture(scope="module")
def neighbours(databases: Databases) -> Iterator[Engine]:
    with databases.copy_of("neighbours", build_neighbours) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    with databases.copy_of("neighbours", build_neighbours) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def texts(found: Any) -> str:
    """Everything that can be read in what a probe gave, rows with all their columns."""
    if isinstance(found, m.Row):
        return " ".join(str(getattr(found, c.key)) for c in found.__table__.columns)
    if isinstance(found, str | bytes | int | float | date | type(None)):
        return str(found)
    if isinstance(found, dict):
        return texts(list(found.values()))
    return " ".join(texts(part) for part in found)


def items(session: Session) -> list[Any]:
    return list(session.scalars(select(m.Proposal)))


def _aliased(of: Any) -> Any:
    return aliased(of)


def _cte() -> Any:
    found = select(m.Reply).cte()
    return select(found.c.title, found.c.body)


def _recursive_cte() -> Any:
    top = select(m.Proposal.id, m.Proposal.title, m.Proposal.merged_into_id).cte(recursive=True)
    more = aliased(m.Proposal)
    return select(
        top.union_all(
            select(more.id, more.title, more.merged_into_id).join(
                top, more.merged_into_id == top.c.id
            )
        ).c.title
    )


def _subquery_entity() -> Any:
    return select(aliased(m.Reply, select(m.Reply).subquery()))


def _alias_joined_eagerly(session: Session) -> Any:
    task = aliased(m.Assignment)
    joined = select(m.Unit).outerjoin(task, task.unit_id == m.Unit.id)
    loaded = joined.options(contains_eager(m.Unit.assignments.of_type(task)))
    return [unit.assignments for unit in session.scalars(loaded).unique()]


def _refreshed(session: Session) -> Any:
    item = session.get_one(m.Proposal, ITEM)
    session.refresh(item)
    return item


def _expired(session: Session) -> Any:
    item = session.get_one(m.Proposal, ITEM)
    session.expire_all()
    return item.title, [a.leader for a in item.assignments]


HELD: dict[str, Probe] = {
    "select": items,
    "query": lambda s: s.query(m.Proposal).all(),
    "query columns": lambda s: s.query(m.Proposal.title, m.Proposal.note).all(),
    "select columns": lambda s: s.execute(select(m.Reply.title, m.Reply.body)).all(),
    "select column expression": lambda s: s.scalars(select(m.Reply.title + m.Reply.body)).all(),
    "bundle": lambda s: s.execute(select(Bundle("b", m.Reply.title, m.Reply.body))).all(),
    "load_only": lambda s: s.scalars(select(m.Reply).options(load_only(m.Reply.title))).all(),
    "undefer": lambda s: s.scalars(select(m.Reply).options(undefer("*"))).all(),
    "aliased": lambda s: s.scalars(select(_aliased(m.Proposal))).all(),
    "aliased beside its class": lambda s: [
        list(row) for row in s.execute(select(m.Proposal, _aliased(m.Proposal)))
    ],
    "aliased subquery": lambda s: s.scalars(_subquery_entity()).all(),
    "alias join": lambda s: s.execute(
        select(m.Proposal.title, (a := aliased(m.Assignment)).leader).join(
            a, a.proposal_id == m.Proposal.id
        )
    ).all(),
    "self join": lambda s: s.execute(
        select(m.Assignment.leader, (a := aliased(m.Assignment)).leader).join(
            a, a.proposal_id == m.Assignment.proposal_id
        )
    ).all(),
    "self outer join": lambda s: s.execute(
        select(m.Assignment.leader, (a := aliased(m.Assignment)).leader).outerjoin(
            a, a.proposal_id == m.Assignment.proposal_id
        )
    ).all(),
    "alias join of type": lambda s: s.execute(
        select(m.Proposal.title, (a := aliased(m.Assignment)).leader).join(
            m.Proposal.assignments.of_type(a)
        )
    ).all(),
    "flat alias join": lambda s: s.execute(
        select(m.Assignment.leader, (a := aliased(m.Assignment, flat=True)).leader).join(
            a, a.proposal_id == m.Assignment.proposal_id
        )
    ).all(),
    "join of a join": lambda s: s.execute(
        select(m.Assignment.leader, (a := aliased(m.Assignment)).leader).select_from(
            orm_join(m.Assignment, a, a.proposal_id == m.Assignment.proposal_id)
        )
    ).all(),
    "alias of a subquery joined": lambda s: s.execute(
        select(m.Unit.name, (a := aliased(m.Assignment, select(m.Assignment).subquery())).leader).join(
            a, a.unit_id == m.Unit.id
        )
    ).all(),
    "alias joined eagerly": _alias_joined_eagerly,
    "alias in exists": lambda s: s.scalars(
        select(m.Proposal.title).where(
            exists(select((a := aliased(m.Assignment)).id).where(a.proposal_id == m.Proposal.id))
        )
    ).all(),
    "join": lambda s: s.execute(
        select(m.Proposal.title, m.Assignment.leader).join(m.Proposal.assignments)
    ).all(),
    "join from the child": lambda s: s.execute(
        select(m.Reply.title, m.Proposal.title, m.Unit.name)
        .join(m.Reply.assignment)
        .join(m.Assignment.proposal)
        .join(m.Assignment.unit)
    ).all(),
    "outer join": lambda s: s.execute(
        select(m.Unit.name, m.Assignment.leader).outerjoin(
            m.Assignment, m.Assignment.unit_id == m.Unit.id
        )
    ).all(),
    "full cross join": lambda s: s.execute(
        select(m.Unit.name, m.Reply.title).join(m.Reply, func.length(m.Reply.title) > 0)
    ).all(),
    "outer join to the hidden parent": lambda s: s.execute(
        select(m.Deputy.name, m.Sponsor.role, m.Proposal.title)
        .outerjoin(m.Sponsor, m.Sponsor.deputy_id == m.Deputy.id)
        .outerjoin(m.Proposal, m.Proposal.id == m.Sponsor.proposal_id)
    ).all(),
    "select_from": lambda s: s.execute(
        select(m.Reply.title).select_from(m.Assignment).join(m.Assignment.replies)
    ).all(),
    "subquery": lambda s: s.execute(select(select(m.Reply.title).subquery().c.title)).all(),
    "nested subquery": lambda s: s.execute(
        select(select(select(m.Reply.title).subquery().c.title).subquery().c.title)
    ).all(),
    "lateral": lambda s: s.execute(
        select(m.Unit.name, (x := select(m.Reply.title).subquery()).c.title).join(x, x.c.title != "")
    ).all(),
    "scalar subquery": lambda s: s.execute(
        select(
            m.Unit.name,
            select(func.min(m.Assignment.leader)).where(m.Assignment.unit_id == m.Unit.id).scalar_subquery(),
            select(func.max(m.Assignment.leader)).where(m.Assignment.unit_id == m.Unit.id).scalar_subquery(),
        )
    ).all(),
    "cte": lambda s: s.execute(_cte()).all(),
    "recursive cte": lambda s: s.execute(_recursive_cte()).all(),
    "union": lambda s: s.execute(union(select(m.Reply.title), select(m.Proposal.title))).all(),
    "union_all of entities": lambda s: s.scalars(
        select(aliased(m.Proposal, union_all(select(m.Proposal), select(m.Proposal)).subquery()))
    ).all(),
    "except and intersect": lambda s: s.execute(
        select(m.Reply.title).except_(select(m.Proposal.title))
    ).all(),
    "any": lambda s: s.scalars(
        select(m.Proposal).where(m.Proposal.assignments.any(m.Assignment.replies.any()))
    ).all(),
    "max and min": lambda s: s.execute(
        select(func.max(m.Reply.title), func.min(m.Reply.title), func.max(m.Proposal.note))
        .select_from(m.Reply)
        .join(m.Reply.proposal)
    ).all(),
    "group by": lambda s: s.execute(
        select(m.Proposal.title, func.count()).group_by(m.Proposal.title)
    ).all(),
    "having": lambda s: s.execute(
        select(m.Reply.title).group_by(m.Reply.title).having(func.count() > 0)
    ).all(),
    "window": lambda s: s.execute(
        select(m.Reply.title, func.row_number().over(order_by=m.Reply.id))
    ).all(),
    "distinct and order": lambda s: s.execute(
        select(m.Reply.title).distinct().order_by(m.Reply.title.desc())
    ).all(),
    "limit and offset": lambda s: [
        s.scalars(select(m.Proposal).order_by(m.Proposal.id).limit(1).offset(n)).first() for n in range(4)
    ],
    "yield_per": lambda s: list(s.scalars(select(m.Reply).execution_options(yield_per=1))),
    "partitions": lambda s: [list(p) for p in s.scalars(select(m.Reply)).partitions(1)],
    "stream": lambda s: list(
        s.execute(select(m.Reply.title).execution_options(stream_results=True))
    ),
    "lambda statement": lambda s: s.execute(lambda_stmt(lambda: select(m.Reply.title))).all(),
    "populate_existing": lambda s: s.scalars(
        select(m.Proposal).execution_options(populate_existing=True)
    ).all(),
    "refresh": _refreshed,
    "expired": _expired,
    "lazy child": lambda s: [a for i in items(s) for a in i.assignments],
    "lazy grandchild": lambda s: [r for i in items(s) for a in i.assignments for r in a.replies],
    "lazy parent": lambda s: [r.proposal for r in s.scalars(select(m.Reply))],
    "lazy through a common parent": lambda s: [
        [a, a.replies, a.ledger_entries] for u in s.scalars(select(m.Unit)) for a in u.assignments
    ],
    "lazy through the person": lambda s: [
        [x, x.proposal] for d in s.scalars(select(m.Deputy)) for x in d.sponsors
    ],
    "lazy through the meeting": lambda s: [
        i for meeting in s.scalars(select(m.Meeting)) for i in meeting.proposals
    ],
    "joinedload": lambda s: [
        [u.assignments, [a.replies for a in u.assignments]]
        for u in s.scalars(
            select(m.Unit).options(joinedload(m.Unit.assignments).joinedload(m.Assignment.replies))
        ).unique()
    ],
    "selectinload": lambda s: [
        [u.assignments, [a.replies for a in u.assignments]]
        for u in s.scalars(
            select(m.Unit).options(
                selectinload(m.Unit.assignments).selectinload(m.Assignment.replies)
            )
        )
    ],
    "subqueryload": lambda s: [
        [u.assignments, [a.replies for a in u.assignments]]
        for u in s.scalars(
            select(m.Unit).options(subqueryload(m.Unit.assignments).subqueryload(m.Assignment.replies))
        )
    ],
    "immediateload": lambda s: [
        u.assignments for u in s.scalars(select(m.Unit).options(immediateload(m.Unit.assignments)))
    ],
    "joinedload then lazy": lambda s: [
        [a.replies for a in u.assignments]
        for u in s.scalars(select(m.Unit).options(joinedload(m.Unit.assignments))).unique()
    ],
    "defaultload": lambda s: [
        [a.replies for a in u.assignments]
        for u in s.scalars(
            select(m.Unit).options(defaultload(m.Unit.assignments).selectinload(m.Assignment.replies))
        )
    ],
    "contains_eager": lambda s: [
        u.assignments
        for u in s.scalars(
            select(m.Unit).join(m.Unit.assignments).options(contains_eager(m.Unit.assignments))
        ).unique()
    ],
    "joinedload of the parent": lambda s: [
        x.proposal for x in s.scalars(select(m.Sponsor).options(joinedload(m.Sponsor.proposal)))
    ],
    "joinedload of a name": lambda s: [
        str(r) for r in s.scalars(select(m.Reply).options(*m.name_options(m.Reply)))
    ],
    "relationship with and_": lambda s: [
        u.assignments
        for u in s.scalars(
            select(m.Unit).options(selectinload(m.Unit.assignments.and_(m.Assignment.id > 0)))
        )
    ],
    "loader criteria of one's own": lambda s: s.scalars(
        select(m.Proposal).options(with_loader_criteria(m.Proposal, m.Proposal.id > 0))
    ).all(),
    "with_parent": lambda s: [
        s.scalars(select(m.Assignment).where(with_parent(u, m.Unit.assignments))).all()
        for u in s.scalars(select(m.Unit))
    ],
    "get": lambda s: [s.get(m.Proposal, key) for key in (ITEM, FOREIGN_ITEM)],
    "get again from the identity map": lambda s: [
        *items(s), *[s.get(m.Proposal, key) for key in (ITEM, FOREIGN_ITEM)]
    ],
    "get with options": lambda s: [
        s.get_one(m.Unit, key, options=[selectinload(m.Unit.assignments)]).assignments
        for key in (1, 2, 3)
    ],
    "get with populate_existing": lambda s: [
        s.get(m.Proposal, key, populate_existing=True) for key in (ITEM, FOREIGN_ITEM)
    ],
    "query by id": lambda s: [s.query(m.Proposal).filter_by(id=key).first() for key in (1, 2, 3)],
    "for update": lambda s: s.scalars(select(m.Proposal).with_for_update()).all(),
    "filter_by": lambda s: s.query(m.Reply).filter_by(kind="答复").all(),
    "case and coalesce": lambda s: s.execute(select(func.coalesce(m.Reply.title, m.Reply.body))).all(),
    "exists in the columns": lambda s: s.execute(
        select(m.Proposal.title).where(exists().where(m.Assignment.proposal_id == m.Proposal.id))
    ).all(),
    "mappings": lambda s: [dict(row) for row in s.execute(select(m.Reply.title)).mappings()],
    "nested transaction": lambda s: [items(s) for _ in [s.begin_nested()]],
}  # fmt: skip

COUNTED: dict[str, tuple[Probe, Any]] = {
    "count": (lambda s: s.scalar(select(func.count()).select_from(m.Proposal)), 2),
    "count of a column": (lambda s: s.scalar(select(func.count(m.Reply.id))), 2),
    "query count": (lambda s: s.query(m.Proposal).count(), 2),
    "count over a subquery": (
        lambda s: s.scalar(select(func.count()).select_from(select(m.Reply).subquery())),
        2,
    ),
    "count of a join": (
        lambda s: s.scalar(select(func.count()).select_from(m.Assignment).join(m.Assignment.proposal)),
        3,
    ),
    "sum": (lambda s: s.scalar(select(func.sum(m.Proposal.id))), 1 + 3),
    "exists of a select": (
        lambda s: s.scalar(select(select(m.Reply.id).where(m.Reply.title.contains(FOREIGN)).exists())),
        False,
    ),
    "query exists": (
        lambda s: s.scalar(select(s.query(m.Proposal).filter_by(id=FOREIGN_ITEM).exists())),
        False,
    ),
    "any": (
        lambda s: set(
            s.scalars(select(m.Unit.id).where(m.Unit.assignments.any(m.Assignment.replies.any())))
        ),
        {1, 2},
    ),
    "any with a secret": (
        lambda s: s.scalars(
            select(m.Unit.id).where(m.Unit.assignments.any(m.Assignment.leader.contains(FOREIGN)))
        ).all(),
        [],
    ),
    "has with a secret": (
        lambda s: s.scalars(
            select(m.Sponsor.id).where(m.Sponsor.proposal.has(m.Proposal.title.contains(FOREIGN)))
        ).all(),
        [],
    ),
    "not any": (
        lambda s: set(s.scalars(select(m.Unit.id).where(~m.Unit.assignments.any()))),
        {3},
    ),
    "in a subquery with a secret": (
        lambda s: s.scalars(
            select(m.Unit.id).where(
                m.Unit.id.in_(select(m.Assignment.unit_id).where(m.Assignment.leader.contains(FOREIGN)))
            )
        ).all(),
        [],
    ),
    "order by a hidden parent": (
        lambda s: len(
            s.scalars(
                select(m.Sponsor.id).outerjoin(m.Sponsor.proposal).order_by(m.Proposal.title)
            ).all()
        ),
        2,
    ),
    "group by unit": (
        lambda s: dict(
            s.execute(
                select(m.Assignment.unit_id, func.count()).group_by(m.Assignment.unit_id)
            ).all()
        ),
        {1: 2, 2: 1},
    ),
    "contains a foreign child": (
        lambda s: s.scalars(select(m.Deputy.id).join(m.Deputy.deliveries)).all(),
        [],
    ),
    "a foreign row by id": (
        lambda s: [s.get(cls, key) for cls, key in ((m.Proposal, 2), (m.Assignment, 3), (m.Reply, 3))],
        [None, None, None],
    ),
    "the partner's task where hers is the partner": (lambda s: s.get(m.Assignment, 6), None),
    "the deputy of a foreign item": (lambda s: s.get(m.Deputy, 2), None),
}  # fmt: skip

_raw = m.table_of


def _bare_alias(session: Session) -> Any:
    """A table beside its class: the name is the same, the criteria do not follow."""
    other = _raw("proposals").alias()
    return session.execute(select(m.Proposal.id, other.c.title)).all()


def _bare_beside_alias(session: Session) -> Any:
    cls = aliased(m.Proposal)
    return session.execute(select(cls.id, _raw("proposals").c.title)).all()


def _bare_in_subquery(session: Session) -> Any:
    inner = select(_raw("proposals").c.title).subquery()
    return session.execute(select(m.Proposal.id, inner.c.title)).all()


def _bare_uncorrelated(session: Session) -> Any:
    inner = select(func.max(_raw("proposals").c.title)).correlate(None).scalar_subquery()
    return session.execute(select(m.Proposal.id, inner)).all()


def _bare_in_cte(session: Session) -> Any:
    inner = select(_raw("replies").c.body).cte()
    return session.execute(select(m.Reply.id, inner.c.body)).all()


def _bare_in_exists(session: Session) -> Any:
    inner = exists().where(_raw("replies").c.body.contains(FOREIGN))
    return session.execute(select(m.Unit.id).where(inner)).all()


def _bare_in_union(session: Session) -> Any:
    return session.execute(
        union_all(select(m.Proposal.title), select(_raw("replies").c.body))
    ).all()


def _refreshed_foreign(session: Session) -> Any:
    item = m.Proposal(id=FOREIGN_ITEM)
    make_transient_to_detached(item)
    session.add(item)
    session.refresh(item)
    return item.title


def _read_of_detached(session: Session) -> Any:
    item = m.Proposal(id=FOREIGN_ITEM)
    make_transient_to_detached(item)
    session.add(item)
    return item.title


RAISES: dict[str, Probe] = {
    "text": lambda s: s.execute(text("SELECT * FROM proposals")).all(),
    "text in from_statement": lambda s: s.scalars(
        select(m.Proposal).from_statement(text("SELECT * FROM proposals"))
    ).all(),
    "from_statement": lambda s: s.scalars(
        select(m.Proposal).from_statement(select(m.Proposal))
    ).all(),
    "query from_statement": lambda s: s.query(m.Proposal)
    .from_statement(text("SELECT * FROM proposals"))
    .all(),
    "text in where": lambda s: s.scalars(select(m.Unit).where(text("1 = 1 OR 1 = 1"))).all(),
    "text in order_by": lambda s: s.scalars(select(m.Unit).order_by(text("1"))).all(),
    "text column": lambda s: s.execute(select(m.Unit.id, text("1"))).all(),
    "literal column": lambda s: s.execute(
        select(m.Unit.id, literal_column("(SELECT max(title) FROM proposals)"))
    ).all(),
    "light table": lambda s: s.execute(
        select(m.Unit.id, table("proposals", column("title")).c.title)
    ).all(),
    "light table alone": lambda s: s.execute(
        select(table("proposals", column("title")).c.title)
    ).all(),
    "prefix": lambda s: s.execute(select(m.Unit.id).prefix_with(text("DISTINCT"))).all(),
    "suffix": lambda s: s.execute(
        select(m.Unit.id).suffix_with(text("UNION SELECT id FROM proposals"))
    ).all(),
    "bare table": lambda s: s.execute(select(_raw("proposals"))).all(),
    "bare column": lambda s: s.execute(select(_raw("proposals").c.title)).all(),
    "bare aggregate": lambda s: s.execute(select(func.max(_raw("proposals").c.title))).all(),
    "bare table beside another class": lambda s: s.execute(
        select(m.Unit.id, _raw("proposals").c.title)
    ).all(),
    "bare table joined": lambda s: s.execute(
        select(m.Unit.id, _raw("proposals").c.title).join(_raw("proposals"), m.Unit.id > 0)
    ).all(),
    "bare alias beside its class": _bare_alias,
    "bare table beside an alias of its class": _bare_beside_alias,
    "bare table in a subquery": _bare_in_subquery,
    "bare table in an uncorrelated subquery": _bare_uncorrelated,
    "bare table in a cte": _bare_in_cte,
    "bare table in exists": _bare_in_exists,
    "bare table in a union": _bare_in_union,
    "bare tablesample": lambda s: s.execute(
        select(m.Proposal.id, _raw("proposals").tablesample(func.bernoulli(100)).c.title)
    ).all(),
    "connection": lambda s: s.connection(),
    "reflected anew": lambda s: MetaData().reflect(s.connection()),
    "refresh of a foreign row": _refreshed_foreign,
    "reading a detached foreign row": _read_of_detached,
    "get_one of a foreign row": lambda s: s.get_one(m.Proposal, FOREIGN_ITEM),
    "update": lambda s: s.execute(update(m.Proposal).values(title="改")),
    "update of one's own": lambda s: s.execute(update(m.Proposal).where(m.Proposal.id == ITEM).values(title="改")),
    "update by key": lambda s: s.execute(update(m.Proposal), [{"id": FOREIGN_ITEM, "title": "改"}]),
    "update of a table": lambda s: s.execute(update(_raw("proposals")).values(title="改")),
    "query update": lambda s: s.query(m.Proposal).update({"title": "改"}),
    "delete": lambda s: s.execute(delete(m.LedgerEntry)),
    "query delete": lambda s: s.query(m.LedgerEntry).delete(),
    "insert": lambda s: s.execute(insert(m.Unit).values(name="丁局")),
    "insert many": lambda s: s.execute(insert(m.Unit), [{"name": "丁局"}, {"name": "戊局"}]),
    "insert returning": lambda s: s.scalars(insert(m.Unit).returning(m.Unit), [{"name": "丁局"}]).all(),
    "insert from select": lambda s: s.execute(
        insert(m.UnitAlias).from_select(["unit_id", "alias"], select(m.Proposal.id, m.Proposal.title))
    ),
    "bulk_save_objects": lambda s: s.bulk_save_objects([m.Unit(name="丁局")]),
    "bulk_insert_mappings": lambda s: s.bulk_insert_mappings(m.Unit, [{"name": "丁局"}]),
    "bulk_update_mappings": lambda s: s.bulk_update_mappings(m.Proposal, [{"id": 2, "title": "改"}]),
    "the program's bulk writes": lambda s: bulk.insert_rows(s, m.Unit, [{"name": "丁局"}], str),
    "the program's bulk deletion": lambda s: bulk.delete_rows(s, m.Unit, [{"id": 3}], str),
    "another actor": lambda s: s.act_as(OLIVIA, now),
}  # fmt: skip


@pytest.mark.parametrize("name", HELD)
@pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")
def test_alice_reads_her_own_and_nothing_foreign(neighbours: Engine, name: str) -> None:
    with working(neighbours, ALICE) as session:
        found = texts(HELD[name](session))
        assert FOREIGN not in found
        assert OWN in found, "the probe must read something"


@pytest.mark.parametrize("name", COUNTED)
def test_alice_counts_what_is_hers(neighbours: Engine, name: str) -> None:
    probe, expected = COUNTED[name]
    with working(neighbours, ALICE) as session:
        assert probe(session) == expected


@pytest.mark.parametrize("name", RAISES)
@pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")
def test_alice_finds_no_way_past_the_scopes(neighbours: Engine, name: str) -> None:
    before = everything(neighbours)
    with working(neighbours, ALICE) as session:
        with pytest.raises((RuntimeError, SQLAlchemyError, ScopeError)) as refused:
            RAISES[name](session)
        assert FOREIGN not in str(refused.value)
    assert everything(neighbours) == before


def everything(engine: Engine) -> dict[str, list[Any]]:
    """All rows of all tables but the change log."""
    with engine.connect() as connection:
        return {
            name: list(connection.execute(select(_raw(name)).order_by("id")))
            for name in models.schema.tables
        }


def _task(session: Session, key: int = TASK) -> Any:
    return session.get_one(m.Assignment, key)


def _entry(task: Any = TASK, **more: Any) -> Any:
    known = {"happened_on": date(2024, 4, 14), "stage": "办中", "activity": "其他", "summary": "新"}
    return m.LedgerEntry(assignment_id=task, **{**known, **more})


def _moved_by_object(session: Session) -> None:
    """Re-parented by relationship, with a foreign parent that was smuggled in."""
    other = m.Assignment(id=FOREIGN_TASK)
    make_transient_to_detached(other)
    session.add(other)
    session.get_one(m.LedgerEntry, 1).assignment = other


def _moved_to_visible(session: Session) -> None:
    """To a task that she sees, but which is her partner's to keep."""
    session.get_one(m.LedgerEntry, 1).assignment = _task(session, PARTNERS_TASK)


def _under_pending(session: Session) -> None:
    proposal = m.Proposal(meeting_id=1, kind="建议", number="009", title="新件")
    task = m.Assignment(proposal=proposal, unit_id=1, role="主办")
    session.add(_entry(None))
    session.add(task)


def _merged(session: Session) -> None:
    session.merge(m.LedgerEntry(id=3, assignment_id=TASK, summary="改"))


def _changed_detached(session: Session) -> None:
    entry = m.LedgerEntry(id=3)
    make_transient_to_detached(entry)
    session.add(entry)
    entry.summary = "改"


def _deleted_detached(session: Session) -> None:
    entry = m.LedgerEntry(id=3)
    make_transient_to_detached(entry)
    session.add(entry)
    session.delete(entry)


def _of_another_session(session: Session) -> None:
    with working(session.get_bind(), CAROL) as carols:  # type: ignore[arg-type]
        entry = carols.get_one(m.LedgerEntry, 3)
        carols.expunge(entry)
    entry.summary = "改"
    session.add(entry)


def _with_anothers_key(session: Session) -> None:
    entry = session.get_one(m.LedgerEntry, 1)
    entry.id = 3
    entry.summary = "改"


def _as_new_with_a_taken_id(session: Session) -> None:
    entry = session.get_one(m.LedgerEntry, 1)
    session.expunge(entry)
    make_transient(entry)
    entry.id = 3
    session.add(entry)


def _faked_history(session: Session) -> None:
    """The column is set behind the back of the unit of work, another one in front."""
    entry = session.get_one(m.LedgerEntry, 1)
    set_committed_value(entry, "assignment_id", FOREIGN_TASK)
    entry.summary = "改"
    session.flush()
    raise OutOfScope("nothing but the text was written") if _stayed(session) else AssertionError


def _stayed(session: Session) -> bool:
    session.expire_all()
    return session.get_one(m.LedgerEntry, 1).assignment_id == TASK


def _by_expression(session: Session) -> None:
    session.get_one(m.LedgerEntry, 1).assignment_id = (
        select(func.max(m.Assignment.id)).correlate(None).scalar_subquery()
    )


REFUSED: dict[str, tuple[type[ScopeError], Probe]] = {
    "create under a foreign task": (OutOfScope, lambda s: s.add(_entry(FOREIGN_TASK))),
    "create under the partner's task": (NotAllowed, lambda s: s.add(_entry(PARTNERS_TASK))),
    "create by relationship under the partner's task": (
        NotAllowed,
        lambda s: s.add(_entry(None, assignment=_task(s, PARTNERS_TASK))),
    ),
    "create what she may not": (NotAllowed, lambda s: s.add(m.Unit(name="丁局"))),
    "create an item": (
        NotAllowed,
        lambda s: s.add(m.Proposal(meeting_id=1, kind="建议", number="9", title="新")),
    ),
    "create under a pending parent": (NotAllowed, _under_pending),
    "create a reply under a foreign task": (
        OutOfScope,
        lambda s: s.add(m.Reply(assignment_id=FOREIGN_TASK, title="新")),
    ),
    "create a reply that is not a draft": (
        NotAllowed,
        lambda s: s.add(m.Reply(assignment_id=SHARED_TASK, kind="协办意见", title="新", state="通过")),
    ),
    "name a foreign item in a carried column": (
        NotAllowed,
        lambda s: s.add(m.Reply(assignment_id=TASK, kind="再次答复", proposal_id=2, state="通过")),
    ),
    "name a foreign person": (
        OutOfScope,
        lambda s: s.add(m.LedgerDeputy(ledger_entry_id=1, deputy_id=2)),
    ),
    "add a child to a foreign row": (
        OutOfScope,
        lambda s: s.add(m.LedgerInvitee(ledger_entry_id=3, body_name="新")),
    ),
    "append to the children of her partner": (
        NotAllowed,
        lambda s: s.add(m.Commitment(assignment=_task(s, PARTNERS_TASK), content="新", due_on=date(2025, 1, 1))),
    ),
    "move her row to a foreign task": (
        OutOfScope,
        lambda s: setattr(s.get_one(m.LedgerEntry, 1), "assignment_id", FOREIGN_TASK),
    ),
    "move her row to the partner's task": (
        NotAllowed,
        lambda s: setattr(s.get_one(m.LedgerEntry, 1), "assignment_id", PARTNERS_TASK),
    ),
    "move her row by relationship": (NotAllowed, _moved_to_visible),
    "move her row by a smuggled relationship": (ScopeError, _moved_by_object),
    "move her row by an expression": (ScopeError, _by_expression),
    "move her task to another unit": (
        NotAllowed,
        lambda s: setattr(_task(s), "unit_id", 2),
    ),
    "move her task to another unit by relationship": (
        NotAllowed,
        lambda s: setattr(_task(s), "unit", s.get_one(m.Unit, 2)),
    ),
    "move her task to another item by relationship": (
        NotAllowed,
        lambda s: setattr(_task(s), "proposal", s.get_one(m.Proposal, 3)),
    ),
    "change her role": (NotAllowed, lambda s: setattr(_task(s), "role", "分办")),
    "change the partner's task": (
        NotAllowed,
        lambda s: setattr(_task(s, PARTNERS_TASK), "leader", "改"),
    ),
    "change an item": (
        NotAllowed,
        lambda s: setattr(s.get_one(m.Proposal, ITEM), "title", "改"),
    ),
    "change her account": (NotAllowed, lambda s: setattr(s.get_one(m.User, 1), "role", OLIVIA.role)),
    "change what she is called": (NotAllowed, lambda s: setattr(s.get_one(m.Unit, 1), "name", "改")),
    "change the state of her reply": (
        NotAllowed,
        lambda s: setattr(s.get_one(m.Reply, REPLY), "state", "通过"),
    ),
    "change the partner's opinion": (NotAllowed, lambda s: setattr(s.get_one(m.Reply, 2), "body", "改")),
    "change a detached foreign row": (OutOfScope, _changed_detached),
    "change a row that another person loaded": (OutOfScope, _of_another_session),
    "change her row into a foreign one": (ScopeError, _with_anothers_key),
    "change behind the back of the session": (OutOfScope, _faked_history),
    "delete a detached foreign row": (OutOfScope, _deleted_detached),
    "delete what she may not": (NotAllowed, lambda s: s.delete(s.get_one(m.Proposal, 1))),
    "delete her partner's draft": (
        NotAllowed,
        lambda s: s.delete(s.get_one(m.Reply, PARTNERS_REPLY)),
    ),
    "delete her task": (NotAllowed, lambda s: s.delete(_task(s))),
    "delete a unit": (NotAllowed, lambda s: s.delete(s.get_one(m.Unit, 3))),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_alice_is_refused_and_nothing_is_written(neighbours: Engine, name: str) -> None:
    kind, probe = REFUSED[name]
    before = everything(neighbours)
    with working(neighbours, ALICE) as session:
        with pytest.raises(kind) as refused:
            probe(session)
            session.commit()
        assert FOREIGN not in refused.value.sentence
    assert everything(neighbours) == before


CLASHES: dict[str, Probe] = {
    "merge over a foreign row": _merged,
    "insert under a taken id": _as_new_with_a_taken_id,
}


@pytest.mark.parametrize("name", CLASHES)
def test_alice_writes_over_no_foreign_row(neighbours: Engine, name: str) -> None:
    before = everything(neighbours)
    with (
        working(neighbours, ALICE) as session,
        pytest.raises((SQLAlchemyError, ScopeError)) as refused,
    ):
        CLASHES[name](session)
        session.commit()
    assert FOREIGN not in str(refused.value)
    assert everything(neighbours) == before


def test_alice_cannot_orphan_a_row_by_emptying_its_link(neighbours: Engine) -> None:
    before = everything(neighbours)
    with (
        working(neighbours, ALICE) as session,
        pytest.raises((SQLAlchemyError, ScopeError)),
    ):
        session.get_one(m.LedgerEntry, 1).assignment = None
        session.commit()
    assert everything(neighbours) == before


def test_what_autoflush_writes_is_checked_like_any_other(neighbours: Engine) -> None:
    with working(neighbours, ALICE) as session:
        session.add(_entry(FOREIGN_TASK))
        with pytest.raises(OutOfScope):
            session.scalars(select(m.Unit)).all()


def test_a_refused_write_leaves_the_session_usable_after_a_rollback(engine: Engine) -> None:
    with working(engine, ALICE) as session:
        session.add(_entry(FOREIGN_TASK))
        with pytest.raises(OutOfScope):
            session.commit()
        session.rollback()
        session.add(_entry(TASK))
        session.commit()
    assert len(everything(engine)["ledger_entries"]) == 5


def test_the_statement_cache_does_not_carry_one_persons_scope_to_the_next(
    neighbours: Engine,
) -> None:
    for _ in range(3):
        for actor, seen in ((ALICE, {1, 3}), (BOB, {1, 2, 3}), (CAROL, {2}), (OLIVIA, {1, 2, 3})):
            with working(neighbours, actor) as session:
                assert {item.id for item in items(session)} == seen
                loaded = session.scalars(select(m.Unit).options(selectinload(m.Unit.assignments)))
                assert {a.proposal_id for u in loaded for a in u.assignments} <= seen


def test_people_of_one_role_share_the_statements_that_have_been_compiled(
    neighbours: Engine,
) -> None:
    with working(neighbours, ALICE) as session:
        assert {item.id for item in items(session)} == {1, 3}
        assert [task.proposal_id for task in session.get_one(m.Unit, 2).assignments] == [1]
    compiled = set(neighbours._compiled_cache or ())
    with working(neighbours, CAROL) as session:
        assert {item.id for item in items(session)} == {2}
        assert [task.proposal_id for task in session.get_one(m.Unit, 2).assignments] == [2]
    assert compiled and set(neighbours._compiled_cache or ()) == compiled


def test_what_a_row_loads_later_is_limited_once_however_far_it_leads(neighbours: Engine) -> None:
    said: list[str] = []

    def listen(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    with working(neighbours, ALICE) as session:
        reply = session.get_one(m.Reply, REPLY)
        event.listen(neighbours, "before_cursor_execute", listen)
        entries = reply.assignment.proposal.assignments[0].ledger_entries
        event.remove(neighbours, "before_cursor_execute", listen)
        assert {entry.id for entry in entries} <= HERS["ledger_entries"]
    assert len(said) == 4
    assert [text.count(" lead_assignments.role = ") for text in said] == [1, 0, 1, 1]
    assert [text.count(" own_assignments.unit_id = ") for text in said] == [0, 1, 0, 0]


@pytest.mark.parametrize("name", HERS)
def test_alice_sees_exactly_hers_by_list_get_and_count(neighbours: Engine, name: str) -> None:
    cls = m.by_table[name]
    with working(neighbours, ALICE) as session:
        assert set(session.scalars(select(cls.id))) == HERS[name]
        assert {key for key in range(1, 9) if session.get(cls, key)} == HERS[name]
        assert session.scalar(select(func.count(cls.id))) == len(HERS[name])


def test_a_reading_of_nobody_raises(neighbours: Engine) -> None:
    with ActorSession(neighbours) as session, pytest.raises(RuntimeError, match="act_as"):
        session.scalars(select(m.Unit)).all()


def test_a_session_that_guards_nothing_cannot_be_opened(neighbours: Engine) -> None:
    with pytest.raises(RuntimeError, match="actor_session"):
        ActingSession(neighbours)


def test_the_program_sees_everything_and_says_who_it_works_for(engine: Engine) -> None:
    with system_session(engine, "夜间检查", now, user_id=4) as session:
        assert {item.id for item in items(session)} == {1, 2, 3}
        session.add(_entry(FOREIGN_TASK))
        session.commit()
        log = session.scalars(select(m.ChangeLog).order_by(m.ChangeLog.id.desc())).first()
        assert (log.actor_name, log.user_id, log.action) == ("夜间检查", 4, "新增")


def test_there_are_more_than_sixty_probes() -> None:
    assert len(HELD) + len(COUNTED) + len(RAISES) + len(REFUSED) > 120
    assert FOREIGN_REPLY and FOREIGN_ITEM  # what they are after
