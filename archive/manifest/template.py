# SPDX-License-Identifier: Apache-2.0
"""A filled-in example of a manifest in each format, to be changed into one's own."""

from __future__ import annotations

from pathlib import Path

from archive.durable import write_durably
from archive.errors import ManifestExists
from archive.manifest.model import Manifest, ManifestItem
from archive.manifest.writer import FORMATS, Format, manifest_bytes

_REMARKS = (
    "A manifest of Recto. Change the example below into your batch, then check it: recto manifest check FILE",
    "Needed: scanner_model, resolution_dpi, color_profile (sRGB, AdobeRGB, eciRGBv2, gray or bitonal), institution.",
    "An item is one volume, folder or letter; it becomes one bag. It needs an id, a title, and either",
    "pages: how many pages to scan, with scanner_id from: recto devices",
    "or file_paths: images that exist, relative to this file, in page order.",
)
_OF_SHEETS = (
    "In a cell, file_paths are separated by | as in scans/001.tif|scans/002.tif. Columns settings.NAME and tag.NAME",
    "hold scanner settings and bag tags of an item. Rows above the table that begin with # are remarks.",
)
_OF_YAML = (
    "An item of existing images has, in place of pages:",
    "  file_paths: [scans/001.tif, scans/002.tif]",
)


def example_manifest() -> Manifest:
    """The batch that the templates describe: two items for the simulated flatbed."""
    return Manifest(
        id="letters-2026-01",
        institution="Example University Library",
        collection="Family letters",
        scanner_id="simulated:flatbed",
        scanner_model="Simulated flatbed",
        resolution_dpi=300,
        color_profile="sRGB",
        settings={"mode": "Color"},
        tags={"Access": "Institution", "Storage-Option": "Standard"},
        items=(
            ManifestItem(
                id="letter-0001",
                title="Letter to Anna, with drawing",
                creator="Weber, Marie",
                date="1915-03-02",
                language="deu",
                rights="https://creativecommons.org/publicdomain/mark/1.0/",
                pages=4,
            ),
            ManifestItem(
                id="letter-0002",
                title="Postcard from the coast",
                creator="Weber, Marie",
                date="1916~",
                language="deu+fra",
                rights="https://creativecommons.org/publicdomain/mark/1.0/",
                pages=2,
                tags={"Access": "Restricted"},
            ),
        ),
    )


def template_bytes(format: Format) -> bytes:  # noqa: A002 - the contract's word
    """The template as the bytes of a file; `format` is one of "csv", "xlsx", "json", "yaml".

    Raises:
        ValueError: The format is another.
    """
    if format not in FORMATS:
        raise ValueError(f"Templates exist as {', '.join(FORMATS)}, not as {format}.")
    remarks = _REMARKS + (_OF_YAML if format == "yaml" else _OF_SHEETS)
    return manifest_bytes(example_manifest(), format, remarks)


def write_template(format: Format, destination: Path) -> None:  # noqa: A002 - the contract's word
    """Write a template to a file that does not exist yet.

    Raises:
        ManifestExists: There is a file of that name; it stays as it is.
        ValueError: The format is unknown.
        OSError: The disk is full or read-only; nothing is left behind.
    """
    try:
        write_durably(destination, template_bytes(format), overwrite=False)
    except FileExistsError as error:
        raise ManifestExists(f"{destination} exists already.", path=str(destination)) from error
