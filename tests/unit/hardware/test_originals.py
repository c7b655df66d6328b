# SPDX-License-Identifier: Apache-2.0
"""The file behind a page is kept byte for byte, or the page is void and nothing of the file is left."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from hardware.errors import IncompletePage, ScannerError, SpoolFull
from hardware.originals import Original, SourceFile, keep_original
from hardware.spool import forget_page, remove_leftovers

CONTENT = bytes(range(256)) * 5000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Renderer:
    """A driver that made a page from a file."""

    def __init__(self, source: SourceFile | None) -> None:
        self._source = source

    def original(self) -> SourceFile | None:
        return self._source


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "hot" / "Shot 1.DNG"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path


def test_a_file_is_kept_with_its_name_its_digest_and_how_the_page_was_made(
    file: Path, tmp_path: Path
) -> None:
    kept = keep_original(Renderer(SourceFile(file, "developed", SHA256, "sRGB")), tmp_path / "spool", 7)
    assert kept == Original("Shot 1.DNG", len(CONTENT), SHA256, "developed", "sRGB")
    assert kept.path(tmp_path / "spool", 7) == tmp_path / "spool" / "0007.original.dng"
    assert kept.path(tmp_path / "spool", 7).read_bytes() == file.read_bytes() == CONTENT
    forget_page(tmp_path / "spool", 7)
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.parametrize("driver", [object(), Renderer(None)])
def test_drivers_that_make_pages_from_no_file_keep_nothing(driver: object, tmp_path: Path) -> None:
    assert keep_original(driver, tmp_path / "spool", 1) is None
    assert not (tmp_path / "spool").exists()


def _gone(file: Path, _: Path) -> None:
    file.unlink()


def _changed(file: Path, _: Path) -> None:
    file.write_bytes(CONTENT[::-1])


def _no_folder(_: Path, spool: Path) -> None:
    spool.rmdir()
    spool.write_bytes(b"")


@pytest.mark.parametrize(
    ("mishap", "error", "words"),
    [
        (_gone, IncompletePage, "cannot be kept: No such file"),
        (_changed, IncompletePage, "cannot be kept: it has changed since"),
        (_no_folder, SpoolFull, "could not be written"),
    ],
)
def test_what_cannot_be_kept_is_an_error_and_leaves_nothing(
    file: Path,
    tmp_path: Path,
    mishap: Callable[[Path, Path], None],
    error: type[ScannerError],
    words: str,
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    mishap(file, spool)
    with pytest.raises(error, match=words):
        keep_original(Renderer(SourceFile(file, "developed", SHA256)), spool, 1)
    assert not spool.is_dir() or list(spool.iterdir()) == []


def test_a_disk_that_is_full_is_said_and_the_leftovers_of_a_killed_process_go(
    file: Path, tmp_path: Path
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    # whatever is written there finds no space (full(4))
    (spool / "0001.original.dng.part").symlink_to("/dev/full")
    with pytest.raises(SpoolFull, match="No space left"):
        keep_original(Renderer(SourceFile(file, "developed", SHA256)), spool, 1)
    assert list(spool.iterdir()) == []
    (spool / "0002.original.dng.part").write_bytes(CONTENT[:99])
    remove_leftovers(spool, 2)
    assert list(spool.iterdir()) == []
