# SPDX-License-Identifier: Apache-2.0
"""Which backends the SANE configuration of this machine lists, read as libsane reads it (sane-dll(5))."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

DEFAULT_FOLDERS = (Path(), Path("/etc/sane.d"))
"""Where libsane looks when nobody says where, or after a trailing colon in SANE_CONFIG_DIR."""

_LEFTOVERS = ("~", ".bak", ".dpkg-old", ".dpkg-new", ".dpkg-dist", ".rpmnew", ".rpmsave", ".swp")
"""Ends of names that editors and package managers leave; no configuration."""


def configuration_folders(environment: Mapping[str, str] = os.environ) -> list[Path]:
    """The folders in which libsane looks for its files, in its order."""
    chosen = environment.get("SANE_CONFIG_DIR", "")
    named = [Path(name) for name in chosen.split(":") if name]
    return [*named, *DEFAULT_FOLDERS] if not chosen or chosen.endswith(":") else named


def listed_backends(folders: list[Path]) -> tuple[str, ...] | None:
    """The backends that dll.conf and dll.d list, each once; None when there is no dll.conf to read.

    The first dll.conf and the first dll.d of the folders count, and no other.
    """
    found: dict[str, None] = {}
    main = _first(folder / "dll.conf" for folder in folders)
    if main is None:
        return None
    more = _first(folder / "dll.d" for folder in folders)
    parts = sorted(more.iterdir()) if more is not None and more.is_dir() else []
    for file in [main, *parts]:
        if file.is_file() and not file.name.startswith(".") and not file.name.endswith(_LEFTOVERS):
            found |= dict.fromkeys(_names(file))
    return tuple(found)


def _first(paths: Iterator[Path]) -> Path | None:
    return next((path for path in paths if path.exists()), None)


def _names(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        word = line.strip()
        # a name becomes part of a path: what is none is passed over, as libsane does with what it cannot load
        if word and word[0] != "#" and "/" not in word:
            yield word
