# SPDX-License-Identifier: Apache-2.0
"""The forms in which texts write dates: a pattern each, who reads it, and how sure such a date is."""

# ruff: noqa: RUF001 - texts are written with these characters

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.text.month_names import PATTERN as MONTHS

_GAP = r"[ \t]*(?:\n[ \t]*)?"
"""Space between words, and one line end at most."""
_SPACE = r"(?:[ \t]+|[ \t]*\n[ \t]*)"
_YEAR = r"(?:1[4-9]|20)\d\d(?![\d]|[.,]\d)"
_ALONE = r"(?<![\w.,/§-])"
"""Before a number: nothing that would make it part of another number, or of a word."""
_ROMAN = r"(?:M|CI[ƆↃ]|ↀ)(?:\.?[ \t]?(?:I[ƆↃ]|ↁ|[MDCLXVIJ])){2,}(?![\w])"  # in capital letters, groups apart or not
_LONG_ROMAN = r"M(?:\.?[ \t]?[DCLXVIJM]){4,}(?!\w)"
_ANY_ROMAN = r"(?i:(?:M|CI[ƆↃ])(?:\.?[ \t]?(?:I[ƆↃ]|[MDCLXVIJ])){1,})(?!\w)"
_ANY_YEAR = rf"(?P<year>{_YEAR}|{_ANY_ROMAN})"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:\.|ten|ter|te|tn|st|nd|rd|th|er|e|°|º)?"
_ROMAN_DAY = r"(?P<day>X{0,3}(?:IX|IV|V?I{0,4}))\.?"
_OF = r"(?:of[ \t]+|de[ \t]+|d['’][ \t]?|des[ \t]+Monats[ \t]+|mensis[ \t]+)?"
_BEHIND_MONTH = rf"(?:[.,]?{_SPACE}(?:(?:de|of|des[ \t]+Jahr(?:e?s)?|anno|an|in)[ \t]+)?|\.,?{_GAP})"
_NO_ROMAN_CALENDAR = (
    r"(?<!Kal )(?<!Kal\. )(?<!Cal\. )(?<!Non\. )(?<!Id\. )(?<!Idus )(?<!Kalendas )(?<!Calend\. )(?<!Nonas )"
)
"""Three days before the calends of March are in February."""
_NO_AMOUNT = (
    r"(?![ \t]*(?:%|°|Mann|Menschen|Personen|Seiten|S\.|Stück|fl\.|Fl\.|Gulden|Thlr|Thaler|Taler|Rthlr|Mark|Pfund|Fuß|Fuss|"
    r"Meter|Kilometer|men|people|persons|pages|pounds|dollars|feet|miles|acres|yards|copies|cases|livres|francs|frs?\b|"
    r"hommes|personnes|pages|pieds|toises|lieues|exemplaires|milites|homines))"
)
"""Behind a number that counts something."""
_YEAR_WORD = (
    r"(?i:anno(?:[ \t]+(?:domini|christi|salutis|dni\.?|ch\.|c\.))?|a\.[ \t]?d\.|a[°º]|"
    r"(?:im|des|dem|vom)[ \t]+jahr(?:e?s|e)?|l['’][ \t]?an(?:n[ée]e)?(?:[ \t]+de[ \t]+gr[aâ]ce)?|"
    r"(?:in[ \t]+)?the[ \t]+year(?:[ \t]+of[ \t]+our[ \t]+lord)?|copyright|©|\(c\))"
)
_CENTURY_WORD = r"(?i:jahrhunderts?|jahrh\.|jhdts?\.?|jh\.|century|centuries|si[eè]cles?)"
_CENTURY_WORDS = {
    15: "fifteenth fünfzehnte quinzième",
    16: "sixteenth sechzehnte seizième",
    17: "seventeenth siebzehnte siebenzehnte dix-septième",
    18: "eighteenth achtzehnte dix-huitième",
    19: "nineteenth neunzehnte dix-neuvième",
    20: "twentieth zwanzigste vingtième",
    21: "twenty-first einundzwanzigste",
}
CENTURIES = {
    f"{word}{ending}": number
    for number, words in _CENTURY_WORDS.items()
    for word in words.split()
    for ending in ("", "n", "s", "r")
}
"""Centuries by their names in small letters, German ones with their endings."""
_NAMED_CENTURY = "|".join(sorted(CENTURIES, key=lambda word: (-len(word), word)))
_DASH = r"[ \t]?(?P<dash>[-–—/]|bis|to|till|à|au|usque[ \t]ad)[ \t]?"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of dates.

    Attributes:
        name: What it is called.
        pattern: How it is written.
        reader: Who makes EDTF of it (`archive.text.dates`).
        confidence: How sure a date of this form is in running text, 0 to 1; set by what else may be written so.
    """

    name: str
    pattern: re.Pattern[str]
    reader: str
    confidence: float


def _form(name: str, reader: str, confidence: float, pattern: str, flags: int = 0) -> Form:
    return Form(name, re.compile(pattern, flags), reader, confidence)


FORMS = (
    _form("iso", "numbers", 0.75, rf"{_ALONE}(?P<year>(?:1[4-9]|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?![\w-])"),
    _form("day month year", "full", 0.8, rf"{_ALONE}{_DAY}{_GAP}{_OF}{_NO_ROMAN_CALENDAR}(?P<month>(?i:{MONTHS}))\b{_BEHIND_MONTH}{_ANY_YEAR}"),
    _form("roman day month year", "full", 0.75, rf"\b[Dd]ie[ \t]+{_ROMAN_DAY}[ \t]+{_OF}(?P<month>(?i:{MONTHS}))\b{_BEHIND_MONTH}{_ANY_YEAR}"),
    _form("month day year", "full", 0.8, rf"\b(?P<month>(?i:{MONTHS}))\.?[ \t]+{_DAY}(?:,{_GAP}|{_SPACE}){_ANY_YEAR}"),
    _form("dotted", "numbers", 0.75, rf"{_ALONE}(?P<day>0?[1-9]|[12]\d|3[01])\.[ \t]?(?P<month>0?[1-9]|1[0-2])\.[ \t]?(?P<year>{_YEAR})"),
    _form("slashed", "slashes", 0.6, rf"{_ALONE}(?P<one>\d\d?)/(?P<two>\d\d?)/(?P<year>{_YEAR})(?!/)"),
    _form("month year", "month", 0.75, rf"(?<!\w){_NO_ROMAN_CALENDAR}(?P<month>(?i:{MONTHS}))\b{_BEHIND_MONTH}{_ANY_YEAR}"),
    _form("circa", "about", 0.75, rf"(?<!\w)(?:[Cc]a?\.|[Cc]irca|[Cc]irciter|[Uu]m|gegen|vers|environ|[Aa]bout|[Aa]round)[ \t]+(?:das[ \t]+Jahr[ \t]+|l['’]an(?:n[ée]e)?[ \t]+|the[ \t]+year[ \t]+)?(?P<year>{_YEAR}){_NO_AMOUNT}(?![-–—][ \t]?\d)"),
    _form("uncertain", "uncertain", 0.6, rf"[(\[](?P<year>{_YEAR})[ \t]?\?[)\]]"),
    _form("range", "range", 0.6, rf"{_ALONE}(?P<year>{_YEAR}){_DASH}(?P<end>{_YEAR}|\d\d(?![\d\w.,]?\d))(?![\w-]){_NO_AMOUNT}"),
    _form("decade", "decade", 0.65, rf"{_ALONE}(?P<year>(?:1[4-9]|20)\d0)(?:['’]?s|er)\b"),
    _form("decade", "decade", 0.65, r"\b[Aa]nn[ée]es[ \t]+(?P<year>(?:1[4-9]|20)\d0)(?!\d)"),
    _form("century", "century", 0.6, rf"(?<![\w.])(?P<century>1[5-9]|2[01])(?:\.|th|st|ten|e|[eè]me)?[ \t-]{_GAP}{_CENTURY_WORD}"),
    _form("century", "century", 0.6, rf"(?<!\w)(?P<century>X[VIX]+)(?:\.|e|[eè]me)?{_SPACE}{_CENTURY_WORD}"),
    _form("century", "century", 0.6, rf"(?<!\w)(?P<century>(?i:{_NAMED_CENTURY}))[ \t-]{_GAP}{_CENTURY_WORD}"),
    _form("century", "century", 0.6, r"\b(?i:saec(?:ul[oi]|\.)|sæcul[oi])[ \t]+(?P<century>X[VIX]+)\b"),
    _form("year word", "year", 0.8, rf"(?<!\w){_YEAR_WORD}[ \t,:]*(?:\n[ \t]*)?{_ANY_YEAR}"),
    _form("roman year", "year", 0.8, rf"(?<!\w)(?P<year>{_LONG_ROMAN})"),
    _form("short roman year", "year", 0.6, rf"^[ \t]*(?P<year>{_ROMAN})[ \t]*\.?[ \t]*$", re.MULTILINE),
    _form("imprint", "year", 0.6, rf"^(?=[A-ZÄÖÜÀÉÈ\[])[^\n\d]{{2,60}}[,:;][ \t]*(?P<year>{_YEAR})[ \t]?[.;]?[ \t]*$", re.MULTILINE),
    _form("line alone", "year", 0.5, rf"^[ \t]*(?P<year>{_YEAR})[ \t]?\.?[ \t]*$", re.MULTILINE),
    _form("parentheses", "year", 0.5, rf"[(\[](?P<year>{_YEAR})[)\]]"),
    _form("preposition", "year", 0.5, rf"(?<!\w)(?i:in|en|seit|since|depuis|until|till|bis|jusqu['’]en)[ \t]+(?P<year>{_YEAR})(?!\w){_NO_AMOUNT}"),
)  # fmt: skip
"""All forms, the fuller before the lesser."""
