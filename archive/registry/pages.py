# SPDX-License-Identifier: Apache-2.0
"""What is recorded of pages and of the files that will lie in the bag."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import func, null, select
from sqlalchemy.orm import Session

from archive.digests import digest_file
from archive.registry.clock import now_iso
from archive.registry.tables import FileRow, ItemRow, PageRow, SuggestionRow

CHECKS_OF_TEXT = frozenset({"ocr_confidence", "ocr_unsure_words", "orientation"})
"""Checks of a page that the recognition of its text tells, not the measuring of its image."""


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

    @classmethod
    def on_disk(cls, folder: Path, path: str, *, use: str, mime: str, page: int | None = None) -> Self:
        """A file just written below the item's folder, its digests taken by reading it once.

        Raises:
            OSError: It cannot be read to its end.
        """
        digests = digest_file(folder / path)
        values = digests.hexdigests()
        return cls(use, path, mime, digests.size, values["sha256"], values["md5"], page)


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


def record_checks(
    session: Session, page: int, checks: Sequence[dict[str, Any]], technical: dict[str, Any]
) -> None:
    """Record what was measured of a page's image, beside what the recognition of its text has told before."""
    # locked: the stage that reads the text may do the same from another host, and neither may be lost
    row = session.get_one(PageRow, page, with_for_update=True)
    row.technical = technical
    row.checks = [*checks, *_checks_of_text(row)]


def record_reading(
    session: Session, page: int, recognition: dict[str, Any], checks: Sequence[dict[str, Any]]
) -> None:
    """Record how a page's text was recognised, and put what that tells of its image among the page's checks.

    A page that has no checks yet gets none of these: it would count as measured. `record_checks` brings them.
    """
    row = session.get_one(PageRow, page, with_for_update=True)
    row.recognition = {**recognition, "checks": list(checks)}
    if row.checks is not None:
        kept = [check for check in row.checks if check["check"] not in CHECKS_OF_TEXT]
        row.checks = [*kept, *checks]


def record_item_checks(
    session: Session, page: int, checks: Sequence[dict[str, Any]], names: Collection[str]
) -> None:
    """Put what shows of a page only beside the others of its item among its checks, instead of what did before.

    Args:
        session: The transaction.
        page: The page's row.
        checks: What was found of it; empty where there is nothing against it any more.
        names: Names of all checks that are made so, told of this page or not.
    """
    row = session.get_one(PageRow, page, with_for_update=True)
    # a page that has no checks yet would count as measured
    if row.checks is not None:
        kept = [check for check in row.checks if check["check"] not in names]
        if len(kept) != len(row.checks) or checks:
            row.checks = [*kept, *checks]


def _checks_of_text(page: PageRow) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (page.recognition or {}).get("checks", [])
    return found


def has_text_layer(page: PageRow) -> bool:
    """Whether the page was read by an engine that makes text to lie over its image in a PDF."""
    return page.recognition is not None and bool(page.recognition.get("text_layer", True))


def was_measured(page: PageRow) -> bool:
    """Whether the checks of a page tell of its sheet, so that its image need not be looked at again."""
    return {"sheet", "blank"} <= {check["check"] for check in page.checks or []}


def forget_fact(session: Session, page: int, name: str) -> None:
    """Forget a fact of a page, so that the stage that found it finds it again."""
    # null(): None in a column of JSON would be the word "null", which is something
    update_page(session, page, **{name: null()})


@dataclass(frozen=True, slots=True)
class RecordedSuggestion:
    """What a program believes about a page, or about the whole item where the page is None."""

    page: int | None
    kind: str
    value: str
    source: str
    version: str
    confidence: float


def record_suggestions(
    session: Session,
    item: int,
    suggestions: Sequence[RecordedSuggestion],
    *,
    instead_of: Collection[str] = (),
) -> bool:
    """Record what programs believe now, in place of what the same programs believed before.

    What a person has accepted or refused stays as it is.

    Args:
        session: A transaction.
        item: The item's key.
        suggestions: What they believe.
        instead_of: Sources that have now said all they have to say of the item: whatever else they suggested
            is withdrawn. A source that is not named replaces only what it said of the same page and kind.

    Returns:
        Whether anything is other than it was.
    """
    wanted = {(made.page or 0, made.kind, made.source, made.value): made for made in suggestions}
    renewed = {key[:3] for key in wanted}
    changed = False
    for row in session.scalars(select(SuggestionRow).where(SuggestionRow.item == item)).all():
        key = (row.page, row.kind, row.source)
        made = wanted.pop((*key, row.value), None)
        if made is not None:
            changed = changed or (row.version, row.confidence) != (made.version, made.confidence)
            row.version, row.confidence = made.version, made.confidence
        elif (key in renewed or row.source in instead_of) and row.status == "suggested":
            session.delete(row)
            changed = True
    changed = changed or bool(wanted)
    for made in wanted.values():
        session.add(
            SuggestionRow(
                item=item,
                page=made.page or 0,
                kind=made.kind,
                value=made.value,
                source=made.source,
                version=made.version,
                confidence=made.confidence,
            )
        )
    return changed


def suggestions_of(session: Session, item: int) -> list[SuggestionRow]:
    """All suggestions about an item and its pages."""
    query = (
        select(SuggestionRow)
        .where(SuggestionRow.item == item)
        .order_by(SuggestionRow.page, SuggestionRow.kind)
    )
    return list(session.scalars(query))


def count_pages(session: Session, batch: str, item: int | None = None) -> tuple[int, int]:
    """How many pages an item, or a whole batch, has; and how many of them come from existing files."""
    query = select(func.count(), func.count(PageRow.source)).select_from(PageRow)
    if item is None:
        query = query.join(ItemRow, ItemRow.id == PageRow.item).where(ItemRow.batch == batch)
    else:
        query = query.where(PageRow.item == item)
    pages, files = session.execute(query).one()
    return pages, files
