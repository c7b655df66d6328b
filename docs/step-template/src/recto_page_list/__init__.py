# SPDX-License-Identifier: Apache-2.0
"""A step for Recto: a list of an item's pages with their digests, as CSV in the bag."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

from archive.registry.events import append_event
from archive.registry.pages import RecordedFile, files_of, record_file
from workers.errors import SourceMissing
from workers.steps.parameters import Parameter
from workers.steps.step import Step
from workers.work import Work

NAME = "page-list.csv"


def check(work: Work) -> None:
    """Whether the step is able to run; what is raised here says in three parts what a person can do."""
    gone = [file.path for file in _masters(work).values() if not (work.folder / file.path).is_file()]
    if gone:
        raise SourceMissing(
            f"{len(gone)} masters of {work.claim.item_name} are not on this computer, such as {gone[0]}.",
            remedy="Let the stage run where the files are, then: recto batch retry.",
        )


def run(work: Work) -> dict[str, Any]:
    """Do the work; after a crash it is called again, so it writes under the same name and records once."""
    masters = _masters(work)
    draft = _scratch(work) / NAME
    draft.parent.mkdir(exist_ok=True)
    pages = work.pages()
    with draft.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, delimiter=work.parameters.get("separator", ","))
        rows.writerow(["page", "label", "file", "sha256"])
        for page in pages:
            # between pages: stops when the batch was cancelled, and names the page in the log
            with work.page(page.number):
                master = masters[page.id]
                rows.writerow([page.number, page.label, master.path, master.sha256])
    draft.replace(work.folder / NAME)
    # `technical` and `attachment` are the uses that suit files of your own; both get into the bag and its METS
    file = RecordedFile.on_disk(work.folder, NAME, use="technical", mime="text/csv")
    with work.recording() as session:
        record_file(session, work.claim.item, file)
        append_event(
            session,
            work.claim.batch,
            "creation",
            item=work.claim.item_name,
            detail={"file": NAME, "sha256": file.sha256},
            agents=("recto-page-list 1.0",),
        )
    return {"pages": len(pages)}


def clean_up(work: Work) -> None:
    """Leave nothing behind; called whatever happened, and before the next attempt of one that died."""
    shutil.rmtree(_scratch(work), ignore_errors=True)


def _masters(work: Work) -> dict[int | None, Any]:
    with work.node.registry.reading() as session:
        return {file.page: file for file in files_of(session, work.claim.item, "master")}


def _scratch(work: Work) -> Path:
    return work.folder / "page-list-scratch"


step = Step(
    run=run,
    check=check,
    clean_up=clean_up,
    title="A list of the item's pages with their digests, as CSV in the bag",
    parameters=(Parameter("separator", "text", "What stands between columns", choices=(",", ";")),),
    applies_to=("item",),
    needs=("capture",),
    queue="io_bound",
)
