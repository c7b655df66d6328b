# SPDX-License-Identifier: Apache-2.0
"""Writing a bag in one pass, as a deterministic tar or as a folder, every digest taken on the way."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from archive.bag.contents import PayloadFile, TagFile
from archive.bag.pack import Packed, pack
from archive.bag.plan import BagPlan, plan_bag
from archive.bag.profile import BagProfile, Tags
from archive.bag.sinks import (
    ExistingFile,
    ExistingFolder,
    FolderSink,
    TarSink,
    different,
)
from archive.bag.written_ahead import WrittenAhead
from archive.digest_threads import DigestThreads
from archive.durable import durable_file, sync_directory
from archive.errors import BagContentsRefused, BagUnwritable
from archive.progress import ProgressCallback, no_progress
from archive.storage.parts import DEFAULT_PART_SIZE, PartedStream, StreamDigests
from archive.unfinished_files import living_folder, remove_unfinished


@dataclass(frozen=True, slots=True)
class WrittenBag:
    """A bag that is on disk under its final name.

    Attributes:
        path: Where it is.
        name: Its name and top folder.
        size: Bytes of the tar, or of all files of the folder.
        sha256: Of the tar, lower-case hexadecimal; "" for a folder.
        part_size: Bytes of each part but the last; 0 for a folder, and where no parts were asked for.
        part_sha256: Digest of each part, in order; empty where there are none.
        payload_files: Files below data/.
        payload_bytes: Their bytes.
        tag_manifest_sha256: Digest of tagmanifest-sha256.txt, which seals everything in the bag.
        already_there: Whether this very bag stood there before and was only compared; two
            bags are equal all the same.
        empty_folders: Folders of the source without a file in them, which BagIt cannot keep.
    """

    path: Path
    name: str
    size: int
    sha256: str
    part_size: int
    part_sha256: tuple[str, ...]
    payload_files: int
    payload_bytes: int
    tag_manifest_sha256: str
    already_there: bool = field(default=False, compare=False)
    empty_folders: tuple[str, ...] = ()


def write_tar(
    name: str,
    payload: Sequence[PayloadFile],
    tags: Tags,
    destination: Path,
    *,
    profile: BagProfile,
    tag_files: Sequence[TagFile] = (),
    part_size: int = DEFAULT_PART_SIZE,
    bagging_date: str,
    progress: ProgressCallback = no_progress,
) -> WrittenBag:
    """Write a bag as a tar, in one pass over its payload.

    Equal arguments and equal payload give equal bytes. Where `destination` exists, it is read and
    compared instead of written: the same bytes are a success, anything else a refusal.

    Args:
        name: The bag's name: the top folder, and the tar's name without ".tar".
        payload: The files below data/, in any order.
        tags: Tag file -> label -> value. The profile's defaults and the computed tags (Bagging-Date,
            Payload-Oxum, Bag-Size, BagIt-Profile-Identifier) are added.
        destination: The tar's path; it must end in `<name>.tar`.
        profile: The rules to keep.
        tag_files: Further files beside data/.
        part_size: Bytes of each part whose digest is taken for the upload; 0 for none.
        bagging_date: ISO date; also the time of every member.
        progress: Told of payload bytes; what it raises cancels, and nothing is left.

    Raises:
        BagContentsRefused, BagTagsInvalid: Before the first byte is written.
        PayloadMissing, PayloadChanged: A file is not the one recorded.
        BagExists: Another bag stands at `destination`.
        BagUnwritable: The disk is full, read-only or failing.
    """
    if destination.name != f"{name}.tar":
        raise BagContentsRefused(
            f"The tar of the bag {name!r} must be named {name}.tar, not {destination.name}."
        )
    if part_size < 0:
        raise ValueError("part_size must not be negative")
    plan = plan_bag(name, payload, tags, tag_files, profile, bagging_date)
    already_there = False
    with _unwritable(destination):
        try:
            packed, digests = _write_new_tar(plan, destination, part_size, progress)
        except FileExistsError:
            already_there = True
            packed, digests = _compare_tar(plan, destination, part_size, progress)
    return WrittenBag(
        path=destination,
        name=name,
        size=digests.size,
        sha256=digests.sha256,
        part_size=part_size,
        part_sha256=digests.part_sha256,
        payload_files=len(plan.payload),
        payload_bytes=plan.payload_bytes,
        tag_manifest_sha256=packed.tag_manifest_sha256,
        already_there=already_there,
    )


def write_folder(
    name: str,
    payload: Sequence[PayloadFile],
    tags: Tags,
    destination: Path,
    *,
    profile: BagProfile,
    tag_files: Sequence[TagFile] = (),
    bagging_date: str,
    progress: ProgressCallback = no_progress,
) -> WrittenBag:
    """Write the same bag as a folder named `destination`, which appears whole or not at all.

    Arguments and errors are those of `write_tar`; `destination` must end in `<name>`.
    """
    if destination.name != name:
        raise BagContentsRefused(f"The folder of the bag {name!r} must be named so, not {destination.name}.")
    plan = plan_bag(name, payload, tags, tag_files, profile, bagging_date)
    already_there = False
    with _unwritable(destination):
        try:
            packed = _write_new_folder(plan, destination, progress)
        except FileExistsError:
            already_there = True
            packed = pack(plan, ExistingFolder(destination), progress)
    return WrittenBag(
        path=destination,
        name=name,
        size=packed.bytes_in_files,
        sha256="",
        part_size=0,
        part_sha256=(),
        payload_files=len(plan.payload),
        payload_bytes=plan.payload_bytes,
        tag_manifest_sha256=packed.tag_manifest_sha256,
        already_there=already_there,
    )


def _write_new_tar(
    plan: BagPlan, destination: Path, part_size: int, progress: ProgressCallback
) -> tuple[Packed, StreamDigests]:
    _refuse_existing(destination)
    _require_room(destination, plan.payload_bytes)
    # all threads have ended before the file is synced, named and closed
    with durable_file(destination, overwrite=False) as file, DigestThreads() as threads:
        written = WrittenAhead(file.fileno(), threads)
        stream = PartedStream(written.write, part_size, threads)
        packed = pack(plan, TarSink(stream.write, plan.name, plan.mtime), progress, threads)
        return packed, stream.finish()


def _compare_tar(
    plan: BagPlan, destination: Path, part_size: int, progress: ProgressCallback
) -> tuple[Packed, StreamDigests]:
    if destination.is_symlink() or not destination.is_file():
        raise different(destination)
    with destination.open("rb") as file, DigestThreads() as threads:
        existing = ExistingFile(file, destination)
        stream = PartedStream(existing.write, part_size, threads)
        packed = pack(plan, TarSink(stream.write, plan.name, plan.mtime), progress, threads)
        digests = stream.finish()
        existing.finish()
        return packed, digests


def _write_new_folder(plan: BagPlan, destination: Path, progress: ProgressCallback) -> Packed:
    _refuse_existing(destination)
    _require_room(destination, plan.payload_bytes)
    destination.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{plan.name[:100]}.", suffix=".part", dir=destination.parent))
    try:
        with living_folder(temporary):
            packed = pack(plan, FolderSink(temporary), progress)
            temporary.chmod(0o755)
            # rename(2) replaces nothing but an empty folder
            temporary.rename(destination)
            try:
                sync_directory(destination.parent)
            except BaseException:
                destination.rename(temporary)
                raise
    except BaseException as error:
        shutil.rmtree(temporary)
        if isinstance(error, OSError) and error.errno == errno.ENOTEMPTY:
            raise FileExistsError(errno.EEXIST, "exists already", str(destination)) from error
        raise
    return packed


def _refuse_existing(destination: Path) -> None:
    above = next(folder for folder in destination.absolute().parents if os.path.lexists(folder))
    if not above.is_dir():
        # mkdir(2) would say that it exists, which is what a bag that stands there says
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(above))
    remove_unfinished(destination)
    if os.path.lexists(destination):
        raise FileExistsError(errno.EEXIST, "exists already", str(destination))


def _require_room(destination: Path, size: int) -> None:
    """Refuse at once what would fill the disk after hours; the bag's own overhead is left to the disk."""
    there = next(folder for folder in destination.absolute().parents if folder.is_dir())
    free = shutil.disk_usage(there).free
    if free < size:
        raise BagUnwritable(
            f"{destination} needs {size} bytes, and {free} are free there.",
            path=str(destination),
            needed=size,
            free=free,
        )


@contextmanager
def _unwritable(destination: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BagUnwritable(
            f"{destination} cannot be written: {error.strerror or error}.", path=str(destination)
        ) from error
