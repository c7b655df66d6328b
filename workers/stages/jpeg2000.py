# SPDX-License-Identifier: Apache-2.0
"""The jpeg2000 step: a JP2 of each page beside its access JPEG, on nodes that have the memory for it."""

from __future__ import annotations

from typing import Any

from archive.imaging.jpeg2000 import RATIO, make_jpeg2000
from archive.registry.events import append_event
from archive.registry.pages import RecordedFile, file_of_page, files_of, record_file
from archive.registry.tables import PageRow
from workers.errors import MasterChanged
from workers.versions import recto_agent
from workers.work import Work


def jpeg2000(work: Work) -> dict[str, Any]:
    """Make a JP2 of every page of the chunk that has none yet.

    Returns:
        How many pages, and for how many a file was made now.
    """
    pages = work.pages()
    with work.node.registry.reading() as session:
        recorded = {file.path for file in files_of(session, work.claim.item, "access")}
    made = 0
    for page in pages:
        name = f"access/{page.name}.jp2"
        if name in recorded and (work.folder / name).is_file():
            continue
        with work.page(page.number):
            _make(work, page, name)
        made += 1
    return {"pages": len(pages), "made": made}


def _make(work: Work, page: PageRow, name: str) -> None:
    with work.node.registry.reading() as session:
        master = file_of_page(session, page.id, "master")
    if master is None:
        raise MasterChanged(f"There is no master of page {page.number} in the registry.")
    derivative = make_jpeg2000(
        work.folder / master.path,
        work.folder / name,
        ratio=work.parameters.get("ratio", RATIO),
        dpi=work.manifest["resolution_dpi"],
    )
    with work.recording() as session:
        record_file(
            session,
            work.claim.item,
            RecordedFile(
                use="access",
                path=name,
                mime=derivative.mime,
                size=derivative.size,
                sha256=derivative.sha256,
                md5=derivative.md5,
                page=page.id,
            ),
        )
        append_event(
            session,
            work.claim.batch,
            "migration",
            item=work.claim.item_name,
            page=page.number,
            detail={"file": master.path, "derived": [name]},
            agents=(recto_agent(),),
        )
