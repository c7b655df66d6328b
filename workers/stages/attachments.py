# SPDX-License-Identifier: Apache-2.0
"""Files that go along with an item's pages, a PDF or a finding aid: into the item's folder unchanged, and recorded."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from archive.digests import BLOCK, digest_file
from archive.durable import durable_file
from archive.errors import CopyMismatch
from archive.fetching.addresses import is_address, parse_address
from archive.manifest.names import same_name_key
from archive.registry.events import append_event
from archive.registry.pages import RecordedFile, files_of, record_file
from workers.errors import SourceMissing
from workers.stages.fetched_files import FetchedFile, fetched_attachment, forget_fetched
from workers.versions import recto_agent
from workers.work import Work

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f/\\:*?\"<>|\u2028\u2029\ud800-\udfff]")
_LONGEST_NAME = 120
"""Bytes of a name: a bag's path may be limited to 255 in all."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment of an item.

    Attributes:
        source: The file that the manifest names, or its address.
        name: What it is called in the bag, below `data/attachments`.
    """

    source: str
    name: str

    @property
    def path(self) -> str:
        """Where it lies, relative to the item's folder."""
        return f"attachments/{self.name}"

    def is_taken_in(self, work: Work) -> bool:
        """Whether it is recorded as a file of the item."""
        with work.node.registry.reading() as session:
            return any(
                file.path == self.path for file in files_of(session, work.claim.item, use="attachment")
            )


def takes_attachments(work: Work) -> bool:
    """Whether this unit is the one that brings its item's attachments: the first of its stage."""
    return work.first_page in {None, 1}


def attachments_of(work: Work) -> list[Attachment]:
    """The attachments of an item in the manifest's order; equal names are told apart by a number."""
    taken: set[str] = set()
    found = []
    for source in work.item.get("attachments") or ():
        name, number = _name_of(source), 1
        while same_name_key(name) in taken:
            number += 1
            name = f"{number}-{_name_of(source)}"
        taken.add(same_name_key(name))
        found.append(Attachment(source, name))
    return found


def take_in_attachments(work: Work) -> int:
    """Bring an item's attachments into its folder, and record them; those that are there already stay.

    Returns:
        How many were brought.

    Raises:
        SourceMissing: One is gone.
        FetchError: One cannot be fetched from its server.
        CopyMismatch: One changed while it was copied.
        OSError: One cannot be read, or the disk is full.
    """
    brought = 0
    for attachment in attachments_of(work):
        work.still_ours()
        if not attachment.is_taken_in(work):
            _take_in(work, attachment)
            brought += 1
    return brought


def _name_of(source: str) -> str:
    name = parse_address(source).plain_path.rstrip("/") if is_address(source) else source
    name = _UNFIT.sub("_", name.rpartition("/")[2]).strip(" .").lstrip("-") or "attachment"
    stem, dot, ending = name.rpartition(".")
    while len(name.encode()) > _LONGEST_NAME:
        stem = stem[:-1] if dot else ""
        name = f"{stem}{dot}{ending}" if stem else name[:-1]
    return name


def _take_in(work: Work, attachment: Attachment) -> None:
    fetched = None
    if is_address(attachment.source):
        fetched = fetched_attachment(work, attachment.source, attachment.name)
        source, told = fetched.path, fetched.url
    else:
        source, told = Path(attachment.source), attachment.source
        if not source.is_file():
            raise SourceMissing(f"The attachment {source} is gone.", missing=[str(source)])
    recorded = _copy(work, attachment, source, fetched)
    with work.recording() as session:
        record_file(session, work.claim.item, recorded)
        append_event(
            session,
            work.claim.batch,
            "ingestion",
            item=work.claim.item_name,
            detail={
                "file": recorded.path,
                "sha256": recorded.sha256,
                "md5": recorded.md5,
                "size": recorded.size,
                "source": told,
            },
            agents=(recto_agent(),),
        )
    if fetched is not None:
        forget_fetched(fetched)


def _copy(work: Work, attachment: Attachment, source: Path, fetched: FetchedFile | None) -> RecordedFile:
    """Copy it to its place; the copy is read back, and is what was read, and what was fetched."""
    delivered = digest_file(source).hexdigests()["sha256"]
    destination = work.folder / attachment.path
    # one that lies there is of an attempt that died before it was recorded
    with source.open("rb") as original, durable_file(destination) as copy:
        while block := original.read(BLOCK):
            work.still_ours()
            copy.write(block)
    mime = mimetypes.guess_type(attachment.name)[0] or "application/octet-stream"
    recorded = RecordedFile.on_disk(work.folder, attachment.path, use="attachment", mime=mime)
    if recorded.sha256 != delivered or (fetched is not None and fetched.sha256 != delivered):
        destination.unlink()
        raise CopyMismatch(
            f"The copy of {source} at {destination} is not the file that was delivered.",
            path=str(destination),
            expected=fetched.sha256 if fetched is not None else delivered,
            found=recorded.sha256,
        )
    return recorded
