# SPDX-License-Identifier: Apache-2.0
"""Which manifests were opened last: a small file in the state directory, so that it is there after a restart."""

from __future__ import annotations

import json
from pathlib import Path

from archive.durable import write_durably

MOST = 8


class RecentFiles:
    """The manifests opened last, the newest first.

    Args:
        file: Where the list is kept; it need not exist.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> list[Path]:
        """Those that are still there; none where the list cannot be read, for it is a convenience only."""
        try:
            listed = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        if not isinstance(listed, list):
            return []
        paths = [Path(entry) for entry in listed if isinstance(entry, str)]
        return [path for path in paths[:MOST] if path.is_file()]

    def add(self, path: Path) -> list[Path]:
        """Put a manifest on top of the list.

        Returns:
            The list as it is now.

        Raises:
            OSError: The state directory cannot be written to.
        """
        listed = [path, *(other for other in self.read() if other != path)][:MOST]
        write_durably(self._file, json.dumps([str(each) for each in listed], indent=1).encode())
        return listed
