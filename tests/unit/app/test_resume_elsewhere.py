# SPDX-License-Identifier: Apache-2.0
"""Whoever goes on with a batch on another machine is told whose pages it waits for."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.command_line import main
from app.commands import batch
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from workers.node import Node
from workers.settings import load_settings


@pytest.mark.parametrize(("station", "told"), [("lost", True), ("", False)])
def test_a_batch_of_another_station_is_told(
    recto_home: Path, monkeypatch: pytest.MonkeyPatch, station: str, *, told: bool
) -> None:
    node = Node(load_settings())
    items = [PlannedItem("first", {"title": "Letters"}, [None])]
    planned = PlannedBatch(
        "b", station or node.settings.station, "L", {}, "0" * 64, "/m.csv", items, chunk_pages=50
    )
    with node.registry.transaction() as session:
        register_batch(session, planned)
    node.close()
    # what follows brings up a whole station
    monkeypatch.setattr(batch, "run_to_end", lambda *_, **__: None)
    result = CliRunner().invoke(main, ["batch", "resume", "b"])
    assert result.exit_code == 0
    assert ("the station lost" in " ".join(result.stderr.split())) is told
