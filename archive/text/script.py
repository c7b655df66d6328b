# SPDX-License-Identifier: Apache-2.0
"""Which script a page is in and which way up it lies, as Tesseract sees it before reading (page segmentation mode 0)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from archive.errors import LanguageDataMissing, RecognitionFailed
from archive.text.tesseract import ask_about_page, traineddata

SURE_OF_ORIENTATION = 6.0
"""Tesseract's orientation confidence from where on it was right on every real page that was tried."""

SURE_OF_SCRIPT = 3.0
"""Its script confidence, likewise; Fraktur pages reached at least 3.6."""

SCRIPT_MODELS = {"Fraktur": "Fraktur"}
"""Scripts that are believed, and the model that reads them. Other answers were wrong on tables and pictures."""

_FACT = re.compile(r"^(?P<name>[A-Z][a-z ]+): (?P<value>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PageLook:
    """What was seen of a page before it was read.

    Attributes:
        script: Tesseract's name of the script, such as "Latin".
        script_confidence: How sure it is; see `SURE_OF_SCRIPT`.
        turn: Degrees clockwise by which the image must be turned to stand upright: 0, 90, 180 or 270.
        turn_confidence: How sure it is; see `SURE_OF_ORIENTATION`.
    """

    script: str
    script_confidence: float
    turn: int
    turn_confidence: float

    @property
    def is_turned(self) -> bool:
        """Whether the page surely does not stand upright."""
        return self.turn != 0 and self.turn_confidence >= SURE_OF_ORIENTATION


def look_at_page(rendition: Path, *, dpi: int, timeout: float = 30) -> PageLook | None:
    """Look at a page without reading it; None where there are too few characters to tell.

    Args:
        rendition: The image, as `make_ocr_rendition` makes it.
        dpi: Its pixels per inch.
        timeout: Seconds allowed.

    Raises:
        LanguageDataMissing: Tesseract's `osd` data is not installed.
        RecognitionTimedOut: It took longer; the program was killed.
        TesseractMissing, WorkerExtraMissing: It cannot be run here.
    """
    traineddata("osd")
    try:
        answer = ask_about_page(rendition, f"--psm 0 --dpi {dpi}", language="osd", timeout=timeout)
    except RecognitionFailed:
        # "Too few characters. Skipping this page": a picture, or a blank one
        return None
    facts = {match["name"]: match["value"] for match in _FACT.finditer(answer)}
    try:
        return PageLook(
            script=facts["Script"],
            script_confidence=float(facts["Script confidence"]),
            turn=int(facts["Rotate"]),
            turn_confidence=float(facts["Orientation confidence"]),
        )
    except (KeyError, ValueError):
        return None


def model_for(look: PageLook | None, otherwise: str) -> str:
    """The model to read a page with, where the manifest names none.

    Args:
        look: What was seen of the page.
        otherwise: The model where nothing surer is known, or where the surer one is not installed.
    """
    if look is None or look.script_confidence < SURE_OF_SCRIPT or look.script not in SCRIPT_MODELS:
        return otherwise
    model = SCRIPT_MODELS[look.script]
    try:
        traineddata(model)
    except LanguageDataMissing:
        return otherwise
    return model
