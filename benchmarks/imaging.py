# SPDX-License-Identifier: Apache-2.0
"""Masters and derivatives beside Pillow and pyvips, in turn on one page, and the memory that pages take: .venv/bin/python -m benchmarks.imaging [--small]."""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvips
from PIL import Image

from archive.imaging.color_profiles import srgb_profile
from archive.imaging.derivatives import make_access_jpeg, make_derivatives, make_thumbnail
from archive.imaging.jpeg2000 import make_jpeg2000
from archive.imaging.master import MasterTags, write_master
from archive.imaging.master_policy import MasterPolicy
from archive.imaging.raw_page import RawPage
from benchmarks.imaging_memory import print_memory

TAGS = MasterTags("bench/1/0001", "", "Maker", "Model", "Recto", "", "", "2026-11-21T12:00:00+00:00")


@dataclass(frozen=True)
class Task:
    """One piece of work, done by Recto and by others.

    Attributes:
        name: What it is.
        ways: By who does it; the first is what the ratios are to.
    """

    name: str
    ways: dict[str, Callable[[], object]]


def page(width: int, height: int, bits: int) -> np.ndarray:
    """A sheet with lines of words and the grain of a sensor."""
    rng = np.random.default_rng(7)
    gray = np.full((height, width), 232, np.int16)
    for top in range(height // 12, height - height // 12, 64):
        for left in range(width // 10, width - width // 10, 190):
            gray[top : top + 30, left : left + int(rng.integers(60, 170))] = 45
    samples = gray[..., None] + rng.normal(0, 1.3, (height, width, 3)).round().astype(np.int16)
    eight = np.clip(samples, 0, 255).astype(np.uint8)
    if bits == 8:  # noqa: PLR2004 - bits
        return eight
    return eight.astype("<u2") * 257 + rng.integers(0, 257, eight.shape, dtype="<u2")


def spooled(samples: np.ndarray, path: Path) -> RawPage:
    path.write_bytes(samples.tobytes())
    height, width, _ = samples.shape
    digest = hashlib.sha256(samples.tobytes()).hexdigest()
    return RawPage(path, width, height, samples.itemsize * 8, 3, "rgb", (600.0, 600.0), digest)


def synced(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        hashlib.file_digest(file, "sha256")


def masters(samples: np.ndarray, folder: Path) -> list[Task]:
    """Writing masters; Pillow and pyvips have the pixels in memory, and their file is synced and digested once."""
    bits = samples.itemsize * 8
    raw = spooled(samples, folder / f"{bits}.raw")
    target = folder / "master.tif"
    height, width, _ = samples.shape
    memory = pyvips.Image.new_from_memory(samples.data, width, height, 3, "uchar" if bits == 8 else "ushort")  # noqa: PLR2004

    def recto(policy: MasterPolicy) -> None:
        target.unlink(missing_ok=True)
        write_master(raw, target, TAGS, srgb_profile(), policy)

    def by_pillow(compression: str | None) -> None:
        Image.fromarray(samples).save(target, compression=compression)
        synced(target)

    def by_vips(**options: object) -> None:
        memory.tiffsave(str(target), **options)
        synced(target)

    tasks = []
    for name, policy, pillow, vips in (
        ("none", MasterPolicy(), None, {}),
        (
            "deflate",
            MasterPolicy("deflate"),
            "tiff_adobe_deflate",
            {"compression": "deflate", "predictor": "horizontal"},
        ),
    ):
        ways: dict[str, Callable[[], object]] = {"Recto": lambda policy=policy: recto(policy)}
        if bits == 8:  # noqa: PLR2004 - Pillow has no colour of 16 bits
            ways["Pillow"] = lambda pillow=pillow: by_pillow(pillow)
        ways["pyvips"] = lambda vips=vips: by_vips(**vips)
        tasks.append(Task(f"master, {bits} bit, {name}", ways))
    return tasks


def derivatives(samples: np.ndarray, folder: Path) -> list[Task]:
    """Making access images of an uncompressed master of 8 bits."""
    master = write_master(spooled(samples, folder / "d.raw"), folder / "d.tif", TAGS, srgb_profile()).path
    out = folder / "out.jpg"

    def pillow(side: int, quality: int) -> None:
        with Image.open(master) as image:
            image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
            image.save(out, quality=quality, icc_profile=image.info["icc_profile"])

    def vips(side: int, quality: int) -> None:
        image = pyvips.Image.thumbnail(str(master), side, height=side, size="down", fail_on="error")
        image.jpegsave(str(out), Q=quality)

    def pillow_jp2() -> None:
        with Image.open(master) as image:
            image.save(folder / "out.jp2", quality_mode="rates", quality_layers=[10], irreversible=True)

    return [
        Task(
            "access JPEG, 3000 pixels",
            {
                "Recto": lambda: make_access_jpeg(master, out),
                "Pillow": lambda: pillow(3000, 85),
                "pyvips": lambda: vips(3000, 85),
            },
        ),
        Task(
            "thumbnail, 512 pixels",
            {
                "Recto": lambda: make_thumbnail(master, out),
                "Pillow": lambda: pillow(512, 80),
                "pyvips": lambda: vips(512, 80),
            },
        ),
        Task(
            "all three of one decoding",
            {
                "Recto": lambda: make_derivatives(
                    master, access=out, thumbnail=folder / "t.jpg", ocr_rendition=folder / "o.png", dpi=600
                ),
            },
        ),
        Task(
            "JPEG 2000, 10:1",
            {"Recto": lambda: make_jpeg2000(master, folder / "p.jp2"), "Pillow": pillow_jp2},
        ),
    ]


def measure(task: Task, rounds: int) -> dict[str, list[float]]:
    """Seconds of each way, in turn, after one turn that is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in task.ways}
    for turn in range(rounds + 1):
        for name, work in task.ways.items():
            began = time.perf_counter()
            work()
            if turn:
                seconds[name].append(time.perf_counter() - began)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a quarter of the sides")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path, default=None, help="the folder for the files")
    asked = parser.parse_args()
    width, height = (1240, 1754) if asked.small else (4960, 7016)
    pyvips.cache_set_max(0)
    print(f"A page of {width} x {height} pixels, {asked.rounds} rounds; load {os.getloadavg()[0]:.1f}")
    print("| work | Recto, s | Pillow, s | pyvips, s | Recto to Pillow | Recto to pyvips |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=asked.work) as name:
        folder = Path(name)
        tasks = [task for bits in (8, 16) for task in masters(page(width, height, bits), folder)]
        for task in [*tasks, *derivatives(page(width, height, 8), folder)]:
            middle = {who: statistics.median(times) for who, times in measure(task, asked.rounds).items()}
            cells = [f"{middle[who]:.2f}" if who in middle else "-" for who in ("Recto", "Pillow", "pyvips")]
            ratios = [
                f"{middle['Recto'] / middle[who]:.2f}" if who in middle else "-"
                for who in ("Pillow", "pyvips")
            ]
            print("| " + " | ".join([task.name, *cells, *ratios]) + " |")
            sys.stdout.flush()
        print()
        print_memory(folder, small=asked.small)


if __name__ == "__main__":
    main()
