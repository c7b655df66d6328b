# SPDX-License-Identifier: Apache-2.0
"""Files opened before their turn: in order, few at a time, and closed on every path."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.bag.contents import PayloadFile
from archive.bag.read_ahead import ReadAhead
from archive.errors import PayloadMissing


def _open_below(folder: Path) -> int:
    """How many descriptors of this process are of files below a folder."""
    targets = (os.path.realpath(descriptor) for descriptor in Path("/proc/self/fd").iterdir())
    return sum(Path(target).is_relative_to(folder) for target in targets)


@pytest.fixture(autouse=True)
def all_files_are_closed(tmp_path: Path) -> Iterator[None]:
    """No file of a test is left open."""
    yield
    assert _open_below(tmp_path) == 0


@pytest.fixture
def files(tmp_path: Path) -> list[PayloadFile]:
    """A hundred files that hold their own number."""
    made = []
    for number in range(100):
        path = tmp_path / f"{number:03d}"
        path.write_text(path.name)
        made.append(PayloadFile(path.name, path, 3, {}))
    return made


def test_each_file_comes_with_a_descriptor_of_it(files: list[PayloadFile], tmp_path: Path) -> None:
    most = 0
    with ReadAhead(files) as opened:
        for (file, descriptor), expected in zip(opened, files, strict=True):
            assert file is expected
            assert os.read(descriptor, 9).decode() == file.path
            most = max(most, _open_below(tmp_path))
    assert 1 < most < 20


def _remove(path: Path) -> None:
    path.unlink()


def _replace_by_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def _replace_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("spoil", [_remove, _replace_by_link, _replace_by_pipe])
@pytest.mark.parametrize("at", [0, 50, 99])
def test_a_file_that_cannot_be_opened_is_told_at_its_turn(
    at: int, spoil: Callable[[Path], None], files: list[PayloadFile]
) -> None:
    spoil(Path(files[at].source))
    seen: list[str] = []

    def read() -> None:
        with ReadAhead(files) as opened:
            seen.extend(file.path for file, _ in opened)

    with pytest.raises(PayloadMissing) as caught:
        read()
    assert caught.value.facts["path"] == str(files[at].source)
    assert seen == [file.path for file in files[:at]]


def test_a_reader_that_stops_leaves_nothing_open(files: list[PayloadFile]) -> None:
    with ReadAhead(files) as opened:
        for file, _ in opened:
            if file.path == "030":
                break
