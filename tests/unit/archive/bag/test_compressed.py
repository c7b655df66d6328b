# SPDX-License-Identifier: Apache-2.0
"""Bags as tar.gz: the same findings as for the tar inside, and no bomb goes off."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.bag import gzip_stream, readers
from archive.bag.gzip_stream import GzipStream, StreamDamaged
from archive.bag.profile import load_profile
from archive.bag.report import BagReport
from archive.bag.validator import verify_bag
from archive.bag.writer import WrittenBag

BagMaker = Callable[..., WrittenBag]


@pytest.fixture
def packed(tar_bag: BagMaker, tmp_path: Path) -> Path:
    """The bag `letter_1` as tar.gz, made to no profile."""
    tar = tar_bag(profile=load_profile("bagit"), tags={}).path
    path = tmp_path / "letter_1.tar.gz"
    path.write_bytes(gzip.compress(tar.read_bytes()))
    return path


def _rules(report: BagReport) -> set[str]:
    return {str(finding.rule) for finding in report.errors}


@pytest.mark.parametrize("suffix", [".tar.gz", ".tgz", ".TGZ"])
def test_a_tar_packed_with_gzip_is_valid_like_the_tar(suffix: str, packed: Path) -> None:
    path = packed.rename(packed.with_name(f"letter_1{suffix}"))
    report = verify_bag(path)
    assert (report.errors, report.second_opinion) == ((), "valid")


def test_several_gzip_streams_and_the_zeros_of_a_tape_are_one_tar(packed: Path) -> None:
    data = gzip.decompress(packed.read_bytes())
    packed.write_bytes(gzip.compress(data[:3000]) + gzip.compress(data[3000:]) + bytes(4096))
    assert verify_bag(packed).errors == ()


@pytest.fixture
def beginnings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one each time that unpacking begins at the first byte."""
    begun: list[int] = []

    class Watched(GzipStream):
        def _restart(self) -> None:
            begun.append(1)
            super()._restart()

    monkeypatch.setattr(readers, "GzipStream", Watched)
    return begun


def _packed_tar(folder: Path, algorithm: str, digest: str, content: bytes) -> Path:
    """A bag of one file as tar.gz, with its one manifest at the end."""
    files = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "data/a": content,
        f"manifest-{algorithm}.txt": f"{digest}  data/a\n".encode(),
    }
    path = folder / "x.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(f"x/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


def test_it_is_unpacked_once_though_its_manifests_stand_at_the_end(
    packed: Path, beginnings: list[int]
) -> None:
    assert verify_bag(packed).valid
    assert len(beginnings) == 1


@pytest.mark.parametrize(("size", "times"), [(10, 1), (300_000, 2)])
def test_for_an_unusual_digest_behind_the_files_they_are_read_again(
    size: int, times: int, tmp_path: Path, beginnings: list[int]
) -> None:
    content = os.urandom(size)
    right = hashlib.sha3_256(content).hexdigest()
    assert verify_bag(_packed_tar(tmp_path, "sha3256", right, content), second_opinion=False).valid
    # what is short enough is still in memory
    assert len(beginnings) == times
    report = verify_bag(_packed_tar(tmp_path, "sha3256", "0" * 64, content), second_opinion=False)
    assert [(str(finding.rule), finding.file) for finding in report.errors] == [("file-changed", "data/a")]


def test_a_profile_that_takes_only_tars_refuses_it(tar_bag: BagMaker, tmp_path: Path) -> None:
    path = tmp_path / "letter_1.tar.gz"
    path.write_bytes(gzip.compress(tar_bag().path.read_bytes()))
    assert _rules(verify_bag(path)) == {"profile-serialization"}


def test_a_changed_file_is_found_through_the_compression(packed: Path) -> None:
    data = bytearray(gzip.decompress(packed.read_bytes()))
    data[data.index(b"Ein Brief")] ^= 1
    packed.write_bytes(gzip.compress(data))
    report = verify_bag(packed)
    assert ("file-changed", "data/ocr/0001.txt") in {(str(f.rule), f.file) for f in report.errors}


@pytest.mark.parametrize("lost", [1, 8, 9, 500])
def test_a_stream_that_breaks_off_is_told(lost: int, packed: Path) -> None:
    packed.write_bytes(packed.read_bytes()[:-lost])
    report = verify_bag(packed)
    assert "tar-damaged" in _rules(report)
    assert report.second_opinion.startswith("not run")


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b", b"no gzip at all", bytes(600)])
def test_what_is_no_gzip_is_an_invalid_bag(content: bytes, packed: Path) -> None:
    packed.write_bytes(content)
    assert "tar-damaged" in _rules(verify_bag(packed))


def test_rubbish_after_the_stream_is_told(packed: Path) -> None:
    packed.write_bytes(packed.read_bytes() + b"hidden")
    assert "tar-damaged" in _rules(verify_bag(packed))


@pytest.mark.parametrize("at", [0.3, 0.6, 0.9])
def test_a_flipped_bit_in_the_packed_bytes_is_found(at: float, packed: Path) -> None:
    data = bytearray(packed.read_bytes())
    data[int(len(data) * at)] ^= 1
    packed.write_bytes(data)
    assert not verify_bag(packed).valid


def test_a_bomb_is_stopped_and_neither_memory_nor_disk_is_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gzip_stream, "ALWAYS_ALLOWED", 8 << 20)
    path = tmp_path / "x.tar.gz"
    member = tarfile.TarInfo("x/data/zeros")
    member.size = 64 << 20
    with gzip.open(path, "wb") as file:
        file.write(member.tobuf())
        for _ in range(64):
            file.write(bytes(1 << 20))
    tracemalloc.start()
    report = verify_bag(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "compression-bomb" in _rules(report)
    assert report.second_opinion.startswith("not run")
    assert peak < 16 << 20


def test_a_flood_of_empty_members_is_stopped(packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MOST_FILES", 5)
    assert "compression-bomb" in _rules(verify_bag(packed))


def test_the_stream_gives_every_stretch_it_is_asked_for() -> None:
    data = os.urandom(200_000) + bytes(3_000_000)
    stream = GzipStream(io.BytesIO(gzip.compress(data)))
    for start, size in [(0, 10), (150_000, 100_000), (149_999, 3), (5, 20), (3_199_990, 50), (9_999_999, 1)]:
        stream.seek(start)
        assert stream.read(size) == data[start : start + size]


def test_the_stream_notices_a_wrong_checksum_at_its_end() -> None:
    packed = bytearray(gzip.compress(b"x" * 1000))
    packed[-6] ^= 1
    stream = GzipStream(io.BytesIO(packed))
    with pytest.raises(StreamDamaged):
        stream.read(2000)
