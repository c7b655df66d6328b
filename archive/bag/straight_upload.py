# SPDX-License-Identifier: Apache-2.0
"""A bag straight into a storage target: its tar leaves as it is made, and is never on the disk here."""

from __future__ import annotations

import contextlib
import datetime as dt
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.bag.contents import PayloadFile, TagFile
from archive.bag.folder import folder_to_bag, payload_of
from archive.bag.pack import Packed, pack
from archive.bag.plan import BagPlan, plan_bag
from archive.bag.profile import BagProfile, Tags
from archive.bag.sinks import TarSink
from archive.errors import BagContentsRefused, BagError, StorageError
from archive.progress import ProgressCallback, no_progress
from archive.storage.file_url import path_of
from archive.storage.parts import DEFAULT_PART_SIZE, choose_part_size
from archive.storage.stream_upload import StoredStream
from archive.storage.target import StorageTarget, StoredCopy, UploadSession

_DAY = "bagging_date"
_HEADERS = 3 * tarfile.BLOCKSIZE
"""Bytes of a tar for a file beside its content: its header, and the extended one of a long name."""
_LINE = 160
"""Bytes of a file's lines in the manifests, its path left out."""


@dataclass(frozen=True, slots=True)
class SentBag:
    """A bag that is stored, and whose stored bytes were read back.

    Attributes:
        name: Its name and top folder.
        copy: Where it is, its size and digest, and what is proved of it.
        part_size: Bytes of each part but the last; 0 where it was only compared.
        payload_files: Files below data/.
        payload_bytes: Their bytes.
        tag_manifest_sha256: Digest of tagmanifest-sha256.txt.
        already_there: Whether this very bag was stored there before.
        empty_folders: Folders of the source without a file in them, which BagIt cannot keep.
    """

    name: str
    copy: StoredCopy
    part_size: int
    payload_files: int
    payload_bytes: int
    tag_manifest_sha256: str
    already_there: bool
    empty_folders: tuple[str, ...] = ()


class _DatedSession:
    """An upload session that also remembers the bagging date, without which the tar would be another.

    Args:
        session: The session beneath.
        day: ISO date.
    """

    def __init__(self, session: UploadSession, day: str) -> None:
        self._session = session
        self._day = day

    def load(self) -> dict[str, Any] | None:
        """What was saved last, or None."""
        return self._session.load()

    def save(self, state: dict[str, Any]) -> None:
        """Keep a state with the date."""
        self._session.save({**state, _DAY: self._day})

    def clear(self) -> None:
        """Forget."""
        self._session.clear()


def send_folder(
    folder: Path,
    target: StorageTarget,
    *,
    name: str = "",
    profile: BagProfile,
    tags: Tags,
    tag_files: Sequence[TagFile] = (),
    session: UploadSession,
    part_size: int = DEFAULT_PART_SIZE,
    bagging_date: str = "",
    progress: ProgressCallback = no_progress,
) -> SentBag:
    """Make a bag of a folder's files inside a storage target, as `<name>.tar`, and read it back.

    Every file is read once. An equal bag that stands there already is a success, also when it was made
    on another day. Interrupted and called again, it reads the files again and sends only parts that
    the storage does not hold with the same digest.

    Args:
        folder: The folder with the files; it is read and never touched.
        target: Where the bag goes.
        name: The bag's name; the folder's own where empty.
        profile: The rules to keep.
        tags: Tag file -> label -> value.
        tag_files: Further files beside data/.
        session: Where to remember finished parts; it must be the same one at the next attempt.
        part_size: Bytes of each part but the last, where the bag is not too large for them.
        bagging_date: ISO date; where empty, that of the bag or upload that is there already, else today.
        progress: Told of bytes; what it raises cancels, and no object is made.

    Raises:
        AlreadyABag, PayloadMissing, BagContentsRefused, BagTagsInvalid: Before the first byte is sent.
        PayloadChanged: A file changed while it was read; the upload is given up.
        ObjectExists: Another object has the name.
        StorageError: One of its classes, by state.
    """
    source = folder_to_bag(folder)
    _refuse_inside(target, source)
    payload, empty = payload_of(source)
    name = name or source.name
    day = (
        bagging_date
        or _day_there(target, f"{name}.tar", session)
        or dt.datetime.now(dt.UTC).date().isoformat()
    )
    plan = plan_bag(name, payload, tags, tag_files, profile, day)
    return send_bag(
        plan,
        target,
        session=session,
        part_size=part_size,
        profile=profile.name,
        progress=progress,
        empty=empty,
    )


