# SPDX-License-Identifier: Apache-2.0
"""Which files of a batch lie in the staging place, and which of the recorded ones do not yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import ColumnElement, delete, exists, literal, select, true
from sqlalchemy.orm import Session

from archive.registry.clock import now_iso
from archive.registry.states import State
from archive.registry.tables import BatchRow, FileRow, ItemRow, StagedFileRow, UnitRow

AT_ONCE = 500
"""Paths of one query: databases limit how many values a statement may carry."""

RESTING = (State.DONE, State.CANCELLED)
"""States in which an item's files are not needed by other nodes."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as the registry knows it.

    Attributes:
        path: Relative to the batch's folder.
        size: Bytes.
        sha256: Hexadecimal.
        use: What it is in the item; "" for what is no file of the bag.
    """

    path: str
    size: int
    sha256: str
    use: str = ""


def below(item: str) -> str:
    """What the paths of an item's files start with, relative to the batch's folder."""
    return f"items/{item}/"


def recorded_files(
    session: Session, item: ItemRow, *, uses: Sequence[str] = (), pages: Sequence[int] | None = None
) -> list[KnownFile]:
    """The recorded files of an item: all of them, or those of some uses and pages (keys)."""
    condition = FileRow.use.in_(uses) if uses else true()
    if pages is None:
        return _files(session, item, condition)
    return _of_pages(session, item, condition, pages)


def unstaged_files(session: Session, item: ItemRow, pages: Sequence[int] | None = None) -> list[KnownFile]:
    """The recorded files of an item that are not in the staging place as they are now.

    Args:
        session: The session.
        item: The item.
        pages: Only files of these pages (keys), and those of no page.
    """
    staged = exists().where(
        StagedFileRow.batch == item.batch,
        StagedFileRow.item == item.name,
        StagedFileRow.path == literal(below(item.name)).concat(FileRow.path),
        StagedFileRow.sha256 == FileRow.sha256,
    )
    if pages is None:
        return _files(session, item, ~staged)
    return [
        *_of_pages(session, item, ~staged, pages),
        *_files(session, item, ~staged & FileRow.page.is_(None)),
    ]


def _of_pages(
    session: Session, item: ItemRow, condition: ColumnElement[bool], pages: Sequence[int]
) -> list[KnownFile]:
    return [
        file
        for start in range(0, len(pages), AT_ONCE)
        for file in _files(session, item, condition & FileRow.page.in_(pages[start : start + AT_ONCE]))
    ]


def _files(session: Session, item: ItemRow, condition: ColumnElement[bool]) -> list[KnownFile]:
    # columns and not rows: the files of a long item are many
    query = select(FileRow.path, FileRow.size, FileRow.sha256, FileRow.use)
    query = query.where(FileRow.item == item.id, condition).order_by(FileRow.path)
    top = below(item.name)
    return [KnownFile(top + path, size, sha256, use) for path, size, sha256, use in session.execute(query)]


def staged_files(session: Session, batch: str, item: str, paths: Iterable[str]) -> dict[str, StagedFileRow]:
    """What is staged under some paths of an item; "" stands for files of the whole batch."""
    found: dict[str, StagedFileRow] = {}
    remaining = iter(paths)
    while some := list(islice(remaining, AT_ONCE)):
        query = select(StagedFileRow).where(
            StagedFileRow.batch == batch, StagedFileRow.item == item, StagedFileRow.path.in_(some)
        )
        found |= {row.path: row for row in session.scalars(query)}
    return found


def all_staged(session: Session, batch: str, item: str) -> list[StagedFileRow]:
    """Everything of an item that is staged, by path."""
    query = select(StagedFileRow).where(StagedFileRow.batch == batch, StagedFileRow.item == item)
    return list(session.scalars(query.order_by(StagedFileRow.path)))


def staged_below(session: Session, batch: str, item: str, folder: str) -> list[StagedFileRow]:
    """What is staged of an item below a folder, by path."""
    query = select(StagedFileRow).where(
        StagedFileRow.batch == batch,
        StagedFileRow.item == item,
        StagedFileRow.path.startswith(folder, autoescape=True),
    )
    return list(session.scalars(query.order_by(StagedFileRow.path)))


def record_staged(session: Session, batch: str, item: str, files: Sequence[KnownFile], node: str) -> None:
    """Record that files lie in the staging place, each in place of an earlier one of its path."""
    known = staged_files(session, batch, item, (file.path for file in files))
    for file in files:
        row = known.get(file.path)
        if row is None:
            row = StagedFileRow(batch=batch, item=item, path=file.path)
            session.add(row)
        row.size, row.sha256, row.node, row.staged_at = file.size, file.sha256, node, now_iso()
    session.flush()


def forget_staged(session: Session, batch: str, item: str, path: str | None = None) -> None:
    """Forget what was staged of an item, or one file of it."""
    query = delete(StagedFileRow).where(StagedFileRow.batch == batch, StagedFileRow.item == item)
    session.execute(query if path is None else query.where(StagedFileRow.path == path))


def items_to_clear(session: Session, station: str) -> list[ItemRow]:
    """Items of a station that rest and have files in the staging place."""
    staged = exists().where(StagedFileRow.batch == ItemRow.batch, StagedFileRow.item == ItemRow.name)
    query = select(ItemRow).join(BatchRow, BatchRow.id == ItemRow.batch)
    query = query.where(BatchRow.station == station, ItemRow.state.in_(RESTING), staged)
    return list(session.scalars(query.order_by(ItemRow.id)))


def batches_to_clear(session: Session, station: str) -> list[str]:
    """Batches of a station whose items all rest, and of which only files of the whole batch are staged."""
    of_batch = exists().where(StagedFileRow.batch == BatchRow.id, StagedFileRow.item == "")
    of_items = exists().where(StagedFileRow.batch == BatchRow.id, StagedFileRow.item != "")
    open_items = exists().where(ItemRow.batch == BatchRow.id, ItemRow.state.not_in(RESTING))
    query = select(BatchRow.id).where(BatchRow.station == station, of_batch, ~of_items, ~open_items)
    return list(session.scalars(query))


def items_waiting(session: Session, code: str) -> list[ItemRow]:
    """Items of which a unit waits for another attempt after an error of a code."""
    query = (
        select(ItemRow, UnitRow.error)
        .join(UnitRow, UnitRow.item == ItemRow.id)
        .where(
            ItemRow.in_flight,
            UnitRow.state.in_([State.WAITING, State.QUEUED, State.RUNNING]),
        )
    )
    waiting = {
        item.id: item for item, error in session.execute(query) if error is not None and error["code"] == code
    }
    return list(waiting.values())


def resting_items(session: Session, batch: str, names: Sequence[str]) -> list[str]:
    """Which of some items of a batch rest, or are no longer known."""
    known = {
        name: state
        for start in range(0, len(names), AT_ONCE)
        for name, state in session.execute(
            select(ItemRow.name, ItemRow.state).where(
                ItemRow.batch == batch, ItemRow.name.in_(names[start : start + AT_ONCE])
            )
        )
    }
    return [name for name in names if known.get(name, State.CANCELLED) in RESTING]
