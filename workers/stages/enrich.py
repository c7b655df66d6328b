# SPDX-License-Identifier: Apache-2.0
"""The enrich stage: what the images alone suggest about the pages, each by itself and all together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from archive.imaging.barcodes import read_codes
from archive.imaging.page_area import find_page_area
from archive.imaging.pixels import gray_proxy
from archive.imaging.quality.order import PageFacts, find_duplicates, find_noisy, find_unsharp, likeness
from archive.imaging.quality.profile import load_quality_profile
from archive.registry.pages import was_measured
from archive.registry.tables import PageRow
from archive.text.codes import SEPARATOR, suggest_codes
from archive.text.enrichment import Suggestion, recto_version, suggest_page_facts
from workers.stages.characterise import quality_profile_of, scanner_of
from workers.stages.item_checks import record_image_checks, usual_of_scanners
from workers.stages.ocr import rendition_of
from workers.stages.suggestions import record_suggestions
from workers.work import Work

SOURCE = "archive.imaging.quality"


def enrich(work: Work) -> dict[str, Any]:
    """Suggest page facts from what characterise measured."""
    pages = work.pages()
    suggestions = [*_of_single_pages(work, pages), *_of_all_pages(work, pages), *_of_codes(work, pages)]
    if kinds := work.parameters.get("kinds"):
        suggestions = [suggestion for suggestion in suggestions if suggestion.kind in kinds]
    return {"suggestions": record_suggestions(work, suggestions)}


def _of_single_pages(work: Work, pages: Sequence[PageRow]) -> Iterator[Suggestion]:
    for page in pages:
        technical = page.technical or {}
        if was_measured(page):
            by_name = {check["check"]: check["measured"] for check in page.checks or []}
            ink, sheet = by_name["blank"], by_name["sheet"]
        else:
            # it was characterised before the checks told of its sheet
            with work.page(page.number):
                area = find_page_area(gray_proxy(rendition_of(work, page)))
            ink, sheet = area.ink, area.share
        yield from suggest_page_facts(technical["width"], technical["height"], ink, sheet, page=page.number)


def _of_codes(work: Work, pages: Sequence[PageRow]) -> Iterator[Suggestion]:
    """What the codes on pages say, where the pipeline wants them read."""
    if not work.parameters.get("barcodes"):
        return
    separator = str(work.parameters.get("separator", SEPARATOR))
    for page in pages:
        with work.page(page.number):
            codes = read_codes(_gray(work, page))
        yield from suggest_codes(codes, page.number, separator=separator)


def _gray(work: Work, page: PageRow) -> Image.Image:
    try:
        return _opened(rendition_of(work, page))
    except FileNotFoundError:
        # the ocr stage beside this one has read the page, and cleared its rendition away meanwhile
        return _opened(rendition_of(work, page))


def _opened(rendition: Path) -> Image.Image:
    with Image.open(rendition) as image:
        image.load()
        return image


def _of_all_pages(work: Work, pages: Sequence[PageRow]) -> Iterator[Suggestion]:
    """Pages that came twice or are not sharp; a person decides, and nothing is held for it."""
    profile = load_quality_profile(quality_profile_of(work))
    facts = [
        PageFacts.of_checks(
            page.number,
            page.checks or [],
            (page.capture or {}).get("pixel_sha256") or "",
            scanner_of(page),
        )
        for page in pages
    ]
    usual = usual_of_scanners(work, facts)
    record_image_checks(work, pages, facts, profile, usual)
    for double in find_duplicates(facts, profile.limits("duplicate")):
        value = (
            f"the same image as page {double.earlier}"
            if double.exact
            else f"looks like page {double.earlier}"
        )
        sure = 1.0 if double.exact else likeness(double.difference)
        yield Suggestion("duplicate", value, SOURCE, recto_version(), sure, double.number)
    for blurred in find_unsharp(facts, profile.limits("sharpness"), usual):
        value = f"{blurred.share:.0%} of the usual sharpness"
        yield Suggestion("unsharp", value, SOURCE, recto_version(), 1.0 - blurred.share, blurred.number)
    for noisy in find_noisy(facts, profile.limits("noisy"), usual):
        value = f"{noisy.times:g} times the usual noise"
        yield Suggestion("noisy", value, SOURCE, recto_version(), 0.5, noisy.number)
