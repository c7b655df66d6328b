# SPDX-License-Identifier: Apache-2.0
"""The pipeline of a registered batch: stored with it, so that later changes to a file change nothing of its way."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.errors import BatchUnknown
from archive.registry.stages import DEFAULT_PIPELINE, Pipeline, StageRule
from archive.registry.tables import BatchRow, UnitRow

MOST_KNOWN = 256
"""How many batches' pipelines are kept in memory for each registry."""

# a batch keeps the pipeline that it was registered with, so what was read once stays true
_known: WeakKeyDictionary[Any, dict[str, Pipeline]] = WeakKeyDictionary()


def pipeline_of(session: Session, batch: str) -> Pipeline:
    """The pipeline that a batch was registered with.

    Raises:
        BatchUnknown: No such batch.
    """
    known = _known.setdefault(session.get_bind(), {})
    if batch in known:
        return known[batch]
    row = session.execute(select(BatchRow.pipeline).where(BatchRow.id == batch)).one_or_none()
    if row is None:
        raise BatchUnknown(f"There is no batch {batch!r} in the registry.")
    pipeline = compiled(row.pipeline)
    if len(known) >= MOST_KNOWN:
        known.clear()
    known[batch] = pipeline
    return pipeline


def forget_pipeline(session: Session, batch: str) -> None:
    """Read a batch's pipeline anew: it is registered now, and what was there before it was rolled back."""
    _known.get(session.get_bind(), {}).pop(batch, None)


def compiled(document: dict[str, Any] | None) -> Pipeline:
    """A pipeline from its stored form; batches from before there were pipelines have the default one."""
    return DEFAULT_PIPELINE if document is None else _compiled(json.dumps(document, sort_keys=True))


def rule_of(session: Session, unit: UnitRow) -> StageRule:
    """The stage that a unit is of."""
    return pipeline_of(session, unit.batch).rule(unit.stage)


@lru_cache(maxsize=64)
def _compiled(text: str) -> Pipeline:
    return Pipeline.from_json(json.loads(text))
