# SPDX-License-Identifier: Apache-2.0
"""What each stage of an ingest begins with: whose bag it is, where it lies, and whether there is anything left to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import structlog

from archive.registry.ingest_facts import LOST, Outcome, ingest_rows, set_outcome
from archive.registry.receiving_tables import InstitutionRow, WorkItemRow
from archive.storage.place import Place
from workers.work import Work

log = structlog.get_logger(__name__)

_REASONS = {
    Outcome.SUPERSEDED: "A newer bag of this name has come before it was stored.",
    Outcome.GONE: "It is not where it arrived any more.",
    Outcome.REFUSED: "It was refused, and nothing of it is kept.",
}


@dataclass(frozen=True, slots=True)
class Ingest:
    """One ingest, as a stage finds it.

    Attributes:
        work: The unit.
        institution: The depositor.
        item: The work item: which bag, and what is known of it.
    """

    work: Work
    institution: InstitutionRow
    item: WorkItemRow

    @classmethod
    def of(cls, work: Work) -> Self:
        """The ingest that a unit belongs to."""
        with work.node.registry.reading() as session:
            return cls(work, *ingest_rows(session, work.claim.batch))

    @property
    def bag(self) -> str:
        """The bag's name: that of its tar without the end."""
        return self.work.claim.item_name

    @property
    def identifier(self) -> str:
        """The identifier of the object that the bag belongs to."""
        return f"{self.institution.id}/{self.bag}"

    @property
    def receiving(self) -> Place:
        """Where the bag arrived.

        Raises:
            SettingsInvalid, StorageUrlInvalid, AccessRefused: It cannot be used as the settings tell.
        """
        return self.work.node.place(self.institution.receiving)

    def skipped(self, *, refused: bool = True) -> dict[str, Any] | None:
        """What a stage returns that has nothing to do any more; None where it has.

        Args:
            refused: Whether a refused bag is left alone too; not by the stages that answer and clear away.
        """
        outcome = self.item.outcome
        if outcome not in LOST and not (refused and outcome == Outcome.REFUSED):
            return None
        return {"skipped": {"code": f"ingest.{outcome}", "message": _REASONS[Outcome(outcome)]}}

    def lost(self) -> dict[str, Any]:
        """Record that the bag is not there any more, or is another one by now; what the stage then returns.

        Another bag under its key is a bag for itself, found by the bucket reader as any other.

        Raises:
            StorageError: It cannot be looked for.
        """
        found = self.receiving.look(self.item.name)
        outcome = Outcome.GONE if found is None else Outcome.SUPERSEDED
        with self.work.recording() as session:
            set_outcome(session, self.item.id, outcome)
        log.warning("ingest.lost", outcome=str(outcome), key=self.item.name)
        return {"skipped": {"code": f"ingest.{outcome}", "message": _REASONS[outcome]}}
