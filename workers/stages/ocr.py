# SPDX-License-Identifier: Apache-2.0
"""The OCR stage: one run of Tesseract a page gives text, hOCR, ALTO and the text layer of the PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive.imaging.derivatives import make_ocr_rendition
from archive.registry.batches import pages_of
from archive.registry.events import append_event
from archive.registry.pages import RecordedFile, file_of_page, record_file, update_page
from archive.registry.tables import PageRow
from archive.text.ocr import Recognition, recognise
from workers.work import Work

USES = {"text": "text/plain", "hocr": "text/vnd.hocr+html", "alto": "application/xml"}
RENDITION_DPI = 300
"""Best character error rate and speed for Tesseract, measured; see docs/adr/0005."""


def ocr(work: Work) -> dict[str, Any]:
    """Read every page of the chunk that has not been read yet."""
    with work.node.registry.reading() as session:
        pages = pages_of(session, work.claim.item, work.claim.chunk)
    for page in pages:
        with work.page(page.number):
            if page.recognition is None or not text_layer(work, page).is_file():
                _read_page(work, page)
    return {"pages": len(pages)}


def text_layer(work: Work, page: PageRow) -> Path:
    """The text-only PDF of a page: an intermediate for the item's PDF/A, not part of the bag."""
    return work.folder / "renditions" / f"{page.name}.pdf"


def rendition_of(work: Work, page: PageRow) -> Path:
    """The page's gray rendition, made again where another node or a clean-up left none."""
    path = work.folder / "renditions" / f"{page.name}.png"
    if not path.is_file():
        with work.node.registry.reading() as session:
            master = file_of_page(session, page.id, "master")
        if master is not None:
            make_ocr_rendition(work.folder / master.path, path, dpi=work.manifest["resolution_dpi"])
    return path


def _read_page(work: Work, page: PageRow) -> None:
    settings = work.node.settings.ocr
    stem = work.folder / "ocr" / page.name
    rendition = rendition_of(work, page)
    recognition = recognise(
        rendition,
        stem,
        language=work.item["language"] or settings.language,
        dpi=min(work.manifest["resolution_dpi"], RENDITION_DPI),
        page_segmentation=settings.page_segmentation,
        timeout=settings.timeout_seconds,
    )
    recognition.pdf.replace(text_layer(work, page))
    _record(work, page, recognition)
    rendition.unlink(missing_ok=True)


def _record(work: Work, page: PageRow, recognition: Recognition) -> None:
    facts = {
        "mean_confidence": recognition.mean_confidence,
        "words": recognition.words,
        "language": recognition.language,
        "engine": recognition.engine,
        "traineddata": dict(recognition.traineddata),
    }
    paths = {"text": recognition.text, "hocr": recognition.hocr, "alto": recognition.alto}
    files = [
        RecordedFile.on_disk(
            work.folder, str(path.relative_to(work.folder)), use=use, mime=USES[use], page=page.id
        )
        for use, path in paths.items()
    ]
    with work.recording() as session:
        update_page(session, page.id, recognition=facts)
        for file in files:
            record_file(session, work.claim.item, file)
        append_event(
            session,
            work.claim.batch,
            "transcription",
            item=work.claim.item_name,
            page=page.number,
            detail=facts,
            agents=(recognition.engine,),
        )
