# SPDX-License-Identifier: Apache-2.0
"""A person decides over suggestions; each decision is an event, once, and can be taken back."""

from __future__ import annotations

import pytest

from archive.errors import BatchUnknown, ItemUnknown, SuggestionUnknown
from archive.registry import Registry
from archive.registry.batches import PlannedBatch
from archive.registry.events import read_events, verify_chain
from archive.registry.pages import RecordedSuggestion, record_suggestions
from archive.registry.suggestions import ACCEPTED, REFUSED, SUGGESTED, Choice, decide, list_suggestions


def made(kind: str, value: str, page: int | None = None, source: str = "dates") -> RecordedSuggestion:
    return RecordedSuggestion(page, kind, value, source, "1.0", 0.8)


@pytest.fixture
def suggested(registry: Registry, batch: PlannedBatch) -> str:
    with registry.transaction() as session:
        record_suggestions(
            session,
            1,
            [made("date", "1784", 1), made("date", "1790", 2), made("language", "deu", source="lang")],
        )
    return batch.id


def statuses(registry: Registry, batch: str) -> dict[str, str]:
    with registry.reading() as session:
        return {each.value: each.status for each in list_suggestions(session, batch)}


def test_a_decision_is_told_in_the_history_with_who_and_why(registry: Registry, suggested: str) -> None:
    with registry.transaction() as session:
        (one,) = list_suggestions(session, suggested, Choice(kinds=("date",)))[:1]
        (changed,) = decide(
            session,
            suggested,
            Choice(ids=(one.id,)),
            ACCEPTED,
            reason="colophon",
            agents=("recto 1", "M. Muster"),
        )
        assert (changed.status, changed.bagged) == (ACCEPTED, False)
    with registry.reading() as session:
        event = list(read_events(session, suggested))[-1]
        assert verify_chain(session, suggested).whole
    assert (event["type"], event["item"], event["page"]) == ("metadata modification", "item0", 1)
    assert event["detail"] == {
        "suggestion": {"kind": "date", "value": "1784", "source": "dates"},
        "status": ACCEPTED,
        "before": SUGGESTED,
        "reason": "colophon",
    }
    assert event["agents"] == ["recto 1", "M. Muster"]
    assert statuses(registry, suggested) == {"1784": ACCEPTED, "1790": SUGGESTED, "deu": SUGGESTED}


def test_deciding_again_changes_nothing_and_tells_nothing(registry: Registry, suggested: str) -> None:
    with registry.transaction() as session:
        assert len(decide(session, suggested, Choice(kinds=("date",)), REFUSED)) == 2
        told = len(list(read_events(session, suggested)))
        assert decide(session, suggested, Choice(kinds=("date",)), REFUSED) == []
        assert len(list(read_events(session, suggested))) == told


def test_a_decision_can_be_taken_back(registry: Registry, suggested: str) -> None:
    with registry.transaction() as session:
        decide(session, suggested, Choice(item="item0"), ACCEPTED)
        decide(session, suggested, Choice(item="item0"), SUGGESTED)
    assert set(statuses(registry, suggested).values()) == {SUGGESTED}


def test_what_was_decided_stays_when_the_stage_runs_again(registry: Registry, suggested: str) -> None:
    with registry.transaction() as session:
        decide(session, suggested, Choice(kinds=("language",)), REFUSED)
        record_suggestions(session, 1, [made("language", "deu", source="lang")])
    assert statuses(registry, suggested)["deu"] == REFUSED


def test_a_source_that_has_said_all_withdraws_the_rest(registry: Registry, suggested: str) -> None:
    with registry.transaction() as session:
        (first, _) = list_suggestions(session, suggested, Choice(kinds=("date",)))
        decide(session, suggested, Choice(ids=(first.id,)), ACCEPTED)
        assert record_suggestions(session, 1, [made("date", "1800", 3)], instead_of=("dates",))
    assert set(statuses(registry, suggested)) == {"1784", "1800", "deu"}


@pytest.mark.parametrize(
    ("batch_id", "choice", "error"),
    [
        ("none", Choice(), BatchUnknown),
        ("b1", Choice(item="none"), ItemUnknown),
        ("b1", Choice(ids=(1, 99)), SuggestionUnknown),
        ("b1", Choice(kinds=("language",), ids=(1,)), SuggestionUnknown),
    ],
)
def test_who_asks_for_what_is_not_there_is_told_and_nothing_is_decided(
    registry: Registry, suggested: str, batch_id: str, choice: Choice, error: type[Exception]
) -> None:
    with registry.transaction() as session, pytest.raises(error):
        decide(session, batch_id, choice, ACCEPTED)
    assert set(statuses(registry, suggested).values()) == {SUGGESTED}
