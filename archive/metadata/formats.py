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


# A media type often covers several PRONOM records. A record is named only where the version is known:
# from the header of a master, or because Recto itself writes that use in one version only.
_BY_MIME_AND_VERSION = {
    ("image/tiff", "6.0"): "fmt/353",
    ("image/jpeg", "1.00"): "fmt/42",
    ("image/jpeg", "1.01"): "fmt/43",
    ("image/jpeg", "1.02"): "fmt/44",
    ("image/jp2", ""): "x-fmt/392",
    ("application/json", ""): "fmt/817",
    ("text/plain", ""): "x-fmt/111",
}
_WRITTEN_VERSIONS = {
    ("master", "image/tiff"): ("6.0", "fmt/353"),
    ("pdf", "application/pdf"): ("PDF/A-2b", "fmt/477"),
    ("alto", "application/xml"): ("1.0", "fmt/101"),
    ("alto", "text/xml"): ("1.0", "fmt/101"),
}


def format_of(file: FileDescription, version: str = "") -> Format:
    """The format of a file.

    Args:
        file: Its media type and use tell the format.
        version: The version that the file's own header states, empty where nobody looked.
    """
    if not version:
        version, pronom = _WRITTEN_VERSIONS.get((file.use, file.mime), ("", ""))
        if pronom:
            return Format(file.mime, version, pronom)
    return Format(file.mime, version, _BY_MIME_AND_VERSION.get((file.mime, version), ""))
