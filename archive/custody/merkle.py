# SPDX-License-Identifier: Apache-2.0
"""Merkle trees over a list of byte strings, as Certificate Transparency has them (RFC 6962, section 2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

_LEAF = b"\x00"
_NODE = b"\x01"


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry; its prefix keeps an entry from passing as an inner node."""
    return hashlib.sha256(_LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours."""
    return hashlib.sha256(_NODE + left + right).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over the leaf hashes of a list, in its order; of no leaves it is SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    *_, top = _levels(leaves)
    return top[0]


def audit_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes from which, with one leaf, the root follows: from the leaf's neighbour upwards.

    Raises:
        IndexError: There is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"there is no leaf {index} among {len(leaves)}")
    path = []
    for level in _levels(leaves):
        neighbour = index ^ 1
        if neighbour < len(level):
            path.append(level[neighbour])
        index //= 2
    return path


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf and its audit path lead to (RFC 9162, section 2.1.3.2).

    Args:
        leaf: The hash of the entry.
        index: Its place in the list, from 0.
        size: How many entries the list has.
        path: As `audit_path` gave it.

    Returns:
        The root; None when no list of this size has such a path.
    """
    if not 0 <= index < size:
        return None
    last, root = size - 1, leaf
    for neighbour in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            root = node_hash(neighbour, root)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            root = node_hash(root, neighbour)
        index, last = index >> 1, last >> 1
    return root if last == 0 else None


def _levels(leaves: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """The tree from the leaves to the root; a hash without a neighbour rises as it is."""
    level = leaves
    yield level
    while len(level) > 1:
        paired = [
            node_hash(level[place], level[place + 1]) if place + 1 < len(level) else level[place]
            for place in range(0, len(level), 2)
        ]
        level = paired
        yield level
