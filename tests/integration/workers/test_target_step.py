# SPDX-License-Identifier: Apache-2.0
"""An item is bagged only when a colour target proves its scanner true around the time of its pages."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import tifffile

from archive.registry.batches import PlannedBatch, PlannedItem, pages_of, register_batch
from archive.registry.decisions import accept_held, retry_units
from archive.registry.item_description import describe_item
from archive.registry.pages import files_of, update_page
from archive.registry.stages import Pipeline, StageRule
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow
from tests.unit.archive.imaging.targets.conftest import Sheet, draw, geometry
from workers.node import Node
from workers.run_unit import run_unit
from workers.settings import Settings
from workers.targets import record_target

__all__ = ["draw", "geometry"]

DEVICE = "sane:flatbed"
CAPTURED = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
PIPELINE = Pipeline(
    "strict",
    "Strict",
    "1",
    (StageRule("proof", "target", parameters={"level": "3 star", "max_age_hours": 12}),),
)
DESCRIPTION = {"title": "Letters", "creator": None, "date": None, "language": "eng", "rights": None}


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    monkeypatch.setenv("RECTO_HOME", str(tmp_path / "home"))
    made = Node(Settings())
    planned = PlannedBatch(
        "b1",
        made.settings.station,
        "Library",
        {},
        "0" * 64,
        "/m.csv",
        [PlannedItem("i1", DESCRIPTION, [None])],
        50,
    )
    with made.registry.transaction() as session:
        register_batch(session, dataclasses.replace(planned, pipeline=PIPELINE))
        (page,) = pages_of(session, 1)
        device = {"id": DEVICE, "vendor": "V", "model": "M", "simulated": False}
        update_page(session, page.id, capture={"device": device, "finished_at": CAPTURED.isoformat()})
    made.item_folder("b1", "i1").mkdir(parents=True)
    yield made
    made.close()


@pytest.fixture(scope="module")
def scans(draw: Callable[..., Sheet], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("scans")
    written = {}
    for name, sheet in {"good": draw(), "cast": draw(cast=0.06)}.items():
        written[name] = folder / f"{name}.tif"
        tifffile.imwrite(
            written[name],
            sheet.samples,
            photometric="rgb",
            resolution=(sheet.dpi, sheet.dpi),
            resolutionunit="INCH",
        )
    return written


def record(node: Node, scan: Path, hours: float) -> None:
    record_target(
        node,
        scan,
        DEVICE,
        geometry="chart-24-and-edge",
        standard="fadgi-2023",
        scanned_at=CAPTURED + timedelta(hours=hours),
    )


def proved(node: Node) -> UnitRow:
    """The unit of the step, after it was run."""
    run_unit(node, 1, "task")
    with node.registry.reading() as session:
        return session.get_one(UnitRow, 1)


def test_without_a_target_of_that_time_the_item_is_held(node: Node, scans: dict[str, Path]) -> None:
    record(node, scans["good"], -13)
    unit = proved(node)
    assert unit.state == State.HELD
    assert unit.error is not None
    assert "within 12 hours" in unit.error["message"]
    assert DEVICE in unit.error["remedy"]


@pytest.mark.parametrize("hours", [-11, 11])
def test_a_good_target_of_that_time_lets_it_go_on_and_goes_with_it(
    node: Node, scans: dict[str, Path], hours: float
) -> None:
    record(node, scans["good"], hours)
    assert proved(node).state == State.DONE
    with node.registry.reading() as session:
        (file,) = files_of(session, 1, "technical")
        target = describe_item(session, 1, complete=True).pages[0].target
    told = json.loads((node.item_folder("b1", "i1") / file.path).read_text())
    assert told["figures"]["color_mean"] < 2
    assert target is not None
    assert (target["file"], target["level"]) == (f"data/{file.path}", "4 star")


def test_a_target_that_misses_the_level_holds_it_and_names_the_figure(
    node: Node, scans: dict[str, Path]
) -> None:
    record(node, scans["cast"], -1)
    unit = proved(node)
    assert unit.state == State.HELD
    assert unit.error is not None
    assert "white_balance" in unit.error["message"]


def test_the_last_target_before_a_page_counts_and_not_the_first(node: Node, scans: dict[str, Path]) -> None:
    record(node, scans["cast"], -5)
    record(node, scans["good"], -1)
    assert proved(node).state == State.DONE


def test_a_held_item_goes_on_when_a_target_is_scanned_or_a_person_accepts(
    node: Node, scans: dict[str, Path]
) -> None:
    assert proved(node).state == State.HELD
    record(node, scans["good"], 2)
    with node.registry.transaction() as session:
        retry_units(session, "b1")
    assert proved(node).state == State.DONE


def test_a_person_may_accept_pages_without_a_target(node: Node) -> None:
    assert proved(node).state == State.HELD
    with node.registry.transaction() as session:
        assert accept_held(session, "b1", item=None, reason="the chart was lent out") == 1
        assert session.get_one(ItemRow, 1).state == State.DONE
