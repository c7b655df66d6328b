# SPDX-License-Identifier: Apache-2.0
"""What is told of a version: counted while its files go by, and said in the object's chain as PREMIS events."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.bag.manifest_lines import format_manifest
from archive.registry.object_versions import PAYLOAD, ArrivedFile

DIGESTS = ("md5", "sha256", "sha512")
"""What is computed of every file that arrives."""

TITLES = (("aptrust-info.txt", "Title"), ("bag-info.txt", "Title"), ("bag-info.txt", "External-Description"))
ACCESSES = (("aptrust-info.txt", "Access"), ("bag-info.txt", "Access"))

Tags = Mapping[str, Sequence[Sequence[str]]]
"""All tags of a bag, by tag file: `{file: [[label, value], ...]}`."""


@dataclass
class VersionFacts:
    """What the files of a version amount to.

    Attributes:
        files: How many there are, tag files included; `size` their bytes.
        payload_files: How many of them are payload; `payload_bytes` their bytes.
        formats: How many files there are of each format, by PRONOM identifier; "" for those nobody could tell.
    """

    files: int = 0
    size: int = 0
    payload_files: int = 0
    payload_bytes: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    _payload: list[tuple[str, str]] = field(default_factory=list)

    def counted(self, files: Iterable[ArrivedFile]) -> Iterator[ArrivedFile]:
        """Pass files on while they are counted."""
        for file in files:
            self.files += 1
            self.size += file.size
            self.formats[(file.format or {}).get("puid", "")] += 1
            if file.path.startswith(PAYLOAD):
                self.payload_files += 1
                self.payload_bytes += file.size
                self._payload.append((file.path, file.sha256))
            yield file

    @property
    def payload_sha256(self) -> str:
        """Over the payload as a manifest lists it: equal payloads have equal ones."""
        return hashlib.sha256(format_manifest(self._payload)).hexdigest()


def tag_value(tags: Tags, wanted: Iterable[tuple[str, str]]) -> str:
    """The first value that one of these labels has in its tag file; "" where none has one."""
    for file, label in wanted:
        for written, value in tags.get(file, ()):
            if written.lower() == label.lower() and value:
                return value
    return ""


def ingest_events(
    facts: VersionFacts,
    *,
    profile: str,
    warnings: int,
    copies: Iterable[Mapping[str, Any]],
    ingestion: Mapping[str, Any],
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of an ingest that made a version, in their order: PREMIS type and detail.

    Args:
        facts: What its files amount to.
        profile: The bag profile it was held against.
        warnings: How many things were odd, without being wrong.
        copies: For each location `{location, contents, bytes, proof, checked_at}`.
        ingestion: What the last of them tells.
    """
    yield (
        "message digest calculation",
        {"algorithms": list(DIGESTS), "files": facts.files, "bytes": facts.size},
    )
    yield "validation", {"profile": profile, "warnings": warnings, "files": facts.files}
    yield "format identification", {"formats": dict(sorted(facts.formats.items()))}
    for copy in copies:
        told = {name: copy[name] for name in ("location", "contents", "bytes")}
        yield "replication", told
        yield "fixity check", {**told, "proof": copy["proof"], "purpose": "before the version was recorded"}
    yield "ingestion", dict(ingestion)
