# SPDX-License-Identifier: Apache-2.0
"""Where pages lie in the spool, and the facts that stand beside them."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hardware.errors import SpoolFull


@contextmanager
def spool_errors(path: Path) -> Iterator[None]:
    """Turn the errors of the file system into `SpoolFull`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise SpoolFull(
            f"{path} could not be written: {reason}.",
            path=str(path),
            errno=errno.errorcode.get(error.errno or 0, ""),
        ) from error


def raw_path(folder: Path, number: int) -> Path:
    """Where the pixels of a page lie in the spool."""
    return folder / f"{number:04d}.raw"


def part_path(path: Path) -> Path:
    """Where a file of the spool lies while it is in the making."""
    return path.with_name(path.name + ".part")


def original_path(folder: Path, number: int, suffix: str) -> Path:
    """Where the file that a page was made from lies in the spool."""
    return folder / f"{number:04d}.original{suffix}"


def facts_path(folder: Path, number: int) -> Path:
    """Where the facts of a complete page stand, as `PageFile.to_json` tells them: in a folder beside the spool's."""
    return folder.with_name(f"{folder.name}-facts") / f"{number:04d}.json"


def write_facts(folder: Path, number: int, facts: Mapping[str, Any]) -> None:
    """Bring the facts of a complete page to disk.

    A device runs ahead of whoever listens to it. With its facts beside it, a page that was scanned is
    never lost, even if nobody was left to hear of it.

    Raises:
        SpoolFull: The disk does not take it.
    """
    destination = facts_path(folder, number)
    part = part_path(destination)
    with spool_errors(destination):
        destination.parent.mkdir(exist_ok=True)
        with part.open("wb") as file:
            file.write(json.dumps(facts).encode())
            file.flush()
            os.fsync(file.fileno())
        part.replace(destination)


def forget_page(folder: Path, number: int) -> None:
    """Remove a page from the spool: the facts first, for pixels without facts count for nothing."""
    facts_path(folder, number).unlink(missing_ok=True)
    raw_path(folder, number).unlink(missing_ok=True)
    for original in folder.glob(original_path(folder, number, "*").name):
        original.unlink(missing_ok=True)


def remove_leftovers(folder: Path, number: int) -> None:
    """Remove what a killed process may have left of a page that was not complete."""
    name = raw_path(folder, number).name
    for pattern in (f"{name}*.part", original_path(folder, number, "*.part").name):
        for leftover in folder.glob(pattern):
            leftover.unlink(missing_ok=True)
