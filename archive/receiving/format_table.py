# SPDX-License-Identifier: Apache-2.0
"""The formats that are told apart, as data: by what their files begin with, or by their names where that tells nothing.

Names and identifiers are those of PRONOM, the register of The National Archives of the United Kingdom
(https://www.nationalarchives.gov.uk/pronom/): `fmt/353` is https://www.nationalarchives.gov.uk/pronom/fmt/353.
First bytes come from the specification that each entry names. The table covers what digitisation makes and
what is commonly put beside it; a site that needs all of PRONOM identifies its files before they are bagged.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format, or one version of it.

    Attributes:
        name: PRONOM's name, or that of the XML vocabulary.
        version: Its version; "" where there is one only, or where it cannot be told.
        puid: PRONOM's identifier; that of XML for a vocabulary which has none.
        mime: The media type.
    """

    name: str
    version: str
    puid: str
    mime: str


@dataclass(frozen=True, slots=True)
class Signature:
    """What a file of a format has near its beginning.

    Attributes:
        format: The format.
        parts: Offset and bytes, of which all must be there.
    """

    format: Format
    parts: tuple[tuple[int, bytes], ...]


def _format(name: str, version: str, puid: str, mime: str) -> Format:
    return Format(name, version, puid, mime)


def _begins(first: bytes, *form: str) -> Signature:
    return Signature(_format(*form), ((0, first),))


_TIFF = ("Tagged Image File Format", "", "fmt/353", "image/tiff")
_BIG_TIFF = ("BigTIFF", "", "fmt/1917", "image/tiff")
_JP2_BOX = b"\x00\x00\x00\x0cjP  \r\n\x87\n"

SIGNATURES: tuple[Signature, ...] = (
    # TIFF 6.0, section 2; BigTIFF: the same with version 43 and 8-byte offsets
    _begins(b"II*\x00", *_TIFF),
    _begins(b"MM\x00*", *_TIFF),
    _begins(b"II+\x00\x08\x00\x00\x00", *_BIG_TIFF),
    _begins(b"MM\x00+\x00\x08\x00\x00", *_BIG_TIFF),
    # ISO/IEC 15444-1, annex I.5: the signature box, then the brand of the file type box
    Signature(
        _format("JP2 (JPEG 2000 part 1)", "", "x-fmt/392", "image/jp2"), ((0, _JP2_BOX), (20, b"jp2 "))
    ),
    Signature(_format("JPX (JPEG 2000 part 2)", "", "fmt/151", "image/jpx"), ((0, _JP2_BOX), (20, b"jpx "))),
    # the CompuServe specifications of 1987 and 1989
    _begins(b"GIF87a", "Graphics Interchange Format", "87a", "fmt/3", "image/gif"),
    _begins(b"GIF89a", "Graphics Interchange Format", "89a", "fmt/4", "image/gif"),
    # APPNOTE.TXT, sections 4.3.7 and 4.3.16 (an empty archive)
    _begins(b"PK\x03\x04", "ZIP Format", "", "x-fmt/263", "application/zip"),
    _begins(b"PK\x05\x06", "ZIP Format", "", "x-fmt/263", "application/zip"),
    # RFC 1952, section 2.3.1
    _begins(b"\x1f\x8b\x08", "GZIP Format", "", "x-fmt/266", "application/gzip"),
    # POSIX.1-2001, pax: the magic of ustar
    Signature(_format("Tape Archive Format", "", "x-fmt/265", "application/x-tar"), ((257, b"ustar"),)),
    # the RIFF form of IBM and Microsoft, 1991
    Signature(
        _format("Waveform Audio File Format", "", "fmt/6", "audio/x-wav"), ((0, b"RIFF"), (8, b"WAVE"))
    ),
)
"""Formats that fixed bytes tell, the more particular ones first."""

PDF = {
    "1.0": "fmt/14",
    "1.1": "fmt/15",
    "1.2": "fmt/16",
    "1.3": "fmt/17",
    "1.4": "fmt/18",
    "1.5": "fmt/19",
    "1.6": "fmt/20",
    "1.7": "fmt/276",
    "2.0": "fmt/1129",
}
"""PRONOM's identifiers of PDF by the version in its header (ISO 32000-1, section 7.5.2)."""

PDF_A = {
    "1a": "fmt/95",
    "1b": "fmt/354",
    "2a": "fmt/476",
    "2b": "fmt/477",
    "2u": "fmt/478",
    "3a": "fmt/479",
    "3b": "fmt/480",
    "3u": "fmt/481",
    "4": "fmt/1910",
}
"""PRONOM's identifiers of PDF/A by what its XMP says of itself (ISO 19005-1, section 6.7.11)."""

JFIF = {"1.00": "fmt/42", "1.01": "fmt/43", "1.02": "fmt/44"}
"""PRONOM's identifiers of JPEG with a JFIF header, by its version (JFIF 1.02, page 5)."""

PNG = {"1.0": "fmt/11", "1.1": "fmt/12", "1.2": "fmt/13"}
"""PRONOM's identifiers of PNG by the version that brought the newest chunk found."""

XML = Format("Extensible Markup Language", "1.0", "fmt/101", "application/xml")

VOCABULARIES: dict[str, str] = {
    "alto": "ALTO",
    "mets": "METS",
    "premis": "PREMIS",
    "mix": "MIX",
    "dc": "Dublin Core",
    "mods": "MODS",
    "ead": "EAD",
    "TEI": "TEI",
    "PcGts": "PAGE",
    "xmpmeta": "XMP",
}
"""XML vocabularies by the local name of their root element."""

XHTML = Format("Extensible Hypertext Markup Language", "1.0", "fmt/102", "application/xhtml+xml")
HTML = Format("Hypertext Markup Language", "", "fmt/96", "text/html")
TEXT = Format("Plain Text File", "", "x-fmt/111", "text/plain")
JSON = Format("JSON Data Interchange Format", "", "fmt/817", "application/json")
EMPTY = Format("Empty file", "", "", "application/x-empty")
UNKNOWN = Format("Unknown", "", "", "application/octet-stream")

TEXT_BY_ENDING: dict[str, Format] = {
    "csv": Format("Comma Separated Values", "", "x-fmt/18", "text/csv"),
    "md": Format("Markdown", "", "fmt/1149", "text/markdown"),
}
"""Kinds of text that only their names tell."""

ENDINGS: dict[str, frozenset[str]] = {
    "tif": frozenset({"image/tiff"}),
    "tiff": frozenset({"image/tiff"}),
    "jpg": frozenset({"image/jpeg"}),
    "jpeg": frozenset({"image/jpeg"}),
    "jp2": frozenset({"image/jp2"}),
    "png": frozenset({"image/png"}),
    "gif": frozenset({"image/gif"}),
    "pdf": frozenset({"application/pdf"}),
    "xml": frozenset({"application/xml", "application/xhtml+xml"}),
    "json": frozenset({"application/json"}),
    "zip": frozenset({"application/zip"}),
    "gz": frozenset({"application/gzip"}),
}
"""Which media types the ends of names promise."""
