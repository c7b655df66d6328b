# SPDX-License-Identifier: Apache-2.0
"""The local files of an item that a release deletes: what is recorded, and its bag; nothing else."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence

from archive.durable import sync_directory
from archive.registry.tables import FileRow, ItemRow
from workers.node import Node

_INTERMEDIATE = ("renditions", "spool", "spool-facts")


class LocalFiles:
    """The recorded files of an item and its bag, as far as they are here.

    Receipts, signatures, superseded pages and whatever the registry does not know stay.

    Args:
        node: The process's settings and folders.
        item: The item.
        files: What the registry records of it.
    """

    def __init__(self, node: Node, item: ItemRow, files: Sequence[FileRow]) -> None:
        self._folder = node.item_folder(item.batch, item.name)
        here = [self._folder / file.path for file in files]
        if item.bag:
            here.append(node.bag_file(item.batch, item.bag))
        inside = (self._folder, node.bag_folder(item.batch))
        self._paths = [
            path
            for path in here
            if path.is_file() and any(path.resolve().is_relative_to(folder.resolve()) for folder in inside)
        ]
        self.size = sum(path.stat().st_size for path in self._paths)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._paths)

    def delete(self) -> None:
        """Delete them, and the folders that are empty then.

        Raises:
            OSError: One cannot be deleted; the rest is as it was, and the next call goes on.
        """
        folders = {path.parent for path in self._paths}
        for path in self._paths:
            path.unlink(missing_ok=True)
        for name in _INTERMEDIATE:
            shutil.rmtree(self._folder / name, ignore_errors=True)
        for folder in folders:
            sync_directory(folder)
        for folder in sorted(folders, key=lambda path: len(path.parts), reverse=True):
            with contextlib.suppress(OSError):
                # not empty: something stays there
                folder.rmdir()
