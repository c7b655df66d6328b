# SPDX-License-Identifier: Apache-2.0
"""What becomes of a refused bag: it is put aside, and its depositor finds a report where it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from archive.errors import StoredObjectChanged, StoredObjectMissing
from archive.progress import Progress
from archive.receiving.bucket_reader import QUARANTINE
from archive.receiving.refusal_report import Refusal
from archive.registry.clock import now_iso
from archive.registry.ingest_facts import keep_reading
from archive.storage.place import ObjectReader, Place
from workers.receiving.ingest import Ingest

REPORTS = (".refused.json", ".refused.txt")
"""What is added to the key of a refused tar for the names of its reports."""

_BLOCK = 1 << 20


def report_refusal(ingest: Ingest) -> dict[str, Any]:
    """Copy a refused bag into quarantine, and write the report there and where the bag arrived.

    Doing it again changes nothing. The tar is not removed from where it arrived; that is done when everything
    else is.

    Raises:
        StorageError: One of the two places refuses, or cannot be reached.
        DamagedInTransit: The bytes put aside would not have been those that were judged.
    """
    read = _decided(ingest)
    place, prefix = quarantine_of(ingest)
    key = f"{prefix}{ingest.item.id}/{ingest.item.name}"
    aside = _put_aside(ingest, place, key, read["bag_sha256"])
    refusal = Refusal(
        institution=ingest.institution.id,
        depositor=ingest.institution.name,
        key=ingest.item.name,
        size=ingest.item.size,
        arrived_at=ingest.item.modified_at,
        decided_at=read["decided_at"],
        work_item=ingest.item.id,
        quarantine=key if aside else "",
        reading=read,
    )
    document = refusal.to_json()
    contents = (
        (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode(),
        refusal.to_text().encode(),
    )
    for ending, content in zip(REPORTS, contents, strict=True):
        place.replace(f"{key}{ending}", content)
        ingest.receiving.replace(f"{ingest.item.name}{ending}", content)
    return {"verdict": "refused", "errors": read["error_count"], "quarantine": refusal.quarantine}


def quarantine_of(ingest: Ingest) -> tuple[Place, str]:
    """Where refused bags of the depositor go, and what their keys begin with there."""
    told = ingest.institution.quarantine
    return (ingest.work.node.place(told), "") if told else (ingest.receiving, QUARANTINE)


def _decided(ingest: Ingest) -> dict[str, Any]:
    """What was read of the bag, with the moment of the verdict: a second attempt writes the same report."""
    read = dict(ingest.item.reading or {})
    if "decided_at" not in read:
        read["decided_at"] = now_iso()
        with ingest.work.recording() as session:
            keep_reading(session, ingest.item.id, {"decided_at": read["decided_at"]})
    return read


def _put_aside(ingest: Ingest, place: Place, key: str, sha256: str) -> bool:
    """Copy the tar; whether it was still there, or was copied before."""

    def listen(progress: Progress) -> None:
        ingest.work.still_ours(progress)

    try:
        with closing(ingest.receiving.open(ingest.item.name, ingest.item.etag)) as tar:
            place.put(key, _blocks(tar), size=tar.size, sha256=sha256, progress=listen)
    except (StoredObjectMissing, StoredObjectChanged):
        return place.look(key) is not None
    return True


def _blocks(tar: ObjectReader) -> Iterator[bytes]:
    while block := tar.read(_BLOCK):
        yield block
