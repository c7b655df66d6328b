# SPDX-License-Identifier: Apache-2.0
"""Rows that were copied in a spreadsheet, as items of a form."""

from __future__ import annotations

from archive.manifest.columns import meaning_in_table
from archive.manifest.form import ITEM_COLUMNS, NO_ITEM, Item
from archive.manifest.separated import divide


def pasted_items(text: str) -> list[Item]:
    """The items that copied cells describe.

    Where the first row names columns, cells go where it says, and columns that a form does not have are left
    out; else they are taken in the order of the form's columns. Empty rows are left out.

    Args:
        text: Cells as a spreadsheet puts them on the clipboard, separated by tabs; commas and semicolons do too.
    """
    rows = [row for row in divide(text).rows if any(cell.strip() for cell in row)]
    if not rows:
        return []
    named = _places(rows[0])
    if named is None:
        return [_item(dict(zip(ITEM_COLUMNS, row, strict=False))) for row in rows]
    return [
        _item({name: row[place] for name, place in named.items() if place < len(row)}) for row in rows[1:]
    ]


def _places(row: list[str]) -> dict[str, int] | None:
    """Where the columns of a form stand, when a row names two of them or more; else None."""
    places: dict[str, int] = {}
    for place, word in enumerate(row):
        meaning = meaning_in_table(word)
        if meaning is not None and meaning.name in ITEM_COLUMNS and not meaning.of_batch:
            places.setdefault(meaning.name, place)
    return places if len(places) > 1 else None


def _item(values: dict[str, str]) -> Item:
    return tuple(values.get(name, blank).strip() for name, blank in zip(ITEM_COLUMNS, NO_ITEM, strict=True))
