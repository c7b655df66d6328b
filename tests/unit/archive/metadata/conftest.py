# SPDX-License-Identifier: Apache-2.0
"""Described items of every kind, and a validator that knows all schemas at once and needs no network."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from archive.metadata.description import (
    AgentDescription,
    EventDescription,
    FileDescription,
    FileUse,
    ItemDescription,
    PageDescription,
)

MOMENT = "2026-11-21T10:15:30.123Z"

COLOR = {"bits_per_sample": 8, "samples_per_pixel": 3, "photometric": "rgb", "color_space": "rgb"}
KINDS = {
    "gray": {
        "bits_per_sample": 8,
        "samples_per_pixel": 1,
        "photometric": "black_is_zero",
        "color_space": "gray",
    },
    "bitonal": {
        "bits_per_sample": 1,
        "samples_per_pixel": 1,
        "photometric": "white_is_zero",
        "color_space": "bitonal",
    },
    "16-bit": {"bits_per_sample": 16, "samples_per_pixel": 3, "photometric": "rgb", "color_space": "rgb"},
    "rgb": COLOR,
}

_FOLDERS: dict[FileUse, tuple[str, str, str]] = {
    "master": ("data/masters", ".tif", "image/tiff"),
    "original": ("data/originals", ".dng", "image/x-adobe-dng"),
    "access": ("data/access", ".jpg", "image/jpeg"),
    "thumbnail": ("data/thumbnails", ".jpg", "image/jpeg"),
    "alto": ("data/alto", ".xml", "application/xml"),
    "hocr": ("data/hocr", ".hocr", "text/html"),
    "text": ("data/text", ".txt", "text/plain"),
    "pdf": ("data", ".pdf", "application/pdf"),
    "technical": ("metadata/pages", ".json", "application/json"),
}

# DCMES 1.1 has fifteen elements, each a string; this is all that its schema says
_DUBLIN_CORE_XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
  targetNamespace="http://purl.org/dc/elements/1.1/">{}</xs:schema>""".format(
    "".join(
        f'<xs:element name="{name}" type="xs:string"/>'
        for name in (
            *("title", "creator", "subject", "description", "publisher", "contributor", "date", "type"),
            *("format", "identifier", "source", "language", "relation", "coverage", "rights"),
        )
    )
)


def described_file(use: FileUse, stem: str, *, size: int = 26_123_456) -> FileDescription:
    folder, suffix, mime = _FOLDERS[use]
    path = f"{folder}/{stem}{suffix}"
    content = path.encode("utf-8", "surrogatepass")
    return FileDescription(
        path=path,
        use=use,
        mime=mime,
        size=size,
        sha256=hashlib.sha256(content).hexdigest(),
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        created_at=MOMENT,
    )


def described_page(number: int, **changes: Any) -> PageDescription:
    uses: tuple[FileUse, ...] = ("master", "access", "thumbnail", "alto", "hocr", "text", "technical")
    facts: dict[str, Any] = {
        "number": number,
        "label": str(number),
        "files": tuple(described_file(use, f"{number:04d}") for use in uses),
        "technical": {
            "width": 2480,
            "height": 3508,
            **COLOR,
            "compression": "none",
            "byte_order": "little endian",
            "dpi": [300.0, 300.0],
            "icc": {"name": "sRGB", "size": 480},
            "mime": "image/tiff",
            "format_version": "6.0",
            "orientation": 1,
        },
        "captured_at": MOMENT,
        "device": {
            "vendor": "Canon",
            "model": "LiDE 400",
            "serial": "K1",
            "id": "sane:lide",
            "simulated": False,
        },
        "options": {"resolution": {"requested": 300, "actual": 300}},
        "pixel_sha256": "ab" * 32,
    }
    return PageDescription(**{**facts, **changes})


