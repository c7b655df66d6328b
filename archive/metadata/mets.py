# SPDX-License-Identifier: Apache-2.0
"""METS 1.12: the table of contents of a bag, with its files, their digests and the order of the pages.

The document is written in one go and grows by less than 2 kB a page: technical metadata is shared
by all pages of one capture profile, events are referred to in the PREMIS file.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote

from lxml import etree

from archive.metadata.capture_profile import CaptureProfiles, capture_profiles
from archive.metadata.description import (
    FILE_USES,
    METS_PATH,
    PREMIS_PATH,
    AgentDescription,
    FileDescription,
    FileUse,
    ItemDescription,
)
from archive.metadata.dublin_core import DUBLIN_CORE, SIMULATED_NOTICE, dublin_core
from archive.metadata.mix import mix_element, mix_of_size
from archive.metadata.xml_stream import XLINK, XmlStream, xml_document

METS = "http://www.loc.gov/METS/"

_HREF = f"{{{XLINK}}}href"
_LABEL = f"{{{XLINK}}}label"


def write_mets(
    item: ItemDescription, destination: BinaryIO, *, location: str = METS_PATH, premis: str = PREMIS_PATH
) -> None:
    """Write the METS document of an item, in time and size linear in its pages.

    Args:
        item: What to describe.
        destination: A binary file.
        location: Where the document will stand in the bag; links are relative to it.
        premis: Where the PREMIS file stands in the bag.
    """
    _Document(item, location, premis).write(destination)


def relative_link(path: str, location: str) -> str:
    """A file of the bag as a relative URL, seen from the document at `location` (RFC 3986, section 4.2)."""
    relative = posixpath.relpath(path, posixpath.dirname(location) or ".")
    # percent-encoding carries what XML text cannot: even half a surrogate pair has bytes to write down
    return quote(relative.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file with the id under which it stands in the document."""

    id: str
    file: FileDescription
    technical: str


