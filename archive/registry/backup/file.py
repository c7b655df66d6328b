# SPDX-License-Identifier: Apache-2.0
"""The file of a backup: a tar of a manifest and of the compressed copy, which proves itself without anything beside it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from archive.digests import digest_file
from archive.errors import BackupUnusable
from archive.registry.backup.snapshot import SnapshotFacts

FORMAT = "recto-registry-backup"
VERSION = 1
MANIFEST, CONTENT = "manifest.json", "registry.gz"
LARGEST_MANIFEST = 1 << 20
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup says of itself.

    Attributes:
        made_at: ISO 8601 in UTC; the copy is of that moment or a little earlier.
        owner: Whose registry it is: the station's name, or that of the database.
        recto: Version of the Recto that made it.
        sha256: Of the copy before it was compressed.
        size: Bytes of the same.
        facts: What is in it.
    """

    made_at: str
    owner: str
    recto: str
    sha256: str
    size: int
    facts: SnapshotFacts

    def to_json(self) -> dict[str, Any]:
        """As a JSON object, as it stands in the file."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "made_at": self.made_at,
            "owner": self.owner,
            "recto": self.recto,
            "sha256": self.sha256,
            "bytes": self.size,
            **self.facts.to_json(),
        }


def pack(
    copy: Path, facts: SnapshotFacts, destination: Path, *, made_at: str, owner: str, recto: str
) -> BackupManifest:
    """Write the file of a backup.

    Args:
        copy: The copy of the registry.
        facts: What is in it.
        destination: A new file.
        made_at: When the copy was made.
        owner: Whose registry it is.
        recto: This Recto's version.

    Raises:
        OSError: There is no room.
    """
    digest = digest_file(copy, ("sha256",)).hexdigests()["sha256"]
    manifest = BackupManifest(made_at, owner, recto, digest, copy.stat().st_size, facts)
    compressed = destination.with_name(destination.name + ".gz")
    try:
        with copy.open("rb") as reading, gzip.GzipFile(compressed, "wb", compresslevel=6, mtime=0) as writing:
            shutil.copyfileobj(reading, writing, BLOCK)
        with tarfile.open(destination, "w", format=tarfile.PAX_FORMAT) as archive:
            document = json.dumps(manifest.to_json(), indent=2, sort_keys=True).encode()
            _add(archive, MANIFEST, io.BytesIO(document), len(document))
            with compressed.open("rb") as content:
                _add(archive, CONTENT, content, compressed.stat().st_size)
    finally:
        compressed.unlink(missing_ok=True)
    return manifest


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    archive.addfile(member, content)


def unpack(backup: Path, destination: Path) -> BackupManifest:
    """Write the copy of a registry out of a backup, and hold it against its digest.

    Args:
        backup: The file of a backup.
        destination: A new file; on an error there is none.

    Raises:
        BackupUnusable: It is no backup, of a newer kind, cut off, or damaged.
    """
    try:
        with tarfile.open(backup, "r:") as archive:
            manifest = _manifest(archive)
            digest, size = _unpacked(archive, destination, manifest.size)
    except (tarfile.TarError, KeyError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        destination.unlink(missing_ok=True)
        raise BackupUnusable(f"{backup.name} is no whole backup of a registry: {error}.") from error
    except BackupUnusable:
        destination.unlink(missing_ok=True)
        raise
    if size != manifest.size or digest != manifest.sha256:
        destination.unlink(missing_ok=True)
        raise BackupUnusable(f"{backup.name} is damaged: its copy does not have the recorded SHA-256.")
    return manifest


def _unpacked(archive: tarfile.TarFile, destination: Path, most: int) -> tuple[str, int]:
    """SHA-256 and size of the copy, which is written; no more than a block beyond the size it ought to have."""
    content = archive.extractfile(CONTENT)
    if content is None:
        raise BackupUnusable("There is no copy of a registry in the backup.")
    digest, size = hashlib.sha256(), 0
    with gzip.GzipFile(fileobj=content) as reading, destination.open("xb") as writing:
        destination.chmod(0o600)
        while size <= most and (block := reading.read(BLOCK)):
            size += len(block)
            digest.update(block)
            writing.write(block)
    return digest.hexdigest(), size


def _manifest(archive: tarfile.TarFile) -> BackupManifest:
    content = archive.extractfile(MANIFEST)
    if content is None:
        raise BackupUnusable("The backup has no manifest.")
    try:
        document = json.loads(content.read(LARGEST_MANIFEST))
        if document["format"] != FORMAT or document["version"] != VERSION:
            raise BackupUnusable(
                f"The backup is of the kind {document['format']} {document['version']}, unknown to this Recto.",
                remedy="Install the Recto that made it, or a newer one.",
            )
        return BackupManifest(
            made_at=str(document["made_at"]),
            owner=str(document["owner"]),
            recto=str(document["recto"]),
            sha256=str(document["sha256"]),
            size=int(document["bytes"]),
            facts=SnapshotFacts.from_json(document),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BackupUnusable("The backup's manifest cannot be read.") from error
