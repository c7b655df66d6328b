# SPDX-License-Identifier: Apache-2.0
"""A page is taken again after its item has gone on: the old master is kept, and the item's stages are done again."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.custody.history import History
from archive.custody.key_folder import KeyFolder
from archive.custody.verification import verify_custody
from archive.registry.batches import items_of, pages_of
from archive.registry.events import append_event, read_events, verify_chain
from archive.registry.pages import files_of
from archive.registry.review import review_list
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow
from archive.registry.window import fill_window
from hardware.discovery import open_session
from hardware.scanner import PageCompleted, PageFile
from workers.desk import replacing
from workers.desk.errors import DeskBusy, DeskClosed, PagesNotReady, PlaceUnknown
from workers.desk.recovery import recoverable
from workers.device_settings import DeviceSettings, SimulatedDeviceSettings
from workers.node import Node
from workers.operations import register_manifest
from workers.run_unit import run_unit
from workers.settings import Settings

MANIFEST = {
    "id": "letters",
    "institution": "Test Library",
    "scanner_model": "Any",
    "resolution_dpi": 60,
    "color_profile": "gray",
    "settings": {"mode": "Gray"},
    "items": [{"id": "one", "title": "One", "pages": 2, "scanner_id": "simulated:one"}],
}


@pytest.fixture
def node(recto_home: Path, tmp_path: Path) -> Iterator[Node]:
    """A station with an item that has been captured and characterised, and whose second chunk is held."""
    device = SimulatedDeviceSettings(name="one", kind="feeder")
    made = Node(Settings(devices=DeviceSettings(sane=False, simulated=(device,)), ledger={"chunk_pages": 1}))
    file = tmp_path / "letters.json"
    file.write_text(json.dumps(MANIFEST))
    register_manifest(made, file)
    with made.registry.transaction() as session:
        unit_of(session, Stage.VALIDATE, 0).state = State.DONE
    run_stages(made)
    with made.registry.transaction() as session:
        held = unit_of(session, Stage.CHARACTERISE, 1)
        held.state, held.error = State.HELD, {"code": "quality.held"}
    yield made
    made.registry.close()


def unit_of(session: object, stage: Stage, chunk: int) -> UnitRow:
    return session.scalars(select(UnitRow).where(UnitRow.stage == stage, UnitRow.chunk == chunk)).one()  # type: ignore[attr-defined]


def run_stages(node: Node) -> None:
    """Do what the workers do with the first stages."""
    for stage in (Stage.CAPTURE, Stage.CHARACTERISE):
        for chunk in (0, 1):
            with node.registry.reading() as session:
                unit = unit_of(session, stage, chunk).id
            run_unit(node, unit, "test")


def take_again(node: Node, number: int, *, dpi: int = 60) -> PageFile:
    run = replacing.begin_replacement(node, "letters", "one", number)
    with open_session("simulated:one", node.hardware()) as session:
        session.apply({"resolution": dpi, "mode": "Gray"})
        # a simulated scanner draws by the item's name
        request = dataclasses.replace(run.request(), item="turned over")
        [page] = [event.page for event in session.scan(request) if isinstance(event, PageCompleted)]
    return page


def states(node: Node) -> dict[tuple[str, int], str]:
    with node.registry.reading() as session:
        return {(unit.stage, unit.chunk): unit.state for unit in session.scalars(select(UnitRow))}


def test_the_new_page_becomes_the_master_and_the_old_one_is_kept(node: Node) -> None:
    folder = node.item_folder("letters", "one")
    before = {path.name: path.read_bytes() for path in (folder / "masters").iterdir()}
    page = take_again(node, 2)
    replacing.replace_page(node, "letters", "one", 2, page, operator="Ada")
    now = states(node)
    assert (now["capture", 0], now["characterise", 0]) == ("done", "done")
    assert (now["capture", 1], now["characterise", 1], now["enrich", 0]) == ("waiting",) * 3
    with node.registry.transaction() as session:
        assert len(fill_window(session, 8)) == 1
        assert [item.pages for item in review_list(session, "letters")] == [1]
    run_stages(node)
    now = states(node)
    assert (now["capture", 1], now["characterise", 1]) == ("done", "done")
    with node.registry.reading() as session:
        [item] = items_of(session, "letters")
        pages = pages_of(session, item.id)
        masters = {row.path: row.sha256 for row in files_of(session, item.id, "master")}
        events = [event for event in read_events(session, "letters", "one") if event["page"] == 2]
        assert verify_chain(session, "letters").whole
        history = History()
        for event in read_events(session, "letters", "one"):
            history.add(event)
    assert history.captured == masters
    assert pages[1].capture is not None
    assert pages[1].capture["pixel_sha256"] == page.pixel_sha256
    assert pages[1].checks
    after = {path.name: path.read_bytes() for path in (folder / "masters").iterdir()}
    assert [name for name in sorted(before) if before[name] != after[name]] == ["0002.tif"]
    assert masters["masters/0002.tif"] == hashlib.sha256(after["0002.tif"]).hexdigest()
    [told] = [event for event in events if event["type"] == "appraisal"]
    assert (folder / told["detail"]["kept_at"]).read_bytes() == before["0002.tif"]
    assert "Ada" in told["agents"]


def test_a_page_that_came_as_a_file_is_replaced_by_one_of_another_name(node: Node) -> None:
    folder = node.item_folder("letters", "one")
    with node.registry.transaction() as session:
        [item] = items_of(session, "letters")
        for file in files_of(session, item.id, "master"):
            if file.path == "masters/0002.tif":
                file.path = "masters/0002.jp2"
        digest = {"file": "masters/0002.jp2", "sha256": "a" * 64}
        append_event(session, "letters", "ingestion", item="one", page=2, detail=digest)
    (folder / "masters/0002.tif").rename(folder / "masters/0002.jp2")
    replacing.replace_page(node, "letters", "one", 2, take_again(node, 2))
    run_stages(node)
    history = History()
    with node.registry.reading() as session:
        for event in read_events(session, "letters", "one"):
            history.add(event)
    # a bag with the history and these files is whole: nothing asks for the file that was replaced
    assert sorted(history.captured) == ["masters/0001.tif", "masters/0002.tif"]


def test_an_interrupted_replacement_is_finished_at_the_next_start(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = take_again(node, 2)
    for step, work in (
        ("_put_aside", lambda: replacing.replace_page(node, "letters", "one", 2, page)),
        ("_to_spool", lambda: recoverable(node)),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(replacing, step, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                work()
    with node.registry.transaction() as session:
        assert fill_window(session, 8) == []
    assert recoverable(node) == []
    run_stages(node)
    with node.registry.reading() as session:
        [item] = items_of(session, "letters")
        assert (item.on_hold, "replacing" in item.description) == (None, False)
        last = pages_of(session, item.id)[-1]
    assert last.capture is not None
    assert last.capture["pixel_sha256"] == page.pixel_sha256


def test_a_page_that_cannot_be_replaced_stays_as_it_is(node: Node) -> None:
    folder = node.item_folder("letters", "one")
    before = {path: path.read_bytes() for path in folder.rglob("*.tif")}
    with pytest.raises(PagesNotReady, match="75 x 75 dpi"):
        replacing.replace_page(node, "letters", "one", 2, take_again(node, 2, dpi=75))
    with pytest.raises(PlaceUnknown):
        replacing.begin_replacement(node, "letters", "one", 3)
    page = take_again(node, 2)
    for stage, state, refusal in (
        (Stage.CHARACTERISE, State.RUNNING, DeskBusy),
        (Stage.CONFIRM, State.DONE, DeskClosed),
    ):
        with node.registry.transaction() as session:
            unit = unit_of(session, stage, 0)
            was, unit.state = unit.state, state
        with pytest.raises(refusal):
            replacing.replace_page(node, "letters", "one", 2, page)
        with node.registry.transaction() as session:
            unit_of(session, stage, 0).state = was
    assert {path: path.read_bytes() for path in folder.rglob("*.tif")} == before
    assert page.path.is_file()


def test_an_operators_hold_outlasts_the_replacement(node: Node) -> None:
    with node.registry.transaction() as session:
        item = session.scalars(select(ItemRow)).one()
        item.on_hold, item.hold_reason = "operator", "Ask the curator."
    replacing.replace_page(node, "letters", "one", 1, take_again(node, 1))
    with node.registry.reading() as session:
        item = session.scalars(select(ItemRow)).one()
    assert (item.on_hold, item.hold_reason) == ("operator", "Ask the curator.")


@pytest.mark.tesseract
@pytest.mark.usefixtures("tesseract")
def test_a_bag_with_a_page_that_was_taken_again_after_its_assembly_proves_its_whole_history(
    recto_home: Path, tmp_path: Path
) -> None:
    device = SimulatedDeviceSettings(name="one", kind="feeder")
    node = Node(Settings(devices=DeviceSettings(sane=False, simulated=(device,))))
    [item] = MANIFEST["items"]  # type: ignore[misc]
    file = tmp_path / "letters.json"
    file.write_text(json.dumps({**MANIFEST, "items": [{**item, "pages": 1, "language": "eng"}]}))
    register_manifest(node, file)
    run_to_bag(node)
    replacing.replace_page(node, "letters", "one", 1, take_again(node, 1), operator="Ada")
    bag = run_to_bag(node)
    keys = KeyFolder(node.settings.key_directory).public_keys()
    report = verify_custody(bag, keys, page=1)
    assert report.problems == ()
    assert report.page is not None
    assert [event["event"]["type"] for event in report.page.events].count("capture") == 2
    node.registry.close()


def run_to_bag(node: Node) -> Path:
    for stage in list(Stage)[: list(Stage).index(Stage.BAG) + 1]:
        with node.registry.reading() as session:
            unit = unit_of(session, stage, 0).id
        run_unit(node, unit, "test")
    with node.registry.reading() as session:
        bag = session.scalars(select(ItemRow)).one().bag
    assert bag is not None
    return Path(bag["path"])