def described_item(**changes: Any) -> ItemDescription:
    facts: dict[str, Any] = {
        "batch": "spring-2026",
        "id": "letter-17",
        "institution": "Stadtarchiv",
        "collection": "Letters",
        "title": "Letter to a friend",
        "creator": "Anna B.",
        "date": "ca. 1882",
        "language": "de",
        "rights": "Public domain",
        "pages": (described_page(1), described_page(2)),
        "files": (described_file("pdf", "letter-17"),),
        "agents": (
            AgentDescription("station", "Station 1", "organization"),
            AgentDescription("operator", "A. Keeper", "person"),
            AgentDescription("scanner", "Canon LiDE 400", "hardware", "1.2"),
            AgentDescription("recto", "Recto", "software", "0.1.0", "capture and bagging"),
        ),
        "events": (
            EventDescription(
                "event-1",
                "capture",
                MOMENT,
                "Scanned at 300 dpi",
                "success",
                ("scanner", "recto"),
                ("data/masters/0001.tif",),
                "cd" * 32,
            ),
            EventDescription(
                "event-2", "text recognition", MOMENT, "", "success", ("recto",), ("letter-17",)
            ),
        ),
        "simulated": False,
        "created_at": MOMENT,
    }
    return ItemDescription(**{**facts, **changes})


def written(write: Callable[..., None], *arguments: Any, **options: Any) -> bytes:
    """The bytes that a writer leaves behind."""
    destination = io.BytesIO()
    write(*arguments, destination, **options)
    return destination.getvalue()


def read_xml(document: bytes) -> etree._Element:
    return etree.fromstring(
        document, etree.XMLParser(no_network=True, resolve_entities=False, huge_tree=True)
    )


class OfflineSchemas(etree.Resolver):
    """Answers every reference to a schema from a folder or from this module, and none from the network."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def resolve(self, system_url: str, public_id: str | None, context: Any) -> Any:
        name = system_url.rsplit("/", 1)[-1]
        if name == "dublin-core.xsd":
            return self.resolve_string(_DUBLIN_CORE_XSD, context)
        return self.resolve_filename(str(self._folder / name), context)


@pytest.fixture(scope="session")
def make_file() -> Callable[..., FileDescription]:
    return described_file


@pytest.fixture(scope="session")
def make_page() -> Callable[..., PageDescription]:
    return described_page


@pytest.fixture(scope="session")
def make_item() -> Callable[..., ItemDescription]:
    return described_item


@pytest.fixture(scope="session")
def to_bytes() -> Callable[..., bytes]:
    return written


@pytest.fixture(scope="session")
def to_xml() -> Callable[[bytes], etree._Element]:
    return read_xml


@pytest.fixture(scope="session", params=KINDS)
def page_of_each_kind(request: pytest.FixtureRequest) -> PageDescription:
    """A gray, a bitonal, a deep and a colour page, each with its colour target."""
    technical = {**described_page(1).technical, **KINDS[request.param]}
    return described_page(1, technical=technical, target={"file": "data/targets/01.json", "name": "chart"})


@pytest.fixture(scope="session")
def accessioned_page() -> PageDescription:
    """A page that came as a file: nobody knows the device, and the file does not tell its resolution."""
    technical = {**described_page(1).technical, "dpi": None, "icc": None}
    return described_page(
        1, technical=technical, device=None, captured_at=None, options={}, pixel_sha256="", label=""
    )


@pytest.fixture(scope="session")
def simulated_item() -> ItemDescription:
    device = {
        "vendor": "Recto",
        "model": "Flatbed",
        "serial": "",
        "id": "simulated:flatbed",
        "simulated": True,
    }
    return described_item(pages=(described_page(1, device=device),), simulated=True)


@pytest.fixture(scope="session")
def schema(reference_data: Path) -> etree.XMLSchema:
    """METS, PREMIS, MIX and Dublin Core in one: what stands inside a METS wrapper is validated too."""
    imports = {
        "http://www.loc.gov/METS/": "mets-1-12-1.xsd",
        "http://www.loc.gov/premis/v3": "premis-v3-0.xsd",
        "http://www.loc.gov/mix/v20": "mix20.xsd",
        "http://purl.org/dc/elements/1.1/": "dublin-core.xsd",
    }
    lines = "".join(
        f'<xs:import namespace="{space}" schemaLocation="{file}"/>' for space, file in imports.items()
    )
    wrapper = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{lines}</xs:schema>'
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(OfflineSchemas(reference_data / "schemas"))
    return etree.XMLSchema(etree.fromstring(wrapper.encode(), parser))


@pytest.fixture(scope="session")
def require_valid(schema: etree.XMLSchema) -> Callable[[bytes], etree._Element]:
    def check(document: bytes) -> etree._Element:
        root = read_xml(document)
        schema.assertValid(etree.ElementTree(root))
        return root

    return check
