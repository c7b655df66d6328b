# SPDX-License-Identifier: Apache-2.0
"""PREMIS 3.0: the objects of an item with fixity and format, what happened to them, and who did it.

The item is an intellectual entity, each page a representation, each file a file. Identifiers are
local to the bag: a file's is its path, the item's its id, so that events and objects meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from archive.metadata.description import (
    AgentDescription,
    EventDescription,
    FileDescription,
    ItemDescription,
    PageDescription,
)
from archive.metadata.dublin_core import SIMULATED_NOTICE
from archive.metadata.formats import PRONOM_REGISTRY, format_of
from archive.metadata.xml_stream import XSI, XmlStream, xml_document

PREMIS = "http://www.loc.gov/premis/v3"
EVENT_CHAIN = "urn:recto:event-chain"
"""Namespace of the one element that is ours: an event's link in the batch's chain of digests."""

_LOCAL = "local"
_EVENT_TYPES = "http://id.loc.gov/vocabulary/preservation/eventType"
_AGENT_TYPES = "http://id.loc.gov/vocabulary/preservation/agentType"

# the terms of that vocabulary that Recto's own stages can cause; others are written without authority
_KNOWN_EVENT_TYPES = frozenset(
    {
        "accession",
        "capture",
        "creation",
        "deletion",
        "filename change",
        "fixity check",
        "format identification",
        "information package creation",
        "ingestion",
        "message digest calculation",
        "metadata extraction",
        "metadata modification",
        "migration",
        "modification",
        "normalization",
        "packing",
        "replication",
        "transfer",
        "unpacking",
        "validation",
        "virus check",
    }
)


def page_identifier(item: ItemDescription, page: PageDescription) -> str:
    """The PREMIS identifier of a page as a representation."""
    return f"{item.id}#page-{page.number}"


def write_premis(item: ItemDescription, destination: BinaryIO) -> None:
    """Write the PREMIS document of an item, in time and size linear in its files and events."""
    with xml_document(
        destination,
        "premis",
        namespace=PREMIS,
        nsmap={None: PREMIS, "xsi": XSI, "chain": EVENT_CHAIN},
        attributes={"version": "3.0"},
    ) as stream:
        _entity(stream, item)
        for page in item.pages:
            _representation(stream, item, page)
            for file in page.files:
                _file(stream, file, part_of=page_identifier(item, page), page=page)
        for file in item.files:
            _file(stream, file, part_of=item.id)
        for event in item.events:
            _event(stream, event)
        for agent in item.agents:
            _agent(stream, agent)


# Objects


def _entity(stream: XmlStream, item: ItemDescription) -> None:
    with _object(stream, "intellectualEntity", item.id):
        if item.simulated:
            _property(stream, "simulated", SIMULATED_NOTICE)
        if item.title:
            _property(stream, "title", item.title)
        for number, label in item.missing_pages:
            _property(stream, "missing page", f"{number}, labelled {label}" if label else str(number))


def _representation(stream: XmlStream, item: ItemDescription, page: PageDescription) -> None:
    with _object(stream, "representation", page_identifier(item, page)):
        if page.simulated:
            _property(stream, "simulated", SIMULATED_NOTICE)
        _property(stream, "order", str(page.number))
        if page.label:
            _property(stream, "label", page.label)
        if page.rotation:
            _property(stream, "rotation for viewing", f"{page.rotation * 90} degrees clockwise")
        _relationship(stream, "structural", "is part of", item.id)


def _file(
    stream: XmlStream, file: FileDescription, *, part_of: str, page: PageDescription | None = None
) -> None:
    with _object(stream, "file", file.path):
        if page is not None and file.use == "master" and page.pixel_sha256:
            _property(stream, "SHA-256 of the canonical pixels", page.pixel_sha256)
        with stream.element("objectCharacteristics"):
            stream.leaf("compositionLevel", "0")
            _fixities(stream, file)
            stream.leaf("size", str(file.size))
            header = page.technical if page is not None and file.use == "master" else {}
            _format(stream, file, str(header.get("format_version") or ""))
            with stream.element("creatingApplication"):
                stream.leaf("dateCreatedByApplication", file.created_at)
        _relationship(stream, "structural", "is part of", part_of)
        source = page.source_of(file) if page is not None else None
        if source is not None:
            _relationship(stream, "derivation", "has source", source.path)


def _fixities(stream: XmlStream, file: FileDescription) -> None:
    for algorithm, digest in (("SHA-256", file.sha256), ("MD5", file.md5)):
        if digest:
            with stream.element("fixity"):
                stream.leaf("messageDigestAlgorithm", algorithm)
                stream.leaf("messageDigest", digest)


def _format(stream: XmlStream, file: FileDescription, version: str) -> None:
    known = format_of(file, version)
    with stream.element("format"):
        with stream.element("formatDesignation"):
            stream.leaf("formatName", known.name)
            if known.version:
                stream.leaf("formatVersion", known.version)
        if known.pronom:
            with stream.element("formatRegistry"):
                stream.leaf("formatRegistryName", PRONOM_REGISTRY)
                stream.leaf("formatRegistryKey", known.pronom)


@contextmanager
def _object(stream: XmlStream, kind: str, identifier: str) -> Iterator[None]:
    with stream.element("object", {f"{{{XSI}}}type": kind}):
        _identifier(stream, "objectIdentifier", identifier)
        yield


def _property(stream: XmlStream, kind: str, value: str) -> None:
    with stream.element("significantProperties"):
        stream.leaf("significantPropertiesType", kind)
        stream.leaf("significantPropertiesValue", value)


def _relationship(stream: XmlStream, kind: str, subtype: str, other: str) -> None:
    with stream.element("relationship"):
        stream.leaf("relationshipType", kind)
        stream.leaf("relationshipSubType", subtype)
        _identifier(stream, "relatedObjectIdentifier", other)


# Events and agents


def _event(stream: XmlStream, event: EventDescription) -> None:
    authority = {"authority": "eventType", "authorityURI": _EVENT_TYPES}
    with stream.element("event"):
        _identifier(stream, "eventIdentifier", event.id)
        stream.leaf("eventType", event.type, authority if event.type in _KNOWN_EVENT_TYPES else None)
        stream.leaf("eventDateTime", event.at)
        if event.detail or event.hash:
            with stream.element("eventDetailInformation"):
                if event.detail:
                    stream.leaf("eventDetail", event.detail)
                if event.hash:
                    with stream.element("eventDetailExtension"):
                        stream.leaf(f"{{{EVENT_CHAIN}}}sha256", event.hash)
        if event.outcome:
            with stream.element("eventOutcomeInformation"):
                stream.leaf("eventOutcome", event.outcome)
        _links(stream, "linkingAgentIdentifier", event.agents)
        _links(stream, "linkingObjectIdentifier", event.objects)


def _links(stream: XmlStream, tag: str, identifiers: Iterable[str]) -> None:
    for identifier in identifiers:
        _identifier(stream, tag, identifier)


def _agent(stream: XmlStream, agent: AgentDescription) -> None:
    with stream.element("agent"):
        _identifier(stream, "agentIdentifier", agent.id)
        stream.leaf("agentName", agent.name)
        stream.leaf("agentType", agent.kind, {"authority": "agentType", "authorityURI": _AGENT_TYPES})
        if agent.version:
            stream.leaf("agentVersion", agent.version)
        if agent.note:
            stream.leaf("agentNote", agent.note)


def _identifier(stream: XmlStream, tag: str, value: str) -> None:
    with stream.element(tag):
        stream.leaf(f"{tag}Type", _LOCAL)
        stream.leaf(f"{tag}Value", value)
