# SPDX-License-Identifier: Apache-2.0
"""What of the ledger is told: a batch that is done, once; work that stands still; nothing that nobody wants."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.errors import AccessRefused, StorageUnreachable
from archive.registry import Registry, Session, ledger
from archive.registry.batches import PlannedBatch
from archive.registry.dispatching import open_units
from archive.registry.notifications import WANTED, Kind, notify
from archive.registry.receiving_tables import NotificationRow
from archive.registry.stages import Stage
from archive.registry.tables import ItemRow

UnitOf = Callable[..., int]


def told(registry: Registry) -> list[tuple[str, str, dict[str, Any]]]:
    with registry.reading() as session:
        rows = session.scalars(select(NotificationRow).order_by(NotificationRow.id))
        return [(row.kind, row.subject, row.facts) for row in rows]


def stop(registry: Registry, unit: int, error: dict[str, Any]) -> None:
    with registry.transaction() as session:
        claim = ledger.claim(session, unit, "host:1:task", lease_seconds=60, max_attempts=3)
    assert claim is not None
    with registry.transaction() as session:
        ledger.fail(session, claim, error, max_attempts=3)


def finish(registry: Registry, batch: str, *, but: Stage | None = None) -> None:
    """Do all units of a batch, or all before a stage."""
    while True:
        with registry.reading() as session:
            items = list(session.scalars(select(ItemRow.id).where(ItemRow.batch == batch)))
            units = [unit for item in items for unit in open_units(session, item) if unit.stage != but]
        done = 0
        for unit in units:
            with registry.transaction() as session:
                claim = ledger.claim(session, unit.id, "host:1:task", lease_seconds=60, max_attempts=3)
                if claim is not None:
                    ledger.complete(session, claim, {})
                    done += 1
        if not done:
            return


@pytest.mark.every_registry
def test_a_batch_that_is_done_is_told_once(registry: Registry, batch: PlannedBatch) -> None:
    finish(registry, batch.id, but=Stage.CONFIRM)
    assert told(registry) == []
    finish(registry, batch.id)
    facts = {"batch": batch.id, "items": 1, "institution": "Library", "station": "station"}
    assert told(registry) == [(Kind.BATCH_DONE, batch.id, facts)]


def test_an_item_that_waits_for_a_person_is_told_and_one_that_is_tried_again_is_not(
    registry: Registry, batch: PlannedBatch, unit_of: UnitOf
) -> None:
    stop(registry, unit_of(Stage.VALIDATE), StorageUnreachable("Away.").to_json())
    assert told(registry) == []
    with registry.transaction() as session:
        session.get_one(ItemRow, 1)
        ledger_row = ledger._locked(session, unit_of(Stage.VALIDATE))
        assert ledger_row is not None
        ledger_row.next_attempt_at = 0.0
    stop(registry, unit_of(Stage.VALIDATE), AccessRefused("Not with this key.").to_json())
    ((kind, subject, facts),) = told(registry)
    assert (kind, subject) == (Kind.ITEM_HELD, f"{batch.id}/item0")
    assert facts["reason"] == "Not with this key."
    assert facts["stage"] == Stage.VALIDATE
    assert facts["remedy"]


def test_an_upload_that_stands_still_is_told_as_that(
    registry: Registry, batch: PlannedBatch, unit_of: UnitOf
) -> None:
    finish(registry, batch.id, but=Stage.UPLOAD)
    stop(registry, unit_of(Stage.UPLOAD), AccessRefused("Not with this key.").to_json())
    assert [kind for kind, _, _ in told(registry)] == [Kind.UPLOAD_FAILED]


def test_what_is_rolled_back_is_not_told(registry: Registry) -> None:
    def fail(session: Session) -> None:
        notify(session, Kind.DISK_LOW, "cellar")
        raise KeyError

    with pytest.raises(KeyError), registry.transaction() as session:
        fail(session)
    assert told(registry) == []


@pytest.mark.every_registry
def test_whoever_tells_does_not_fail_for_what_it_tells(registry: Registry) -> None:
    strange = {"file": "a\udcff\x00b", "share": float("nan"), "free": 2**70, "path": Path("/x"), "none": None}
    with registry.transaction() as session:
        assert notify(session, Kind.DISK_LOW, "cel\x00lar\ud800", strange)
    ((_, subject, facts),) = told(registry)
    assert (subject, facts["file"], facts["share"], facts["path"]) == ("cel lar?", "a? b", "nan", "/x")


def test_only_what_is_wanted_is_written_and_no_fact_is_without_end(registry: Registry) -> None:
    with registry.transaction() as session:
        session.info[WANTED] = lambda: {"disk low"}
        assert not notify(session, Kind.BATCH_DONE, "b1")
        assert notify(session, Kind.DISK_LOW, "cellar", {"reason": "x" * 99_999, "free": 7, "none": None})
    ((_, _, facts),) = told(registry)
    assert facts.keys() == {"reason", "free"}
    assert len(facts["reason"]) < 2_100
