# SPDX-License-Identifier: Apache-2.0
"""Barcodes on pages: read by zxing-cpp from the gray rendition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

from PIL import Image

from archive.errors import WorkerExtraMissing

FORMATS = ("QRCode", "Code128", "Code39")
"""Kinds of codes that are looked for; all that the library knows take four times as long and find codes in print."""
_SHORTEST = 3
"""Signs that a code of bars has at least: shorter ones are read into rules and type."""
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Code:
    """A code on a page.

    Attributes:
        text: What it says, control characters spelled out.
        format: One of `FORMATS`.
    """

    text: str
    format: str


def read_codes(image: Image.Image) -> list[Code]:
    """The codes on a page, each once, whichever way up they lie.

    Args:
        image: A gray image of about 300 pixels an inch.

    Raises:
        WorkerExtraMissing: zxing-cpp is not installed here.
    """
    library = _library()
    gray = image if image.mode == "L" else image.convert("L")
    found = library.read_barcodes(gray, formats=_formats(library))
    codes = {_code(each): None for each in found if each.valid}
    return [code for code in codes if code.text and _is_long_enough(code)]


def _code(found: Any) -> Code:
    plain = "".join(letter if letter.isprintable() else " " for letter in found.text)
    name = str(found.format).rpartition(".")[2].replace(" ", "")
    # the library tells variants apart, such as Code39Ext
    family = next((known for known in FORMATS if name.startswith(known)), name)
    return Code(" ".join(plain.split())[:_LONGEST], family)


def _is_long_enough(code: Code) -> bool:
    return code.format == "QRCode" or len(code.text) >= _SHORTEST


@cache
def _library() -> Any:
    try:
        return import_module("zxingcpp")
    except ImportError as error:
        raise WorkerExtraMissing(
            "Barcodes cannot be read: zxing-cpp is not installed here.",
            remedy="Install it with: pip install 'recto[worker]', or leave barcodes out of the pipeline.",
        ) from error


def _formats(library: Any) -> Any:
    return library.barcode_formats_from_str("|".join(FORMATS))


@cache
def reader_version() -> str:
    """The version of the library that reads codes."""
    return version("zxing-cpp")
