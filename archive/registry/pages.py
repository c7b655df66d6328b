# SPDX-License-Identifier: Apache-2.0
"""What is recorded of pages and of the files that will lie in the bag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.registry.clock import now_iso
from archive.registry.tables import FileRow, PageRow, SuggestionRow


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A file of an item, with the digests taken when it was written.

    Attributes:
        use: master, access, thumbnail, alto, hocr, text, pdf, technical ...
        path: Relative to the item's folder, which is also its place below data/ in the bag.
        page: Key of the page it belongs to; None for a file of the whole item.
    """

    use: str
    path: str
    mime: str
    size: int
    sha256: str
    md5: str
    page: int | None = None


def record_file(session: Session, item: int, file: RecordedFile) -> FileRow:
    """Record a file, or bring the record of a file written again up to date."""
    row = session.scalar(select(FileRow).where(FileRow.item == item, FileRow.path == file.path))
    if row is None:
        row = FileRow(item=item, path=file.path)
        session.add(row)
    row.use, row.page, row.mime, row.size = file.use, file.page, file.mime, file.size
    if (row.sha256, row.md5) != (file.sha256, file.md5):
        row.sha256, row.md5, row.created_at = file.sha256, file.md5, now_iso()
    session.flush()
    return row


def files_of(session: Session, item: int, use: str | None = None) -> list[FileRow]:
    """The files of an item by path, or those of one use."""
    query = select(FileRow).where(FileRow.item == item).order_by(FileRow.path)
    if use is not None:
        query = query.where(FileRow.use == use)
    return list(session.scalars(query))


def file_of_page(session: Session, page: int, use: str) -> FileRow | None:
    """A page's file of one use, when it exists."""
    return session.scalar(select(FileRow).where(FileRow.page == page, FileRow.use == use))


def update_page(session: Session, page: int, **facts: Any) -> PageRow:
    """Set facts of a page: capture, technical, checks or recognition."""
    row = session.get_one(PageRow, page)
    for name, value in facts.items():
        setattr(row, name, value)
    return row


def record_suggestion(
    session: Session,
    item: int,
    *,
    page: int | None,
    kind: str,
    value: Any,
    source: str,
    version: str,
    confidence: float,
) -> None:
    """Record what a program believes; a person's earlier decision about the same suggestion stands."""
    number = page or 0
    row = session.scalar(
        select(SuggestionRow).where(
            SuggestionRow.item == item,
            SuggestionRow.page == number,
            SuggestionRow.kind == kind,
            SuggestionRow.source == source,
        )
    )
    if row is None:
        row = SuggestionRow(item=item, page=number, kind=kind, source=source)
        session.add(row)
    if row.value != {"value": value}:
        row.value, row.status = {"value": value}, "suggested"
    row.version, row.confidence = version, confidence


def suggestions_of(session: Session, item: int) -> list[SuggestionRow]:
    """All suggestions about an item and its pages."""
    query = (
        select(SuggestionRow)
        .where(SuggestionRow.item == item)
        .order_by(SuggestionRow.page, SuggestionRow.kind)
    )
    return list(session.scalars(query))
