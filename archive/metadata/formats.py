# SPDX-License-Identifier: Apache-2.0
"""File formats by their PRONOM identifiers, where the format is known for certain from how it was made."""

from __future__ import annotations

from dataclasses import dataclass

from archive.metadata.description import FileDescription

PRONOM_REGISTRY = "PRONOM"


@dataclass(frozen=True, slots=True)
class Format:
    """A format as PREMIS and MIX name it.

    Attributes:
        name: The media type.
        version: Version of the format, empty where unknown.
        pronom: PRONOM unique identifier, empty where it cannot be told without a look into the file.
    """

    name: str
    version: str = ""
    pronom: str = ""


# One PRONOM record covers all TIFFs but versions hide behind one media type in JPEG, XML and PDF:
# those are named only for the uses that Recto writes itself, in one version.
_BY_MIME = {
    "image/tiff": ("", "fmt/353"),
    "application/json": ("", "fmt/817"),
    "text/plain": ("", "x-fmt/111"),
}
_BY_USE_AND_MIME = {
    ("pdf", "application/pdf"): ("PDF/A-2b", "fmt/477"),
    ("alto", "application/xml"): ("1.0", "fmt/101"),
    ("alto", "text/xml"): ("1.0", "fmt/101"),
}


def format_of(file: FileDescription) -> Format:
    """The format of a file from its media type and its use."""
    version, pronom = _BY_USE_AND_MIME.get((file.use, file.mime)) or _BY_MIME.get(file.mime, ("", ""))
    return Format(file.mime, version, pronom)
