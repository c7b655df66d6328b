# SPDX-License-Identifier: Apache-2.0
"""What the driver is asked directly gives what SQLAlchemy gives, in the same transaction, and fails in the same words."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import bindparam, event, insert, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound

from archive.errors import RegistryUnreachable
from archive.registry import Registry, open_registry
from archive.registry.batches import PlannedBatch
from archive.registry.events import append_event, read_events, verify_chain
from archive.registry.prepared import execute
from archive.registry.tables import BatchRow, EventRow, ItemRow, UnitRow
from archive.registry.unit_facts import ITEM, UNIT

_UNITS = (
    select(UNIT.c.id, UNIT.c.stage, UNIT.c.result, UNIT.c.state.label("stands"))
    .where(UNIT.c.stage.in_(bindparam("stages", expanding=True)), UNIT.c.state.in_(["waiting", "queued"]))
    .order_by(UNIT.c.id)
)
_FLIGHT = select(ITEM.c.in_flight, ITEM.c.description).where(ITEM.c.in_flight == bindparam("flying"))
_RESULT = (
    update(UNIT)
    .where(UNIT.c.id == bindparam("unit"))
    .values(result=bindparam("outcome", type_=UNIT.c.result.type))
)
_RENAME = update(ITEM).where(ITEM.c.id == bindparam("of_item")).values(name=bindparam("called"))


@pytest.fixture(params=["driver", "SQLAlchemy"])
def way(request: pytest.FixtureRequest, registry: Registry) -> str:
    """Statements that somebody listens to are executed by SQLAlchemy."""
    if request.param == "SQLAlchemy":
        event.listen(registry._engine, "before_cursor_execute", lambda *_: None)
    return str(request.param)


@pytest.mark.usefixtures("way", "batch")
def test_lists_of_any_length_constants_and_kinds_of_columns(registry: Registry) -> None:
    with registry.transaction() as session:
        first = execute(session, _UNITS, {"stages": ["validate"]}).first()
        assert first is not None
        for stages in ([], ["validate"], ["capture", "validate"], ("bag", "upload", "validate")):
            rows = execute(session, _UNITS, {"stages": stages}).all()
            assert {row.stage for row in rows} == set(stages)
            assert all(row.stands == "waiting" for row in rows)
        result = {"pages": 3, "größe": [1, None, {"a": True}]}
        assert execute(session, _RESULT, {"unit": first.id, "outcome": result}).rowcount == 1
        assert execute(session, _RESULT, {"unit": -1, "outcome": result}).rowcount == 0
        again = execute(session, _UNITS, {"stages": ["validate"]}).first()
        assert again is not None
        assert again.result == result
        assert session.get_one(UnitRow, first.id).result == result
        items = execute(session, _FLIGHT, {"flying": False}).all()
        assert items
        assert all(row.in_flight is False and isinstance(row.description, dict) for row in items)


@pytest.mark.usefixtures("way", "batch")
def test_nothing_is_found_where_nothing_is(registry: Registry) -> None:
    with registry.reading() as session:
        found = execute(session, _FLIGHT, {"flying": True})
        assert (list(found), found.first(), found.one_or_none()) == ([], None, None)
        with pytest.raises(NoResultFound):
            execute(session, _FLIGHT, {"flying": True}).one()


@pytest.mark.usefixtures("way", "batch")
def test_what_is_pending_of_mapped_objects_is_seen(registry: Registry) -> None:
    with registry.transaction() as session:
        item = session.scalars(select(ItemRow)).first()
        assert item is not None
        item.in_flight = True
        assert execute(session, _FLIGHT, {"flying": True}).one().in_flight is True


@pytest.mark.usefixtures("way")
def test_a_transaction_that_fails_leaves_nothing(registry: Registry, batch: PlannedBatch) -> None:
    def fail() -> None:
        with registry.transaction() as session:
            append_event(session, batch.id, "state change", detail={"n": 1})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with registry.transaction() as session:
        append_event(session, batch.id, "state change", detail={"n": 2})
    with registry.reading() as session:
        assert [one["detail"]["n"] for one in read_events(session, batch.id) if "n" in one["detail"]] == [2]
        assert verify_chain(session, batch.id).whole


@pytest.mark.usefixtures("way")
def test_a_savepoint_takes_back_what_was_done_since(registry: Registry, batch: PlannedBatch) -> None:
    with registry.transaction() as session:
        units = execute(session, _UNITS, {"stages": ["validate"]}).all()
        point = session.begin_nested()
        execute(session, _RESULT, {"unit": units[0].id, "outcome": {"a": 1}})
        point.rollback()
        assert execute(session, _UNITS, {"stages": ["validate"]}).all()[0].result is None
        assert session.get_one(BatchRow, batch.id).id == batch.id


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("way")
def test_what_the_database_refuses_is_told_as_sqlalchemy_tells_it(
    registry: Registry, batch: PlannedBatch
) -> None:
    row = {"batch": batch.id, "sequence": 1, "item": None, "type": "t", "body": "{}", "sha256": "0" * 64}

    def twice() -> None:
        with registry.transaction() as session:
            execute(session, insert(EventRow), row)

    with pytest.raises(IntegrityError, match="UNIQUE constraint failed"):
        twice()


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("way", "batch")
def test_a_file_that_cannot_be_written_is_a_registry_that_is_away(registry: Registry) -> None:
    def write() -> None:
        with registry.transaction() as session:
            session.connection().exec_driver_sql("PRAGMA query_only = ON")
            execute(session, _RENAME, {"of_item": 1, "called": "other"})

    try:
        with pytest.raises(RegistryUnreachable, match="readonly"):
            write()
    finally:
        with registry.reading() as session:
            session.connection().exec_driver_sql("PRAGMA query_only = OFF")


@pytest.mark.usefixtures("batch")
def test_no_statement_of_an_ended_transaction_commits_by_itself(registry: Registry) -> None:
    with registry.transaction() as session:
        execute(session, _UNITS, {"stages": ["validate"]})
        session.rollback()
        execute(session, _RENAME, {"of_item": 1, "called": "other"})
        session.rollback()
    with registry.reading() as session:
        assert session.get_one(ItemRow, 1).name != "other"


@pytest.mark.usefixtures("batch")
def test_two_registries_in_one_thread_do_not_take_each_others_connection(
    registry: Registry, tmp_path: Path
) -> None:
    other = open_registry(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    with registry.transaction() as here, other.transaction() as there:
        found = [execute(session, _UNITS, {"stages": ["validate"]}).all() for session in (here, there, here)]
    other.close()
    assert [len(rows) for rows in found] == [1, 0, 1]
