# SPDX-License-Identifier: Apache-2.0
"""Compressed masters hold every bit that was scanned, whoever inflates them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile

from archive.errors import (
    DamagedImage,
    MasterExists,
    MasterPolicyUnknown,
    PixelDigestMismatch,
    WorkerExtraMissing,
)
from archive.imaging import deflated_strips, spool_to_deflated
from archive.imaging.color_profiles import srgb_profile
from archive.imaging.derivatives import make_access_jpeg, make_ocr_rendition
from archive.imaging.master import MasterTags, write_master
from archive.imaging.master_layout import ROWS_PER_STRIP
from archive.imaging.master_policy import MasterPolicy
from archive.imaging.pixels import decode_for_viewing, pixel_digest
from archive.imaging.technical_metadata import read_technical_metadata

DEFLATE = MasterPolicy(compression="deflate")
ALL_KINDS = ["bitonal_white_is_zero", "bitonal_black_is_zero", "gray_8", "gray_16", "rgb_8", "rgb_16"]


def folder_of(path: Path) -> list[str]:
    return sorted(each.name for each in path.iterdir()) if path.exists() else []


@pytest.mark.parametrize("kind", ALL_KINDS)
@pytest.mark.parametrize("height", [1, 64, 130])
def test_every_reader_finds_every_bit(
    kind: str, height: int, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page(kind, height=height)
    plain = write_master(page, tmp_path / "plain.tif", tags, None)
    packed = write_master(page, tmp_path / "packed.tif", tags, None, DEFLATE)
    assert packed.pixel_sha256 == page.pixel_sha256 == plain.pixel_sha256
    assert pixel_digest(packed.path) == page.pixel_sha256
    expected = tifffile.imread(plain.path)
    assert np.array_equal(tifffile.imread(packed.path), expected)
    assert np.array_equal(imagecodecs.tiff_decode(packed.path.read_bytes()), expected)
    assert decode_for_viewing(packed.path).tobytes() == decode_for_viewing(plain.path).tobytes()


@pytest.mark.parametrize("kind", ["gray_8", "rgb_16"])
def test_derivatives_are_those_of_the_plain_master(
    kind: str, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page(kind, width=700, height=500)
    made = []
    for name, policy in (("plain", MasterPolicy()), ("packed", DEFLATE)):
        path = write_master(page, tmp_path / f"{name}.tif", tags, srgb_profile(), policy).path
        access = make_access_jpeg(path, tmp_path / f"{name}.jpg", long_side=300)
        rendition = make_ocr_rendition(path, tmp_path / f"{name}.png", dpi=600)
        made.append((access.sha256, rendition.sha256))
    assert made[0] == made[1]


def test_strips_have_64_rows_and_a_predictor(make_page: Any, tags: MasterTags, tmp_path: Path) -> None:
    path = write_master(make_page("rgb_16"), tmp_path / "p.tif", tags, srgb_profile(), DEFLATE).path
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages.first
        assert (int(page.compression), int(page.predictor), page.rowsperstrip) == (8, 2, ROWS_PER_STRIP)
        assert len(page.dataoffsets) == 4
        assert path.stat().st_size > page.dataoffsets[-1] + page.databytecounts[-1]
    facts = read_technical_metadata(path)
    assert (facts.compression, facts.bits_per_sample, facts.tags["artist"]) == ("deflate", 16, "City Archive")


@pytest.mark.parametrize("compression", ["lzw", "zlib", "jpeg", "", "DEFLATE"])
def test_no_other_compression_can_be_asked_for(compression: Any) -> None:
    with pytest.raises(MasterPolicyUnknown, match="none or deflate"):
        MasterPolicy(compression=compression)


def test_without_imagecodecs_nothing_is_written_and_pythons_zlib_is_not_taken_instead(
    make_page: Any, tags: MasterTags, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "imagecodecs", None)
    page = make_page()
    with pytest.raises(WorkerExtraMissing):
        write_master(page, tmp_path / "out" / "p.tif", tags, None, DEFLATE)
    assert folder_of(tmp_path / "out") == []
    assert page.path.is_file()


def test_writing_again_gives_the_record_of_what_stands(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page("rgb_16")
    first = write_master(page, tmp_path / "p.tif", tags, None, DEFLATE)
    written_at = first.path.stat().st_mtime_ns
    assert write_master(page, tmp_path / "p.tif", tags, None, DEFLATE) == first
    # the policy may have changed between the crash and now: the page that was proved stays
    assert write_master(page, tmp_path / "p.tif", tags, None) == first
    assert first.path.stat().st_mtime_ns == written_at
    with pytest.raises(MasterExists):
        write_master(make_page("gray_8"), tmp_path / "p.tif", tags, None, DEFLATE)


def test_a_spool_that_changed_since_the_scan_leaves_no_master(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page()
    with page.path.open("r+b") as file:
        file.seek(page.size // 2)
        file.write(b"\x5a\xa5")
    with pytest.raises(PixelDigestMismatch, match="spool file changed"):
        write_master(page, tmp_path / "out" / "p.tif", tags, None, DEFLATE)
    assert folder_of(tmp_path / "out") == []


@pytest.mark.parametrize("at", [4096, 5000])
def test_a_disk_that_returns_other_bytes_leaves_no_master(
    at: int, make_page: Any, tags: MasterTags, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = spool_to_deflated.read_back

    def corrupt(file: Any, *arguments: Any) -> Any:
        found = real(file, *arguments)
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 0x10]))
        file.flush()
        return found

    monkeypatch.setattr(spool_to_deflated, "read_back", corrupt)
    with pytest.raises(PixelDigestMismatch):
        write_master(make_page(), tmp_path / "out" / "p.tif", tags, None, DEFLATE)
    assert folder_of(tmp_path / "out") == []


def test_a_strip_that_holds_more_or_less_than_its_rows_is_refused() -> None:
    codec = deflated_strips.StripCodec(100, 3, 8, 300)
    strip = codec.deflate(bytes(300 * 64))
    assert codec.inflate(strip, 64) == bytes(300 * 64)
    for rows in (63, 65):
        with pytest.raises(DamagedImage):
            codec.inflate(strip, rows)


@pytest.mark.parametrize("cut", [1, 5000, 40000])
def test_a_master_that_is_cut_short_or_altered_does_not_decode(
    cut: int, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    path = write_master(make_page("rgb_16"), tmp_path / "p.tif", tags, None, DEFLATE).path
    content = bytearray(path.read_bytes())
    content[20000 + cut % 977] ^= 0x08
    (tmp_path / "flipped.tif").write_bytes(content)
    with pytest.raises(DamagedImage):
        pixel_digest(tmp_path / "flipped.tif")
    # the directory stands at the end: what is cut off are its values, or pixels too
    (tmp_path / "cut.tif").write_bytes(path.read_bytes()[: -4096 - cut])
    with pytest.raises(DamagedImage):
        pixel_digest(tmp_path / "cut.tif")


MEASURED = """
import hashlib, resource, sys
from pathlib import Path
from archive.imaging.master import MasterTags, write_master
from archive.imaging.master_policy import MasterPolicy
from archive.imaging.pixels import pixel_digest
from archive.imaging.raw_page import RawPage
import numpy, imagecodecs, tifffile
width, height = 5000, 6000
row = numpy.random.default_rng(1).bytes(width * 6)
digest, spool = hashlib.sha256(), Path(sys.argv[1]) / "p.raw"
with spool.open("wb") as file:
    for number in range(height):
        file.write(row)
        digest.update(row)
tags = MasterTags("p", "", "", "", "", "", "", "2026-03-01T10:20:30+00:00")
page = RawPage(spool, width, height, 16, 3, "rgb", (600.0, 600.0), digest.hexdigest())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
path = write_master(page, Path(sys.argv[1]) / "p.tif", tags, None, MasterPolicy("deflate")).path
assert pixel_digest(path) == page.pixel_sha256
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_memory_stays_flat_however_large_the_page(tmp_path: Path) -> None:
    # 180 MB of samples; the few megabytes are strips and blocks
    grown = subprocess.run(
        [sys.executable, "-c", MEASURED, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert int(grown.stdout) < 60
