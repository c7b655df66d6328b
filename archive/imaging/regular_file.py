# SPDX-License-Identifier: Apache-2.0
"""Refusing what looks like an image by its name and is no file: opening a named pipe would wait for ever."""

from __future__ import annotations

import stat
from pathlib import Path

from archive.errors import UnsupportedImage

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def require_regular_file(path: Path) -> None:
    """Refuse what is no regular file, without opening it; links are followed.

    Raises:
        UnsupportedImage: It is a folder, a pipe, a socket or a device.
        OSError: There is nothing, or it is a link that leads to itself.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "something else")
        raise UnsupportedImage(f"{path} is {kind}, not an image file.", path=str(path))
