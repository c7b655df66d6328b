# SPDX-License-Identifier: Apache-2.0
"""What a step is told of its unit: the item's description, the manifest, the stage, the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from archive.registry.ledger import Claim
from archive.registry.pipelines import pipeline_of
from archive.registry.prepared import execute
from archive.registry.stages import StageRule
from archive.registry.tables import BatchRow
from archive.registry.unit_facts import ITEM, UNIT

MOST_KNOWN = 4
"""How many manifests a process keeps; that of a batch with thousands of items is a megabyte."""

_READ = (
    select(UNIT.c.first_page, UNIT.c.last_page, ITEM.c.description)
    .select_from(UNIT.outerjoin(ITEM, ITEM.c.id == UNIT.c.item))
    .where(UNIT.c.id == bindparam("unit"))
)
_MANIFEST = select(BatchRow.manifest).where(BatchRow.id == bindparam("of_batch"))

# a batch keeps the manifest that it was registered with
_manifests: WeakKeyDictionary[Any, dict[str, dict[str, Any]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What a step is told of its unit.

    Attributes:
        item: The item's part of the manifest, with the batch's values; empty for a stage of the whole batch.
        manifest: The whole manifest; shared with the process's other units.
        rule: The stage, as the batch's pipeline has it.
        first_page: Number of the first page of the chunk; None where the stage has no chunks.
        last_page: Number of its last page.
    """

    item: dict[str, Any]
    manifest: dict[str, Any]
    rule: StageRule
    first_page: int | None
    last_page: int | None


def work_facts(session: Session, claim: Claim) -> WorkFacts:
    """What the step of a claimed unit is told."""
    row = execute(session, _READ, {"unit": claim.unit}).one()
    return WorkFacts(
        item=row.description or {},
        manifest=_manifest_of(session, claim.batch),
        rule=pipeline_of(session, claim.batch).rule(claim.stage),
        first_page=row.first_page,
        last_page=row.last_page,
    )


def _manifest_of(session: Session, batch: str) -> dict[str, Any]:
    known = _manifests.setdefault(session.get_bind(), {})
    if batch not in known:
        manifest = session.scalars(_MANIFEST, {"of_batch": batch}).one()
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[batch] = manifest
    return known[batch]
