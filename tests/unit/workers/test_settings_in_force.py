# SPDX-License-Identifier: Apache-2.0
"""A changed settings file: what a running process follows, and what waits for its next start."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers import node as node_module
from workers.node import this_node
from workers.settings import Settings, load_settings, settings_file
from workers.settings_file import SetValue, change_settings
from workers.settings_in_force import AT_START, taken_over, waits_for_restart


@pytest.fixture(autouse=True)
def no_node_yet(recto_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_module, "_nodes", {})
    monkeypatch.setattr(node_module, "_stamps", {})


def test_a_running_worker_follows_what_it_can() -> None:
    node = this_node()
    change_settings(
        SetValue(("ocr", "language"), "deu"),
        SetValue(("storage", "vault", "url"), "/vault"),
        SetValue(("ledger", "max_attempts"), 9),
        SetValue(("ledger", "reconcile_seconds"), 9),
        SetValue(("station",), "elsewhere"),
    )
    assert this_node() is node
    assert node.settings.ocr.language == "deu"
    assert list(node.settings.storage) == ["vault"]
    assert (node.settings.ledger.max_attempts, node.settings.ledger.reconcile_seconds) == (9, 60)
    assert node.settings.station != "elsewhere"


def test_a_file_that_cannot_be_used_changes_nothing() -> None:
    before = this_node().settings
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text("statoin = 3")
    assert this_node().settings == before
    settings_file().write_text("[ocr]\nlanguage = 'fra'")
    assert this_node().settings.ocr.language == "fra"


def test_the_folder_of_batches_is_followed_only_while_there_are_none(tmp_path: Path) -> None:
    running = load_settings()
    changed = Settings(data_directory=tmp_path / "new")
    assert taken_over(changed, running).data_directory == tmp_path / "new"
    (running.batches / "one").mkdir(parents=True)
    assert taken_over(changed, running).data_directory == running.data_directory


def test_only_what_differs_waits_for_a_restart() -> None:
    running = load_settings()
    changed = Settings(station="new", ocr={"language": "deu"})  # type: ignore[arg-type]
    assert [name for name in sorted(AT_START) if waits_for_restart(name, changed, running)] == ["station"]
    assert not waits_for_restart("ocr.language", changed, running)
