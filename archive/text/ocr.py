# SPDX-License-Identifier: Apache-2.0
"""Recognising the text of one page with an OCR engine: text, hOCR, ALTO and a text-only PDF on disk."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path

from archive.durable import write_durably
from archive.errors import ArchiveError, RecognitionFailed, WorkerExtraMissing
from archive.text.alto import conforming_alto, mean_confidence, read_words, unsure_share
from archive.text.engine import OcrEngine, Reading, ReadingOptions
from archive.text.engines import TESSERACT
from archive.unfinished_files import living_folder

_TAG_WITH_IMAGE = re.compile(r"<[^<>]*\bimage\b[^<>]*>")
_TITLE = re.compile(r"""(\btitle\s*=\s*)(?:"([^"]*)"|'([^']*)')""")
_IMAGE = re.compile(r"""\bimage\s+(?:"[^"]*"|'[^']*'|&quot;.*?&quot;|&\#39;.*?&\#39;|[^;"'&]+)""")
_AS_SHIPPED = ReadingOptions()


@dataclass(frozen=True, slots=True)
class Recognition:
    """What came of recognising a page.

    Attributes:
        text: Plain text, UTF-8.
        hocr: hOCR.
        alto: ALTO 4.4; positions are pixels of the rendition.
        pdf: A PDF page with invisible text and no image; None where the engine makes none.
        mean_confidence: Mean of the words' confidences, 0 to 100; 0 where no word was found.
        unsure_words: Share of the words whose confidence is below 60, 0 to 1.
        words: How many words were found.
        language: The models asked for, joined by "+".
        engine: Name and version of the engine.
        traineddata: SHA-256 of each model's data, by model name; empty where the engine's are no files.
        page_segmentation: The page segmentation mode that was kept; None where the engine has no such thing.
        tries: How many readings were tried.
    """

    text: Path
    hocr: Path
    alto: Path
    pdf: Path | None
    mean_confidence: float
    unsure_words: float
    words: int
    language: str
    engine: str
    traineddata: dict[str, str]
    page_segmentation: int | None = 3
    tries: int = 1


def recognise(
    rendition: Path,
    stem: Path,
    *,
    language: str,
    dpi: int,
    engine: OcrEngine = TESSERACT,
    options: ReadingOptions = _AS_SHIPPED,
    timeout: float = 120,
) -> Recognition:
    """Recognise the text of a page and write it as STEM.txt, .hocr, .alto.xml and, where there is one, .text.pdf.

    The same rendition gives the same bytes: no dates, random ids or local paths are in the outputs.
    Existing outputs are replaced, each only when all of them are made.

    Args:
        rendition: The image to read, as `make_ocr_rendition` makes it.
        stem: Folder and name of the outputs, without suffixes.
        language: The engine's models, such as "deu" or "deu+Fraktur".
        dpi: Pixels per inch of the rendition.
        engine: What reads it.
        options: How.
        timeout: Seconds allowed, for each try.

    Raises:
        LanguageDataMissing: A model is not installed; found before anything runs.
        TesseractMissing: The program is not installed.
        WorkerExtraMissing: pytesseract or pikepdf is not installed.
        RecognitionTimedOut: It took longer than `timeout`; the program was killed.
        RecognitionFailed: The engine ended with an error, or its outputs are unusable.
        InvalidAlto: What it gave as ALTO is none.
        OSError: The outputs cannot be written.
    """
    models = engine.models(language)
    if not rendition.is_file():
        raise RecognitionFailed(f"There is no rendition {rendition} to read.", image=str(rendition))
    version = engine.version()
    stem.parent.mkdir(parents=True, exist_ok=True)
    reading = _read(engine, rendition, stem.parent, language, dpi, options, timeout)
    alto = conforming_alto(
        reading.alto, file_name=rendition.name, settings=reading.settings, software=version
    )
    words = read_words(alto)
    finished = {
        ".txt": _encoded(reading.text, engine),
        ".hocr": _portable_hocr(reading.hocr, rendition.name),
        ".alto.xml": alto,
        **({".text.pdf": _timeless_pdf(reading.pdf, engine)} if reading.pdf is not None else {}),
    }
    paths = {suffix: stem.with_name(stem.name + suffix) for suffix in finished}
    for suffix, content in finished.items():
        write_durably(paths[suffix], content)
    return Recognition(
        text=paths[".txt"],
        hocr=paths[".hocr"],
        alto=paths[".alto.xml"],
        pdf=paths.get(".text.pdf"),
        mean_confidence=mean_confidence(words),
        unsure_words=unsure_share(words),
        words=len(words),
        language=language,
        engine=version,
        traineddata=models,
        page_segmentation=reading.page_segmentation,
        tries=reading.tries,
    )


