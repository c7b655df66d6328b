# SPDX-License-Identifier: Apache-2.0
"""What all storage targets share: keys, sources, remembered uploads."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import StorageUrlInvalid, UploadSourceChanged
from archive.storage.target import (
    FileUploadSession,
    MemoryUploadSession,
    UploadSession,
    checked_key,
    checked_source,
)


@pytest.mark.parametrize("key", ["", "/a", "a/", "a//b", "../a", "a/../b", ".", "a\nb", "a\0b", "x" * 1025])
def test_a_key_that_is_no_plain_path_below_the_target_is_refused(key: str) -> None:
    with pytest.raises(StorageUrlInvalid):
        checked_key(key)


def test_ordinary_keys_pass() -> None:
    assert checked_key("batch 1/ü.tar") == "batch 1/ü.tar"


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_a_session_gives_back_what_was_saved_until_it_is_cleared(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "session.json"
    session: UploadSession = MemoryUploadSession() if kind == "memory" else FileUploadSession(file)
    assert session.load() is None
    state = {"upload_id": "x", "parts": {"1": "etag"}}
    session.save(state)
    state["parts"] = {}
    assert session.load() == {"upload_id": "x", "parts": {"1": "etag"}}
    session.clear()
    session.clear()
    assert session.load() is None


@pytest.mark.parametrize("content", ["", "[1]", "{", "null"])
def test_a_session_file_with_rubbish_counts_as_nothing(content: str, tmp_path: Path) -> None:
    file = tmp_path / "session.json"
    file.write_text(content)
    assert FileUploadSession(file).load() is None


@pytest.mark.parametrize(
    ("part_size", "parts"), [(4, ("a",)), (4, ("a", "b", "c")), (100, ("a", "b")), (100, ("b",))]
)
def test_part_digests_that_cannot_belong_to_the_file_are_refused(
    part_size: int, parts: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"12345678"[:5])
    with pytest.raises(UploadSourceChanged):
        checked_source(file, "a", part_size, parts)


def test_a_file_whose_parts_nobody_digested_can_be_uploaded_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"12345")
    assert checked_source(file, "a", 4, ()) == 5


def test_an_absent_file_and_a_folder_cannot_be_uploaded(tmp_path: Path) -> None:
    with pytest.raises(UploadSourceChanged):
        checked_source(tmp_path / "nothing", "a", 4, ())
    with pytest.raises(UploadSourceChanged):
        checked_source(tmp_path, "a", 1 << 20, ("a",))
