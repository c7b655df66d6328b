# SPDX-License-Identifier: Apache-2.0
"""`recto batch status` tells what is to be looked at, in one line a check."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.command_line import main
from archive.registry.batches import PlannedBatch, PlannedItem, items_of, pages_of, register_batch
from archive.registry.states import State
from archive.registry.tables import UnitRow
from workers.node import Node
from workers.settings import load_settings

PAGES = 12


def test_a_check_has_one_line_however_many_pages_it_is_about(recto_home: Path) -> None:
    node = Node(load_settings())
    items = [PlannedItem("letters", {"title": "Letters"}, [None] * PAGES)]
    batch = PlannedBatch("b1", node.settings.station, "Library", {}, "0" * 64, "/m.csv", items, chunk_pages=9)
    with node.registry.transaction() as session:
        register_batch(session, batch)
        [item] = items_of(session, "b1")
        for page in pages_of(session, item.id):
            found = {"measured": 1.5, "threshold": 1.0, "sentence": "The lines are turned."}
            page.checks = [{"check": "shadow_clipping", "verdict": "review", **found}]
        page.checks = [*(page.checks or []), {"check": "icc", "verdict": "hold", **found, "measured": "none"}]
        _set_state(session, State.HELD)
    lines = CliRunner().invoke(main, ["batch", "status", "b1"]).stdout.splitlines()
    [clipping] = [line for line in lines if "shadow clipping" in line]
    assert clipping.startswith("  letters: shadow clipping: page 1 (1.5), page 2 (1.5)")
    assert clipping.endswith("and 4 more")
    assert "  letters: icc: page 12 (held)" in lines
    with node.registry.transaction() as session:
        # a person has accepted it
        _set_state(session, State.DONE)
    node.registry.close()
    assert (
        "  letters: icc: page 12" in CliRunner().invoke(main, ["batch", "status", "b1"]).stdout.splitlines()
    )
    told = json.loads(CliRunner().invoke(main, ["batch", "status", "b1", "--json"]).stdout)
    [item_told] = told["items"]
    assert item_told["to_look_at"] == list(range(1, PAGES + 1))
    assert len(item_told["findings"]) == PAGES + 1


def _set_state(session: Session, state: State) -> None:
    session.execute(update(UnitRow).where(UnitRow.stage == "characterise").values(state=state))
