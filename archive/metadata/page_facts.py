# SPDX-License-Identifier: Apache-2.0
"""One JSON document per page with the facts that METS, PREMIS and MIX tell, for readers without XML."""

from __future__ import annotations

import dataclasses
from typing import Any, BinaryIO

from archive.canonical_json import canonical_json
from archive.metadata.description import DescriptionError, ItemDescription, PageDescription

FORMAT = "recto.page-facts"
VERSION = 1


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
        "rotation_for_viewing": page.rotation * 90,
        "files": [dataclasses.asdict(file) for file in page.files if file.use != "technical"],
    }


def write_page_facts(page: PageDescription, item: ItemDescription, destination: BinaryIO) -> None:
    """Write the facts of one page as canonical JSON.

    Raises:
        DescriptionError: A fact has no form in JSON; nothing was written.
    """
    try:
        document = canonical_json(page_facts(page, item))
    except (TypeError, ValueError) as error:
        raise DescriptionError(f"A fact of page {page.number} has no form in JSON: {error}") from error
    destination.write(document)
