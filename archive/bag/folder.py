# SPDX-License-Identifier: Apache-2.0
"""Making a bag from any folder, which is read and never touched."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from archive.bag.contents import PayloadFile, TagFile
from archive.bag.inner_bags import refuse_inner_bags
from archive.bag.profile import BagProfile, Tags
from archive.bag.tag_files import BAG_INFO, BAGIT_TXT, first_values, parse_tags
from archive.bag.writer import WrittenBag, write_folder, write_tar
from archive.errors import AlreadyABag, BagContentsRefused, PayloadMissing
from archive.progress import ProgressCallback, no_progress

_NOT_RECORDED: Mapping[str, str] = {}


def bag_folder(
    folder: Path,
    *,
    name: str = "",
    profile: BagProfile,
    tags: Tags,
    tag_files: Sequence[TagFile] = (),
    destination_dir: Path,
    tar: bool,
    part_size: int = 0,
    bagging_date: str = "",
    progress: ProgressCallback = no_progress,
) -> WrittenBag:
    """Make a bag with a folder's files as payload.

    Digests are taken once, while the files are copied. An equal bag that stands there already is a
    success, also when it was made on another day.

    Args:
        folder: The folder with the files.
        name: The bag's name; the folder's own where empty.
        profile: The rules to keep.
        tags: Tag file -> label -> value.
        tag_files: Further files beside data/.
        destination_dir: Where the bag is put, as a tar or as a folder; not inside `folder`.
        tar: Whether to write a tar.
        part_size: Bytes of each part whose digest is taken for an upload; 0 for none.
        bagging_date: ISO date; where empty, that of the bag that stands there already, else today.
        progress: Told of payload bytes; what it raises cancels.

    Raises:
        AlreadyABag: The folder is a bag, or holds one.
        PayloadMissing: There is no such folder, or a part of it cannot be read.
        BagContentsRefused: Links, special files or names that cannot be in a bag, or a destination
            inside the folder.
        BagError: As `write_tar` and `write_folder`.
    """
    source = folder_to_bag(folder)
    if Path(os.path.realpath(destination_dir)).is_relative_to(source):
        raise BagContentsRefused(
            f"The bag of {folder} cannot be written inside the same folder.",
            remedy="Name an output folder outside the folder that is bagged.",
        )
    payload, empty = payload_of(source)
    name = name or source.name
    destination = destination_dir / (f"{name}.tar" if tar else name)
    day = bagging_date or _day_of(destination) or dt.datetime.now(dt.UTC).date().isoformat()
    if tar:
        written = write_tar(
            name,
            payload,
            tags,
            destination,
            profile=profile,
            tag_files=tag_files,
            part_size=part_size,
            bagging_date=day,
            progress=progress,
        )
    else:
        written = write_folder(
            name,
            payload,
            tags,
            destination,
            profile=profile,
            tag_files=tag_files,
            bagging_date=day,
            progress=progress,
        )
    return dataclasses.replace(written, empty_folders=empty)


def _day_of(bag: Path) -> str:
    """The bagging date that a bag of ours claims, "" where there is none; comparing proves the rest."""
    try:
        if bag.is_dir():
            pairs, _ = parse_tags((bag / BAG_INFO).read_bytes().decode())
            day = first_values(pairs).get("Bagging-Date", "")
        else:
            with tarfile.open(bag, "r:") as tar:
                top = tar.next()
            day = dt.datetime.fromtimestamp(top.mtime, dt.UTC).date().isoformat() if top else ""
        return dt.date.fromisoformat(day).isoformat()
    except (OSError, ValueError, OverflowError, tarfile.TarError):
        return ""


def folder_to_bag(folder: Path) -> Path:
    """The real path of a folder that may become a bag.

    Raises:
        AlreadyABag: The folder is a bag.
        PayloadMissing: There is no such folder.
    """
    source = Path(os.path.realpath(folder))
    if not source.is_dir():
        raise PayloadMissing(f"{folder} is not a folder.", path=str(folder))
    if (source / BAGIT_TXT).exists():
        raise AlreadyABag(f"{folder} is a bag already: it has a bagit.txt.", path=str(folder))
    return source


def payload_of(folder: Path) -> tuple[list[PayloadFile], tuple[str, ...]]:
    """The files of a folder as payload, and its folders without a file in them.

    Raises:
        AlreadyABag: One of its folders is a bag.
        PayloadMissing: A part of it cannot be read.
    """
    files: list[PayloadFile] = []
    empty: list[str] = []
    outstanding = [""]
    while outstanding:
        inside = outstanding.pop()
        before = len(files) + len(outstanding)
        try:
            with os.scandir(f"{folder}/{inside}") as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        outstanding.append(f"{inside}{entry.name}/")
                    else:
                        # a link counts as a file, and is refused as one
                        size = entry.stat(follow_symlinks=False).st_size
                        files.append(PayloadFile(f"{inside}{entry.name}", entry.path, size, _NOT_RECORDED))
        except OSError as error:
            raise PayloadMissing(
                f"{error.filename} cannot be read: {error.strerror}.", path=str(error.filename)
            ) from error
        if inside and len(files) + len(outstanding) == before:
            empty.append(inside.rstrip("/"))
    refuse_inner_bags(folder, (file.path for file in files))
    return files, tuple(sorted(empty))
