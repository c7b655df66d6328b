# SPDX-License-Identifier: Apache-2.0
"""The receive stage: the tar is read once where it arrived, and what it holds is written down; nothing is unpacked."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import structlog

from archive.errors import StoredObjectChanged, StoredObjectMissing
from archive.progress import Progress
from archive.receiving.reading import Arrived, read_arriving, require_same
from archive.registry.ingest_facts import keep_reading
from archive.registry.received_files import forget_received, write_received
from workers.receiving.errors import waiting_for_places
from workers.receiving.ingest import Ingest

if TYPE_CHECKING:
    from workers.work import Work

log = structlog.get_logger(__name__)


def receive(work: Work) -> dict[str, Any]:
    """Read the bag, and keep its findings; its files too where nothing is wrong with it."""
    ingest = Ingest.of(work)
    skipped = ingest.skipped()
    if skipped is not None:
        return skipped
    try:
        with waiting_for_places():
            arrived = _read(ingest)
    except (StoredObjectMissing, StoredObjectChanged):
        with waiting_for_places():
            return ingest.lost()
    reading = arrived.to_json()
    if not arrived.is_sound:
        # nothing of it will be stored
        forget_received(work.recording, ingest.item.id)
    else:
        write_received(work.recording, ingest.item.id, arrived.files())
    with work.recording() as session:
        keep_reading(session, ingest.item.id, reading)
    log.info("bag.read", bytes=arrived.bytes_read, files=reading["files"], errors=reading["error_count"])
    return {
        "bytes": arrived.bytes_read,
        "bag_sha256": arrived.bag_sha256,
        "files": reading["files"],
        "errors": reading["error_count"],
        "warnings": reading["warning_count"],
    }


def _read(ingest: Ingest) -> Arrived:
    def listen(progress: Progress) -> None:
        ingest.work.still_ours(progress)

    item, place = ingest.item, ingest.receiving
    with closing(place.open(item.name, item.etag)) as opened:
        arrived = read_arriving(opened, ingest.bag, told_sha256=item.bag_sha256, progress=listen)
    if arrived.is_sound or arrived.bag_sha256 == item.bag_sha256:
        return arrived
    with closing(place.open(item.name, item.etag)) as opened:
        require_same(opened, arrived, progress=listen)
    return arrived
