# SPDX-License-Identifier: Apache-2.0
"""Reading an arriving bag, once and whole, where it lies: what it holds, what is wrong with it, what it says of itself."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, cast

from archive.bag.findings import Finding, Rule
from archive.bag.manifest_lines import manifest_line
from archive.bag.profile_check import Form
from archive.bag.readers import Member, TarReader, printable
from archive.bag.validator import BagReading, read_bag
from archive.custody.statement import LARGEST_STATEMENT, STATEMENT_PATH, Statement
from archive.digest_threads import DigestThreads
from archive.errors import DamagedInTransit
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter
from archive.receiving.formats import FormatWatch, Identified
from archive.receiving.one_pass import BLOCK, OnePass
from archive.storage.place import ObjectReader

DIGESTS = ("md5", "sha256", "sha512")
"""What is taken of every file: sha256 is what everything is proved by, the others are kept for who asks."""

MOST_TOLD = 1_000
"""Findings of a kind that are kept; a report with more than that is read by nobody."""

MOST_TAGS = 1 << 20
"""Letters of tags that are kept in the registry; all of them stay in the bag's own files."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What one reading of an arriving bag gave.

    Attributes:
        bag: The check of the bag.
        members: Its files in the order in which they lie in the tar.
        formats: What each was identified as, by path.
        foreign_top: The folder in the tar where it is named unlike the tar, else "".
        bag_sha256: Of the whole tar.
        bytes_read: How many bytes the place was asked for.
        chain_root: Root of the chain of custody that the bag carries; "" where it carries none.
        findings: What is wrong besides.
    """

    bag: BagReading
    members: Sequence[Member]
    formats: Mapping[str, Identified]
    foreign_top: str
    bag_sha256: str
    bytes_read: int
    chain_root: str
    findings: Sequence[Finding]

    @property
    def is_sound(self) -> bool:
        """Whether its reading found nothing for which it is refused."""
        return not (self.findings or self.bag.errors)

    def files(self) -> Iterator[dict[str, Any]]:
        """Each file as a row of the registry: path, size, offset, md5, sha256, sha512, format."""
        for member in self.members:
            facts = self.bag.files[member.path]
            yield {
                "path": member.path,
                "size": facts.size,
                "offset": member.offset,
                **{name: facts.hexdigest(name) for name in DIGESTS},
                "format": self.formats[member.path].to_json(),
            }

    def to_json(self) -> dict[str, Any]:
        """What is kept of it with the work item, without the files."""
        errors = [*self.findings, *self.bag.errors]
        payload = [facts for path, facts in self.bag.files.items() if path.startswith("data/")]
        tag_manifest = self.bag.files.get("tagmanifest-sha256.txt")
        return {
            "bag_sha256": self.bag_sha256,
            "foreign_top": self.foreign_top,
            "profile": self.bag.profile.name if self.bag.profile else "",
            "errors": [told(finding) for finding in errors[:MOST_TOLD]],
            "error_count": len(errors),
            "warnings": [told(finding) for finding in self.bag.warnings[:MOST_TOLD]],
            "warning_count": len(self.bag.warnings),
            "tags": _kept_tags(self.bag.tags),
            "files": len(self.bag.files),
            "payload_files": len(payload),
            "payload_bytes": sum(facts.size for facts in payload),
            "payload_sha256": self.payload_sha256() if not errors else "",
            "tag_manifest_sha256": tag_manifest.hexdigest("sha256") if tag_manifest else "",
            "chain_root": self.chain_root,
        }

    def payload_sha256(self) -> str:
        """The digest over the payload: of manifest-sha256.txt as Recto writes it, whatever manifests the bag has."""
        digest = hashlib.sha256()
        for path in sorted(path for path in self.bag.files if path.startswith("data/")):
            digest.update(manifest_line(path, self.bag.files[path].hexdigest("sha256") or ""))
        return digest.hexdigest()


def read_arriving(
    opened: ObjectReader, name: str, *, told_sha256: str = "", progress: ProgressCallback = no_progress
) -> Arrived:
    """Read a tar from its first byte to its last, and check the bag in it.

    Args:
        opened: The tar.
        name: The bag's name, which its top folder must have.
        told_sha256: What the uploader told of the whole tar; "" where nothing was told.
        progress: Told of bytes; what it raises stops it.

    Raises:
        StorageError: It cannot be read to its end; whatever is wrong with the bag itself is a finding.
    """
    with DigestThreads() as threads:
        whole = OnePass(opened, threads)
        reader = TarReader(cast("IO[bytes]", whole), name, whole.size, one_go=True)
        watch = _Watch()
        bag = read_bag(reader, name, form=Form.TAR, always=DIGESTS, through=watch.watched, progress=progress)
        sha256 = whole.sha256()
    root, findings = _chain_root(watch.statement)
    findings += _unwritable_names(reader.inventory.members)
    if told_sha256 and told_sha256 != sha256:
        message = f"The uploader told the SHA-256 {told_sha256}; what arrived has {sha256}."
        findings.append(Finding(Rule.BAG_CHANGED, "", message))
    return Arrived(
        bag=bag,
        members=reader.inventory.members,
        formats=watch.formats.found,
        foreign_top=reader.inventory.foreign_top,
        bag_sha256=sha256,
        bytes_read=whole.bytes_read,
        chain_root=root,
        findings=findings,
    )


def told(finding: Finding) -> dict[str, str]:
    """A finding as it is kept: databases take no NUL."""
    return {name: _plain(value) for name, value in finding.to_json().items()}


def _plain(text: str) -> str:
    return text.replace("\0", "\\x00")


def _kept_tags(tags: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, list[list[str]]]:
    left = MOST_TAGS
    kept: dict[str, list[list[str]]] = {}
    for file, pairs in tags.items():
        kept[file] = []
        for label, value in pairs:
            left -= len(label) + len(value)
            if left < 0:
                return kept
            kept[file].append([_plain(label), _plain(value)])
    return kept


def _unwritable_names(members: Iterable[Member]) -> list[Finding]:
    """Names that no registry, inventory or receipt could spell; a bag may have them with a warning only."""
    message = "The name is not UTF-8, so that the file could not be given back under it."
    return [
        Finding(Rule.UNPORTABLE_NAME, printable(member.path), message)
        for member in members
        if printable(member.path) != member.path
    ]


def require_same(opened: ObjectReader, arrived: Arrived, *, progress: ProgressCallback = no_progress) -> None:
    """Read a tar once more, before a bag is refused for bytes that may only have been damaged on their way here.

    Args:
        opened: The tar.
        arrived: What was read of it before.
        progress: Told of bytes; what it raises stops it.

    Raises:
        DamagedInTransit: This time it had other bytes.
        StorageError: One of its other classes, by state.
    """
    digest = hashlib.sha256()
    meter = ProgressMeter(progress, "Reading once more", opened.size)
    meter.start()
    while block := opened.read(BLOCK):
        digest.update(block)
        meter.advance(len(block))
    meter.finish()
    if digest.hexdigest() != arrived.bag_sha256:
        raise DamagedInTransit(
            f"Read twice, the bag had the SHA-256 {arrived.bag_sha256} and then {digest.hexdigest()}.",
            consequence="The bag was not judged; it lies where it arrived.",
            remedy="It is read again by itself. If this happens often, have disks, memory and network checked.",
        )


class _Watch:
    """Sees the files of a bag as they pass: their formats, and the seal of their history."""

    def __init__(self) -> None:
        self.formats = FormatWatch()
        self.statement: bytes | None = None

    def watched(self, member: Member, blocks: Iterable[bytes]) -> Iterable[bytes]:
        """Pass the blocks of a file on."""
        blocks = self.formats.watched(member.path, blocks)
        return self._kept(blocks) if _is_seal(member) else blocks

    def _kept(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        statement = bytearray()
        for block in blocks:
            statement += block
            yield block
        self.statement = bytes(statement)


def _is_seal(member: Member) -> bool:
    return member.path == STATEMENT_PATH and member.size <= LARGEST_STATEMENT


def _chain_root(statement: bytes | None) -> tuple[str, list[Finding]]:
    """The root that a bag's seal tells, unproved: whoever holds the public key can prove it from the copies."""
    if statement is None:
        return "", []
    with contextlib.suppress(ValueError):
        return Statement.from_bytes(statement).events_root, []
    return "", [Finding(Rule.FILE_UNREADABLE, STATEMENT_PATH, "It is no statement of the chain of custody.")]
