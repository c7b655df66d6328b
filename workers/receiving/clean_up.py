# SPDX-License-Identifier: Apache-2.0
"""The clean-up stage: what arrived is cleared away once it is kept, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from archive.registry.ingest_facts import LOST, Outcome, end_ingest
from archive.registry.received_files import forget_received
from workers.receiving.errors import waiting_for_places
from workers.receiving.ingest import Ingest

if TYPE_CHECKING:
    from workers.work import Work

log = structlog.get_logger(__name__)


def clean_up(work: Work) -> dict[str, Any]:
    """Remove the bag from where it arrived, unless another one lies there by now, and end the ingest."""
    ingest = Ingest.of(work)
    outcome = ingest.item.outcome
    removed = kept = False
    if outcome not in LOST:
        # a refused one lies in quarantine
        kept = outcome != Outcome.REFUSED and work.node.settings.receiving.keep_received
        with waiting_for_places():
            removed = not kept and _remove(ingest)
    forget_received(work.recording, ingest.item.id)
    with work.recording() as session:
        end_ingest(session, ingest.item.id, still_there=kept)
    return {"outcome": outcome, "removed": removed, "kept": kept}


def _remove(ingest: Ingest) -> bool:
    """Remove the bag, if it is still the one that was ingested."""
    removed = ingest.receiving.remove(ingest.item.name, ingest.item.etag)
    if not removed:
        log.info("ingest.gone_or_another_bag_left", key=ingest.item.name)
    return removed
