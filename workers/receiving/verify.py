# SPDX-License-Identifier: Apache-2.0
"""The verify stage: each copy that was stored in a location is proved, by its whole digest and never by its size."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from archive.errors import StoredBytesDiffer, StoredObjectMissing
from archive.progress import Progress
from archive.registry.content_copies import (
    MISMATCH,
    MISSING,
    STORED,
    ContentCopy,
    copies_to_verify,
    record_bad,
    record_verified,
)
from archive.registry.events import append_event
from archive.storage.place import Place
from archive.storage.target import Proof
from workers.receiving.errors import waiting_for_places
from workers.receiving.ingest import Ingest
from workers.receiving.locations import NO_SUCH_COPY, Keeping, open_location
from workers.receiving.mending import Bad, mend_from_bag
from workers.versions import recto_agent

if TYPE_CHECKING:
    from workers.work import Work

AT_ONCE = 8
"""How many copies are read at the same time."""
PAGE = 5_000
"""How many the registry is asked for at once."""
RECORDED = 500
"""How many are proved before the registry is told; a worker that dies has as many read again."""


def verify(work: Work) -> dict[str, Any]:
    """Prove what one location holds of the bag."""
    ingest = Ingest.of(work)
    skipped = ingest.skipped()
    if skipped is not None:
        return skipped
    keeping = Keeping.of(ingest)
    location = keeping.of_chunk(work.first_page)
    if location is None:
        return NO_SUCH_COPY
    proved = read = 0
    with waiting_for_places(), contextlib.ExitStack() as stack:
        place = open_location(ingest, location)
        pool = ThreadPoolExecutor(AT_ONCE, "verify")
        stack.callback(pool.shutdown, cancel_futures=True)
        last = 0
        while copies := _unproved(ingest, keeping, location, last):
            for start in range(0, len(copies), RECORDED):
                work.still_ours(Progress(f"Proving copies at {location}", proved, None, "files"))
                some = copies[start : start + RECORDED]
                results = list(pool.map(lambda copy: _prove(work, place, copy), some))
                _record(ingest, keeping, place, results)
                proved += len(some)
                read += sum(not _was_read_back(copy) for copy in some)
            last = copies[-1].id
    return {"location": location, "copies": proved, "read": read}


def _unproved(ingest: Ingest, keeping: Keeping, location: str, after: int) -> list[ContentCopy]:
    with ingest.work.node.registry.reading() as session:
        return copies_to_verify(session, keeping.object.id, ingest.item.id, location, after=after, limit=PAGE)


def _was_read_back(copy: ContentCopy) -> bool:
    """Whether the storing has read the bytes back whole, so that reading them again would tell nothing new."""
    return copy.state == STORED and copy.proof.startswith(Proof.WHOLE_DIGEST_READ_BACK)


def _prove(work: Work, place: Place, copy: ContentCopy) -> tuple[ContentCopy, str | Bad]:
    if _was_read_back(copy):
        return copy, copy.proof
    try:
        return copy, place.prove(copy.key, size=copy.size, sha256=copy.sha256, progress=work.still_ours)
    except (StoredBytesDiffer, StoredObjectMissing) as error:
        return copy, error


def _record(
    ingest: Ingest, keeping: Keeping, place: Place, results: list[tuple[ContentCopy, str | Bad]]
) -> None:
    """Record what was proved; what is not as it was stored is told in the object's chain, and stored anew.

    Raises:
        StoredBytesDiffer, StoredObjectMissing: The first copy that could not be mended.
    """
    bad = [(copy, found) for copy, found in results if not isinstance(found, str)]
    with ingest.work.recording() as session:
        record_verified(session, [(copy.id, found) for copy, found in results if isinstance(found, str)])
        for copy, error in bad:
            state = MISSING if isinstance(error, StoredObjectMissing) else MISMATCH
            record_bad(session, copy.id, state, Proof.READ_BACK_FAILED, {"error": error.to_json()})
            append_event(
                session,
                keeping.object.chain,
                "fixity check",
                outcome="fail",
                detail={
                    "url": copy.url,
                    "sha256": copy.sha256,
                    "code": error.code,
                    "work_item": ingest.item.id,
                },
                agents=(recto_agent(),),
            )
    for copy, error in bad:
        mend_from_bag(ingest, keeping, place, copy, error)
