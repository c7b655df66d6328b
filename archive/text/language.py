# SPDX-License-Identifier: Apache-2.0
"""Suggesting the language of a text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from archive.errors import WorkerExtraMissing
from archive.text.enrichment import Suggestion

ISO_639_2 = {
    "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fi": "fin", "fr": "fra",
    "hr": "hrv", "hu": "hun", "it": "ita", "la": "lat", "nl": "nld", "no": "nor", "pl": "pol",
    "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv", "sv": "swe", "tr": "tur", "uk": "ukr",
}  # fmt: skip
"""Three-letter codes (ISO 639-2/T) of the languages that are considered, by two-letter code.

Restricting the choice keeps bad OCR from being taken for a rare language.
"""

_LONG_S = "\u017f"
_FEWEST_LETTERS = 20
"""Below this many letters a guess is not worth showing."""

_MOST_CONFIDENCE = 0.95
"""The model's own certainty is only about the languages it may choose from."""

_SURE_LETTERS = 200
"""From this many letters on, length no longer lowers the confidence."""


def suggest_language(
    text: str, *, languages: Sequence[str] | None = None, page: int | None = None
) -> Suggestion | None:
    """Suggest the language of a text as an ISO 639-2/T code, or nothing where there is too little text.

    Args:
        text: The text, as recognised.
        languages: Two-letter codes to choose from; those of `ISO_639_2` when left out.
        page: The page's number, from 1, or None for an item.

    Returns:
        A suggestion with a confidence of 0 to 1, lowered for short texts.

    Raises:
        WorkerExtraMissing: py3langid is not installed.
        ValueError: One of `languages` is not known.
    """
    # the model has never seen a long s
    plain = " ".join(text.replace(_LONG_S, "s").split())
    letters = sum(character.isalpha() for character in plain)
    if letters < _FEWEST_LETTERS:
        return None
    code, probability = _identifier(tuple(languages or ISO_639_2)).classify(plain)
    confidence = min(float(probability), _MOST_CONFIDENCE) * min(1.0, letters / _SURE_LETTERS)
    return Suggestion(
        "language", ISO_639_2.get(code, code), "py3langid", version("py3langid"), round(confidence, 4), page
    )


@lru_cache(maxsize=4)
def _identifier(languages: tuple[str, ...]) -> Any:
    """An identifier of its own for a set of languages: the library's own one is shared by all."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError as error:
        raise WorkerExtraMissing("Suggesting languages needs the library py3langid.") from error
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(languages))
    return identifier
