# SPDX-License-Identifier: Apache-2.0
"""The validate-bag stage: whether the bag can be kept; one that cannot is refused, and nothing of it goes further."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from archive.receiving.judgement import judge
from archive.receiving.reading import MOST_TOLD, told
from archive.registry.events import append_event
from archive.registry.ingest_facts import Outcome, keep_reading, set_outcome
from archive.registry.notifications import Kind, notify
from archive.registry.received_files import forget_received
from workers.receiving.ingest import Ingest
from workers.versions import recto_agent

if TYPE_CHECKING:
    from workers.work import Work

log = structlog.get_logger(__name__)


def validate_bag(work: Work) -> dict[str, Any]:
    """Judge the bag by what was read of it and by what its depositor may send."""
    ingest = Ingest.of(work)
    skipped = ingest.skipped(refused=False)
    if skipped is not None:
        return skipped
    read = ingest.item.reading or {}
    further = judge(
        read,
        name=ingest.bag,
        depositor=ingest.institution.name,
        active=ingest.institution.state == "active",
        options=ingest.institution.storage_options,
    )
    known = read["errors"]
    errors = [*known, *(found for finding in further if (found := told(finding)) not in known)][:MOST_TOLD]
    count = read["error_count"] + len(errors) - len(known)
    if count:
        forget_received(work.recording, ingest.item.id)
        _refuse(ingest, errors, count)
    return {
        "valid": not count,
        "errors": count,
        "warnings": read["warning_count"],
        "profile": read["profile"],
    }


def _refuse(ingest: Ingest, errors: list[dict[str, str]], count: int) -> None:
    """Record the verdict; a second attempt finds it recorded and tells nobody again."""
    with ingest.work.recording() as session:
        if not set_outcome(session, ingest.item.id, Outcome.REFUSED):
            return
        keep_reading(session, ingest.item.id, {"errors": errors, "error_count": count})
        append_event(
            session,
            ingest.work.claim.batch,
            "validation",
            item=ingest.bag,
            outcome="fail",
            detail={"errors": errors[:10], "error_count": count},
            agents=(recto_agent(),),
        )
        facts = {
            "institution": ingest.institution.name,
            "bag": ingest.item.name,
            "errors": count,
            "first": f"{errors[0]['file']}: {errors[0]['message']}".removeprefix(": "),
            "work_item": ingest.item.id,
        }
        notify(session, Kind.INGEST_REFUSED, ingest.identifier, facts)
    log.warning("bag.refused", errors=count, first=errors[0]["rule"])
