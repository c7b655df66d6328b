# SPDX-License-Identifier: Apache-2.0
"""The fifteen Dublin Core elements (DCMES 1.1, ISO 15836) as far as an item fills them."""

from __future__ import annotations

from collections.abc import Iterator

from archive.metadata.description import ItemDescription

DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"

SIMULATED_NOTICE = "SIMULATED DATA: made by a simulated scanner; no physical original stands behind it."
"""The sentence that marks simulated items wherever a person may read about them."""


def dublin_core(item: ItemDescription) -> Iterator[tuple[str, str]]:
    """Element names and values in a fixed order; empty fields are left out.

    The item's own date, language and rights go through as they stand in the manifest. The collection
    is a relation, because Dublin Core without qualifiers has no "part of".
    """
    formats = {page.master.mime: None for page in item.pages if page.master is not None}
    candidates = [
        ("title", item.title or item.id),
        ("creator", item.creator),
        ("description", SIMULATED_NOTICE if item.simulated else ""),
        ("publisher", item.institution),
        ("date", item.date),
        ("type", "Image"),
        *(("format", mime) for mime in formats),
        ("identifier", item.id),
        ("language", item.language),
        ("relation", item.collection),
        ("rights", item.rights),
    ]
    return ((name, value) for name, value in candidates if value)
