# SPDX-License-Identifier: Apache-2.0
"""One JSON document per page with the facts that METS, PREMIS and MIX tell, for readers without XML."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, BinaryIO

from archive.metadata.description import DescriptionError, ItemDescription, PageDescription

FORMAT = "recto.page-facts"
VERSION = 1


def canonical_json(document: Any) -> bytes:
    """A JSON document as bytes that are equal whenever the documents are.

    UTF-8, no white space, keys in code point order, numbers as Python writes them. Half surrogate
    pairs, which UTF-8 cannot carry, become U+FFFD.

    Raises:
        DescriptionError: The document holds a value that JSON has no form for, such as NaN.
    """
    try:
        text = json.dumps(
            document,
            ensure_ascii=False,
            allow_nan=False,
            sort_keys=True,
            separators=(",", ":"),
            default=_plain,
        )
    except (TypeError, ValueError) as error:
        raise DescriptionError(f"A fact of the page has no form in JSON: {error}") from error
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def page_facts(page: PageDescription, item: ItemDescription) -> dict[str, Any]:
    """The facts of one page as a JSON document, with the item it belongs to.

    Files of the use "technical" are left out: a document cannot hold its own digest.
    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "batch": item.batch,
        "item": item.id,
        "page": page.number,
        "label": page.label,
        "simulated": page.simulated,
        "captured_at": page.captured_at,
        "device": page.device,
        "options": page.options,
        "technical": page.technical,
        "pixel_sha256": page.pixel_sha256,
        "files": [dataclasses.asdict(file) for file in page.files if file.use != "technical"],
    }


def write_page_facts(page: PageDescription, item: ItemDescription, destination: BinaryIO) -> None:
    """Write the facts of one page as canonical JSON.

    Raises:
        DescriptionError: A fact has no form in JSON; nothing was written.
    """
    destination.write(canonical_json(page_facts(page, item)))


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value")
