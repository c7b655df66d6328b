# SPDX-License-Identifier: Apache-2.0
"""Findings about pages that only show beside the others of their item: doubled, displaced, unsharp and noisy ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.order import PageFacts, Usual, check_order, check_page_count
from archive.imaging.quality.profile import QualityProfile
from archive.registry.page_figures import usual_figures
from archive.registry.pages import record_item_checks
from archive.registry.tables import FileRow, PageRow
from archive.text.page_order import NumberedPage, find_order_breaks
from archive.text.printed_numbers import printed_numbers
from workers.work import Work

OF_IMAGES = frozenset({"duplicate", "unsharp", "noisy", "page_count"})
"""Checks that need the images of all pages."""

OF_NUMBERS = frozenset({"page_order"})
"""Checks that need the text of all pages."""

Files = Mapping[tuple[int | None, str], FileRow]


def record_image_checks(
    work: Work,
    pages: Sequence[PageRow],
    facts: Sequence[PageFacts],
    profile: QualityProfile,
    usual: Mapping[str, Usual],
) -> None:
    """Record which pages look like others, and which are less sharp or noisier than usual; nothing is held for it.

    That the item has another number of pages than its manifest announces is told of its last page.
    """
    names = {page.number: f"page {page.number}" for page in pages}
    found = check_order(facts, profile, names, usual)
    marked = len(work.item.get("missing_pages") or ())
    count = check_page_count(len(pages), work.item.get("expected_pages"), marked)
    if count is not None and pages:
        found.append((pages[-1].number, count))
    _record(work, pages, found, OF_IMAGES)


def usual_of_scanners(work: Work, facts: Sequence[PageFacts]) -> dict[str, Usual]:
    """What is usual in the batch so far, for each scanner that captured a page of the item."""
    devices = {page.device for page in facts if page.device}
    with work.node.registry.reading() as session:
        return {device: usual_figures(session, work.claim.batch, device) for device in sorted(devices)}


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
