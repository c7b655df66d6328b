# SPDX-License-Identifier: Apache-2.0
"""The names of months in English, German, French and Latin, as they were printed since 1450."""

from __future__ import annotations

import unicodedata

_CAPITAL = {
    1: "january jan januar jänner jenner",
    2: "february febr feb februar feber hornung",
    3: "march märz maerz mertz merz mar",
    4: "april apr",
    5: "may mai",
    6: "june jun juni junius brachmonat",
    7: "july jul juli julius heumonat",
    8: "august aug",
    9: "september sept sep septemb 7ber",
    10: "october oct octob oktober okt 8ber weinmonat",
    11: "november nov novemb 9ber wintermonat",
    12: "december dec decemb dezember dez xber christmonat",
}
"""English and German: their names begin with a capital letter, and some are words of other meaning without."""

_ANY_CASE = {
    1: "janvier janv januarii ianuarii januario ianuario",
    2: "février fevrier fevr februarii februario",
    3: "mars martii martio",
    4: "avril avr aprilis aprili",
    5: "mai may maii maji maio",
    6: "juin junii iunii junio iunio",
    7: "juillet juil julii iulii julio iulio",
    8: "août aout aoust augusti augusto",
    9: "septembre septembris septembri 7bre 7bris",
    10: "octobre octobris octobri 8bre 8bris",
    11: "novembre novembris novembri 9bre 9bris",
    12: "décembre decembre decembris decembri xbre xbris",
}
"""French and Latin, which write them small as well; French "may" only ever stands behind a day."""


def _by_name(table: dict[int, str]) -> dict[str, int]:
    return {name: month for month, names in table.items() for name in names.split()}


_WITH_CAPITAL = _by_name(_CAPITAL)
_IN_ANY_CASE = _by_name(_ANY_CASE)
PATTERN = "|".join(sorted(_WITH_CAPITAL | _IN_ANY_CASE, key=lambda name: (-len(name), name)))
"""A regular expression for all of them, to be matched without regard to case; `month_of` says whether it is one."""


def month_of(name: str, *, behind_day: bool) -> int | None:
    """The month that a name means, 1 to 12; None where it may be another word.

    Args:
        name: As it is written, without a point.
        behind_day: Whether the number of a day stands before it.
    """
    lower = unicodedata.normalize("NFC", name).lower()
    capital = name[0].isupper() or name[0].isdigit()
    if capital and lower in _WITH_CAPITAL:
        return _WITH_CAPITAL[lower]
    if lower in _IN_ANY_CASE and (behind_day or lower != "may"):
        return _IN_ANY_CASE[lower]
    return None
