# SPDX-License-Identifier: Apache-2.0
"""The OCR stage: an engine gives text, hOCR, ALTO and the text layer of the PDF of each page, and how sure it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive.errors import LanguageDataMissing, TesseractMissing
from archive.imaging.derivatives import make_ocr_rendition
from archive.imaging.quality.profile import load_quality_profile
from archive.imaging.quality.recognition import review_recognition
from archive.registry.events import append_event
from archive.registry.pages import (
    RecordedFile,
    file_of_page,
    has_text_layer,
    record_file,
    record_reading,
)
from archive.registry.stages import Stage
from archive.registry.tables import PageRow
from archive.text.engine import OcrEngine, ReadingOptions
from archive.text.engines import TESSERACT, find_engine
from archive.text.enrichment import Suggestion
from archive.text.ocr import Recognition, recognise
from archive.text.script import SURE_OF_ORIENTATION, PageLook, look_at_page, model_for
from archive.text.tesseract import tesseract_version, traineddata
from workers.settings import OcrSettings
from workers.stages.other_stages import parameter_of
from workers.stages.suggestions import record_suggestions
from workers.work import Work

USES = {"text": "text/plain", "hocr": "text/vnd.hocr+html", "alto": "application/xml"}
UPRIGHT = 70.0
"""Mean confidence below which a page may lie on its side or its head, or be a picture.

Real pages that lay on their side or head reached 50; the least readable one that stood upright, of 1784, had 75.
"""

RENDITION_DPI = 300
"""Best character error rate and speed for Tesseract, measured; see docs/adr/0005."""


def ocr(work: Work) -> dict[str, Any]:
    """Read every page of the chunk that has not been read yet.

    Returns:
        How many pages there are, and the numbers of those whose reading a person should look at.
    """
    pages = work.pages()
    for page in pages:
        with work.page(page.number):
            if not _is_read(work, page):
                _read_page(work, page)
    return {"pages": len(pages), "to_look_at": [page.number for page in work.pages() if _is_doubtful(page)]}


def _is_read(work: Work, page: PageRow) -> bool:
    return page.recognition is not None and (not has_text_layer(page) or text_layer(work, page).is_file())


def _is_doubtful(page: PageRow) -> bool:
    told = (page.recognition or {}).get("checks", [])
    return any(check["verdict"] != "pass" for check in told)


def engine_of(work: Work) -> OcrEngine:
    """The engine that the pipeline asks for.

    Raises:
        EngineUnknown, EngineBroken: It cannot be used here.
    """
    return find_engine(work.parameters.get("engine", TESSERACT.name))


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
    settings, engine = settings_of(work), engine_of(work)
    stem = work.folder / "ocr" / page.name
    rendition = rendition_of(work, page)
    dpi = min(work.manifest["resolution_dpi"], RENDITION_DPI)
    recognition = recognise(
        rendition,
        stem,
        language=work.item["language"] or _model_for(rendition, dpi, settings, engine),
        dpi=dpi,
        engine=engine,
        options=ReadingOptions(settings.page_segmentation, settings.second_page_segmentation),
        timeout=settings.timeout_seconds,
    )
    if recognition.pdf is not None:
        recognition.pdf.replace(text_layer(work, page))
    else:
        # one that another engine made earlier shows other words
        text_layer(work, page).unlink(missing_ok=True)
    look = None
    if recognition.mean_confidence < UPRIGHT and _can_look():
        look = look_at_page(rendition, dpi=dpi)
    _record(work, page, recognition, look)
    _suggest_turn(work, page, look)
    rendition.unlink(missing_ok=True)


def settings_of(work: Work) -> OcrSettings:
    """What the pipeline asks of the recognition, and the station's settings where it does not say."""
    asked = {name: value for name, value in work.parameters.items() if name in OcrSettings.model_fields}
    return work.node.settings.ocr.model_copy(update=asked)


def _model_for(rendition: Path, dpi: int, settings: OcrSettings, engine: OcrEngine) -> str:
    """The model where the manifest names no language: by the page's script, else the station's."""
    if not settings.detect_script or engine is not TESSERACT:
        return settings.language
    return model_for(look_at_page(rendition, dpi=dpi), settings.language)


def _can_look() -> bool:
    """Whether Tesseract is here to tell which way up a page lies: another engine may read without it."""
    try:
        return "osd" in traineddata("osd")
    except (TesseractMissing, LanguageDataMissing):
        return False


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


def _checks(work: Work, recognition: Recognition, look: PageLook | None) -> list[dict[str, Any]]:
    """What the quality profile makes of how surely the page was read."""
    turn: int | None = None
    if look is not None and look.is_turned:
        turn = look.turn
    elif recognition.words and recognition.mean_confidence >= UPRIGHT:
        # nobody reads lines surely that stand on their heads
        turn = 0
    usual = work.node.settings.quality.profile
    profile = load_quality_profile(parameter_of(work, Stage.CHARACTERISE, "quality_profile", usual))
    found = review_recognition(
        recognition.mean_confidence, recognition.unsure_words, recognition.words, turn, profile
    )
    return [check.to_json() for check in found]


def _record(work: Work, page: PageRow, recognition: Recognition, look: PageLook | None) -> None:
    facts = {
        "mean_confidence": recognition.mean_confidence,
        "unsure_words": recognition.unsure_words,
        "words": recognition.words,
        "language": recognition.language,
        "engine": recognition.engine,
        "traineddata": dict(recognition.traineddata),
        "page_segmentation": recognition.page_segmentation,
        "tries": recognition.tries,
        "text_layer": recognition.pdf is not None,
    }
    checks = _checks(work, recognition, look)
    paths = {"text": recognition.text, "hocr": recognition.hocr, "alto": recognition.alto}
    files = [
        RecordedFile.on_disk(
            work.folder, str(path.relative_to(work.folder)), use=use, mime=USES[use], page=page.id
        )
        for use, path in paths.items()
    ]
    with work.recording() as session:
        record_reading(session, page.id, facts, checks)
        for file in files:
            record_file(session, work.claim.item, file)
        append_event(
            session,
            work.claim.batch,
            "transcription",
            item=work.claim.item_name,
            page=page.number,
            outcome="warning" if any(check["verdict"] != "pass" for check in checks) else "success",
            detail=facts,
            agents=(recognition.engine,),
        )
