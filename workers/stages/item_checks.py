# SPDX-License-Identifier: Apache-2.0
"""Findings about pages that only show beside the others of their item: doubled, displaced, unsharp and noisy ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.order import PageFacts, check_order
from archive.imaging.quality.profile import QualityProfile
from archive.registry.pages import record_item_checks
from archive.registry.tables import FileRow, PageRow
from archive.text.page_order import NumberedPage, find_order_breaks
from archive.text.printed_numbers import printed_numbers
from workers.work import Work

OF_IMAGES = frozenset({"duplicate", "unsharp", "noisy"})
"""Checks that need the images of all pages."""

OF_NUMBERS = frozenset({"page_order"})
"""Checks that need the text of all pages."""

Files = Mapping[tuple[int | None, str], FileRow]


def record_image_checks(
    work: Work, pages: Sequence[PageRow], facts: Sequence[PageFacts], profile: QualityProfile
) -> None:
    """Record which pages look like others, and which are less sharp or noisier than usual; nothing is held for it."""
    names = {page.number: f"page {page.number}" for page in pages}
    _record(work, pages, check_order(facts, profile, names), OF_IMAGES)


def record_order_checks(work: Work, pages: Sequence[PageRow], files: Files) -> int:
    """Record where the numbers that are printed on the pages break their order.

    Returns:
        How many pages are told of.
    """
    breaks = find_order_breaks(list(_numbered(work.folder, pages, files)))
    _record(work, pages, [(each.page, each.to_check()) for each in breaks], OF_NUMBERS)
    return len({each.page for each in breaks})


def _numbered(folder: Path, pages: Sequence[PageRow], files: Files) -> Iterator[NumberedPage]:
    for page in pages:
        alto = files.get((page.id, "alto"))
        yield NumberedPage(
            page.number, printed_numbers((folder / alto.path).read_bytes()) if alto is not None else ()
        )


def _record(
    work: Work, pages: Sequence[PageRow], found: Sequence[tuple[int, CheckResult]], names: frozenset[str]
) -> None:
    by_page = {
        page.id: [check.to_json() for number, check in found if number == page.number] for page in pages
    }
    told_before = {page.id for page in pages for check in page.checks or [] if check["check"] in names}
    changed = [page for page, checks in by_page.items() if checks or page in told_before]
    if not changed:
        return
    with work.recording() as session:
        for page in changed:
            record_item_checks(session, page, by_page[page], names)
