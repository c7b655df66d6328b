# SPDX-License-Identifier: Apache-2.0
"""A manifest as a station looks at it, and what a batch remembers of it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import BatchExists, ManifestMissing
from archive.manifest.acceptance import AcceptedWarning
from archive.manifest.template import template_bytes
from archive.registry.batches import list_batches
from archive.registry.events import read_events, verify_chain
from workers.errors import ManifestRefused
from workers.manifest_check import export_problems, inspect_manifest
from workers.node import Node
from workers.operations import register_manifest
from workers.settings import load_settings


@pytest.fixture
def node(recto_home: Path) -> Iterator[Node]:
    (recto_home / "config").mkdir(parents=True)
    (recto_home / "config" / "recto.toml").write_text('station = "desk"\noperator = "A. Person"\n')
    made = Node(load_settings())
    yield made
    made.registry.close()


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """A manifest with one warning: a date in a form of its own."""
    path = tmp_path / "m.csv"
    path.write_bytes(template_bytes("csv").replace(b"1915-03-02", b"2 March 1915"))
    return path


def test_accepted_warnings_stand_in_the_chain_with_their_reasons(node: Node, doubtful: Path) -> None:
    seen = inspect_manifest(node, doubtful)
    (warning,) = seen.reading.problems
    accepted = [AcceptedWarning(warning, "As on the envelope")]
    batch = register_manifest(node, doubtful, at_desk=True, accepted=accepted, seen=seen.reading.sha256)
    with node.registry.reading() as session:
        events = [event for event in read_events(session, batch) if event["type"] == "validation"]
        assert verify_chain(session, batch).whole
    (event,) = events
    assert event["agents"] == ["A. Person"]
    assert event["detail"]["accepted_warning"] == {
        "row": warning.row,
        "column": warning.column,
        "code": "date-form",
        "severity": "warning",
        "message": warning.message,
        "remedy": warning.remedy,
        "reason": "As on the envelope",
    }


def test_a_file_that_changed_after_the_look_makes_no_batch(node: Node, doubtful: Path) -> None:
    seen = inspect_manifest(node, doubtful)
    doubtful.write_bytes(doubtful.read_bytes().replace(b"Postcard", b"Picture"))
    with pytest.raises(ManifestRefused, match="changed"):
        register_manifest(node, doubtful, seen=seen.reading.sha256)
    with node.registry.reading() as session:
        assert list_batches(session) == []


def test_nothing_that_the_file_does_not_warn_of_can_be_accepted(node: Node, doubtful: Path) -> None:
    (warning,) = inspect_manifest(node, doubtful).reading.problems
    doubtful.write_bytes(template_bytes("csv"))
    with pytest.raises(ManifestRefused, match="changed"):
        register_manifest(node, doubtful, accepted=[AcceptedWarning(warning, "Because")])


def test_an_id_that_is_taken_is_told_at_its_cell_before_anybody_tries(node: Node, doubtful: Path) -> None:
    batch = register_manifest(node, doubtful)
    again = inspect_manifest(node, doubtful)
    problem = next(problem for problem in again.reading.problems if problem.severity == "error")
    assert (problem.code, problem.column, again.exists, again.batch) == ("batch-exists", "B", True, batch)
    assert str(doubtful) in problem.message
    with pytest.raises(BatchExists):
        register_manifest(node, doubtful)


def test_garbage_is_collected_again_after_a_look_however_it_ends(node: Node, tmp_path: Path) -> None:
    with pytest.raises(ManifestMissing):
        inspect_manifest(node, tmp_path / "gone.csv")
    assert gc.isenabled()


def test_looking_can_be_ended_in_the_middle(node: Node, doubtful: Path) -> None:
    def stop(done: int, total: int) -> None:
        assert total == 2
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        inspect_manifest(node, doubtful, stop)


def test_the_storage_that_bags_will_go_to_is_told(node: Node, doubtful: Path) -> None:
    assert inspect_manifest(node, doubtful).storage == ("local",)


def test_a_sheet_that_changed_is_not_given_back_with_the_problems_of_before(
    node: Node, doubtful: Path
) -> None:
    seen = inspect_manifest(node, doubtful)
    told = doubtful.with_name("told.csv")
    doubtful.write_bytes(b"\r\n" + doubtful.read_bytes())
    with pytest.raises(ManifestRefused):
        export_problems(seen, told)
    doubtful.unlink()
    with pytest.raises(ManifestMissing):
        export_problems(seen, told)
    assert not told.exists()
