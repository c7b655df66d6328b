# SPDX-License-Identifier: Apache-2.0
"""The event chain proves that nothing was altered, inserted or removed."""

from __future__ import annotations

import hashlib
import json
import threading

import pytest
from sqlalchemy import text

from archive.errors import BatchExists, BatchUnknown
from archive.registry import Registry
from archive.registry.batches import PlannedBatch, register_batch
from archive.registry.events import append_event, read_events, verify_chain

pytestmark = pytest.mark.every_registry


def fill(registry: Registry, count: int = 5) -> None:
    for number in range(count):
        with registry.transaction() as session:
            append_event(session, "b1", "capture", item="item0", page=number, detail={"title": "Ünïcode ✓"})


def problems(registry: Registry) -> tuple[str, ...]:
    with registry.reading() as session:
        return verify_chain(session, "b1").problems


def test_a_chain_that_nobody_touched_is_whole(registry: Registry, batch: PlannedBatch) -> None:
    fill(registry)
    assert problems(registry) == ()
    with registry.reading() as session:
        report = verify_chain(session, "b1")
    assert report.events == 6


def test_anybody_can_recompute_the_links_with_sha256_alone(registry: Registry, batch: PlannedBatch) -> None:
    fill(registry)
    before = "0" * 64
    with registry.reading() as session:
        events = list(read_events(session, "b1"))
    for event in events:
        digest = event.pop("sha256")
        body = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert event["previous"] == before
        assert hashlib.sha256(body.encode()).hexdigest() == digest
        before = digest


@pytest.mark.parametrize(
    "tampering",
    [
        """UPDATE event SET body = replace(body, 'Ünïcode', 'Unicode') WHERE sequence = 3""",
        """DELETE FROM event WHERE sequence = 3""",
        """DELETE FROM event WHERE sequence = 6""",
        """UPDATE event SET item = 'another' WHERE sequence = 3""",
        """UPDATE event SET type = 'deletion' WHERE sequence = 3""",
        """UPDATE event SET body = 'rubbish' WHERE sequence = 3""",
        """INSERT INTO event (batch, sequence, item, type, body, sha256) SELECT batch, 7, item, type, body, sha256 FROM event WHERE sequence = 6""",
    ],
)
def test_tampering_is_found(registry: Registry, batch: PlannedBatch, tampering: str) -> None:
    fill(registry)
    with registry.transaction() as session:
        session.execute(text(tampering))
    assert problems(registry)


def test_an_event_rewritten_with_a_fitting_digest_breaks_the_link_after_it(
    registry: Registry, batch: PlannedBatch
) -> None:
    fill(registry)
    with registry.transaction() as session:
        body = session.execute(text("SELECT body FROM event WHERE sequence = 3")).scalar_one()
        forged = body.replace("success", "warning")
        session.execute(
            text("UPDATE event SET body = :body, sha256 = :sha WHERE sequence = 3"),
            {"body": forged, "sha": hashlib.sha256(forged.encode()).hexdigest()},
        )
    assert problems(registry) == ("Event 4 does not name the SHA-256 of the event before it.",)


def test_writers_at_once_make_one_chain(registry: Registry, batch: PlannedBatch) -> None:
    threads = [threading.Thread(target=fill, args=(registry, 10)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with registry.reading() as session:
        report = verify_chain(session, "b1")
    assert (report.whole, report.events) == (True, 41)


def test_a_batch_is_registered_once(registry: Registry, batch: PlannedBatch) -> None:
    with pytest.raises(BatchExists, match="this very manifest"), registry.transaction() as session:
        register_batch(session, batch)


def test_an_unknown_batch_is_named(registry: Registry) -> None:
    with pytest.raises(BatchUnknown, match="'nowhere'"), registry.reading() as session:
        verify_chain(session, "nowhere")
