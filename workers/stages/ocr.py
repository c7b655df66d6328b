# SPDX-License-Identifier: Apache-2.0
"""The OCR stage: one run of Tesseract a page gives text, hOCR, ALTO and the text layer of the PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive.imaging.derivatives import make_ocr_rendition
from archive.registry.events import append_event
from archive.registry.pages import RecordedFile, file_of_page, record_file, update_page
from archive.registry.tables import PageRow
from archive.text.enrichment import Suggestion
from archive.text.ocr import Recognition, recognise
from archive.text.script import SURE_OF_ORIENTATION, PageLook, look_at_page, model_for
from archive.text.tesseract import tesseract_version
from workers.settings import OcrSettings
from workers.stages.suggestions import record_suggestions
from workers.work import Work

USES = {"text": "text/plain", "hocr": "text/vnd.hocr+html", "alto": "application/xml"}
UPRIGHT = 45.0
"""Mean confidence below which a page may lie on its side, or be a picture."""

RENDITION_DPI = 300
"""Best character error rate and speed for Tesseract, measured; see docs/adr/0005."""


def ocr(work: Work) -> dict[str, Any]:
    """Read every page of the chunk that has not been read yet."""
    pages = work.pages()
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
    settings = settings_of(work)
    stem = work.folder / "ocr" / page.name
    rendition = rendition_of(work, page)
    dpi = min(work.manifest["resolution_dpi"], RENDITION_DPI)
    recognition = recognise(
        rendition,
        stem,
        language=work.item["language"] or _model_for(rendition, dpi, settings),
        dpi=dpi,
        page_segmentation=settings.page_segmentation,
        second_try=settings.second_page_segmentation,
        timeout=settings.timeout_seconds,
    )
    recognition.pdf.replace(text_layer(work, page))
    _record(work, page, recognition)
    if recognition.mean_confidence < UPRIGHT:
        _suggest_turn(work, page, look_at_page(rendition, dpi=dpi))
    rendition.unlink(missing_ok=True)


def settings_of(work: Work) -> OcrSettings:
    """What the pipeline asks of the recognition, and the station's settings where it does not say."""
    return work.node.settings.ocr.model_copy(update=dict(work.parameters))


def _model_for(rendition: Path, dpi: int, settings: OcrSettings) -> str:
    """The model where the manifest names no language: by the page's script, else the station's."""
    if not settings.detect_script:
        return settings.language
    return model_for(look_at_page(rendition, dpi=dpi), settings.language)


def _suggest_turn(work: Work, page: PageRow, look: PageLook | None) -> None:
    """Suggest that a page lies on its side; the master stays as the scanner delivered it."""
    if look is None or not look.is_turned:
        return
    engine = tesseract_version()
    sure = round(min(1.0, look.turn_confidence / (2 * SURE_OF_ORIENTATION)), 2)
    value = f"turn by {look.turn} degrees clockwise"
    record_suggestions(
        work,
        [Suggestion("orientation", value, "tesseract", engine.removeprefix("tesseract "), sure, page.number)],
    )


def _record(work: Work, page: PageRow, recognition: Recognition) -> None:
    facts = {
        "mean_confidence": recognition.mean_confidence,
        "words": recognition.words,
        "language": recognition.language,
        "engine": recognition.engine,
        "traineddata": dict(recognition.traineddata),
        "page_segmentation": recognition.page_segmentation,
        "tries": recognition.tries,
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
