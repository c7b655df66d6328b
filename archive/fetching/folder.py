# SPDX-License-Identifier: Apache-2.0
"""Looking through a folder of folders: each sub-folder an item, its images pages in the order in which people count."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from archive.fetching.file_kinds import FileKind, kind_of, name_problem, natural_key
from archive.fetching.findings import Finding
from archive.fetching.listing import Found, FoundItem, left_out
from archive.manifest.names import same_name_key
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter


def survey_folder(
    folder: Path, base: Path, *, one_item: bool = False, progress: ProgressCallback = no_progress
) -> Found:
    """Find the items in a folder; nothing is read but names.

    Args:
        folder: The folder.
        base: The folder that the manifest will be in, at or above it: paths are relative to that.
        one_item: Whether what lies directly in the folder is one item, instead of each sub-folder.
        progress: Told of files; may raise to end it.

    Raises:
        OSError: The folder itself cannot be read.
    """
    found = Found()
    meter = ProgressMeter(progress, f"Looking through {folder.name}", None, "files")
    meter.start()
    if one_item:
        _item(found, folder, folder.resolve().name, base, meter)
        return found
    for entry in _entries(folder):
        path = folder / entry.name
        if kind_of(entry.name) is FileKind.HIDDEN:
            found.findings.append(left_out(entry.name, "it is hidden, or belongs to an operating system"))
        elif not path.is_dir():
            found.findings.append(left_out(entry.name, "it lies in no item's folder"))
        elif problem := _path_problem(entry.name, path, base):
            found.findings.append(problem)
        else:
            _item(found, path, entry.name, base, meter)
    meter.finish()
    return found


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: natural_key(entry.name))


def _item(found: Found, folder: Path, name: str, base: Path, meter: ProgressMeter) -> None:
    """The pages of one folder, and the files that go along with them."""
    try:
        entries = _entries(folder)
    except OSError as error:
        found.findings.append(
            Finding(
                "error",
                "unreadable",
                name,
                f"The folder {name!a} cannot be read: {error.strerror}.",
                "Give this user the right to read it.",
            )
        )
        return
    pages: list[str] = []
    others: list[str] = []
    seen: dict[str, str] = {}
    for entry in entries:
        meter.advance(1)
        shown = f"{name}/{entry.name}"
        kind = kind_of(entry.name)
        path = folder / entry.name
        if kind is FileKind.HIDDEN:
            found.findings.append(left_out(shown, "it is hidden, or belongs to an operating system"))
        elif problem := _path_problem(shown, path, base) or _file_problem(shown, path):
            found.findings.append(problem)
        else:
            found.findings += _doubled(seen, entry.name, shown)
            written = _relative(path, base)
            (pages if kind is FileKind.PAGE else others).append(written)
    found.items.append(FoundItem(name, tuple(pages), tuple(others)))


def _relative(path: Path, base: Path) -> str:
    return Path(os.path.abspath(path)).relative_to(os.path.abspath(base)).as_posix()  # noqa: PTH100 - links are kept


def _path_problem(shown: str, path: Path, base: Path) -> Finding | None:
    """Why a path cannot stand in a manifest."""
    if reason := name_problem(path.name):
        return Finding(
            "error",
            "name",
            shown,
            f"The name {shown!a} {reason}.",
            "Rename it, then look through the folder again.",
        )
    if path.is_symlink() and not path.resolve().is_relative_to(base.resolve()):
        return Finding(
            "error",
            "link",
            shown,
            f"{shown!a} is a link that leads out of the folder.",
            "Put the file itself there, or take the link away.",
        )
    return None


def _file_problem(shown: str, path: Path) -> Finding | None:
    try:
        facts = path.stat()
    except OSError as error:
        return Finding(
            "error",
            "unreadable",
            shown,
            f"{shown!a} cannot be read: {error.strerror}.",
            "Take it away, or mend it.",
        )
    if stat.S_ISDIR(facts.st_mode):
        return left_out(shown, "it is a folder within an item's folder")
    if not stat.S_ISREG(facts.st_mode):
        return left_out(shown, "it is no regular file")
    if facts.st_size == 0:
        return Finding(
            "error", "empty", shown, f"{shown!a} has no bytes.", "Copy the file again from where it came."
        )
    if not os.access(path, os.R_OK):
        return Finding(
            "error",
            "unreadable",
            shown,
            f"{shown!a} may not be read.",
            "Give this user the right to read it.",
        )
    return None


def _doubled(seen: dict[str, str], name: str, shown: str) -> Iterator[Finding]:
    earlier = seen.setdefault(same_name_key(name), name)
    if earlier != name:
        yield Finding(
            "error",
            "doubled-name",
            shown,
            f"{shown!a} differs from {earlier!a} only in case or accents.",
            "Find out which of them is the page, and take the other away.",
        )
