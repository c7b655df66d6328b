# SPDX-License-Identifier: Apache-2.0
"""Looks at a page, derives from it, and says how much memory that took: a process that holds nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PIL import Image

from archive.imaging.checks import Expectation, inspect_page
from archive.imaging.derivatives import make_derivatives
from archive.imaging.technical_metadata import read_technical_metadata

path, folder = Path(sys.argv[1]), Path(sys.argv[2])
page = inspect_page(path, read_technical_metadata(path), Expectation()).page
assert page is not None
make_derivatives(
    page,
    access=folder / "a.jpg",
    thumbnail=folder / "t.jpg",
    ocr_rendition=folder / "o.png",
    dpi=600,
)
# not ru_maxrss, in which a large parent's memory is counted too (getrusage(2))
status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024
sys.stdout.write(json.dumps({"large": not isinstance(page.image, Image.Image), "peak": peak}))
