# SPDX-License-Identifier: Apache-2.0
"""The item's suggestions as a file of its bag: what programs believe, and what a person made of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archive.durable import write_durably
from archive.registry.pages import RecordedFile, record_file, suggestions_of
from archive.registry.tables import SuggestionRow
from workers.work import Work

NOTE = "Suggestions of programs. Those with the status accepted were approved by a person; none is part of the submitted metadata."


def record_enrichment(work: Work) -> None:
    """Write `enrichment/ITEM.json` and record it as a file of the item; an item without suggestions has none.

    Done when the bag is made, and not when one is made once more: the file stays as the recorded bag has it.
    """
    with work.node.registry.reading() as session:
        rows = suggestions_of(session, work.claim.item)
        suggestions = [_told(row) for row in rows]
    if not suggestions:
        return
    path = Path("enrichment") / f"{work.claim.item_name}.json"
    (work.folder / path).parent.mkdir(exist_ok=True)
    content = {"item": work.claim.item_name, "note": NOTE, "suggestions": suggestions}
    write_durably(
        work.folder / path, json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True).encode()
    )
    file = RecordedFile.on_disk(work.folder, str(path), use="technical", mime="application/json")
    with work.recording() as session:
        record_file(session, work.claim.item, file)


def _told(row: SuggestionRow) -> dict[str, Any]:
    names = ("kind", "value", "source", "version", "confidence", "status")
    return {"page": row.page or None, **{name: getattr(row, name) for name in names}}
