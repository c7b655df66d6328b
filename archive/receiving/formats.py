# SPDX-License-Identifier: Apache-2.0
"""Telling the format of a file from its first bytes while it passes, as far as our own table knows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from archive.receiving.format_table import (
    EMPTY,
    ENDINGS,
    HTML,
    JFIF,
    JSON,
    PDF,
    PDF_A,
    PNG,
    SIGNATURES,
    TEXT,
    TEXT_BY_ENDING,
    UNKNOWN,
    VOCABULARIES,
    XHTML,
    XML,
    Format,
)

HEAD = 4096
"""First bytes that are looked at."""

_AROUND = 2048
"""Bytes around the mark of PDF/A in which its level stands."""

_PART = b"pdfaid:part"
_PDF_A_PART = re.compile(rb"pdfaid:part(?:>|\s*=\s*[\"'])\s*([1-4])")
_PDF_A_LEVEL = re.compile(rb"pdfaid:conformance(?:>|\s*=\s*[\"'])\s*([A-Ua-u])")
_PDF_HEADER = re.compile(rb"%PDF-(\d\.\d)")
_JFIF = re.compile(rb"\xff\xd8\xff\xe0..JFIF\x00(..)", re.DOTALL)
_PROLOG = re.compile(r"\s*+(?:<\?.*?\?>|<!--.*?-->|<!(?i:DOCTYPE)[^>\[]*+(?:\[.*?\])?\s*+>)", re.DOTALL)
_ROOT = re.compile(r"\s*+<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)([^>]*)")
_VERSION = re.compile(r"\b(?:SCHEMAVERSION|[Vv]ersion)\s*=\s*[\"']([\d.]+)[\"']")
_ALTO_NAMESPACE = re.compile(r"loc\.gov/standards/alto/ns-v(\d+)#")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_NEWER_CHUNKS = ((b"iTXt", "1.2"), (b"iCCP", "1.1"), (b"sRGB", "1.1"), (b"sPLT", "1.1"))
_EXIF_VERSION = re.compile(
    rb"(?:\x90\x00\x00\x07\x00\x00\x00\x04|\x00\x90\x07\x00\x04\x00\x00\x00)(\d{4})", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Identified:
    """What a file was identified as.

    Attributes:
        format: The format.
        by: "signature", "root element", "text" or "name"; "" where nothing told it.
    """

    format: Format
    by: str

    def to_json(self) -> dict[str, Any]:
        """As a row of a file keeps it: name, version, puid, mime, by."""
        return {**asdict(self.format), "by": self.by}


def identify_head(path: str, head: bytes) -> Identified:
    """The format of a file by its first bytes.

    Args:
        path: Its path; only the end counts, and only where the bytes leave a choice.
        head: The first `HEAD` bytes, or all where it is shorter.
    """
    if not head:
        return Identified(EMPTY, "")
    for look in (_pdf, _jpeg, _png, _fixed):
        if (found := look(head)) is not None:
            return Identified(found, "signature")
    return _text(_ending(path), head) or Identified(UNKNOWN, "")


def contradicts(path: str, found: Identified) -> bool:
    """Whether a file's name promises another format than the one it was identified as."""
    promised = ENDINGS.get(_ending(path))
    return promised is not None and found.format not in {UNKNOWN, EMPTY} and found.format.mime not in promised


