# SPDX-License-Identifier: Apache-2.0
"""A station runs without the worker extra; what needs it says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from PIL import Image

EXTRA = ("imagecodecs", "img2pdf", "pikepdf", "py3langid", "pytesseract")
MODULES = (
    "archive.imaging.accession", "archive.imaging.checks", "archive.imaging.derivatives", "archive.imaging.master",
    "archive.imaging.technical_metadata", "archive.text.alto", "archive.text.enrichment",
    "archive.text.key_phrases", "archive.text.language", "archive.text.ocr", "archive.text.searchable_pdf",
)  # fmt: skip
NEEDS = {
    "imagecodecs": "from archive.imaging.pixels import pixel_digest; pixel_digest(Path('deep.png'))",
    "img2pdf": "from archive.text.searchable_pdf import *;"
    "assemble_pdf([PdfPage(Path('page.jpg'), None, 300, '')], Path('p.pdf'), PdfMetadata('Letters'))",
    "py3langid": "from archive.text.language import *; suggest_language('a text that is long enough')",
    "pytesseract": "from archive.text.tesseract import *;"
    "run_tesseract(Path('page.jpg'), Path(), 'p', 'txt', language='eng', config='', timeout=1)",
}


def run_without_extra(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    hidden = f"import sys; from pathlib import Path; sys.modules.update(dict.fromkeys({EXTRA!r})); {program}"
    environment = {"PYTHONPATH": str(Path(__file__).resolve().parents[4])}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", hidden],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_module_is_imported_without_the_extra(tmp_path: Path) -> None:
    child = run_without_extra(f"import {', '.join(MODULES)}", tmp_path)
    assert child.returncode == 0, child.stderr


@pytest.mark.parametrize("library", NEEDS)
def test_what_needs_the_extra_names_it(library: str, tmp_path: Path) -> None:
    (tmp_path / "deep.png").write_bytes(imagecodecs.png_encode(np.zeros((4, 4, 3), np.uint16)))
    Image.new("L", (4, 4)).save(tmp_path / "page.jpg")
    child = run_without_extra(NEEDS[library], tmp_path)
    last = child.stderr.splitlines()[-1]
    assert "WorkerExtraMissing: " in last
    assert library in last
