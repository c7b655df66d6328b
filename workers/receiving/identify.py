# SPDX-License-Identifier: Apache-2.0
"""The identify stage: what formats the bag's files have, and which object the bag belongs to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from archive.bag.findings import Finding, Rule
from archive.receiving.format_table import Format
from archive.receiving.formats import Identified, contradicts
from archive.receiving.reading import MOST_TOLD, told
from archive.receiving.storage_options import asked_option
from archive.registry.archival_objects import object_for_deposit
from archive.registry.deletions import running_deletion
from archive.registry.ingest_facts import assign_object, keep_reading
from archive.registry.received_files import all_received
from workers.receiving.errors import DeletionFirst
from workers.receiving.ingest import Ingest

if TYPE_CHECKING:
    from workers.work import Work


def identify(work: Work) -> dict[str, Any]:
    """Sum up the formats, and find or make the object."""
    ingest = Ingest.of(work)
    skipped = ingest.skipped()
    if skipped is not None:
        return skipped
    formats, contradicted = _formats(ingest)
    read = ingest.item.reading or {}
    asked = asked_option(read["tags"])
    option = asked or ingest.institution.default_option
    with work.recording() as session:
        row = object_for_deposit(session, ingest.institution.id, ingest.bag, storage_option=option)
        if (deletion := running_deletion(session, row.id)) is not None:
            raise DeletionFirst(
                f"{ingest.identifier} is being deleted by request {deletion}.", request=deletion
            )
        warnings = [*contradicted, *_kept_elsewhere(asked, row.storage_option)]
        assign_object(session, ingest.item.id, row.id)
        keep_reading(session, ingest.item.id, {"formats": formats, **_added(read, warnings)})
        return {"object": ingest.identifier, "storage_option": row.storage_option, "formats": formats}


def _formats(ingest: Ingest) -> tuple[dict[str, int], list[Finding]]:
    """How many files have which format, by its name, and which files have another than their names promise."""
    counts: Counter[str] = Counter()
    contradicted: list[Finding] = []
    for file in all_received(ingest.work.node.registry.reading, ingest.item.id):
        facts = dict(file.format or {})
        by = facts.pop("by", "")
        found = Identified(Format(**facts), by)
        counts[" ".join(part for part in (found.format.name, found.format.version) if part)] += 1
        if len(contradicted) < MOST_TOLD and contradicts(file.path, found):
            message = f"Its name promises another format; by its first bytes it is {found.format.name}."
            contradicted.append(Finding(Rule.FORMAT, file.path, message))
    return dict(sorted(counts.items())), contradicted


def _kept_elsewhere(asked: str, kept: str) -> list[Finding]:
    """An object stays where it is, whatever a later bag of it asks for."""
    if asked in {"", kept}:
        return []
    message = f"The object is kept by the storage option {kept} since its first bag, not by {asked}."
    return [Finding(Rule.STORAGE_OPTION, "", message)]


def _added(read: dict[str, Any], warnings: list[Finding]) -> dict[str, Any]:
    """The warnings with further ones; an attempt before this one may have added them already."""
    known = read["warnings"]
    fresh = [found for finding in warnings if (found := told(finding)) not in known]
    return {"warnings": [*known, *fresh], "warning_count": read["warning_count"] + len(fresh)}
