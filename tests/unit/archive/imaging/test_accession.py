# SPDX-License-Identifier: Apache-2.0
"""Existing files are taken byte for byte, or refused before anything is written."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archive.errors import CopyMismatch, DamagedImage, ImageTooLarge, MasterExists, UnsupportedImage
from archive.imaging import accession as accession_module
from archive.imaging.accession import accession
from archive.imaging.pixels import pixel_digest

NOISE = Image.fromarray(np.random.default_rng(5).integers(0, 256, (120, 90, 3), dtype=np.uint8))


@pytest.fixture(params=["p.tif", "p.jpg", "p.png", "p.jp2"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "in" / request.param
    path.parent.mkdir()
    NOISE.save(path)
    return path


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    return tmp_path / "masters" / "0001"


def test_a_file_is_taken_byte_for_byte(source: Path, destination: Path) -> None:
    written = accession(source, destination)
    content = source.read_bytes()
    assert destination.read_bytes() == content
    assert (written.path, written.size) == (destination, len(content))
    assert written.sha256 == hashlib.sha256(content).hexdigest()
    assert written.md5 == hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert written.pixel_sha256 == pixel_digest(source)


def test_taking_the_same_file_again_changes_nothing(source: Path, destination: Path) -> None:
    first = accession(source, destination)
    inode = destination.stat().st_ino
    assert accession(source, destination) == first
    assert destination.stat().st_ino == inode


def test_another_file_is_never_written_over(source: Path, destination: Path) -> None:
    destination.parent.mkdir()
    destination.write_bytes(b"somebody else's")
    with pytest.raises(MasterExists):
        accession(source, destination)
    assert destination.read_bytes() == b"somebody else's"


def test_a_truncated_file_is_refused_and_nothing_is_written(source: Path, destination: Path) -> None:
    source.write_bytes(source.read_bytes()[:-200])
    with pytest.raises(DamagedImage):
        accession(source, destination)
    assert not destination.parent.exists()


def test_what_is_no_image_is_refused(source: Path, destination: Path) -> None:
    source.write_bytes(b"MZ\x90\0" + bytes(1000))
    with pytest.raises(UnsupportedImage):
        accession(source, destination)
    assert not destination.parent.exists()


def test_the_pixel_limit_holds(source: Path, destination: Path) -> None:
    with pytest.raises(ImageTooLarge):
        accession(source, destination, pixel_limit=1000)
    assert not destination.parent.exists()


def test_a_source_that_changes_while_it_is_copied_is_refused(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace_source(path: Path, *, pixel_limit: int) -> str:
        digest = pixel_digest(path, pixel_limit=pixel_limit)
        path.write_bytes(path.read_bytes()[::-1])
        return digest

    monkeypatch.setattr(accession_module, "pixel_digest", replace_source)
    with pytest.raises(CopyMismatch):
        accession(source, destination)
    assert list(destination.parent.iterdir()) == []


def test_a_missing_source_is_an_os_error(tmp_path: Path, destination: Path) -> None:
    with pytest.raises(FileNotFoundError):
        accession(tmp_path / "no.tif", destination)


def test_a_full_disk_leaves_nothing(source: Path, destination: Path) -> None:
    child = os.fork()
    if child == 0:  # the limit must not reach the test process
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            accession(source, destination)
        except OSError:
            os._exit(7)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 7
    assert list(destination.parent.iterdir()) == []