class _Document:
    def __init__(self, item: ItemDescription, location: str, premis: str) -> None:
        self._item = item
        self._location = location
        self._premis = premis
        self._profiles: CaptureProfiles = capture_profiles(item.pages)

    def write(self, destination: BinaryIO) -> None:
        item = self._item
        attributes = {"OBJID": item.id, "LABEL": self._label(), "TYPE": "item"}
        with xml_document(
            destination,
            "mets",
            namespace=METS,
            nsmap={None: METS, "xlink": XLINK, "dc": DUBLIN_CORE},
            attributes=attributes,
        ) as stream:
            self._header(stream)
            self._descriptive(stream)
            self._administrative(stream)
            self._files(stream)
            self._physical(stream)
            self._logical(stream)
            self._links(stream)

    def _label(self) -> str:
        title = self._item.title or self._item.id
        return f"SIMULATED: {title}" if self._item.simulated else title

    def _header(self, stream: XmlStream) -> None:
        item = self._item
        attributes = {"CREATEDATE": item.created_at}
        if item.simulated:
            attributes["RECORDSTATUS"] = "SIMULATED"
        with stream.element("metsHdr", attributes):
            if item.institution:
                with stream.element("agent", {"ROLE": "CUSTODIAN", "TYPE": "ORGANIZATION"}):
                    stream.leaf("name", item.institution)
                    if item.simulated:
                        stream.leaf("note", SIMULATED_NOTICE)
            for agent in item.agents:
                _header_agent(stream, agent)
            if item.batch:
                stream.leaf("altRecordID", item.batch, {"TYPE": "batch"})

    def _descriptive(self, stream: XmlStream) -> None:
        with (
            stream.element("dmdSec", {"ID": "DC"}),
            stream.element("mdWrap", {"MDTYPE": "DC", "MIMETYPE": "text/xml"}),
            stream.element("xmlData"),
        ):
            for name, value in dublin_core(self._item):
                stream.leaf(f"{{{DUBLIN_CORE}}}{name}", value)

    def _administrative(self, stream: XmlStream) -> None:
        item = self._item
        with stream.element("amdSec"):
            for index, common in enumerate(self._profiles.common):
                mix = mix_element(common, producer=item.institution, software=item.capturing_software)
                _technical_section(stream, _technical_id(index), mix)
            for index, size in enumerate(self._profiles.sizes):
                _technical_section(stream, _size_id(index), mix_of_size(*size))
            with stream.element("digiprovMD", {"ID": "PREMIS"}):
                reference = {
                    "LOCTYPE": "URL",
                    "MDTYPE": "PREMIS",
                    "MDTYPEVERSION": "3.0",
                    "MIMETYPE": "text/xml",
                    _HREF: relative_link(self._premis, self._location),
                }
                stream.leaf("mdRef", attributes=reference)

    def _files(self, stream: XmlStream) -> None:
        present = {file.use for file in self._item.all_files()}
        if not present:
            return
        with stream.element("fileSec"):
            for use in FILE_USES:
                if use in present:
                    with stream.element("fileGrp", {"USE": use}):
                        for entry in self._entries(use):
                            self._file(stream, entry)

    def _entries(self, use: FileUse) -> Iterator[_Entry]:
        for index, page in enumerate(self._item.pages):
            technical = self._technical_ids(index) if use == "master" else ""
            for position, file in enumerate(page.files):
                if file.use == use:
                    yield _Entry(_file_id(position, index), file, technical)
        for position, file in enumerate(self._item.files):
            if file.use == use:
                yield _Entry(_file_id(position), file, "")

    def _technical_ids(self, page: int) -> str:
        profile, size = self._profiles.of_page[page], self._profiles.size_of_page[page]
        ids = [_technical_id(profile)] + ([_size_id(size)] if size is not None else [])
        return " ".join(ids)

    def _file(self, stream: XmlStream, entry: _Entry) -> None:
        file = entry.file
        attributes = {
            "ID": entry.id,
            "MIMETYPE": file.mime,
            "SIZE": str(file.size),
            "CHECKSUM": file.sha256,
            "CHECKSUMTYPE": "SHA-256",
        }
        if file.use == "master":
            attributes["CREATED"] = file.created_at
        if entry.technical:
            attributes["ADMID"] = entry.technical
        with stream.element("file", attributes):
            link = {"LOCTYPE": "URL", _HREF: relative_link(file.path, self._location)}
            stream.leaf("FLocat", attributes=link)

    def _physical(self, stream: XmlStream) -> None:
        item = self._item
        with (
            stream.element("structMap", {"TYPE": "PHYSICAL"}),
            stream.element("div", {"ID": "PHYS", _LABEL: "PHYS", "TYPE": "item", "ADMID": "PREMIS"}),
        ):
            for position in range(len(item.files)):
                stream.leaf("fptr", attributes={"FILEID": _file_id(position)})
            for index, page in enumerate(item.pages):
                name = _page_id(index)
                attributes = {"ID": name, _LABEL: name, "TYPE": "page", "ORDER": str(page.number)}
                if page.label:
                    attributes["ORDERLABEL"] = page.label
                with stream.element("div", attributes):
                    for position in range(len(page.files)):
                        stream.leaf("fptr", attributes={"FILEID": _file_id(position, index)})

    def _logical(self, stream: XmlStream) -> None:
        attributes = {"ID": "LOG", _LABEL: "LOG", "TYPE": "item", "DMDID": "DC", "LABEL": self._label()}
        with stream.element("structMap", {"TYPE": "LOGICAL"}):
            stream.leaf("div", attributes=attributes)

    def _links(self, stream: XmlStream) -> None:
        with stream.element("structLink"):
            for target in ("PHYS", *map(_page_id, range(len(self._item.pages)))):
                ends = {f"{{{XLINK}}}from": "LOG", f"{{{XLINK}}}to": target}
                stream.leaf("smLink", attributes=ends)


def _header_agent(stream: XmlStream, agent: AgentDescription) -> None:
    roles = {
        "organization": {"ROLE": "CREATOR", "TYPE": "ORGANIZATION"},
        "person": {"ROLE": "CREATOR", "TYPE": "INDIVIDUAL"},
        "hardware": {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "HARDWARE"},
        "software": {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"},
    }
    with stream.element("agent", roles[agent.kind]):
        stream.leaf("name", " ".join(part for part in (agent.name, agent.version) if part))
        if agent.note:
            stream.leaf("note", agent.note)


def _technical_section(stream: XmlStream, name: str, mix: etree._Element) -> None:
    wrapper = {"MDTYPE": "NISOIMG", "MDTYPEVERSION": "2.0", "MIMETYPE": "text/xml"}
    with (
        stream.element("techMD", {"ID": name}),
        stream.element("mdWrap", wrapper),
        stream.element("xmlData"),
    ):
        stream.subtree(mix)


def _size_id(size: int) -> str:
    return f"SIZE{size + 1}"


def _technical_id(profile: int) -> str:
    return f"TECH{profile + 1}"


def _page_id(page: int) -> str:
    return f"P{page + 1}"


def _file_id(position: int, page: int | None = None) -> str:
    """Ids are counted, not named: any file name is possible, but not every name is an XML id."""
    owner = "I" if page is None else f"F{page + 1}"
    return f"{owner}.{position + 1}"
