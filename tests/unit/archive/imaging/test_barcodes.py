# SPDX-License-Identifier: Apache-2.0
"""Codes are read from real pages, whichever way they lie, and none is read into print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from archive.imaging.barcodes import Code, read_codes
from archive.text.codes import SEPARATOR, suggest_codes

zxingcpp: Any = pytest.importorskip("zxingcpp")

PAGES = ("alice/alice_1.png", "gallica_foire_18c/bpt6k1281160s_f12.jpg", "specials/FILE_0002_IMAGE.tif")


def drawn(text: str, form: str, scale: int = 4) -> Image.Image:
    code = zxingcpp.create_barcode(text, getattr(zxingcpp, form))
    image = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(code, scale=scale)))
    return image.resize((image.width, max(image.height, 150)), Image.Resampling.NEAREST)


@pytest.fixture(scope="module")
def pages(reference_data: Path) -> list[Image.Image]:
    opened = [Image.open(reference_data / "pages" / name).convert("L") for name in PAGES]
    for image in opened:
        image.thumbnail((1400, 1800))
    return opened


def with_code(page: Image.Image, code: Image.Image, degrees: float) -> Image.Image:
    sheet = page.copy()
    label = Image.new("L", (code.width + 80, code.height + 80), 255)
    label.paste(code, (40, 40))
    sheet.paste(label.rotate(degrees, expand=True, fillcolor=255), (30, 60))
    return sheet


@pytest.mark.reference_data
@pytest.mark.parametrize("form", ["QRCode", "Code128", "Code39"])
@pytest.mark.parametrize("degrees", [0, 3, -4, 90, 180, 270])
def test_a_code_on_a_real_page_is_read_however_it_lies(
    pages: list[Image.Image], form: str, degrees: float
) -> None:
    code = drawn("AB-1784", form, scale=8 if form == "QRCode" else 3)
    for page in pages:
        assert read_codes(with_code(page, code, degrees)) == [Code("AB-1784", form)]


@pytest.mark.reference_data
def test_no_code_is_read_into_print(pages: list[Image.Image]) -> None:
    assert [read_codes(page) for page in pages] == [[]] * len(PAGES)


def test_a_code_of_another_kind_is_not_looked_for() -> None:
    page = Image.new("L", (900, 900), 255)
    assert read_codes(with_code(page, drawn("4006381333931", "EAN13"), 0)) == []


def test_a_separator_sheet_suggests_where_an_item_begins() -> None:
    page = Image.new("L", (900, 900), 255)
    codes = read_codes(with_code(page, drawn(f"{SEPARATOR}letter-17", "QRCode", 8), 0))
    (boundary,) = suggest_codes(codes, 5)
    assert (boundary.kind, boundary.value, boundary.page) == ("separator", "letter-17", 5)
    (other,) = suggest_codes(codes, 5, separator="BOX ")
    assert (other.kind, other.value) == ("barcode", f"{SEPARATOR}letter-17")


@pytest.mark.parametrize(
    ("text", "kind"), [(SEPARATOR, "barcode"), ("BOX 7", "separator"), ("box 7", "barcode")]
)
def test_a_sheet_without_an_id_or_of_another_prefix_is_a_barcode_like_any(text: str, kind: str) -> None:
    (made,) = suggest_codes([Code(text, "Code128")], 1, separator="BOX ")
    assert made.kind == kind


def test_control_characters_of_a_code_are_spelled_out() -> None:
    page = Image.new("L", (900, 900), 255)
    assert read_codes(with_code(page, drawn("a\x1b[2J\nb", "QRCode", 8), 0)) == [
        Code("a<ESC>[2J<LF>b", "QRCode")
    ]
