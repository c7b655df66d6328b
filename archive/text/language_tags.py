# SPDX-License-Identifier: Apache-2.0
"""The language tags (BCP 47) of the languages and models that manifests name: what PDF and XMP ask for."""

from __future__ import annotations

import re

_SHORT = {
    "afr": "af", "ara": "ar", "bul": "bg", "cat": "ca", "ces": "cs", "cym": "cy", "dan": "da", "deu": "de",
    "ell": "el", "eng": "en", "epo": "eo", "est": "et", "eus": "eu", "fas": "fa", "fin": "fi", "fra": "fr",
    "gle": "ga", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "hye": "hy", "isl": "is", "ita": "it",
    "jpn": "ja", "kat": "ka", "kor": "ko", "lat": "la", "lav": "lv", "lit": "lt", "mkd": "mk", "msa": "ms",
    "mya": "my", "nld": "nl", "nor": "no", "pol": "pl", "por": "pt", "ron": "ro", "rus": "ru", "san": "sa",
    "slk": "sk", "slv": "sl", "spa": "es", "sqi": "sq", "srp": "sr", "swe": "sv", "tam": "ta", "tha": "th",
    "tur": "tr", "ukr": "uk", "urd": "ur", "uzb": "uz", "vie": "vi", "yid": "yi", "zho": "zh",
}  # fmt: skip
"""ISO 639-1 codes: where there is one, BCP 47 (RFC 5646, 2.2.1) asks for it in place of the longer one."""

_MODELS = {"frk": "de-Latf", "chi_sim": "zh-Hans", "chi_tra": "zh-Hant", "Fraktur": "und-Latf"}
_SCRIPTS = {
    "Arabic": "Arab", "Armenian": "Armn", "Bengali": "Beng", "Canadian_Aboriginal": "Cans", "Cherokee": "Cher",
    "Cyrillic": "Cyrl", "Devanagari": "Deva", "Ethiopic": "Ethi", "Georgian": "Geor", "Greek": "Grek",
    "Gujarati": "Gujr", "Gurmukhi": "Guru", "HanS": "Hans", "HanT": "Hant", "Hangul": "Hang", "Hebrew": "Hebr",
    "Japanese": "Jpan", "Kannada": "Knda", "Khmer": "Khmr", "Lao": "Laoo", "Latin": "Latn", "Malayalam": "Mlym",
    "Myanmar": "Mymr", "Oriya": "Orya", "Sinhala": "Sinh", "Syriac": "Syrc", "Tamil": "Taml", "Telugu": "Telu",
    "Thaana": "Thaa", "Thai": "Thai", "Tibetan": "Tibt", "Vietnamese": "Latn",
}  # fmt: skip
"""ISO 15924 codes of what Tesseract's script models read."""

_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")
_OTHER_SCRIPT = re.compile(r"(?P<language>[a-z]{3})_(?P<script>latn|cyrl)")


def language_tags(languages: str) -> list[str]:
    """The tags of languages joined by "+", each once, in order; what names neither language nor script has none.

    A language that is named beside a script, such as "deu+Fraktur", is the text's language: of the script
    alone nothing is told then.

    Args:
        languages: ISO 639 codes, names of Tesseract's models, or tags.
    """
    tags = list(dict.fromkeys(filter(None, map(_tag, languages.split("+")))))
    named = [tag for tag in tags if not tag.startswith("und")]
    return named or tags


def _tag(name: str) -> str:
    model = name.removeprefix("script/").removesuffix("_vert")
    if model in _MODELS:
        return _MODELS[model]
    if model in _SCRIPTS:
        return f"und-{_SCRIPTS[model]}"
    if other := _OTHER_SCRIPT.fullmatch(model):
        return f"{_SHORT.get(other['language'], other['language'])}-{other['script'].title()}"
    return _SHORT.get(model, model) if _TAG.fullmatch(model) else ""