def _read(
    engine: OcrEngine,
    rendition: Path,
    beside: Path,
    language: str,
    dpi: int,
    options: ReadingOptions,
    timeout: float,
) -> Reading:
    """What the engine read, in a temporary folder that is gone afterwards."""
    # what a killed worker leaves of it is known by its name, and swept away at the item's end
    place = tempfile.TemporaryDirectory(prefix=".ocr.", suffix=".part", dir=beside)
    with place as name, living_folder(Path(name)):
        try:
            reading = engine.read(
                rendition, Path(name), language=language, dpi=dpi, options=options, timeout=timeout
            )
        except (ArchiveError, OSError):
            raise
        except Exception as error:
            # the boundary to foreign code: whatever it raises is told with the engine's name
            raise RecognitionFailed(
                f"The OCR engine {engine.name} failed on {rendition.name}: {type(error).__name__}: {error}.",
                image=str(rendition),
            ) from error
    fault = _fault_of(reading)
    if fault:
        raise RecognitionFailed(
            f"The OCR engine {engine.name} gave {fault} for {rendition.name}.", image=str(rendition)
        )
    return reading


def _fault_of(reading: object) -> str:
    """What is wrong with the kinds of a foreign engine's values; "" for nothing."""
    if not isinstance(reading, Reading):
        return f"a {type(reading).__name__} and no reading"
    kinds: dict[str, tuple[type, ...]] = {
        "text": (str,), "hocr": (bytes,), "alto": (bytes,), "pdf": (bytes, type(None)), "settings": (str,)
    }  # fmt: skip
    wrong = [name for name, wanted in kinds.items() if not isinstance(getattr(reading, name), wanted)]
    return f"{wrong[0]} as {type(getattr(reading, wrong[0])).__name__}" if wrong else ""


def _encoded(text: str, engine: OcrEngine) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise RecognitionFailed(f"The text that {engine.name} gave is no Unicode: {error}.") from error


def _portable_hocr(document: bytes, name: str) -> bytes:
    """The hOCR with a name in place of the image's local path (hOCR 1.2, property `image`); its text is left alone."""

    def renamed(title: re.Match[str]) -> str:
        double = title[2] is not None
        mark = "&quot;" if double else '"'
        value = _IMAGE.sub(lambda _: f"image {mark}{escape(name)}{mark}", title[2] if double else title[3])
        return f'{title[1]}"{value}"' if double else f"{title[1]}'{value}'"

    text = document.decode("utf-8", "replace")
    return _TAG_WITH_IMAGE.sub(lambda tag: _TITLE.sub(renamed, tag[0]), text).encode()


def _timeless_pdf(document: bytes, engine: OcrEngine) -> bytes:
    """The PDF without dates, with an id that follows from its content."""
    try:
        import pikepdf
    except ImportError as error:
        raise WorkerExtraMissing("Text-only PDFs need the library pikepdf.") from error
    saved = BytesIO()
    try:
        with pikepdf.open(BytesIO(document), attempt_recovery=False) as pdf:
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            pdf.save(saved, deterministic_id=True)
    except pikepdf.PdfError as error:
        raise RecognitionFailed(f"{engine.name} wrote a PDF that cannot be read: {error}") from error
    return saved.getvalue()
