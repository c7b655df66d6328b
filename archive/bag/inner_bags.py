# SPDX-License-Identifier: Apache-2.0
"""Bags among the files that should be bagged: a bag in a bag hides what it holds from its reader."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive.bag.manifest_lines import MANIFEST_NAME
from archive.bag.tag_files import BAGIT_TXT
from archive.errors import AlreadyABag


def refuse_inner_bags(folder: Path, paths: Iterable[str]) -> None:
    """Refuse a folder that holds a bag: bagit.txt beside a data folder or a manifest.

    Args:
        folder: The folder.
        paths: The files in it, relative and with slashes.

    Raises:
        AlreadyABag: There is one.
    """
    known = set(paths)
    for path in sorted(path for path in known if path.rpartition("/")[2] == BAGIT_TXT):
        top = path.removesuffix(BAGIT_TXT)
        if any(
            other.startswith(f"{top}data/") or MANIFEST_NAME.fullmatch(other.removeprefix(top))
            for other in known
        ):
            raise AlreadyABag(
                f"{folder} holds a bag already, in {top.rstrip('/')}.",
                remedy="Bag the other files by themselves, or what is in that bag's data folder.",
                path=str(folder / top),
            )
