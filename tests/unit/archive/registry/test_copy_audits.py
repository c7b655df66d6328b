# SPDX-License-Identifier: Apache-2.0
"""Claims of copies: by the index of their ages, each by one auditor, and lost with the lease."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from archive.registry import Registry
from archive.registry.clock import now_seconds
from archive.registry.copy_audits import (
    ClaimedCopy,
    Due,
    claim_copies,
    forget_future_proofs,
    give_back,
    new_lease,
    record_good,
    record_unreachable,
    renew_leases,
    still_ours,
)
from archive.registry.fixity_figures import overdue_copies
from tests.audited_copies import Archive, make_archive

ALL = Due(now_seconds() + 10)


@pytest.fixture
def archive(recto_home: Path, tmp_path: Path) -> Iterator[Archive]:
    made = make_archive([str(tmp_path / "here"), str(tmp_path / "there")])
    made.keep("letters", [b"one", b"second", b"another"])
    yield made
    made.node.close()


def claim(archive: Archive, *, lease: float = 60.0, **wishes: Any) -> list[ClaimedCopy]:
    wanted: dict[str, Any] = {
        "after": None,
        "most": 100,
        "most_bytes": 1 << 30,
        "lease_seconds": lease,
        **wishes,
    }
    with archive.node.registry.transaction() as session:
        return claim_copies(session, wanted.pop("due", ALL), **wanted)


def plans(registry: Registry, work: Any) -> list[str]:
    """How SQLite finds the copies for what is asked of it; without statistics that does not hang on their number."""
    asked: list[tuple[str, Any]] = []
    engine = registry._engine

    def listen(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", listen)
    with registry.transaction() as session:
        work(session)
    event.remove(engine, "before_cursor_execute", listen)
    statement, values = next(each for each in asked if each[0].startswith("SELECT"))
    with engine.connect() as connection:
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]


def test_copies_are_found_by_the_index_of_their_ages_and_never_sorted(archive: Archive) -> None:
    registry = archive.node.registry
    rest = {"after": (5.0, 1), "without": ["x"], "most": 10, "most_bytes": 10, "lease_seconds": 9.0}
    claimed = plans(registry, lambda session: claim_copies(session, ALL, **rest))
    overdue = plans(registry, lambda session: overdue_copies(session, ALL.before))
    for plan in (claimed, overdue):
        assert any("content_copy USING INDEX ix_content_copy_checked_at" in step for step in plan)
        assert not any("TEMP B-TREE" in step or step.startswith("SCAN content") for step in plan)


def test_a_claimed_copy_is_nobody_elses_until_it_is_given_back_or_the_lease_ends(archive: Archive) -> None:
    first = claim(archive, most=4)
    assert len(first) == 4
    assert {copy.id for copy in claim(archive)}.isdisjoint(copy.id for copy in first)
    with archive.node.registry.transaction() as session:
        give_back(session, first)
    again = claim(archive, lease=-60.0)
    assert {copy.id for copy in again} == {copy.id for copy in first}
    assert {copy.id for copy in claim(archive)} == {copy.id for copy in first}


def test_who_lost_the_lease_records_nothing(archive: Archive) -> None:
    (late, *_) = claim(archive, lease=-60.0)
    (ours, *_) = claim(archive)
    assert late.id == ours.id
    with archive.node.registry.transaction() as session:
        assert not still_ours(session, late)
        assert record_good(session, [(late, "whole-digest-read-back")], run=1, agents=()) == []
        assert not record_unreachable(session, late, {"code": "storage.unreachable"})
        assert renew_leases(session, [late, ours], new_lease(60.0)) == {ours.id}
    assert [copy.failures for copy in archive.copies() if copy.id == ours.id] == [0]


def test_a_claim_has_as_many_bytes_as_may_be_but_one_copy_at_least(archive: Archive) -> None:
    assert len(claim(archive, most_bytes=1)) == 1
    assert len(claim(archive, most_bytes=13)) == 2


def test_a_run_comes_to_each_copy_once(archive: Archive) -> None:
    seen: list[int] = []
    after = None
    while copies := claim(archive, most=4, after=after):
        seen += [copy.id for copy in copies]
        after = (copies[-1].checked_at, copies[-1].id)
        with archive.node.registry.transaction() as session:
            give_back(session, copies)
    assert sorted(seen) == sorted(copy.id for copy in archive.copies())
    assert len(seen) == len(set(seen))


def test_what_its_ingest_has_just_stored_is_left_to_it(archive: Archive) -> None:
    archive.keep("diaries", [b"diary"])
    for copy in archive.copies()[-2:]:
        archive._set(copy.id, state="stored", checked_at=0.0)
    policy = Due(now_seconds() - 86_400.0)
    assert {copy.object for copy in claim(archive, due=policy)} == {"library.example.org/letters"}
    archive._set(archive.copies()[-1].id, stored_at="2020-01-01T00:00:00.000Z")
    assert len(claim(archive, due=policy)) == 1


def test_what_a_wrong_clock_wrote_hides_no_copy(archive: Archive) -> None:
    future = now_seconds() + 10**9
    first, second, third, *_ = archive.copies()
    archive._set(first.id, checked_at=future)
    archive._set(second.id, lease_until=future)
    archive._set(third.id, next_audit_at=future)
    with archive.node.registry.transaction() as session:
        forget_future_proofs(session)
    assert {first.id, second.id, third.id} <= {copy.id for copy in claim(archive, due=Due(now_seconds()))}
