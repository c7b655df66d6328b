# SPDX-License-Identifier: Apache-2.0
"""Viewing copies hold the image at every size, are made in little memory, and are never half there."""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import tifffile
from PIL import Image, ImageChops

from archive.errors import DamagedImage, ImageTooLarge, SpoolIncomplete, UnsupportedImage
from archive.imaging.color_profiles import srgb_profile
from archive.imaging.image_source import ImageSource
from archive.imaging.master import MasterTags, write_master
from archive.imaging.pixels import decode_for_viewing
from archive.imaging.raw_page import RawPage
from archive.imaging.viewing_cache import cache_file, prune_cache
from archive.imaging.viewing_copy import TILE, ViewingCopy, levels_of
from archive.imaging.viewing_overview import rough_overview, small_image
from archive.imaging.viewing_pyramid import build_viewing_copy
from archive.imaging.viewing_rows import RowReader

KINDS = {
    "bitonal_white_is_zero": (1, 1),
    "bitonal_black_is_zero": (1, 1),
    "gray_8": (8, 1),
    "gray_16": (16, 1),
    "rgb_8": (8, 3),
    "rgb_16": (16, 3),
}
"""Bits and samples of the pages that `make_page` makes."""

MakePage = Callable[..., RawPage]

SIZE = (1101, 703)
"""Neither side is a multiple of a tile, and halves of one are odd."""


