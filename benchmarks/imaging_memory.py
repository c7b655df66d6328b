# SPDX-License-Identifier: Apache-2.0
"""How much memory a page takes while it is checked, measured and derived from, by its size: a process for each page."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import tifffile

WIDTH = 20_000
ROWS = 64
KINDS = (("8 bit", 1, False), ("8 bit, deflate", 1, True), ("16 bit", 2, False))


def write_page(path: Path, megapixels: int, sample_bytes: int, *, deflated: bool) -> None:
    """A colour page of grainy paper with lines, in strips, without ever being in memory."""
    strips = megapixels * 1_000_000 // WIDTH // ROWS
    rng = np.random.default_rng(7)
    sheet = rng.integers(225, 240, (ROWS, WIDTH, 3), dtype=np.uint8)
    written = sheet.copy()
    written[10:40, WIDTH // 12 : -WIDTH // 12 : 40] = 45
    parts = [part if sample_bytes == 1 else part.astype("<u2") * 257 for part in (sheet, written)]
    encoded = [_deflated(part) if deflated else part.tobytes() for part in parts]
    tifffile.imwrite(
        path, _strips(encoded, strips), shape=(strips * ROWS, WIDTH, 3), dtype=parts[0].dtype, rowsperstrip=ROWS,
        photometric="rgb", resolution=(600, 600), resolutionunit="INCH", metadata=None,
        **({"compression": "adobe_deflate", "predictor": True} if deflated else {}),
    )  # fmt: skip


def _strips(encoded: list[bytes], count: int) -> Iterator[bytes]:
    return (encoded[number % 2] for number in range(count))


def _deflated(part: np.ndarray) -> bytes:
    import imagecodecs

    return bytes(imagecodecs.deflate_encode(imagecodecs.delta_encode(part, axis=1).tobytes(), 1))


def print_memory(folder: Path, *, small: bool) -> None:
    """Print a table of what pages of growing size take."""
    print("| page | megapixels | check and measure, MB | with derivatives, MB | s |")
    print("|---|---|---|---|---|")
    for name, sample_bytes, deflated in KINDS:
        for megapixels in (10, 40) if small else (10, 40, 100, 400):
            path = folder / "memory.tif"
            write_page(path, megapixels, sample_bytes, deflated=deflated)
            began = time.perf_counter()
            told = subprocess.run(
                [sys.executable, "-m", "benchmarks.imaging_memory", str(path)],
                check=True,
                capture_output=True,
            )
            seconds = time.perf_counter() - began
            checked, derived = json.loads(told.stdout)
            print(f"| {name} | {megapixels} | {checked} | {derived} | {seconds:.1f} |", flush=True)
            path.unlink()


def look_at(path: Path) -> list[int]:
    """Check a page and derive from it.

    Returns:
        The greatest memory in MB after checking, and after deriving.
    """
    from archive.imaging.checks import Expectation, inspect_page
    from archive.imaging.derivatives import make_derivatives
    from archive.imaging.technical_metadata import read_technical_metadata

    page = inspect_page(path, read_technical_metadata(path), Expectation()).page
    checked = _peak()
    made = {use: path.with_suffix(f".{use}") for use in ("access", "thumbnail", "ocr_rendition")}
    make_derivatives(page or path, **made, dpi=600)
    for file in made.values():
        file.unlink()
    return [checked, _peak()]


def _peak() -> int:
    # not ru_maxrss, in which a large parent's memory is counted too (getrusage(2))
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 // 1_000_000


if __name__ == "__main__":
    print(json.dumps(look_at(Path(sys.argv[1]))))
