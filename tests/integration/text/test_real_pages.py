# SPDX-License-Identifier: Apache-2.0
"""Real scanned pages with ground truth, on the way they take through the archive."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from archive.imaging.accession import accession
from archive.imaging.derivatives import make_ocr_rendition
from archive.imaging.technical_metadata import read_technical_metadata
from archive.text.language import suggest_language
from archive.text.ocr import recognise

pytestmark = [
    pytest.mark.tesseract,
    pytest.mark.reference_data,
    pytest.mark.usefixtures("tesseract", "reference_data"),
]

ALLOWED = 0.02
"""Above the error rate that was measured for a page with Tesseract's command line."""

PAGES = {
    "bebel_frau_1879_0146": ("deu", 600, "deu"),
    "bebel_frau_1879_0168": ("deu", 600, "deu"),
    "clauren_mimil_1815_0023": ("Fraktur", 300, "deu"),
    "clauren_mimil_1815_0050": ("Fraktur", 300, "deu"),
    "INPUT_0017": ("Fraktur", 300, "deu"),
    "bpt6k1281160s_f11": ("fra", 600, "fra"),
    "bpt6k1281160s_f12": ("fra", 600, "fra"),
    "bpt6k1281160s_f14": ("fra", 600, "fra"),
    "22_c266f_default": ("fra", 300, "fra"),
    "24_3cb67_default": ("fra", 300, "fra"),
    "alice_1": ("eng", 300, "eng"),
}
"""Model, resolution as a manifest would state it, and language of each page."""


@pytest.fixture(scope="module")
def rows(reference_data: Path) -> dict[str, dict[str, str]]:
    with (reference_data / "pages" / "pages.csv").open(encoding="utf-8", newline="") as file:
        return {Path(row["file"]).stem: row for row in csv.DictReader(file) if row["gt_text"]}


def test_every_page_with_ground_truth_is_tried(rows: dict[str, dict[str, str]]) -> None:
    assert set(rows) == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_recognised_nearly_as_well_as_it_can_be(
    name: str,
    rows: dict[str, dict[str, str]],
    reference_data: Path,
    character_error_rate: Callable[[str, str], float],
    tmp_path: Path,
) -> None:
    model, dpi, language = PAGES[name]
    row, pages = rows[name], reference_data / "pages"
    master = accession(pages / row["file"], tmp_path / "masters" / Path(row["file"]).name)
    assert read_technical_metadata(master.path).width > 1000
    rendition = make_ocr_rendition(master.path, tmp_path / "page.png", dpi=dpi)
    found = recognise(rendition.path, tmp_path / "ocr" / name, language=model, dpi=min(dpi, 300))
    printed = (pages / row["gt_text"]).read_text(encoding="utf-8")
    rate = character_error_rate(printed, found.text.read_text(encoding="utf-8"))
    assert rate <= float(row["cer_norm"]) + ALLOWED
    etree.parse(found.alto)
    suggestion = suggest_language(found.text.read_text(encoding="utf-8"))
    assert suggestion is not None
    assert suggestion.value == language