def picture(width: int, height: int) -> Image.Image:
    """Gradients and edges: what JPEG keeps well, and what shows a pixel that is out of place."""
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    circles = (np.hypot(across - 128, down - 128) // 40 % 2) * 90
    samples = np.stack([across * 0.6 + circles, down * 0.6 + circles, 255 - across], axis=-1)
    return Image.fromarray(samples.clip(0, 255).astype(np.uint8))


def save_as(kind: str, image: Image.Image, path: Path) -> ImageSource:
    """The picture in a file of one kind."""
    match kind:
        case "raw":
            path.write_bytes(bytes(4096) + image.tobytes())
            return ImageSource(
                path, "raw", *image.size, 8, 3, "rgb", "d" * 64, pixel_offset=4096, dpi=(300.0, 300.0)
            )
        case "raw gray 16":
            gray = np.asarray(image.convert("L")).astype("<u2") * 257
            path.write_bytes(gray.tobytes())
            return ImageSource(path, "raw", *image.size, 16, 1, "black_is_zero", "d" * 64, pixel_offset=0)
        case "raw white is zero":
            path.write_bytes((255 - np.asarray(image.convert("L"))).tobytes())
            return ImageSource(path, "raw", *image.size, 8, 1, "white_is_zero", "d" * 64, pixel_offset=0)
        case "plain tiff":
            tifffile.imwrite(path, np.asarray(image), photometric="rgb", rowsperstrip=7)
        case "deep tiff":
            tifffile.imwrite(path, np.asarray(image).astype("<u2") * 257, photometric="rgb", rowsperstrip=7)
        case "lzw tiff":
            image.save(path, "TIFF", compression="tiff_lzw")
        case "png":
            image.save(path, "PNG")
    return ImageSource.from_file(path)


def difference(first: Image.Image, second: Image.Image) -> float:
    """Mean absolute difference of the samples."""
    assert first.size == second.size
    a, b = (np.asarray(image.convert("RGB")).astype(int) for image in (first, second))
    return float(np.abs(a - b).mean())


def assembled(copy: ViewingCopy, number: int) -> Image.Image:
    """All tiles of a level side by side."""
    level = copy.level(number)
    tiles = {(c, r): copy.tile(number, c, r) for r in range(level.rows) for c in range(level.columns)}
    whole = Image.new(tiles[0, 0].mode, (level.width, level.height))
    for (column, row), tile in tiles.items():
        left, top, right, bottom = level.tile_box(column, row)
        assert tile.size == (right - left, bottom - top)
        whole.paste(tile, (left, top))
    return whole


@pytest.mark.parametrize("finest", [0, 1])
@pytest.mark.parametrize(
    "kind", ["raw", "raw gray 16", "raw white is zero", "plain tiff", "deep tiff", "lzw tiff", "png"]
)
def test_every_tile_of_every_level_is_the_image_halved_so_often(
    tmp_path: Path, kind: str, finest: int
) -> None:
    image = picture(*SIZE)
    source = save_as(kind, image, tmp_path / "page")
    expected = image.convert("L") if "gray" in kind or "white" in kind else image

    build_viewing_copy(source, tmp_path / "copy", finest=finest)

    with ViewingCopy(tmp_path / "copy") as copy:
        assert [level.number for level in copy.levels] == list(range(finest, 3))
        for number in range(3):
            if number >= finest:
                whole = assembled(copy, number)
                exact = difference(whole, expected)
                assert exact < 1.5
                # a pixel beside its place would tell
                for step in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                    assert exact < difference(whole, ImageChops.offset(expected, *step))
            expected = expected.reduce(2)
        assert copy.levels[-1].tiles == 1


@pytest.mark.parametrize("kind", KINDS)
def test_rows_regions_and_pixels_are_those_of_the_file(make_page: MakePage, kind: str) -> None:
    page = make_page(kind, width=131, height=90, pixel_offset=8)
    samples = stored_samples(page.path.read_bytes()[8:], kind, 131, 90)
    light = samples >> 8 if samples.dtype.itemsize > 1 else samples
    light = light * 255 if kind.startswith("bitonal") else light
    expected = Image.fromarray((255 - light if kind.endswith("white_is_zero") else light).astype(np.uint8))

    with RowReader(ImageSource.from_raw_page(page)) as reader:
        assert difference(reader.rows(0, 90), expected) == 0
        step = 1 if kind.startswith("bitonal") else 3
        taken = reader.grid(1, 20, row_step=4, column_step=step)
        assert difference(taken, Image.fromarray(np.asarray(expected)[1:81:4, step // 2 :: step])) == 0
        for box in ((3, 5, 17, 60), (0, 0, 131, 1), (100, 89, 131, 90)):
            assert difference(reader.region(box), expected.crop(box)) == 0
        for x, y in ((0, 0), (130, 89), (13, 7)):
            assert reader.samples(x, y) == tuple(np.atleast_1d(samples[y, x]).tolist())


def stored_samples(content: bytes, kind: str, width: int, height: int) -> npt.NDArray[np.uint16]:
    bits, samples = KINDS[kind]
    if bits == 1:
        rows = np.frombuffer(content, np.uint8).reshape(height, -1)
        return np.unpackbits(rows, axis=1)[:, :width]  # type: ignore[return-value]
    shape = (height, width) if samples == 1 else (height, width, samples)
    return np.frombuffer(content, f"<u{bits // 8}").reshape(shape)  # type: ignore[return-value]


def test_a_master_of_our_own_is_read_in_place(make_page: MakePage, tags: MasterTags, tmp_path: Path) -> None:
    page = make_page("rgb_8", width=700, height=600)
    master = tmp_path / "0001.tif"
    write_master(page, master, tags, srgb_profile())

    source = ImageSource.from_file(master, key=page.pixel_sha256)

    assert source.pixel_offset is not None
    assert source.icc == srgb_profile()
    assert source.dpi == (300.0, 300.0)
    with RowReader(source) as reader:
        assert difference(reader.rows(0, 600), decode_for_viewing(master)) == 0


def test_a_copy_knows_true_size_depth_resolution_and_profile(make_page: MakePage, tmp_path: Path) -> None:
    source = ImageSource.from_raw_page(make_page("rgb_16", width=600, height=520), srgb_profile())
    build_viewing_copy(source, tmp_path / "copy")
    with ViewingCopy(tmp_path / "copy") as copy:
        assert copy.source == source
        assert copy.overview(256).size == (256, 222)
        assert copy.overview(9999).size == (300, 260)


def test_blank_pages_of_another_shape_are_not_mixed_up(tmp_path: Path) -> None:
    (tmp_path / "blank").write_bytes(bytes(600))
    wide = ImageSource(tmp_path / "blank", "raw", 30, 20, 8, 1, "black_is_zero", "e" * 64, pixel_offset=0)
    high = ImageSource(tmp_path / "blank", "raw", 20, 30, 8, 1, "black_is_zero", "e" * 64, pixel_offset=0)
    light = ImageSource(tmp_path / "blank", "raw", 30, 20, 8, 1, "white_is_zero", "e" * 64, pixel_offset=0)
    assert len({wide.cache_name, high.cache_name, light.cache_name}) == 3
    assert "/" not in ImageSource.unread(tmp_path / "blank", key="../../etc/passwd").cache_name


def test_a_source_survives_json(make_page: MakePage) -> None:
    source = ImageSource.from_raw_page(make_page(), srgb_profile())
    assert ImageSource.from_json(source.to_json()) == source


def test_a_turned_photograph_stands_upright(tmp_path: Path) -> None:
    image = picture(640, 400)
    exif = Image.Exif()
    exif[274] = 6
    image.save(tmp_path / "turned.jpg", "JPEG", quality=95, exif=exif, dpi=(300, 200))

    source = ImageSource.from_file(tmp_path / "turned.jpg")

    assert (source.width, source.height) == (400, 640)
    assert source.dpi == (200.0, 300.0)
    build_viewing_copy(source, tmp_path / "copy")
    with ViewingCopy(tmp_path / "copy") as copy:
        upright = image.transpose(Image.Transpose.ROTATE_270).reduce(2)
        assert difference(copy.tile(1, 0, 0), upright) < 2.5


@pytest.mark.parametrize("kind", ["raw", "png"])
def test_a_small_image_is_the_page_in_few_pixels(tmp_path: Path, kind: str) -> None:
    image = picture(*SIZE)
    source = save_as(kind, image, tmp_path / "page")
    small = small_image(source, 200)
    assert max(small.size) == 200
    assert difference(small, image.resize(small.size, Image.Resampling.LANCZOS)) < 3


def test_a_rough_overview_of_a_huge_page_comes_at_once(tmp_path: Path) -> None:
    source = sparse_page(tmp_path / "huge", 24_000, 17_000)
    assert rough_overview(source, 2048).size == (2000, 1417)


def sparse_page(path: Path, width: int, height: int) -> ImageSource:
    """A black page that takes no room on disk."""
    with path.open("wb") as file:
        file.truncate(width * height * 3)
    return ImageSource(path, "raw", width, height, 8, 3, "rgb", "f" * 64, pixel_offset=0)


def test_a_page_of_many_bytes_is_copied_in_little_memory(tmp_path: Path) -> None:
    sparse_page(tmp_path / "large", 9_000, 8_000)
    script = f"""
import resource
from pathlib import Path
from archive.imaging.image_source import ImageSource
from archive.imaging.viewing_pyramid import build_viewing_copy
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak()
source = ImageSource(Path({str(tmp_path / "large")!r}), "raw", 9000, 8000, 8, 3, "rgb", "f" * 64, pixel_offset=0)
build_viewing_copy(source, Path({str(tmp_path / "copy")!r}))
print(peak() - before)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    # the rows are 216 MB
    assert int(done.stdout) < 130_000_000
    with ViewingCopy(tmp_path / "copy") as copy:
        assert copy.tile(0, 0, 0).size == (TILE, TILE)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 5000), (5000, 1), (513, 513), (512, 1024), (3, 5)])
@pytest.mark.parametrize("finest", [0, 1, 5])
def test_pages_of_odd_shapes_are_copied_too(tmp_path: Path, width: int, height: int, finest: int) -> None:
    (tmp_path / "page").write_bytes(bytes([200]) * width * height)
    source = ImageSource(tmp_path / "page", "raw", width, height, 8, 1, "black_is_zero", "a", pixel_offset=0)
    build_viewing_copy(source, tmp_path / "copy", finest=finest)
    with ViewingCopy(tmp_path / "copy") as copy:
        for level in copy.levels:
            for row in range(level.rows):
                for column in range(level.columns):
                    left, top, right, bottom = level.tile_box(column, row)
                    tile = copy.tile(level.number, column, row)
                    assert tile.size == (right - left, bottom - top)
                    assert tile.getextrema() == (200, 200)
        assert copy.overview(100).size == small_image(source, 100).size


# What is damaged


@pytest.mark.parametrize("name", ["page.jpg", "page.png", "page.tif", "lzw.tif"])
def test_a_damaged_file_is_shown_or_refused_but_never_a_surprise(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    picture(300, 200).save(path, **({"compression": "tiff_lzw"} if name == "lzw.tif" else {}))
    whole = path.read_bytes()
    refused = 0
    for seed in range(40):
        chance = random.Random(seed)  # noqa: S311 - the same damage every time
        content = bytearray(whole)
        for _ in range(chance.choice((1, 3, 20))):
            content[chance.randrange(min(len(content), chance.choice((64, 1000, 10**9))))] = chance.randrange(
                256
            )
        path.write_bytes(content[: chance.choice((None, len(content) // 2))])
        try:
            source = ImageSource.from_file(path)
            build_viewing_copy(source, tmp_path / "copy", pixel_limit=10_000_000)
        except (DamagedImage, UnsupportedImage, ImageTooLarge) as error:
            refused += str(path) in str(error)
    assert refused


def test_a_page_that_was_cut_short_leaves_no_copy(make_page: MakePage, tmp_path: Path) -> None:
    page = make_page("rgb_8", width=600, height=700)
    os.truncate(page.path, 600 * 3 * 650)
    with pytest.raises(SpoolIncomplete):
        build_viewing_copy(ImageSource.from_raw_page(page), tmp_path / "cache" / "copy")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    Image.new("L", (8, 8)).save(tmp_path / "bomb.png")
    content = bytearray((tmp_path / "bomb.png").read_bytes())
    content[16:24] = struct.pack(">II", 40_000, 30_000)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    (tmp_path / "bomb.png").write_bytes(content)
    with pytest.raises(ImageTooLarge):
        build_viewing_copy(ImageSource.from_file(tmp_path / "bomb.png"), tmp_path / "copy")


@pytest.mark.parametrize("name", ["page.jpg", "page.png", "page.tif"])
def test_a_truncated_file_is_damaged_and_says_so(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    picture(*SIZE).save(path)
    os.truncate(path, path.stat().st_size * 2 // 3)
    with pytest.raises(DamagedImage):
        build_viewing_copy(ImageSource.from_file(path), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.99])
def test_a_damaged_copy_is_known_as_one(make_page: MakePage, tmp_path: Path, share: float) -> None:
    copy = tmp_path / "copy"
    build_viewing_copy(ImageSource.from_raw_page(make_page(width=900, height=900)), copy)
    os.truncate(copy, int(copy.stat().st_size * share))
    with pytest.raises(DamagedImage):
        ViewingCopy(copy)


def test_a_tile_of_noise_is_a_damaged_copy(make_page: MakePage, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    build_viewing_copy(ImageSource.from_raw_page(make_page(width=900, height=900)), copy)
    with copy.open("r+b") as file:
        file.seek(16)
        file.write(bytes(5000))
    with ViewingCopy(copy) as opened, pytest.raises(DamagedImage):
        opened.tile(0, 0, 0)


def test_what_is_not_in_the_copy_is_not_invented(make_page: MakePage, tmp_path: Path) -> None:
    build_viewing_copy(
        ImageSource.from_raw_page(make_page(width=900, height=900)), tmp_path / "copy", finest=1
    )
    with ViewingCopy(tmp_path / "copy") as copy:
        with pytest.raises(KeyError):
            copy.tile(0, 0, 0)
        with pytest.raises(IndexError):
            copy.tile(1, 1, 0)


# The cache


def test_the_cache_loses_what_was_not_used_for_longest(tmp_path: Path) -> None:
    for age, name in enumerate(["new", "middle", "old"]):
        (tmp_path / name).write_bytes(bytes(100))
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    assert prune_cache(tmp_path, limit=250) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"new", "middle"}
    assert prune_cache(tmp_path / "nowhere") == 0


def test_a_cache_file_takes_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    def fail() -> None:
        with cache_file(tmp_path / "a" / "file") as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list((tmp_path / "a").iterdir()) == []


def test_levels_halve_until_one_tile_is_left() -> None:
    assert [(level.width, level.height) for level in levels_of(1025, 30)] == [(1025, 30), (513, 15), (257, 8)]
    assert len(levels_of(512, 512)) == 1


@pytest.mark.reference_data
def test_every_reference_page_can_be_looked_at(reference_data: Path, tmp_path: Path) -> None:
    pages = [
        path
        for path in sorted((reference_data / "pages").rglob("*"))
        if path.suffix in {".jpg", ".tif", ".png"}
    ]
    assert len(pages) > 8
    # one of each folder: they are of different kinds
    for path in {path.parent: path for path in pages}.values():
        source = ImageSource.from_file(path)
        build_viewing_copy(source, tmp_path / "copy")
        with ViewingCopy(tmp_path / "copy") as copy:
            last = copy.levels[-1]
            expected = decode_for_viewing(path).convert("L")
            for _ in range(last.number):
                expected = expected.reduce(2)
            assert difference(copy.tile(last.number, 0, 0).convert("L"), expected) < 2.5
