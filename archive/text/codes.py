# SPDX-License-Identifier: Apache-2.0
"""What the codes on a page suggest: what they say, and that a sheet was laid between two items."""

from __future__ import annotations

from collections.abc import Sequence

from archive.imaging.barcodes import Code, reader_version
from archive.text.enrichment import Suggestion

SEPARATOR = "RECTO:ITEM:"
"""How the text of a separator sheet's code begins where the pipeline does not say; the item's id follows."""

_CONFIDENCE = {"QRCode": 0.95, "Code128": 0.9, "Code39": 0.6}
"""QR codes correct errors, Code 128 has a check sign, Code 39 has neither."""
_UNKNOWN = 0.5


def suggest_codes(codes: Sequence[Code], page: int, *, separator: str = SEPARATOR) -> tuple[Suggestion, ...]:
    """What the codes of a page suggest: what they say, and where an item begins; nothing is ever split by this.

    Args:
        codes: As `read_codes` found them.
        page: The page's number, from 1.
        separator: How the text of a separator sheet's code begins; what follows is the id of the item behind it.
    """
    suggestions = []
    for code in codes:
        confidence = _CONFIDENCE.get(code.format, _UNKNOWN)
        begins = code.text.removeprefix(separator).strip() if code.text.startswith(separator) else ""
        kind, value = ("separator", begins) if begins else ("barcode", code.text)
        suggestions.append(
            Suggestion(kind, value, f"zxing-cpp {code.format}", reader_version(), confidence, page)
        )
    return tuple(suggestions)
