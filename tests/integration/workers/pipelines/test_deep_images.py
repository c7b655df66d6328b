# SPDX-License-Identifier: Apache-2.0
"""No image of more than 8 bits is decoded by Pillow anywhere on its way: it would lose half of every sample."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageFile

from archive.imaging.color_profiles import srgb_profile
from archive.imaging.pixels import decode_to_look_at, pixel_digest
from archive.imaging.technical_metadata import read_header

DECODES = {ImageFile.ImageFile.load.__code__: "self"}
OPENS = {Image.open.__code__: "fp"}

OWN = """\
name: own
version: 1
stages:
  - {name: validate, parameters: {language_data: false}}
  - {name: capture}
  - {name: characterise, parameters: {ocr_rendition: true}}
  - {name: jpeg2000}
  - {name: enrich}
  - {name: assemble}
  - {name: bag}
"""


@contextmanager
def watched() -> Iterator[list[tuple[str, Path]]]:
    """What Pillow opens and decodes, told by the interpreter itself: nothing of Pillow or Recto is replaced."""
    seen: list[tuple[str, Path]] = []

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call":
            return
        for kind, codes in (("opened", OPENS), ("decoded", DECODES)):
            if (name := codes.get(frame.f_code)) is not None:
                value = frame.f_locals[name]
                path = value if kind == "opened" else getattr(value, "filename", "")
                if isinstance(path, str | Path) and str(path):
                    seen.append((kind, Path(path)))

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield seen
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]


def deep(path: Path, *, samples: int) -> Path:
    shape = (90, 70) if samples == 1 else (90, 70, samples)
    pixels = np.random.default_rng(3).integers(0, 2**16, shape, dtype=np.uint16)
    if path.suffix == ".png":
        path.write_bytes(imagecodecs.png_encode(pixels))
    else:
        tifffile.imwrite(
            path, pixels, photometric="minisblack" if samples == 1 else "rgb", resolution=(150, 150),
            resolutionunit="INCH", compression="zlib" if "packed" in path.name else None, rowsperstrip=16,
            predictor="packed" in path.name, iccprofile=srgb_profile() if samples > 1 else None, metadata=None,
        )  # fmt: skip
    return path


def is_deep(path: Path) -> bool:
    return path.is_file() and read_header(path).bits_per_sample > 8


def test_the_watch_sees_what_it_is_there_for(tmp_path: Path) -> None:
    path = deep(tmp_path / "gray.tif", samples=1)
    with watched() as seen, Image.open(path) as image:
        image.load()
    assert ("opened", path) in seen
    assert ("decoded", path) in seen


def test_deep_pages_reach_their_bag_without_being_decoded_by_pillow(
    station: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    here = station()
    names = [
        deep(here.folder / name, samples=samples).name
        for name, samples in (
            ("rgb.tif", 3),
            ("packed.tif", 3),
            ("gray.tif", 1),
            ("rgb.png", 3),
            ("gray.png", 1),
        )
    ]
    here.register("own.yaml", items=[{"id": "item-1", "title": "One", "file_paths": names}])
    with watched() as seen:
        here.run()
    assert here.status()["state"] == "done"
    assert any(path.suffix == ".jpg" for _, path in seen)
    deep_ones = {(kind, path.name) for kind, path in seen if is_deep(path)}
    # the header of a PNG is read by Pillow; no sample of it is
    assert {name for kind, name in deep_ones if kind == "opened"} <= {
        "0004.png",
        "0005.png",
        "rgb.png",
        "gray.png",
    }
    assert not {name for kind, name in deep_ones if kind == "decoded"}
    masters = sorted((here.node.item_folder("batch", "item-1") / "masters").iterdir())
    assert [pixel_digest(master) for master in masters] == [
        pixel_digest(here.folder / name) for name in names
    ]


@pytest.mark.parametrize("name", ["rgb.tif", "packed.tif", "gray.tif", "rgb.png", "gray.png"])
def test_deep_pages_are_rounded_for_the_eye_too(name: str, tmp_path: Path) -> None:
    path = deep(tmp_path / name, samples=1 if "gray" in name else 3)
    with watched() as seen:
        shown = np.asarray(decode_to_look_at(path))
    assert not [each for each in seen if each[0] == "decoded"]
    stored = imagecodecs.imread(str(path))
    assert np.array_equal(shown, np.round(stored / 257))
