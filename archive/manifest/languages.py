# SPDX-License-Identifier: Apache-2.0
"""How a manifest names languages: ISO 639-2/3 codes or Tesseract model names, joined by '+'."""

from __future__ import annotations

import re

from archive.manifest.problems import Code, Refused, shown

_ISO_639_3 = re.compile(r"[a-z]{3}")
_MODEL_OF_LANGUAGE = re.compile(r"[a-z]{3}(?:_[A-Za-z]{3,8}){1,2}")
_CUSTOM_MODEL = re.compile(r"(?=.*[0-9_])[A-Za-z][A-Za-z0-9_.-]{2,63}")

SCRIPTS = frozenset({
    "Arabic", "Armenian", "Bengali", "Canadian_Aboriginal", "Cherokee", "Cyrillic", "Devanagari",
    "Ethiopic", "Fraktur", "Georgian", "Greek", "Gujarati", "Gurmukhi", "HanS", "HanS_vert", "HanT",
    "HanT_vert", "Hangul", "Hangul_vert", "Hebrew", "Japanese", "Japanese_vert", "Kannada", "Khmer",
    "Lao", "Latin", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Syriac", "Tamil", "Telugu", "Thaana",
    "Thai", "Tibetan", "Vietnamese",
})  # fmt: skip
"""Tesseract's script models (tesseract-ocr/tessdata, folder `script`)."""

_OTHER_WAYS = {
    "deu": "de german deutsch",
    "eng": "en english",
    "fra": "fr french français",
    "ita": "it italian italiano",
    "spa": "es spanish español castilian",
    "por": "pt portuguese português",
    "nld": "nl dutch nederlands",
    "dan": "da danish dansk",
    "swe": "sv swedish svenska",
    "nor": "no nb nn norwegian norsk",
    "fin": "fi finnish suomi",
    "isl": "is icelandic",
    "gle": "ga irish",
    "cym": "cy welsh",
    "lat": "la latein latina",
    "grc": "",
    "ell": "el",
    "pol": "pl polish polski",
    "ces": "cs czech",
    "slk": "sk slovak",
    "slv": "sl slovenian",
    "hrv": "hr croatian",
    "srp": "sr serbian",
    "hun": "hu hungarian magyar",
    "ron": "ro romanian",
    "bul": "bg bulgarian",
    "rus": "ru russian",
    "ukr": "uk ukrainian",
    "lit": "lt lithuanian",
    "lav": "lv latvian",
    "est": "et estonian",
    "tur": "tr turkish",
    "ara": "ar",
    "heb": "he iw",
    "yid": "yi yiddish",
    "fas": "fa persian farsi",
    "hin": "hi hindi",
    "jpn": "ja",
    "kor": "ko korean",
    "chi_sim": "zh chinese",
    "cat": "ca catalan",
    "eus": "eu basque",
    "afr": "af afrikaans",
}
_BY_OTHER_WAY = {way: code for code, ways in _OTHER_WAYS.items() for way in ways.split()}

BIBLIOGRAPHIC = {
    "alb": "sqi", "arm": "hye", "baq": "eus", "bur": "mya", "chi": "zho", "cze": "ces", "dut": "nld",
    "fre": "fra", "geo": "kat", "ger": "deu", "gre": "ell", "ice": "isl", "mac": "mkd", "mao": "mri",
    "may": "msa", "per": "fas", "rum": "ron", "slo": "slk", "tib": "bod", "wel": "cym",
}  # fmt: skip
"""ISO 639-2 bibliographic codes and the terminological codes that Tesseract and ISO 639-3 use."""


def legal_language(text: str) -> str:
    """A language or several joined by '+', or `Refused`."""
    for part in text.split("+"):
        legal = _known_form(part) or (_CUSTOM_MODEL.fullmatch(part) and not _is_language_tag(part))
        if not legal or part.casefold() in _BY_OTHER_WAY:
            raise Refused(
                Code.LANGUAGE_FORM, f"{shown(text)} is not a language in a form Recto knows.", _remedy(text)
            )
    return text


def doubt(text: str) -> tuple[str, str] | None:
    """Why a language of legal form may still not be the one meant: message and remedy, or None."""
    for part in text.split("+"):
        if part in BIBLIOGRAPHIC:
            return (
                f"{shown(part)} is a bibliographic code of ISO 639-2; text recognition has no model of that name.",
                f"Write {BIBLIOGRAPHIC[part]}.",
            )
        if not _known_form(part):
            return (
                f"{shown(part)} is neither an ISO 639 code nor a model that comes with Tesseract.",
                "Make sure that the workers have a Tesseract model of that name, or write an ISO 639-3 code.",
            )
    return None


def _known_form(part: str) -> bool:
    return bool(
        _ISO_639_3.fullmatch(part)
        or _MODEL_OF_LANGUAGE.fullmatch(part)
        or part.removeprefix("script/") in SCRIPTS
    )


def _is_language_tag(part: str) -> bool:
    """Whether a part is a tag such as en_US or de-DE (BCP 47), not the name of a model."""
    base = re.split(r"[-_]", part.casefold(), maxsplit=1)[0]
    return len(base) == 2 and base in _BY_OTHER_WAY  # noqa: PLR2004 - ISO 639-1 codes have two letters


def _remedy(text: str) -> str:
    parts = [part for part in re.split(r"[+,;/&\s]+", text) if part]
    proposals = [_proposal(part) for part in parts]
    if parts and None not in proposals:
        return f"Write {'+'.join(filter(None, proposals))}."
    return "Write ISO 639-3 codes or Tesseract model names joined by '+', such as eng or deu+fra or Fraktur."


def _proposal(part: str) -> str | None:
    if code := _BY_OTHER_WAY.get(re.split(r"[-_]", part.casefold(), maxsplit=1)[0]):
        return code
    if _known_form(part):
        return part
    return next((s for s in SCRIPTS if s.casefold() == part.casefold()), None) or (
        part.lower() if _ISO_639_3.fullmatch(part.lower()) else None
    )
