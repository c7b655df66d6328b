# SPDX-License-Identifier: Apache-2.0
"""The contract of an OCR engine: what it is told of a page, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How a page is to be read; an engine leaves out of account what means nothing to it.

    Attributes:
        page_segmentation: Tesseract's page segmentation mode, 0 to 13; 3 finds columns and blocks.
        second_page_segmentation: Another mode for a page that was read with little confidence; the better
            reading is kept. None for no second try.
    """

    page_segmentation: int = 3
    second_page_segmentation: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine read on a page; nothing of it is on disk yet.

    Attributes:
        text: Plain text in reading order, in the characters of the script: right-to-left text in logical order.
        hocr: hOCR 1.2, UTF-8.
        alto: ALTO of any version, UTF-8; words and their confidences (WC, 0 to 1) are read from its Strings, and
            positions are pixels of the rendition. Recto makes version 4.4 of it.
        pdf: A PDF of one page with invisible text and no image, as large as the rendition; None where the
            engine makes none: the page is then in the item's PDF without text.
        settings: How it was read, as it is to be written into the ALTO.
        page_segmentation: The mode that was kept; None where the engine has no such thing.
        tries: How many readings were tried.
    """

    text: str
    hocr: bytes
    alto: bytes
    pdf: bytes | None
    settings: str
    page_segmentation: int | None = None
    tries: int = 1


@runtime_checkable
class OcrEngine(Protocol):
    """Something that reads pages. One is made for a process and used for many pages, one after another."""

    @property
    def name(self) -> str:
        """What pipelines call it by."""

    def version(self) -> str:
        """Name and version, as the history of an item tells it, such as "tesseract 5.3.0"."""

    def languages(self) -> frozenset[str]:
        """The models that are installed here, by the names that manifests write."""

    def models(self, language: str) -> dict[str, str]:
        """The SHA-256 of the data of each model that a language needs; empty where models are no files.

        Args:
            language: One model or several joined by "+", such as "deu+fra".

        Raises:
            LanguageDataMissing: A model is not installed; the remedy names what to install.
        """

    def read(
        self,
        rendition: Path,
        folder: Path,
        *,
        language: str,
        dpi: int,
        options: ReadingOptions,
        timeout: float,
    ) -> Reading:
        """Read a page.

        Args:
            rendition: A gray PNG of the page; it is not to be changed.
            folder: An empty folder for temporary files; it is removed afterwards, with whatever is in it.
            language: As for `models`, which was asked before.
            dpi: Pixels per inch of the rendition.
            options: How to read it.
            timeout: Seconds after which the engine gives up; no process that it started may outlive the call.

        Raises:
            RecognitionTimedOut: It took longer than `timeout`.
            RecognitionFailed: The page cannot be read.
        """
