# SPDX-License-Identifier: Apache-2.0
"""The validate stage: everything an item will need is there before the first page is captured."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from archive.bag.profile import load_profile
from archive.fetching.addresses import is_address, parse_address
from archive.registry.stages import Stage
from archive.text.engines import TESSERACT, find_engine
from workers.errors import DiskLow, SourceMissing
from workers.fetch_access import access_of
from workers.page_profiles import require_profile
from workers.stages.other_stages import parameter_of
from workers.work import Work

BYTES_FOR_A_PAGE = 8.27 * 11.69 * 3
"""Square inches of an A4 page times three samples; times dpi squared gives the bytes of an 8-bit master."""
COPIES_OF_A_PAGE = 3
"""Spool, master and bag lie on the disk at the same time."""
RESERVE_BYTES = 200 << 20
"""Room that is never used up, so that the registry and the broker can go on writing."""


def validate(work: Work) -> dict[str, Any]:
    """Check sources, language data, bag profile and free space.

    Raises:
        SourceMissing: An image that the manifest names is gone.
        HostNotAllowed: The settings do not allow to fetch from a host that it names.
        LanguageDataMissing: The engine lacks the item's language.
        EngineUnknown, EngineBroken: The pipeline's engine cannot be used here.
        ColorProfileUnknown: The ICC profile that captured pages would get is not here.
        DiskLow: The item would fill the disk.
    """
    pages = work.pages()
    named = [page.source for page in pages if page.source is not None]
    # files and room of another station are for its own capture stage to look at
    at_home = work.node.is_home(work.claim.batch)
    local = [name for name in (*named, *(work.item.get("attachments") or ())) if not is_address(name)]
    sources = [Path(name) for name in local if at_home]
    remote = [parse_address(name) for name in named if is_address(name)]
    access = access_of(work.node.settings)
    for address in remote:
        access.require_host(address)
    gone = [str(source) for source in sources if not source.is_file()]
    if gone:
        raise SourceMissing(
            f"{len(gone)} of {len(sources)} images are gone: {', '.join(gone[:3])}.", missing=gone
        )
    language = work.item["language"] or work.node.settings.ocr.language
    if work.parameters.get("language_data", True):
        find_engine(parameter_of(work, Stage.OCR, "engine", TESSERACT.name)).models(language)
    load_profile(work.manifest["bag_profile"])
    if at_home and len(named) < len(pages):
        require_profile(work.node.settings, work.item.get("scanner_id") or "", work.manifest["color_profile"])
    needed = sum(source.stat().st_size for source in sources) * COPIES_OF_A_PAGE
    needed += sum(address.declared.size or 0 for address in remote) * COPIES_OF_A_PAGE
    captured = len(pages) - len(named) + sum(address.declared.size is None for address in remote)
    needed += int(captured * COPIES_OF_A_PAGE * BYTES_FOR_A_PAGE * work.manifest["resolution_dpi"] ** 2)
    work.folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(work.folder).free
    if at_home and free < needed + RESERVE_BYTES:
        raise DiskLow(
            f"The disk of {work.folder} has {free >> 20} MiB free; this item may need {(needed + RESERVE_BYTES) >> 20} MiB."
        )
    return {"pages": len(pages), "language": language, "free_bytes": free, "needed_bytes": needed}
