# SPDX-License-Identifier: Apache-2.0
"""Everything that the metadata writers know about an item, as plain values without a registry.

A description is checked when it is made: a writer that holds one cannot run into a missing digest
or a link to nowhere half-way through a file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Literal, get_args

from archive.errors import ArchiveError

METS_PATH = "data/mets.xml"
"""Where the METS file stands in a bag; its links are relative to this place."""

PREMIS_PATH = "metadata/premis.xml"
"""Where the PREMIS file stands in a bag."""

AgentKind = Literal["organization", "person", "hardware", "software"]
"""The agent types of PREMIS (id.loc.gov/vocabulary/preservation/agentType)."""

FileUse = Literal[
    "master", "original", "attachment", "access", "thumbnail", "alto", "hocr", "text", "pdf", "technical"
]
"""What a file is for; one METS file group each, in this order."""

FILE_USES: tuple[FileUse, ...] = get_args(FileUse)

_AGENT_KINDS: tuple[AgentKind, ...] = get_args(AgentKind)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MD5 = re.compile(r"[0-9a-f]{32}")
# xsd:dateTime with its time zone present (XML Schema Part 2, section 3.2.7)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class DescriptionError(ArchiveError):
    """A description contradicts itself or lacks what the standards demand."""

    code = "metadata.description"
    default_consequence = "No metadata was written; the item cannot be bagged with it."
    default_remedy = "Run the item's characterise stage again; report it if the message stays the same."


@dataclass(frozen=True, slots=True)
class AgentDescription:
    """Who or what took part: an institution, an operator, a scanner, a program.

    Attributes:
        id: The name by which events refer to it, unique in the item.
        name: What people call it.
        kind: One of the agent types of PREMIS.
        version: Firmware or program version, empty where there is none.
        note: Anything a reader must know, such as "simulated".
    """

    id: str
    name: str
    kind: AgentKind
    version: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not self.id or not self.name:
            raise DescriptionError(f"An agent has no id or no name: id {self.id!r}, name {self.name!r}.")
        if self.kind not in _AGENT_KINDS:
            raise DescriptionError(f"Agent {self.id!r} is of the unknown kind {self.kind!r}.")


@dataclass(frozen=True, slots=True)
class FileDescription:
    """One file of the bag.

    Attributes:
        path: Inside the bag, with slashes, such as "data/masters/0001.tif".
        use: What the file is for.
        mime: Its media type.
        size: In bytes.
        sha256: 64 lower-case hexadecimal digits.
        md5: 32 lower-case hexadecimal digits, or empty where none was taken.
        created_at: ISO 8601 with time zone.
    """

    path: str
    use: FileUse
    mime: str
    size: int
    sha256: str
    md5: str
    created_at: str

    def __post_init__(self) -> None:
        parts = PurePosixPath(self.path).parts
        if not parts or parts[0] == "/" or ".." in parts:
            raise DescriptionError(f"{self.path!r} is not a path inside a bag.")
        if self.use not in FILE_USES:
            raise DescriptionError(f"{self.path} has the unknown use {self.use!r}.")
        if self.size < 0:
            raise DescriptionError(f"{self.path} has the impossible size {self.size}.")
        if not _SHA256.fullmatch(self.sha256) or (self.md5 and not _MD5.fullmatch(self.md5)):
            raise DescriptionError(f"{self.path} has a digest that is not lower-case hexadecimal in full.")
        _require_moment(self.created_at, self.path)


@dataclass(frozen=True, slots=True)
class PageDescription:
    """One page and its files.

    Attributes:
        number: Its place in the item, from 1.
        label: What is printed on it, such as "xii" or "[cover]"; may be empty.
        files: Master, derivatives and text of the page.
        technical: The characterised facts of the master: width, height (pixels), bits_per_sample,
            samples_per_pixel, photometric, color_space, compression, byte_order, dpi ([x, y] or None),
            icc ({"name", ...} or None), mime, format_version, orientation (1 to 8, as TIFF tag 274).
        captured_at: ISO 8601 with time zone, or None for an accessioned file.
        device: vendor, model, serial, id, simulated; None for an accessioned file.
        options: Scanner options by name, each {"requested", "actual"}.
        pixel_sha256: Digest of the canonical pixels, or empty.
        rotation: Quarter turns clockwise after which people read it; its files are as they were captured.
        target: Of the colour target that speaks for it: file (its path in the bag), name, standard and level;
            None where there is none.
    """

    number: int
    label: str
    files: tuple[FileDescription, ...]
    technical: Mapping[str, Any]
    captured_at: str | None
    device: Mapping[str, Any] | None
    options: Mapping[str, Any]
    pixel_sha256: str
    rotation: int = 0
    target: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.captured_at is not None:
            _require_moment(self.captured_at, f"page {self.number}")
        if self.pixel_sha256 and not _SHA256.fullmatch(self.pixel_sha256):
            raise DescriptionError(f"Page {self.number} has a pixel digest that is not a SHA-256.")

    @property
    def master(self) -> FileDescription | None:
        """The preservation file of the page, if it is in the bag."""
        return next((file for file in self.files if file.use == "master"), None)

    def source_of(self, file: FileDescription) -> FileDescription | None:
        """The file that a file of the page was made from: derivatives from the master, that from an original."""
        if file.use in {"original", "technical"}:
            return None
        if file.use != "master":
            return self.master
        return next((other for other in self.files if other.use == "original"), None)

    @property
    def simulated(self) -> bool:
        """Whether a simulated scanner made the page, so that no sheet of paper stands behind it."""
        return bool(self.device and self.device.get("simulated"))


@dataclass(frozen=True, slots=True)
class EventDescription:
    """One thing that happened to the item or its files.

    Attributes:
        id: Unique in the item.
        type: A term of id.loc.gov/vocabulary/preservation/eventType where there is one.
        at: ISO 8601 with time zone.
        detail: What was done, in words.
        outcome: How it ended, such as "success".
        agents: Ids of the agents that took part.
        objects: Paths in the bag, or the item's id.
        hash: The event's link in the batch's chain (SHA-256), or empty.
    """

    id: str
    type: str
    at: str
    detail: str
    outcome: str
    agents: tuple[str, ...]
    objects: tuple[str, ...]
    hash: str = ""

    def __post_init__(self) -> None:
        if not self.id or not self.type:
            raise DescriptionError(f"An event has no id or no type: id {self.id!r}, type {self.type!r}.")
        _require_moment(self.at, f"event {self.id}")


@dataclass(frozen=True, slots=True)
class ItemDescription:
    """An item (a volume, a folder, a letter): all that goes into the metadata of one bag.

    Attributes:
        batch: Id of the batch.
        id: Id of the item, unique in the batch.
        institution, collection, title, creator, date, language, rights: As in the manifest; may be empty.
        pages: In reading order.
        files: Files of the item as a whole, such as its PDF.
        agents: All that the events refer to.
        events: In the order in which they happened.
        simulated: Whether any page came from a simulated scanner.
        created_at: ISO 8601 with time zone; the date that METS and PREMIS carry.
        missing_pages: Number and label of pages that the item ought to have and has not, as a person saw.
    """

    batch: str
    id: str
    institution: str
    collection: str
    title: str
    creator: str
    date: str
    language: str
    rights: str
    pages: tuple[PageDescription, ...]
    files: tuple[FileDescription, ...]
    agents: tuple[AgentDescription, ...]
    events: tuple[EventDescription, ...]
    simulated: bool
    created_at: str
    missing_pages: tuple[tuple[int, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.id:
            raise DescriptionError("An item has no id.")
        _require_moment(self.created_at, f"item {self.id}")
        _require_unique("page number", (page.number for page in self.pages))
        _require_unique("file", (file.path for file in self.all_files()))
        _require_unique("agent", (agent.id for agent in self.agents))
        _require_unique("event", (event.id for event in self.events))
        known = {agent.id for agent in self.agents}
        for event in self.events:
            if unknown := set(event.agents) - known:
                raise DescriptionError(f"Event {event.id} names unknown agents: {sorted(unknown)}.")
        if any(page.simulated for page in self.pages) and not self.simulated:
            raise DescriptionError(
                f"Item {self.id} holds pages of a simulated scanner and is not marked as simulated."
            )

    def all_files(self) -> Iterator[FileDescription]:
        """Files of the pages in reading order, then those of the item."""
        for page in self.pages:
            yield from page.files
        yield from self.files

    @property
    def capturing_software(self) -> AgentDescription | None:
        """The first program that took part in a capture event, if one is recorded."""
        software = {agent.id: agent for agent in self.agents if agent.kind == "software"}
        for event in self.events:
            if event.type == "capture":
                for agent in event.agents:
                    if agent in software:
                        return software[agent]
        return None


def _require_moment(text: str, owner: str) -> None:
    try:
        readable = bool(_MOMENT.fullmatch(text)) and datetime.fromisoformat(text) is not None
    except ValueError:
        readable = False
    if not readable:
        raise DescriptionError(f"{owner} carries {text!r}, which is not an ISO 8601 time with its time zone.")


def _require_unique(what: str, values: Iterable[object]) -> None:
    if doubled := [value for value, count in Counter(values).items() if count > 1]:
        raise DescriptionError(f"The item has the same {what} more than once: {doubled[:5]!r}.")
