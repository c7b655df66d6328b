# SPDX-License-Identifier: Apache-2.0
"""Captured pages of every kind, small and made of noise, so that no wrong byte goes unnoticed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from archive.imaging.master import MasterTags
from archive.imaging.raw_page import RawPage

KINDS = {
    "bitonal_white_is_zero": (1, 1, "white_is_zero"),
    "bitonal_black_is_zero": (1, 1, "black_is_zero"),
    "gray_8": (8, 1, "black_is_zero"),
    "gray_16": (16, 1, "black_is_zero"),
    "rgb_8": (8, 3, "rgb"),
    "rgb_16": (16, 3, "rgb"),
}

MakePage = Callable[..., RawPage]


@pytest.fixture
def make_page(tmp_path: Path) -> MakePage:
    """Spools a page of noise: `make_page("rgb_16", width=131, height=200, pixel_offset=4096)`."""

    def make(kind: str = "rgb_8", *, width: int = 131, height: int = 200, **changes: Any) -> RawPage:
        bits, samples, photometric = KINDS[kind]
        row_bytes = (width * samples * bits + 7) // 8
        content = np.random.default_rng(7).bytes(row_bytes * height)
        spool = tmp_path / f"{kind}.{width}x{height}.raw"
        spool.unlink(missing_ok=True)  # it may have become a master
        spool.write_bytes(bytes(max(0, changes.get("pixel_offset", 0))) + content)
        facts = {
            "path": spool,
            "width": width,
            "height": height,
            "bits_per_sample": bits,
            "samples_per_pixel": samples,
            "photometric": photometric,
            "dpi": (300.0, 300.0),
            "pixel_sha256": hashlib.sha256(content).hexdigest(),
        }
        return RawPage(**(facts | changes))

    return make


@pytest.fixture
def tags() -> MasterTags:
    return MasterTags(
        document_name="batch-1/item-2/0003",
        description="Letter",
        make="Plustek",
        model="OpticBook 4800",
        software="Recto 0.1.0",
        artist="City Archive",
        copyright="CC0",
        captured_at="2026-03-01T10:20:30+00:00",
    )
