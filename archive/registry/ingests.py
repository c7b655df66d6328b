# SPDX-License-Identifier: Apache-2.0
"""Rows of the batch table that are no batches of pages: the ingest of one bag, and the chain of one object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from archive.registry.batches import INGEST, OBJECT
from archive.registry.clock import now_iso
from archive.registry.events import append_event
from archive.registry.pipelines import forget_pipeline
from archive.registry.planned_rows import write_items, write_units
from archive.registry.stages import Pipeline
from archive.registry.states import State
from archive.registry.tables import BatchRow

NO_STATION = ""
"""No station owns what arrives: any worker of the site may do it."""


def register_ingest(
    session: Session,
    batch: str,
    *,
    institution: str,
    item: str,
    pipeline: Pipeline,
    copies: int,
    detail: Mapping[str, Any],
) -> int:
    """Write the batch, the item and the units of one ingest, all waiting.

    Args:
        session: The transaction that also makes the work item, so that neither is ever without the other.
        batch: Id of the batch, unique for ever.
        institution: Id of the depositor.
        item: Name of the item: the bag's name.
        pipeline: The stages.
        copies: How many units a stage per chunk has: the most copies that an option of the depositor asks for.
        detail: What the first event of the chain tells (JSON).

    Returns:
        Key of the item.
    """
    _write_batch(session, batch, INGEST, institution, pipeline, State.WAITING)
    description = {"id": item, "institution": institution}
    (key,) = write_items(session, batch, [{"name": item, "position": 0, "description": description}])
    write_units(session, batch, pipeline, [(key, copies)], chunk_pages=1)
    append_event(session, batch, "creation", item=item, detail=detail)
    return key


def register_chain(session: Session, chain: str, *, institution: str, detail: Mapping[str, Any]) -> None:
    """Begin the chain of events of an archival object.

    Args:
        session: The transaction that also makes the object.
        chain: Id of the row, unique for ever.
        institution: Id of the depositor.
        detail: What the first event tells (JSON).
    """
    _write_batch(session, chain, OBJECT, institution, None, State.DONE)
    append_event(session, chain, "creation", detail=detail)


def _write_batch(
    session: Session, batch: str, kind: str, institution: str, pipeline: Pipeline | None, state: State
) -> None:
    session.add(
        BatchRow(
            id=batch,
            kind=kind,
            state=state,
            station=NO_STATION,
            institution=institution,
            manifest={},
            manifest_sha256="",
            manifest_path="",
            created_at=now_iso(),
            pipeline=None if pipeline is None else pipeline.to_json(),
        )
    )
    session.flush()
    forget_pipeline(session, batch)
