# SPDX-License-Identifier: Apache-2.0
"""The documents beside the payload: streamed to files, sealed by their digests, and gone when the bag is written."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.archive.metadata.conftest import described_item, described_page
from workers.stages.bag_metadata import metadata_folder, write_metadata

_PAGES = 300
_EVENT = {
    "type": "capture",
    "detail": {"options": {"resolution": 300}, "note": "x" * 3000},
    "sha256": "ab" * 32,
}


def _events(number: int) -> Iterator[dict[str, Any]]:
    return ({**_EVENT, "sequence": sequence} for sequence in range(1, number + 1))


def test_a_long_item_needs_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    item = described_item(pages=tuple(described_page(number) for number in range(1, _PAGES + 1)))
    tracemalloc.start()
    try:
        made = write_metadata(tmp_path, item, _events(7 * _PAGES), {"id": "b1"})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(made) == 3 + _PAGES
    assert sum(file.size for file in made) > 8 << 20
    # blocks that files are read back in, and the list of files
    assert peak < 3 << 20


def test_each_document_carries_the_digest_of_its_bytes(tmp_path: Path) -> None:
    made = write_metadata(tmp_path, described_item(), _events(3), {"title": "Müller"})
    assert [file.path for file in made] == [
        "metadata/premis.xml",
        "metadata/events.jsonl",
        "metadata/batch-manifest.json",
        "metadata/capture/0001.json",
        "metadata/capture/0002.json",
    ]
    for file in made:
        assert file.source is not None
        assert file.digests == {"sha256": hashlib.sha256(file.source.read_bytes()).hexdigest()}
    assert "Müller" in (tmp_path / "batch-manifest.json").read_text(encoding="utf-8")


def test_the_documents_leave_nothing_behind_whether_the_bag_was_written_or_not(tmp_path: Path) -> None:
    with metadata_folder(tmp_path) as folder:
        (folder / "premis.xml").write_bytes(b"x")
    with pytest.raises(FileNotFoundError), metadata_folder(tmp_path) as folder:
        (folder / "missing" / "premis.xml").write_bytes(b"x")
    assert not list(tmp_path.iterdir())


def test_what_a_killed_writer_left_is_swept_and_a_living_one_s_is_not(tmp_path: Path) -> None:
    dead = tmp_path / ".bag-metadata.dead.part"
    dead.mkdir()
    (dead / "premis.xml").write_bytes(b"x")
    with metadata_folder(tmp_path) as living:
        assert not dead.exists()
        with metadata_folder(tmp_path):
            assert living.is_dir()
