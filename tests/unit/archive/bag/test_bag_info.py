# SPDX-License-Identifier: Apache-2.0
"""What a tar says of itself is a hint: rubbish says nothing, and is never an error here."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from archive.bag.bag_info import bag_info_of


@pytest.fixture
def tar(tmp_path: Path) -> Path:
    """A tar with a bag-info.txt behind another file."""
    with tarfile.open(tmp_path / "box.tar", "w") as made:
        for name, content in (("bagit.txt", b"x"), ("bag-info.txt", b"Title: One\nTitle: Two\nDate: now\n")):
            member = tarfile.TarInfo(f"box/{name}")
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return tmp_path / "box.tar"


def test_the_first_value_of_each_tag_is_told(tar: Path) -> None:
    assert bag_info_of(tar) == {"Title": "One", "Date": "now"}


@pytest.mark.parametrize("size", [b"\xff" * 12, b"\x80" + b"\xff" * 11, b"-0000000001\0", b"nine bytes\0\0"])
@pytest.mark.parametrize("at", [0, 1024])
def test_a_header_that_lies_about_its_size_says_nothing(at: int, size: bytes, tar: Path) -> None:
    content = bytearray(tar.read_bytes())
    content[at + 124 : at + 136] = size
    content[at + 148 : at + 156] = b" " * 8
    content[at + 148 : at + 156] = b"%06o\0 " % sum(content[at : at + 512])
    tar.write_bytes(content)
    assert bag_info_of(tar) == {}


def test_what_is_no_tar_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(b"rubbish" * 1000)
    assert (
        bag_info_of(tmp_path / "x.tar") == bag_info_of(tmp_path / "gone.tar") == bag_info_of(tmp_path) == {}
    )
