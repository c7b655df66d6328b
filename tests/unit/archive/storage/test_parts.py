# SPDX-License-Identifier: Apache-2.0
"""Part sizes, and the digests of wholes and parts."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.storage.parts import (
    MOST_PARTS,
    PartedStream,
    choose_part_size,
    composite_sha256,
    digest_for_upload,
    is_composite_sha256,
    limit_problem,
    part_count,
)


@given(st.integers(0, 5 << 40))
def test_the_chosen_part_size_keeps_any_object_within_the_limit(size: int) -> None:
    chosen = choose_part_size(size)
    assert part_count(size, chosen) <= MOST_PARTS
    assert chosen % (1 << 20) == 0
    assert chosen >= 16 << 20


@given(st.lists(st.binary(max_size=50), max_size=20), st.integers(1, 64))
def test_parts_do_not_depend_on_how_the_bytes_arrive(blocks: list[bytes], part_size: int) -> None:
    passed = bytearray()
    stream = PartedStream(passed.extend, part_size)
    for block in blocks:
        stream.write(block)
    found = stream.finish()
    whole = b"".join(blocks)
    assert bytes(passed) == whole
    assert (found.size, found.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())
    assert found.part_sha256 == tuple(
        hashlib.sha256(whole[start : start + part_size]).hexdigest()
        for start in range(0, len(whole), part_size)
    )


def test_the_composite_is_the_digest_of_the_digests_with_their_number() -> None:
    parts = [hashlib.sha256(bytes([number]) * 100) for number in range(3)]
    expected = base64.b64encode(hashlib.sha256(b"".join(part.digest() for part in parts)).digest()).decode()
    digests = [part.hexdigest() for part in parts]
    assert composite_sha256(digests) == f"{expected}-3"
    assert is_composite_sha256(f"{expected}-3", digests)
    assert is_composite_sha256(expected, digests)
    assert not is_composite_sha256(f"{expected}-2", digests)


def test_a_file_is_digested_for_upload_in_one_reading(tmp_path: Path) -> None:
    file = tmp_path / "x.tar"
    file.write_bytes(b"abcdefg")
    found = digest_for_upload(file, 3)
    assert found.part_sha256 == tuple(hashlib.sha256(part).hexdigest() for part in (b"abc", b"def", b"g"))
    with pytest.raises(FileNotFoundError):
        digest_for_upload(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("size", "part_size", "told"),
    [
        (5 << 40, 1 << 30, None),
        ((5 << 40) + 1, 1 << 30, "at most 5497558138880"),
        (6 << 30, 6 << 30, "parts of at most"),
        (10_000 * (5 << 20), 5 << 20, None),
        (10_000 * (5 << 20) + 1, 5 << 20, "10000 parts"),
        (2000, 1000, "10000 parts of at least"),
        (1000, 1000, None),
        (0, 1000, None),
    ],
)
def test_the_limits_of_s3_are_known(size: int, part_size: int, told: str | None) -> None:
    problem = limit_problem(size, part_size)
    assert (problem is None) == (told is None)
    assert told is None or told in (problem or "")