class FormatWatch:
    """Looks at files while they are read, keeping a few bytes of each at most."""

    def __init__(self) -> None:
        self.found: dict[str, Identified] = {}
        self._known: dict[Identified, Identified] = {}

    def watched(self, path: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Pass the blocks of a file on; its format is known when the last was taken."""
        head = b""
        search = _ArchivalMark()
        for block in blocks:
            if len(head) < HEAD:
                head += block[: HEAD - len(head)]
            if head.startswith(b"%PDF-"):
                search.feed(block)
            yield block
        found = _pdf_a(search.found) or identify_head(path, head)
        # one object for all files of a format: a bag may have a million of them
        self.found[path] = self._known.setdefault(found, found)


class _ArchivalMark:
    """Looks through a PDF for the place in its XMP where it says that it is PDF/A.

    Attributes:
        found: What stands around the last mark, as much of it as was seen.
    """

    def __init__(self) -> None:
        self.found = b""
        self._at = -1
        self._tail = b""
        self._before = 0

    def feed(self, block: bytes) -> None:
        """Take in the next bytes."""
        self._tail += block
        here = -1
        if _PART in self._tail:
            for match in _PDF_A_PART.finditer(self._tail):
                here = match.start()
        if here >= 0:
            around = self._tail[max(0, here - _AROUND) : here + _AROUND]
            # the same mark is seen again while it passes, with more behind it and then with less before
            if self._before + here != self._at or len(around) > len(self.found):
                self.found, self._at = around, self._before + here
        dropped = max(0, len(self._tail) - 2 * _AROUND)
        self._tail = self._tail[dropped:]
        self._before += dropped


def _ending(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def _fixed(head: bytes) -> Format | None:
    for signature in SIGNATURES:
        if all(head.startswith(part, offset) for offset, part in signature.parts):
            return signature.format
    return None


def _pdf(head: bytes) -> Format | None:
    match = _PDF_HEADER.match(head)
    if match is None:
        return None
    version = match[1].decode()
    return Format("Portable Document Format", version, PDF.get(version, ""), "application/pdf")


def _pdf_a(xmp: bytes) -> Identified | None:
    part, level = _PDF_A_PART.search(xmp), _PDF_A_LEVEL.search(xmp)
    if part is None:
        return None
    version = part[1].decode() + (level[1].decode().lower() if level else "")
    name = "PDF/A - Portable Document Format"
    return Identified(Format(name, version, PDF_A.get(version, ""), "application/pdf"), "signature")


def _jpeg(head: bytes) -> Format | None:
    """ITU-T T.81, annex B: the start marker; then the JFIF or Exif application segment."""
    if not head.startswith(b"\xff\xd8\xff"):
        return None
    jfif = _JFIF.match(head)
    if jfif is not None:
        version = f"{jfif[1][0]}.{jfif[1][1]:02d}"
        return Format("JPEG File Interchange Format", version, JFIF.get(version, "fmt/43"), "image/jpeg")
    if head[6:12] == b"Exif\0\0":
        name = "Exchangeable Image File Format (Compressed)"
        told = _EXIF_VERSION.search(head)
        version = told[1].decode() if told else ""
        puid = {"0210": "x-fmt/390", "0220": "x-fmt/391", "0221": "fmt/645"}.get(version, "fmt/1507")
        return Format(name, version, puid if told else "", "image/jpeg")
    return Format("Raw JPEG Stream", "", "fmt/41", "image/jpeg")


def _png(head: bytes) -> Format | None:
    """ISO/IEC 15948, section 5.2; which version it needs is told by its chunks before the image data."""
    if not head.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    before = head.partition(b"IDAT")[0]
    version = next((version for chunk, version in _NEWER_CHUNKS if chunk in before), "1.0")
    return Format("Portable Network Graphics", version, PNG[version], "image/png")


def _text(ending: str, head: bytes) -> Identified | None:
    text = _decoded(head)
    if text is None:
        return None
    start = text.lstrip()
    if start.startswith("<") and (found := _markup(start, ending)) is not None:
        return Identified(found, "root element")
    if ending == "json" and start[:1] in {"{", "["}:
        return Identified(JSON, "name")
    if ending in TEXT_BY_ENDING:
        return Identified(TEXT_BY_ENDING[ending], "name")
    return Identified(TEXT, "text")


def _decoded(head: bytes) -> str | None:
    """The text of which these are the first bytes; None where they are none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    if _CONTROL.search(head):
        return None
    for cut in range(4):
        # the head may end within a character
        try:
            return head[: len(head) - cut].decode("utf-8-sig")
        except UnicodeDecodeError:
            if len(head) < HEAD:
                return None
    return None


def _markup(start: str, ending: str) -> Format | None:
    declared = start.startswith("<?xml")
    at = 0
    while (skipped := _PROLOG.match(start, at)) is not None:
        at = skipped.end()
    root = _ROOT.match(start, at)
    name = root[1] if root else ""
    if name.lower() == "html":
        return XHTML if declared or "XHTML" in start[:at] else HTML
    if name in VOCABULARIES and root is not None:
        told = _VERSION.search(root[2]) or _ALTO_NAMESPACE.search(root[2])
        return Format(VOCABULARIES[name], told[1] if told else "", XML.puid, XML.mime)
    return XML if declared or ending == "xml" else None
