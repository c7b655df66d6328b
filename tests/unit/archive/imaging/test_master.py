# SPDX-License-Identifier: Apache-2.0
"""Masters hold every bit that was scanned, or do not exist."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from lxml import etree
from PIL import Image

from archive.errors import ImageTooLarge, MasterExists, PixelDigestMismatch, SpoolIncomplete
from archive.imaging.color_profiles import icc_profile
from archive.imaging.master import MasterTags, write_master
from archive.imaging.master_layout import BLOCK, ROWS_PER_STRIP
from archive.imaging.raw_page import RawPage

ALL_KINDS = ["bitonal_white_is_zero", "bitonal_black_is_zero", "gray_8", "gray_16", "rgb_8", "rgb_16"]


@pytest.fixture(params=[0, BLOCK], ids=["copied", "in_place"])
def make_page(request: pytest.FixtureRequest, make_page: Any) -> Any:
    """A page without room for a header, which has to be copied, and one with."""
    return functools.partial(make_page, pixel_offset=request.param)


def pixels_of(page: RawPage) -> bytes:
    return page.path.read_bytes()[page.pixel_offset : page.end]


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def spooled_samples(page: RawPage) -> np.ndarray:
    content = np.frombuffer(pixels_of(page), dtype="<u2" if page.bits_per_sample == 16 else "u1")
    if page.bits_per_sample == 1:
        return np.unpackbits(content.reshape(page.height, -1), axis=1)[:, : page.width]
    shape = (page.height, page.width, 3) if page.samples_per_pixel == 3 else (page.height, page.width)
    return content.reshape(shape)


@pytest.mark.parametrize("kind", ALL_KINDS)
@pytest.mark.parametrize("height", [1, 63, 64, 65, 200])
def test_every_sample_is_read_back_by_tifffile_as_it_was_spooled(
    kind: str, height: int, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page(kind, height=height)
    written = write_master(page, tmp_path / "out" / "p.tif", tags, None)
    assert np.array_equal(tifffile.imread(written.path), spooled_samples(page))


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_every_sample_is_read_back_by_libtiff_as_it_was_spooled(
    kind: str, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page(kind)
    written = write_master(page, tmp_path / "p.tif", tags, icc_profile("sRGB"))
    assert np.array_equal(imagecodecs.tiff_decode(written.path.read_bytes()), spooled_samples(page))


@pytest.mark.parametrize("kind", ["gray_8", "rgb_8"])
def test_8_bit_samples_are_read_back_by_pillow_as_they_were_spooled(
    kind: str, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page(kind)
    written = write_master(page, tmp_path / "p.tif", tags, None)
    with Image.open(written.path) as image:
        assert image.tobytes() == pixels_of(page)


def test_bitonal_white_is_white_to_pillow_whatever_zero_means(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    white_is_zero = make_page("bitonal_white_is_zero")
    black_is_zero = dataclasses.replace(white_is_zero, photometric="black_is_zero")
    images = []
    for name, page in (("a.tif", white_is_zero), ("b.tif", black_is_zero)):
        with Image.open(write_master(page, tmp_path / name, tags, None).path) as image:
            images.append(np.asarray(image))
    assert np.array_equal(images[0], ~images[1])


def test_the_record_describes_the_file_on_disk(make_page: Any, tags: MasterTags, tmp_path: Path) -> None:
    page = make_page()
    written = write_master(page, tmp_path / "p.tif", tags, None)
    content = written.path.read_bytes()
    assert written.size == len(content)
    assert written.sha256 == hashlib.sha256(content).hexdigest()
    assert written.md5 == hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert written.pixel_sha256 == page.pixel_sha256


def test_the_same_page_gives_the_same_bytes(make_page: Any, tags: MasterTags, tmp_path: Path) -> None:
    page = make_page("rgb_16")
    first = write_master(page, tmp_path / "a.tif", tags, icc_profile("sRGB"))
    second = write_master(page, tmp_path / "b.tif", tags, icc_profile("sRGB"))
    assert first.sha256 == second.sha256


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_master_is_a_baseline_tiff_in_strips_with_our_tags(
    kind: str, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page(kind, dpi=(300.0, 600.0))
    with tifffile.TiffFile(write_master(page, tmp_path / "p.tif", tags, icc_profile("sRGB")).path) as tiff:
        assert tiff.byteorder == "<"
        assert len(tiff.pages) == 1
        values = {tag.code: tag.value for tag in tiff.pages.first.tags}
    expected = {256, 257, 258, 259, 262, 269, 270, 271, 272, 273, 277, 278, 279, 282, 283, 296, 305, 306, 315}
    assert set(values) - {284} == expected | {33432, 34675}
    assert values[259] == 1
    assert values[278] == ROWS_PER_STRIP
    assert (values[282], values[283], values[296]) == ((300, 1), (600, 1), 2)
    assert values[269] == "batch-1/item-2/0003"
    assert values[306] == "2026:03:01 10:20:30"


def test_the_time_of_capture_is_written_in_utc(make_page: Any, tags: MasterTags, tmp_path: Path) -> None:
    local = dataclasses.replace(tags, captured_at="2026-03-01T00:20:30+01:00")
    with tifffile.TiffFile(write_master(make_page(), tmp_path / "p.tif", local, None).path) as tiff:
        assert tiff.pages.first.tags[306].value == "2026:02:28 23:20:30"


def test_empty_texts_leave_their_tags_out(make_page: Any, tmp_path: Path) -> None:
    bare = MasterTags("", "", "", "", "", "", "", "2026-03-01T10:20:30Z")
    with tifffile.TiffFile(write_master(make_page(), tmp_path / "p.tif", bare, None).path) as tiff:
        assert not {269, 270, 271, 272, 305, 315, 33432, 34675, 700} & {
            tag.code for tag in tiff.pages.first.tags
        }


def test_text_that_is_not_ascii_is_whole_in_the_xmp_packet(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    foreign = dataclasses.replace(tags, description="Grüße aus <Łódź> & Ἀθῆναι", artist="Bibliothèque")
    with tifffile.TiffFile(write_master(make_page(), tmp_path / "p.tif", foreign, None).path) as tiff:
        values = {tag.code: tag.value for tag in tiff.pages.first.tags}
    assert values[270] == "Grusse aus <Lodz> & ??????"
    assert values[315] == "Bibliotheque"
    packet = etree.fromstring(values[700])
    names = {"dc": "http://purl.org/dc/elements/1.1/", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}
    assert (
        packet.findtext(".//dc:description/rdf:Alt/rdf:li", namespaces=names) == "Grüße aus <Łódź> & Ἀθῆναι"
    )
    assert packet.findtext(".//dc:creator/rdf:Seq/rdf:li", namespaces=names) == "Bibliothèque"


def test_a_changed_byte_in_the_spool_leaves_no_master(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page("rgb_16")
    content = bytearray(page.path.read_bytes())
    content[len(content) // 2] ^= 1
    page.path.write_bytes(content)
    with pytest.raises(PixelDigestMismatch) as caught:
        write_master(page, tmp_path / "out" / "p.tif", tags, None)
    assert caught.value.facts["delivered"] == page.pixel_sha256
    assert leftovers(tmp_path / "out") == []


def test_a_spool_that_is_cut_is_refused(make_page: Any, tags: MasterTags, tmp_path: Path) -> None:
    page = make_page()
    page.path.write_bytes(page.path.read_bytes()[:-1])
    with pytest.raises(SpoolIncomplete, match=str(page.end)):
        write_master(page, tmp_path / "out" / "p.tif", tags, None)
    assert leftovers(tmp_path / "out") == []


def test_a_spool_that_is_gone_is_refused(make_page: Any, tags: MasterTags, tmp_path: Path) -> None:
    page = make_page()
    page.path.unlink()
    with pytest.raises(SpoolIncomplete):
        write_master(page, tmp_path / "p.tif", tags, None)


def test_a_page_too_large_for_tiff_is_refused_before_anything_is_written(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page("rgb_16", width=27000, height=1)
    huge = dataclasses.replace(page, height=27000)
    with page.path.open("r+b") as spool:
        spool.truncate(huge.end)
    with pytest.raises(ImageTooLarge):
        write_master(huge, tmp_path / "out" / "p.tif", tags, None)
    assert leftovers(tmp_path / "out") == []


def test_writing_the_same_page_again_returns_the_record_and_writes_nothing(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page()
    first = write_master(page, tmp_path / "p.tif", tags, None)
    inode = first.path.stat().st_ino
    page.path.unlink()
    assert write_master(page, first.path, tags, None) == first
    assert first.path.stat().st_ino == inode


def test_another_page_is_never_written_over_a_master(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    first = write_master(make_page("gray_8"), tmp_path / "p.tif", tags, None)
    content = first.path.read_bytes()
    with pytest.raises(MasterExists):
        write_master(make_page("rgb_8"), first.path, tags, None)
    other_name = dataclasses.replace(tags, document_name="batch-1/item-2/0004")
    with pytest.raises(MasterExists):
        write_master(make_page("gray_8"), first.path, other_name, None)
    assert first.path.read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"not an image", b"II*\0" + bytes(20)])
def test_rubbish_under_the_name_is_not_written_over(
    content: bytes, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    (tmp_path / "p.tif").write_bytes(content)
    with pytest.raises(MasterExists):
        write_master(make_page(), tmp_path / "p.tif", tags, None)
    assert (tmp_path / "p.tif").read_bytes() == content


@pytest.mark.parametrize("cut", [-1, -400, 82_700, 30_000, 4])
def test_a_truncated_master_under_the_name_is_not_taken_for_the_page(
    cut: int, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page()
    written = write_master(page, tmp_path / "p.tif", tags, None)
    content = written.path.read_bytes()
    written.path.write_bytes(content[:cut])
    with pytest.raises(MasterExists):
        write_master(page, written.path, tags, None)
