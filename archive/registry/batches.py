# SPDX-License-Identifier: Apache-2.0
"""Batches, their items and their pages: registered whole from a manifest, or not at all."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from archive.errors import BatchExists, BatchUnknown
from archive.registry.clock import now_iso
from archive.registry.events import append_event
from archive.registry.pipelines import forget_pipeline
from archive.registry.planned_rows import write_items, write_pages, write_units
from archive.registry.stages import DEFAULT_PIPELINE, Per, Pipeline, StageRule
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow, PageRow, UnitRow

DIGITISATION, INGEST, OBJECT = "digitisation", "ingest", "object"
"""What rows of the batch table are there for (`BatchRow.kind`)."""


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item as the manifest wants it.

    Attributes:
        name: The item's id within the batch.
        description: The item's part of the manifest, with the batch's values filled in.
        sources: For each page the path of an existing image, or None where it is to be captured.
        device: The real scanner that its pages come from, if one.
        at_desk: Whether a person captures its pages at the desk: it is on hold until they are handed over.
    """

    name: str
    description: dict[str, Any]
    sources: Sequence[str | None]
    device: str | None = None
    at_desk: bool = False


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """A batch as the manifest wants it, ready to be registered.

    Attributes:
        chunk_pages: How many pages a chunk has where the pipeline does not say.
        pipeline: The way of its items.
    """

    id: str
    station: str
    institution: str
    manifest: dict[str, Any]
    manifest_sha256: str
    manifest_path: str
    items: Sequence[PlannedItem]
    chunk_pages: int
    pipeline: Pipeline = DEFAULT_PIPELINE


def page_name(number: int) -> str:
    """The stem of a page's file names: its number with at least four digits, so that names sort as pages do."""
    return f"{number:04d}"


def register_batch(session: Session, batch: PlannedBatch) -> None:
    """Write a batch, its items, the pages with the names reserved for them, and all their units.

    Raises:
        BatchExists: The id is taken, by this manifest or another.
    """
    known = session.get(BatchRow, batch.id)
    if known is not None:
        same = known.manifest_sha256 == batch.manifest_sha256
        raise BatchExists(
            f"Batch {batch.id!r} is registered already, from {'this very' if same else 'another'} manifest "
            f"({known.manifest_path}).",
            same_manifest=same,
        )
    session.add(
        BatchRow(
            id=batch.id,
            state=State.WAITING,
            station=batch.station,
            institution=batch.institution,
            manifest=batch.manifest,
            manifest_sha256=batch.manifest_sha256,
            manifest_path=batch.manifest_path,
            created_at=now_iso(),
            pipeline=batch.pipeline.to_json(),
        )
    )
    session.flush()
    forget_pipeline(session, batch.id)
    items = write_items(session, batch.id, map(_item_row, itertools.count(), batch.items))
    write_pages(session, _page_rows(batch, items))
    counted = [(key, len(item.sources)) for key, item in zip(items, batch.items, strict=True)]
    write_units(session, batch.id, batch.pipeline, counted, batch.chunk_pages)
    for rule in batch.pipeline.stages:
        if rule.per is Per.BATCH:
            session.add(UnitRow(batch=batch.id, stage=rule.name, chunk=0, state=State.WAITING))
    append_event(
        session,
        batch.id,
        "creation",
        detail={
            "manifest": batch.manifest_path,
            "manifest_sha256": batch.manifest_sha256,
            "items": len(batch.items),
            "station": batch.station,
            "pipeline": {
                "name": batch.pipeline.name,
                "version": batch.pipeline.version,
                "sha256": batch.pipeline.sha256,
            },
        },
    )


def _item_row(position: int, item: PlannedItem) -> dict[str, Any]:
    return {
        "name": item.name,
        "position": position,
        "device": item.device,
        "description": item.description,
        "on_hold": "desk" if item.at_desk else None,
        "desk": "open" if item.at_desk else None,
    }


def _page_rows(batch: PlannedBatch, items: Sequence[int]) -> Iterator[dict[str, Any]]:
    for key, item in zip(items, batch.items, strict=True):
        for number, source in enumerate(item.sources, 1):
            name = page_name(number)
            yield {"item": key, "number": number, "label": str(number), "name": name, "source": source}


def units_of_item(
    item: ItemRow, pipeline: Pipeline, numbers: Sequence[int], chunk_pages: int
) -> Iterator[UnitRow]:
    """All units of an item, waiting.

    Args:
        item: The item.
        pipeline: The way of its batch.
        numbers: The numbers of its pages, in order.
        chunk_pages: How many pages a chunk has where a stage does not say.
    """
    for rule in pipeline.stages:
        if rule.chunked:
            yield from units_of_chunks(item, rule, numbers, chunk_pages)
        elif rule.per is Per.ITEM:
            yield UnitRow(batch=item.batch, item=item.id, stage=rule.name, chunk=0, state=State.WAITING)


def units_of_chunks(
    item: ItemRow, rule: StageRule, numbers: Sequence[int], chunk_pages: int
) -> Iterator[UnitRow]:
    """The units of a stage that has one for each chunk of pages; see `units_of_item`."""
    size = rule.chunk_pages or chunk_pages
    for chunk, begin in enumerate(range(0, len(numbers), size)):
        pages = numbers[begin : begin + size]
        yield UnitRow(
            batch=item.batch,
            item=item.id,
            stage=rule.name,
            chunk=chunk,
            first_page=pages[0],
            last_page=pages[-1],
            state=State.WAITING,
        )


def get_batch(session: Session, batch: str) -> BatchRow:
    """A batch by its id.

    Raises:
        BatchUnknown: No such batch.
    """
    row = session.get(BatchRow, batch)
    if row is None:
        raise BatchUnknown(f"There is no batch {batch!r} in the registry.")
    return row


def list_batches(session: Session) -> list[BatchRow]:
    """All batches, the newest first; manifest and pipeline of one are read when somebody asks for them.

    What arrives from depositors is none of them, though the ledger treats it alike.
    """
    query = select(BatchRow).where(BatchRow.kind == DIGITISATION).order_by(BatchRow.created_at.desc())
    return list(session.scalars(query.options(defer(BatchRow.manifest), defer(BatchRow.pipeline))))


def items_of(session: Session, batch: str) -> list[ItemRow]:
    """The items of a batch in the manifest's order."""
    return list(session.scalars(select(ItemRow).where(ItemRow.batch == batch).order_by(ItemRow.position)))


def pages_of(session: Session, item: int, first: int | None = None, last: int | None = None) -> list[PageRow]:
    """The pages of an item in order, or those with numbers from `first` to `last`."""
    query = select(PageRow).where(PageRow.item == item).order_by(PageRow.number)
    if first is not None:
        query = query.where(PageRow.number >= first)
    if last is not None:
        query = query.where(PageRow.number <= last)
    return list(session.scalars(query))
