# SPDX-License-Identifier: Apache-2.0
"""What is legal in a manifest but probably not meant: warnings that a person may accept."""

from __future__ import annotations

from collections.abc import Iterator

from archive.manifest import languages
from archive.manifest.conversion import Conversion
from archive.manifest.dates import edtf_like, is_edtf
from archive.manifest.draft import Record
from archive.manifest.names import is_nfc
from archive.manifest.problems import Code, Place, Problem, Refused, shown
from archive.manifest.rules import MANY_PAGES, tidy


def doubts_about_batch(record: Record, batch: Conversion) -> Iterator[Problem]:
    """Warnings about what is said of the batch."""
    yield from _id(record, batch)
    yield from _resolution(batch, batch)


def doubts_about_item(record: Record, item: Conversion, batch: Conversion) -> Iterator[Problem]:
    """Warnings about one item."""
    yield from _id(record, item)
    yield from _date(record, item)
    yield from _language(record, item)
    yield from _resolution(item, batch)
    pages = item.values.get("pages")
    if isinstance(pages, int) and "pages" not in item.settled and pages > MANY_PAGES:
        yield _warning(
            record.place_of("pages"),
            Code.PAGES_MANY,
            f"{pages} pages are more than any bound volume has.",
            "Check the number; divide the item where it is several volumes.",
        )


def _id(record: Record, conversion: Conversion) -> Iterator[Problem]:
    identity = conversion.values.get("id", "")
    if not is_nfc(identity):
        yield _warning(
            record.place_of("id"),
            Code.NAME_NOT_NFC,
            f"The id {shown(identity)} writes accented letters as letter and accent apart (not Unicode NFC).",
            "Type the accented letters anew; some systems will change the name otherwise.",
        )


def _date(record: Record, item: Conversion) -> Iterator[Problem]:
    date = tidy(item.values.get("date", ""))
    if date and not is_edtf(date):
        proposal = edtf_like(date)
        yield _warning(
            record.place_of("date"),
            Code.DATE_FORM,
            f"{shown(date)} is not a date that programs can read (EDTF).",
            f"Write {proposal}."
            if proposal
            else "Write 1915, 1915-03, 1915-03-02, 1915~ (about), 1915? (perhaps), 191X or 1914/1918.",
        )


def _language(record: Record, item: Conversion) -> Iterator[Problem]:
    text = tidy(item.values.get("language", ""))
    if "language" in item.settled or not text:
        return
    try:
        languages.legal_language(text)
    except Refused:
        return  # an error already
    if found := languages.doubt(text):
        yield _warning(record.place_of("language"), Code.LANGUAGE_DOUBTFUL, *found)


def _resolution(of: Conversion, batch: Conversion) -> Iterator[Problem]:
    said = batch.values.get("resolution_dpi")
    setting = of.values.get("settings", {}).get("resolution")
    if said is not None and isinstance(setting, int | float) and setting != said:
        yield _warning(
            of.places["settings", "resolution"],
            Code.RESOLUTION_DIFFERS,
            f"The setting resolution is {setting}, while resolution_dpi of the batch is {said}.",
            "Make them equal, unless these pages shall really be scanned at another resolution.",
        )


def _warning(place: Place, code: Code, message: str, remedy: str) -> Problem:
    return Problem.at(place, code, message, remedy, "warning")
