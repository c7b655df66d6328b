# SPDX-License-Identifier: Apache-2.0
"""`recto suggestions` in words, where no station runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.command_line import main
from app.exit_codes import ExitCode
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.pages import RecordedSuggestion, record_suggestions
from workers.node import Node
from workers.settings import load_settings


@pytest.fixture
def node(recto_home: Path) -> Iterator[Node]:
    """A home with a batch of which two things are suggested."""
    made = Node(load_settings())
    items = [PlannedItem("first", {"title": "Letters"}, [None])]
    batch = PlannedBatch("b1", made.settings.station, "Library", {}, "0" * 64, "/m.csv", items, chunk_pages=2)
    with made.registry.transaction() as session:
        register_batch(session, batch)
        found = [
            RecordedSuggestion(1, "date", "1784", "archive.text.dates", "1", 0.8),
            RecordedSuggestion(None, "language", "deu", "archive.text.language", "1", 1.0),
        ]
        record_suggestions(session, 1, found)
    yield made
    made.registry.close()


def recto(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["suggestions", *arguments])


def test_what_is_suggested_is_shown_and_decided_in_words(node: Node) -> None:
    shown = recto("list", "b1").stdout.splitlines()
    assert len(shown) == 2
    assert "first page 1" in next(line for line in shown if "1784" in line)
    refused = recto("refuse", "b1", "--kind", "language")
    assert refused.exit_code == 0
    assert "1 suggestions of batch b1 are refused now" in refused.stderr
    assert "refused" in recto("list", "b1", "--status", "refused").stdout
    assert recto("list", "b1", "--kind", "none").stdout == ""
    assert "2 suggestions" in recto("accept", "b1", "--all").stderr
    assert "2 suggestions" in recto("reopen", "b1", "--item", "first").stderr


def test_who_does_not_say_which_are_meant_decides_nothing(node: Node) -> None:
    told = recto("accept", "b1")
    assert told.exit_code == ExitCode.WRONG_USAGE
    assert "--all" in told.stderr
    assert "accepted" not in recto("list", "b1").stdout


def test_a_number_that_is_not_there_is_told_with_what_to_do(node: Node) -> None:
    told = recto("accept", "b1", "--id", "99")
    assert told.exit_code != 0
    assert "registry.suggestion_unknown" in told.stderr
    assert "recto suggestions list BATCH" in told.stderr


def test_providers_are_listed() -> None:
    assert "openai-compatible" in recto("providers").stdout
