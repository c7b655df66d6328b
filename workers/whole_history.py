# SPDX-License-Identifier: Apache-2.0
"""The whole history of an item as PREMIS beside its receipt: what the bag, closed earlier, cannot tell."""

from __future__ import annotations

from typing import BinaryIO, cast

from archive.durable import durable_file
from archive.metadata.premis import write_premis
from archive.registry.item_description import describe_item
from workers.node import Node


def write_whole_history(node: Node, batch: str, item: int, item_name: str) -> None:
    """Write `premis.xml` into an item's folder, from capture to the last event there is.

    Args:
        node: The process's settings and registry.
        batch: The batch.
        item: Key of the item.
        item_name: Its id.

    Raises:
        OSError: It cannot be written; the one before is as it was.
    """
    with node.registry.reading() as session:
        description = describe_item(session, item, complete=True)
    with durable_file(node.item_folder(batch, item_name) / "premis.xml") as file:
        write_premis(description, cast("BinaryIO", file))
