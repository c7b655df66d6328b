# SPDX-License-Identifier: Apache-2.0
"""The geometry of a captured page."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("kind", "width", "row_bytes"),
    [
        ("bitonal_black_is_zero", 8, 1),
        ("bitonal_black_is_zero", 9, 2),
        ("gray_16", 9, 18),
        ("rgb_8", 9, 27),
        ("rgb_16", 9, 54),
    ],
)
def test_a_row_has_the_bytes_of_its_pixels(kind: str, width: int, row_bytes: int, make_page: Any) -> None:
    page = make_page(kind, width=width, height=3)
    assert page.row_bytes == row_bytes
    assert page.size == page.path.stat().st_size
    page.require_whole()


@pytest.mark.parametrize(
    "change",
    [
        {"width": 0}, {"height": 0}, {"bits_per_sample": 12}, {"samples_per_pixel": 4}, {"samples_per_pixel": 1},
        {"photometric": "black_is_zero"}, {"bits_per_sample": 1}, {"dpi": (0.0, 300.0)},
        {"pixel_offset": -1},
    ],
)  # fmt: skip
def test_a_page_that_no_scanner_delivers_is_refused(change: Any, make_page: Any) -> None:
    with pytest.raises(ValueError, match=r"page|[Pp]ixel|samples|dpi|Colour"):
        make_page("rgb_8", **change)
