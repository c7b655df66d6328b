# SPDX-License-Identifier: Apache-2.0
"""The Merkle tree is that of RFC 6962, and its paths prove what they should and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archive.custody.merkle import audit_path, leaf_hash, merkle_root, node_hash, root_from_path

ENTRIES = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


def root_by_definition(entries: Sequence[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word: split at the largest power of two below the size."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    left, right = root_by_definition(entries[:split]), root_by_definition(entries[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaves_of(entries: Sequence[bytes]) -> list[bytes]:
    return [leaf_hash(entry) for entry in entries]


def test_the_root_is_the_published_one_for_the_published_entries() -> None:
    # the reference entries of Certificate Transparency's own tests
    entries = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    root = merkle_root(leaves_of([bytes.fromhex(entry) for entry in entries]))
    assert root.hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_of_no_entries_the_root_is_the_digest_of_nothing() -> None:
    assert merkle_root([]) == hashlib.sha256().digest()


@given(ENTRIES)
def test_the_root_is_the_one_of_the_definition(entries: list[bytes]) -> None:
    assert merkle_root(leaves_of(entries)) == root_by_definition(entries)


@given(ENTRIES, st.data())
def test_every_entry_is_proved_by_its_path(entries: list[bytes], data: st.DataObject) -> None:
    leaves = leaves_of(entries)
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = audit_path(leaves, index)
    assert root_from_path(leaves[index], index, len(leaves), path) == merkle_root(leaves)


@given(ENTRIES, st.binary(max_size=8), st.data())
def test_no_other_entry_is_proved_by_that_path(
    entries: list[bytes], other: bytes, data: st.DataObject
) -> None:
    leaves = leaves_of(entries)
    index = data.draw(st.integers(0, len(leaves) - 1))
    assume(other != entries[index])
    path = audit_path(leaves, index)
    assert root_from_path(leaf_hash(other), index, len(leaves), path) != merkle_root(leaves)


@given(ENTRIES, st.integers(0, 80), st.data())
def test_no_entry_is_proved_to_stand_elsewhere(entries: list[bytes], place: int, data: st.DataObject) -> None:
    leaves = leaves_of(entries)
    index = data.draw(st.integers(0, len(leaves) - 1))
    assume(place >= len(leaves) or leaves[place] != leaves[index])
    path = audit_path(leaves, index)
    assert root_from_path(leaves[index], place, len(leaves), path) != merkle_root(leaves)


@given(ENTRIES, st.data())
def test_a_path_that_is_too_short_or_too_long_proves_nothing(
    entries: list[bytes], data: st.DataObject
) -> None:
    leaves = leaves_of(entries)
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = audit_path(leaves, index)
    assert root_from_path(leaves[index], index, len(leaves), [*path, bytes(32)]) is None
    if path:
        assert root_from_path(leaves[index], index, len(leaves), path[:-1]) is None


@given(ENTRIES, st.data())
def test_removing_inserting_or_moving_an_entry_changes_the_root(
    entries: list[bytes], data: st.DataObject
) -> None:
    root = merkle_root(leaves_of(entries))
    index = data.draw(st.integers(0, len(entries) - 1))
    removed = entries[:index] + entries[index + 1 :]
    inserted = [*entries[:index], data.draw(st.binary(max_size=8)), *entries[index:]]
    moved = [*removed, entries[index]]
    assert merkle_root(leaves_of(removed)) != root
    assert merkle_root(leaves_of(inserted)) != root
    assert moved == entries or merkle_root(leaves_of(moved)) != root


def test_an_inner_node_cannot_pass_as_an_entry() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_path_for_an_entry_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError):
        audit_path(leaves_of([b"a", b"b", b"c"]), index)