def send_bag(
    plan: BagPlan,
    target: StorageTarget,
    *,
    profile: str,
    session: UploadSession,
    part_size: int = DEFAULT_PART_SIZE,
    metadata: Mapping[str, str] | None = None,
    progress: ProgressCallback = no_progress,
    empty: tuple[str, ...] = (),
) -> SentBag:
    """Write a planned bag into a storage target and read it back; as `send_folder`."""
    size = expected_tar_size(plan)
    facts = {
        "bag-profile": profile,
        "payload-oxum": f"{plan.payload_bytes}.{len(plan.payload)}",
        **(metadata or {}),
    }
    dated = _DatedSession(session, dt.datetime.fromtimestamp(plan.mtime, dt.UTC).date().isoformat())
    try:
        packed, stored = _stream(
            plan, target, dated, choose_part_size(size, part_size), size, facts, progress
        )
    except BagError:
        # these files will not become this tar any more: nothing there is worth resuming, and what
        # cannot be removed now is an orphan
        with contextlib.suppress(StorageError):
            target.abandon(session)
        raise
    copy = stored.copy if stored.copy.was_read_back else target.confirm(stored.copy, progress)
    return SentBag(
        name=plan.name,
        copy=copy,
        part_size=stored.part_size,
        payload_files=len(plan.payload),
        payload_bytes=plan.payload_bytes,
        tag_manifest_sha256=packed.tag_manifest_sha256,
        already_there=stored.already_there,
        empty_folders=empty,
    )


def _stream(
    plan: BagPlan,
    target: StorageTarget,
    session: UploadSession,
    part_size: int,
    size: int,
    facts: Mapping[str, str],
    progress: ProgressCallback,
) -> tuple[Packed, StoredStream]:
    with target.streaming(
        f"{plan.name}.tar",
        part_size=part_size,
        expected_size=size,
        metadata=facts,
        session=session,
        progress=progress,
    ) as stream:
        # the stream tells of what arrived; what was read is told by nobody
        packed = pack(plan, TarSink(stream.write, plan.name, plan.mtime), no_progress)
        return packed, stream.finish()


def expected_tar_size(plan: BagPlan) -> int:
    """Bytes that the tar of a bag has at most, closely: contents, headers, manifests."""
    tag_files: Sequence[TagFile] = [*plan.leading, *plan.trailing]
    paths: Sequence[PayloadFile | TagFile] = [*plan.payload, *tag_files]
    manifests = len(plan.algorithms) + len(plan.tag_algorithms)
    lines = sum(len(file.path.encode()) + _LINE for file in paths) * max(manifests, 1)
    files = len(paths) + manifests
    content = plan.payload_bytes + sum(file.size for file in tag_files) + lines
    return content + files * (_HEADERS + tarfile.BLOCKSIZE) + tarfile.RECORDSIZE


def _day_there(target: StorageTarget, key: str, session: UploadSession) -> str:
    """The bagging date of the upload that was begun, or of the bag that stands there; comparing proves the rest."""
    begun = (session.load() or {}).get(_DAY, "")
    if begun:
        return str(begun)
    header = target.first_bytes(key, tarfile.BLOCKSIZE)
    try:
        top = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
        return dt.datetime.fromtimestamp(top.mtime, dt.UTC).date().isoformat()
    except (tarfile.TarError, ValueError, OverflowError, OSError):
        # rubbish, or a time that no calendar knows
        return ""


def _refuse_inside(target: StorageTarget, source: Path) -> None:
    if not target.url.startswith("file:"):
        return
    if path_of(target.url).resolve().is_relative_to(source):
        raise BagContentsRefused(
            f"The bag of {source} cannot be stored inside the same folder.",
            remedy="Name a storage target outside the folder that is bagged.",
        )
