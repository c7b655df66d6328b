# SPDX-License-Identifier: Apache-2.0
"""Fixtures for bags: a small payload on disk and a bag made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from archive.bag.contents import PayloadFile
from archive.bag.profile import BagProfile, load_profile
from archive.bag.writer import WrittenBag, write_folder, write_tar

CONTENT = {
    "masters/0001.tif": b"II*\x00" + bytes(range(256)) * 9,
    "masters/0002.tif": b"II*\x00" + bytes(5000),
    "ocr/0001.txt": "Ein Brief aus Köln\n".encode(),
    "empty.txt": b"",
}

PayloadMaker = Callable[[Mapping[str, bytes]], list[PayloadFile]]
BagMaker = Callable[..., WrittenBag]


@pytest.fixture
def payload_of(tmp_path: Path) -> PayloadMaker:
    """Write files into a private folder and describe them as capture would."""

    def make(content: Mapping[str, bytes]) -> list[PayloadFile]:
        files = []
        for path, data in content.items():
            source = tmp_path / "captured" / path
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_bytes(data)
            digests = {
                "sha256": hashlib.sha256(data).hexdigest(),
                "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
            }
            files.append(PayloadFile(path, source, len(data), digests))
        return files

    return make


@pytest.fixture
def aptrust() -> BagProfile:
    """The APTrust profile."""
    return load_profile("aptrust-2.3")


@pytest.fixture
def tar_bag(tmp_path: Path, payload_of: PayloadMaker, aptrust: BagProfile) -> BagMaker:
    """Write the bag `letter_1` as a tar; keyword arguments go to `write_tar`."""

    def make(content: Mapping[str, bytes] = CONTENT, **changes: object) -> WrittenBag:
        arguments = {
            "tags": {"aptrust-info.txt": {"Title": "A letter"}},
            "destination": tmp_path / "bags" / "letter_1.tar",
            "profile": aptrust,
            "bagging_date": "2026-03-31",
            **changes,
        }
        return write_tar("letter_1", payload_of(content), **arguments)

    return make


@pytest.fixture
def folder_bag(tmp_path: Path, payload_of: PayloadMaker, aptrust: BagProfile) -> BagMaker:
    """Write the bag `letter_1` as a folder; keyword arguments go to `write_folder`."""

    def make(content: Mapping[str, bytes] = CONTENT, **changes: object) -> WrittenBag:
        arguments = {
            "tags": {"aptrust-info.txt": {"Title": "A letter"}},
            "destination": tmp_path / "bags" / "letter_1",
            "profile": aptrust,
            "bagging_date": "2026-03-31",
            **changes,
        }
        return write_folder("letter_1", payload_of(content), **arguments)

    return make
