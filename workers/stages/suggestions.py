# SPDX-License-Identifier: Apache-2.0
"""Recording what enrichment believes: suggestions with source and confidence, never facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from archive.registry import pages
from archive.registry.events import append_event
from archive.registry.pages import RecordedSuggestion
from archive.text.enrichment import Suggestion
from workers.work import Work


def record_suggestions(
    work: Work, suggestions: Iterable[Suggestion], *, instead_of: Collection[str] = ()
) -> int:
    """Record suggestions, each source once in the chain.

    Args:
        work: The unit that found them.
        suggestions: What was found.
        instead_of: Sources whose other suggestions about the item are withdrawn.

    Returns:
        How many there were.
    """
    made = list(suggestions)
    with work.recording() as session:
        recorded = [
            RecordedSuggestion(
                page=suggestion.page,
                kind=suggestion.kind,
                value=suggestion.value,
                source=suggestion.source,
                version=suggestion.version,
                confidence=suggestion.confidence,
            )
            for suggestion in made
        ]
        changed = pages.record_suggestions(session, work.claim.item, recorded, instead_of=instead_of)
        # not again, where the attempt before this one died when it had recorded them
        if made and changed:
            append_event(
                session,
                work.claim.batch,
                "metadata extraction",
                item=work.claim.item_name,
                detail={"suggestions": len(made), "kinds": sorted({suggestion.kind for suggestion in made})},
                agents=tuple(sorted({f"{suggestion.source} {suggestion.version}" for suggestion in made})),
            )
    return len(made)
