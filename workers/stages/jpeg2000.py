# SPDX-License-Identifier: Apache-2.0
"""The jpeg2000 step: a JP2 of each page beside its access JPEG, on nodes that have the memory for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from archive.imaging.jpeg2000 import RATIO, make_jpeg2000
from archive.imaging.opinions import Opinion
from archive.registry import Session
from archive.registry.events import append_event
from archive.registry.pages import RecordedFile, file_of_page, files_of, record_file, record_item_checks
from archive.registry.tables import PageRow
from workers.errors import MasterChanged
from workers.stages.outside_tools import ask_jpylyzer_where_wanted
from workers.versions import recto_agent
from workers.work import Work

OF_ACCESS = frozenset({"access_jpeg2000"})
"""The check of the image that this step makes."""


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
    opinion = ask_jpylyzer_where_wanted(work, derivative.path)
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
        if opinion is not None:
            _tell(session, work, page, name, opinion)


def _tell(session: Session, work: Work, page: PageRow, name: str, opinion: Opinion) -> None:
    """Record what jpylyzer says of the image; what it objects to is shown, the master is as good as before."""
    check = replace(opinion.to_check("review"), check="access_jpeg2000")
    record_item_checks(session, page.id, [check.to_json()], OF_ACCESS)
    append_event(
        session,
        work.claim.batch,
        "validation",
        item=work.claim.item_name,
        page=page.number,
        outcome="success" if check.verdict == "pass" else "warning",
        detail={"file": name, "tools": {opinion.agent: opinion.verdict}},
        agents=(recto_agent(), opinion.agent),
    )
