# SPDX-License-Identifier: Apache-2.0
"""The states in which OCR, PDF/A or language data stop the work."""

from __future__ import annotations

from archive.errors.base import ArchiveError, Retry


class TextError(ArchiveError):
    """OCR, PDF/A or language data failed."""

    code = "text.error"


class TesseractMissing(TextError):
    """The tesseract program is not installed or not on the PATH."""

    code = "text.tesseract_missing"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No text can be recognised on this machine; the pages stay as they are."
    default_remedy = "Install it (Debian: apt install tesseract-ocr) and run the stage again."


class EngineUnknown(TextError):
    """Nothing that is installed reads pages under this name."""

    code = "text.engine_unknown"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The pages stay without text; no other engine was taken in its place."
    default_remedy = "Install the package that offers it, or name another engine; see them with: recto doctor"


class EngineBroken(TextError):
    """An OCR engine of the site's own cannot be used."""

    code = "text.engine_broken"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No text can be recognised with it on this machine; the pages stay as they are."
    default_remedy = (
        "Mend or update the package that is named, see it with: recto doctor, then: recto batch retry."
    )


class LanguageDataMissing(TextError):
    """The engine has no model of a language that the manifest asks for."""

    code = "text.language_data_missing"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The page was not recognised; no other language was tried in its place."
    default_remedy = "Install the language data and run the stage again."


class RecognitionFailed(TextError):
    """The engine ended with an error, or did not give what it was asked for."""

    code = "text.recognition_failed"
    default_consequence = "The page has no text; its master and its other files are untouched."
    default_remedy = "Look at the engine's message, mend the cause and run the OCR stage again for this page."


class RecognitionTimedOut(TextError):
    """The engine worked on one page for longer than allowed and was killed."""

    code = "text.recognition_timed_out"
    retry = Retry.AUTO
    default_consequence = "The page has no text; its master and its other files are untouched."
    default_remedy = (
        "Raise the time limit (timeout_seconds of the step ocr, or of [ocr] in the settings), and try again."
    )


class InvalidAlto(TextError):
    """A document is not the ALTO XML that was expected."""

    code = "text.invalid_alto"
    default_consequence = "The page's text positions cannot be used."
    default_remedy = "Run the OCR stage again for this page."


class PdfNotArchival(TextError):
    """The assembled PDF does not conform to PDF/A-2b; the findings say where."""

    code = "text.pdf_not_archival"
    default_consequence = "No PDF was written for the item; its pages are untouched."
    default_remedy = (
        "Look at the findings; most often one page image is damaged or of an unusual colour space."
    )
