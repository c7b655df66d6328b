# SPDX-License-Identifier: Apache-2.0
"""The enrich stage: what the images alone suggest about the pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.imaging.pixels import gray_proxy
from archive.registry.batches import pages_of
from archive.text.enrichment import Suggestion, suggest_page_facts
from workers.stages.ocr import rendition_of
from workers.stages.suggestions import record_suggestions
from workers.work import Work


def enrich(work: Work) -> dict[str, Any]:
    """Suggest page facts from the renditions that characterise made."""
    return {"suggestions": record_suggestions(work, _suggestions(work))}


def _suggestions(work: Work) -> Iterator[Suggestion]:
    with work.node.registry.reading() as session:
        pages = pages_of(session, work.claim.item)
    for page in pages:
        with work.page(page.number):
            found = suggest_page_facts(gray_proxy(rendition_of(work, page)), page=page.number)
        yield from found
