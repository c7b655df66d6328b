# SPDX-License-Identifier: Apache-2.0
"""What lies in the staging place, and what of it no batch counts on: told first, removed when it is old enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from archive.registry.staged_files import all_staged
from archive.storage.staging_place import StagedObject
from workers.node import Node
from workers.staging.keys import StagedKey, read_key


@dataclass(frozen=True, slots=True)
class StagedItem:
    """An item whose files lie in the staging place.

    Attributes:
        batch: The batch.
        item: The item; "" for files of the whole batch.
        files: How many.
        size: Their bytes.
    """

    batch: str
    item: str
    files: int
    size: int


def staged_items(node: Node) -> Iterator[StagedItem]:
    """What lies there under keys of our own form, by item.

    Raises:
        StorageError: By state.
    """
    for (batch, item), group in _by_item(node.staging.objects()):
        sizes = [found.size for _, found in group]
        yield StagedItem(batch, item, len(sizes), sum(sizes))


def abandoned_files(node: Node, older_than: dt.timedelta) -> Iterator[StagedObject]:
    """What lies there for longer than this, by the storage's clock, and is in no record.

    Only what lies there under keys of our own form counts.

    Raises:
        StorageError: By state.
    """
    for place, group in _by_item(node.staging.objects()):
        recorded: set[str] | None = None
        for key, found in group:
            if found.age < older_than:
                continue
            if recorded is None:
                with node.registry.reading() as session:
                    recorded = {row.sha256 for row in all_staged(session, *place)}
            if key.sha256 not in recorded:
                yield found


def remove_abandoned(node: Node, older_than: dt.timedelta) -> list[StagedObject]:
    """Remove what `abandoned_files` tells, and parts of transfers that nobody goes on with.

    Returns:
        The files that were removed.

    Raises:
        StorageError: By state; what is left is removed with the next call.
    """
    files = list(abandoned_files(node, older_than))
    node.staging.delete([file.key for file in files])
    node.staging.abandon_transfers(older_than)
    return files


_Found = tuple[StagedKey, StagedObject]


def _by_item(found: Iterable[StagedObject]) -> Iterator[tuple[tuple[str, str], Iterator[_Found]]]:
    # the storage lists keys in order, so those of one item follow each other
    return groupby(_ours(found), key=lambda pair: (pair[0].batch, pair[0].item))


def _ours(found: Iterable[StagedObject]) -> Iterator[_Found]:
    for one in found:
        key = read_key(one.key)
        if key is not None:
            yield key, one
