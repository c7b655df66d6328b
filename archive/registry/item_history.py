# SPDX-License-Identifier: Apache-2.0
"""One item as its detail panel and its graph show it: every unit with its reason, and every stored copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.errors import ItemUnknown
from archive.registry.copies import copies_of
from archive.registry.pipelines import pipeline_of
from archive.registry.scanners import waiting_for_operator
from archive.registry.stages import DEFAULT_PIPELINE, Pipeline
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One unit.

    Attributes:
        key: Its key, which the workers' logs carry.
        stage: The name of its stage.
        chunk: Which chunk of pages, from 0.
        state: Where it stands.
        attempts: How often it was begun.
        started_at: When the last attempt began, seconds since the epoch; None before that.
        finished_at: When it ended, likewise.
        next_attempt_at: When it is tried again; 0 where nothing keeps it.
        error: Why it is not done, as an error's JSON.
    """

    key: int
    stage: str
    chunk: int
    state: State
    attempts: int
    started_at: float | None
    finished_at: float | None
    next_attempt_at: float
    error: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """One stored copy of the item's bag.

    Attributes:
        target: Name of the storage target.
        url: Where it is.
        size: Bytes.
        sha256: Of the whole.
        proof: What is proved of the stored bytes (`archive.storage.target.Proof`).
        stored_at: ISO 8601.
        confirmed_at: ISO 8601; None before it was read back.
    """

    target: str
    url: str
    size: int
    sha256: str
    proof: str
    stored_at: str
    confirmed_at: str | None


@dataclass(frozen=True, slots=True)
class ItemHistory:
    """One item with its units and copies.

    Attributes:
        batch: Its batch.
        item: Its id.
        units: In the order of stages and chunks.
        copies: By target.
        bag: Path of the bag here; None before it was made.
        hindrance: Why the item cannot get its scanner until somebody acts on another one, as an error's JSON.
        pipeline: The way of its batch.
    """

    batch: str
    item: str
    units: tuple[UnitFacts, ...]
    copies: tuple[CopyFacts, ...]
    bag: str | None
    hindrance: dict[str, Any] | None
    pipeline: Pipeline = DEFAULT_PIPELINE

    def of(self, stage: str) -> tuple[UnitFacts, ...]:
        """The units of one stage."""
        return tuple(unit for unit in self.units if unit.stage == stage)


def read_item(session: Session, batch: str, item: str) -> ItemHistory:
    """Read one item.

    Raises:
        ItemUnknown: The batch has no such item.
    """
    row = session.scalar(select(ItemRow).where(ItemRow.batch == batch, ItemRow.name == item))
    if row is None:
        raise ItemUnknown(f"Batch {batch} has no item {item!r}.")
    pipeline = pipeline_of(session, batch)
    units = [_unit(unit) for unit in session.scalars(select(UnitRow).where(UnitRow.item == row.id))]
    return ItemHistory(
        batch=batch,
        item=item,
        units=tuple(sorted(units, key=lambda unit: (pipeline.place(unit.stage), unit.chunk))),
        copies=tuple(
            CopyFacts(
                target=copy.target,
                url=copy.url,
                size=copy.size,
                sha256=copy.sha256,
                proof=copy.proof,
                stored_at=copy.stored_at,
                confirmed_at=copy.confirmed_at,
            )
            for copy in copies_of(session, row.id)
        ),
        bag=row.bag["path"] if row.bag else None,
        hindrance=waiting_for_operator(session, row),
        pipeline=pipeline,
    )


def _unit(row: UnitRow) -> UnitFacts:
    state = State(row.state)
    return UnitFacts(
        key=row.id,
        stage=row.stage,
        chunk=row.chunk,
        state=state,
        attempts=row.attempts,
        started_at=row.started_at,
        finished_at=row.finished_at,
        next_attempt_at=row.next_attempt_at,
        # a check that was accepted keeps its error, and is done all the same
        error=None if state is State.DONE else row.error,
    )
