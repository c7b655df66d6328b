# SPDX-License-Identifier: Apache-2.0
"""An item captured at the desk goes on: its pages become masters without a scanner, and nothing of it is erased."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from archive.registry import desk as registry_desk
from archive.registry.batches import items_of, pages_of
from archive.registry.events import read_events, verify_chain
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow, UnitRow
from archive.registry.window import fill_window
from hardware.discovery import open_session
from hardware.scanner import PageCompleted
from workers.desk import Desk, LabelScheme, moving
from workers.desk.errors import DeskBusy, DeskClosed, PagesNotReady
from workers.desk.recovery import recoverable
from workers.device_settings import DeviceSettings, SimulatedDeviceSettings
from workers.node import Node
from workers.operations import cancel_batch, register_manifest
from workers.run_unit import run_unit
from workers.settings import Settings

MANIFEST = {
    "id": "letters",
    "institution": "Test Library",
    "scanner_model": "Any",
    "resolution_dpi": 60,
    "color_profile": "gray",
    "items": [{"id": "one", "title": "One", "pages": 6, "scanner_id": "simulated:one"}],
}


@pytest.fixture
def node(recto_home: Path, tmp_path: Path) -> Iterator[Node]:
    device = SimulatedDeviceSettings(name="one", kind="feeder")
    made = Node(Settings(devices=DeviceSettings(sane=False, simulated=(device,)), ledger={"chunk_pages": 2}))
    file = tmp_path / "letters.json"
    file.write_text(json.dumps(MANIFEST))
    register_manifest(made, file, at_desk=True)
    yield made
    made.registry.close()


@pytest.fixture
def desk(node: Node) -> Desk:
    return Desk(node, "letters", "one")


def scan(node: Node, desk: Desk, pages: int, *, dpi: int = 60, **where: Any) -> None:
    """What a person's press of the capture key does, on a simulated feeder."""
    run = desk.begin_run(pages=pages, **where)
    with open_session("simulated:one", node.hardware()) as session:
        session.apply({"resolution": dpi, "mode": "Gray"})
        for event in session.scan(run.request()):
            if isinstance(event, PageCompleted):
                desk.add(run, event.page)
    desk.end_run(run)


def capture_stage(node: Node) -> list[UnitRow]:
    """Run the capture units of the item, as a worker does."""
    with node.registry.transaction() as session:
        [item] = items_of(session, "letters")
        units = list(session.scalars(select(UnitRow).where(UnitRow.item == item.id)))
        next(unit for unit in units if unit.stage == Stage.VALIDATE).state = State.DONE
    keys = [unit.id for unit in units if unit.stage == Stage.CAPTURE]
    for key in keys:
        run_unit(node, key, "test")
    with node.registry.reading() as session:
        return [session.get_one(UnitRow, key) for key in keys]


def pixels_of(folder: Path) -> list[str]:
    return [
        hashlib.sha256(Image.open(path).tobytes()).hexdigest()
        for path in sorted((folder / "masters").iterdir())
    ]


def test_what_was_captured_ordered_and_labelled_becomes_the_item(
    node: Node, desk: Desk, tmp_path: Path
) -> None:
    Image.new("L", (40, 60), 200).save(tmp_path / "leaf.png", dpi=(60, 60))
    scan(node, desk, 4)
    order = [place.id for place in desk.state().places]
    scan(node, desk, 1, replaces=order[1])
    desk.discard([order[3]])
    desk.take_in([tmp_path / "leaf.png"], before=order[0])
    desk.mark_missing(before=order[2])
    places = desk.state().places
    desk.relabel([place.id for place in places], LabelScheme.FOLIO, "1r")
    desk.rotate([places[1].id], 3)
    desk.hand_over(operator="Ada")
    desk.hand_over(operator="Ada")
    units = capture_stage(node)
    assert [(unit.chunk, unit.state) for unit in units] == [(0, State.DONE), (1, State.DONE)]
    with node.registry.reading() as session:
        [item] = items_of(session, "letters")
        pages = pages_of(session, item.id)
    assert [(page.number, page.name, page.label, page.rotation) for page in pages] == [
        (1, "0001", "1r", 0),
        (2, "0002", "1v", 3),
        (3, "0003", "2r", 0),
        (5, "0005", "3r", 0),
    ]
    assert [page.capture["pixel_sha256"] for page in pages[1:] if page.capture] == [
        place.image_key for place in places if place.kind == "captured"
    ]
    assert item.description["missing_pages"] == [{"number": 4, "label": "2v"}]
    assert (item.on_hold, item.desk, item.description["expected_pages"]) == (None, "handed over", 6)
    masters = sorted(path.name for path in (desk.folder / "masters").iterdir())
    assert masters == ["0001.png", "0002.tif", "0003.tif", "0005.tif"]
    assert desk.state().handed_over


def test_replaced_and_discarded_captures_are_kept_and_told_in_the_chain(node: Node, desk: Desk) -> None:
    scan(node, desk, 3)
    first, second, _ = [place.id for place in desk.state().places]
    scan(node, desk, 1, replaces=first)
    desk.discard([second])
    desk.hand_over(operator="Ada")
    kept = sorted((desk.folder / moving.SUPERSEDED).glob("*.raw"))
    assert [path.name for path in kept] == ["run-0001-page-0001.raw", "run-0001-page-0002.raw"]
    for path in kept:
        facts = json.loads(path.with_suffix(".json").read_bytes())
        assert hashlib.sha256(path.read_bytes()[facts["pixel_offset"] :]).hexdigest() == facts["pixel_sha256"]
    with node.registry.reading() as session:
        events = [event for event in read_events(session, "letters", "one") if event["type"] == "appraisal"]
        assert verify_chain(session, "letters").whole
    done, *superseded = events
    assert done["detail"]["expected_pages"] == 6
    assert done["detail"]["pages"] == 2
    assert done["outcome"] == "warning"
    assert "Ada" in done["agents"]
    assert [event["detail"]["why"] for event in superseded] == ["replaced", "discarded"]
    assert not (desk.folder / "desk").exists()


def test_an_item_at_the_desk_is_not_dispatched_and_one_that_is_done_is(node: Node, desk: Desk) -> None:
    scan(node, desk, 1)
    with node.registry.transaction() as session:
        assert fill_window(session, 8) == []
    desk.hand_over(operator="")
    with node.registry.transaction() as session:
        assert len(fill_window(session, 8)) == 1


class Killed(BaseException):
    """The process ends here."""


def test_a_hand_over_that_is_interrupted_anywhere_goes_on_to_the_same_end(
    node: Node, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(node, desk, 3)
    scan(node, desk, 1, replaces=desk.state().places[0].id)
    wanted = [place.image_key for place in desk.state().places]
    deaths = 0
    # a little further each time: before and behind every rename and every file of facts
    for step in range(100):
        left = [step]

        def die(left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Killed

        with monkeypatch.context() as patch:
            for module, name in ((moving, "rename"), (moving, "write_facts"), (moving, "write_durably")):
                patch.setattr(module, name, _mortal(getattr(module, name), die))
            try:
                desk.hand_over(operator="Ada")
            except Killed:
                deaths += 1
                with node.registry.transaction() as session:
                    assert fill_window(session, 8) == []
                continue
        break
    assert deaths >= 5
    assert [unit.state for unit in capture_stage(node)] == [State.DONE, State.DONE]
    with node.registry.reading() as session:
        [item] = items_of(session, "letters")
        captured = [page.capture for page in pages_of(session, item.id)]
    assert [facts["pixel_sha256"] for facts in captured if facts] == wanted
    assert len(list((desk.folder / moving.SUPERSEDED).glob("*.raw"))) == 1


def _mortal(work: Any, die: Any) -> Any:
    def around(*arguments: Any, **options: Any) -> Any:
        die()
        made = work(*arguments, **options)
        die()
        return made

    return around


def test_the_next_start_finishes_a_hand_over(node: Node, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    scan(node, desk, 1)
    with monkeypatch.context() as patch:
        patch.setattr(moving.Moving, "move", lambda _self: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            desk.hand_over(operator="Ada")
    with pytest.raises(DeskClosed):
        desk.begin_run()
    assert not desk.state().handed_over
    assert recoverable(node) == []
    with node.registry.reading() as session:
        assert registry_desk.item_of(session, "letters", "one").desk == "handed over"


def test_a_page_that_is_gone_keeps_its_item_on_hold_until_it_is_back(node: Node, desk: Desk) -> None:
    scan(node, desk, 2)
    path = desk.state().places[1].path
    assert path is not None
    elsewhere = path.rename(path.with_suffix(".elsewhere"))
    with pytest.raises(moving.PageGone, match=path.name):
        desk.hand_over(operator="Ada")
    assert recoverable(node) == []
    with node.registry.transaction() as session:
        assert fill_window(session, 8) == []
    elsewhere.rename(path)
    desk.hand_over(operator="Ada")
    assert [unit.state for unit in capture_stage(node)] == [State.DONE]


def test_pages_that_are_not_ready_keep_the_item_at_the_desk(node: Node, desk: Desk) -> None:
    with pytest.raises(PagesNotReady, match="no page"):
        desk.hand_over(operator="")
    run = desk.begin_run()
    with pytest.raises(DeskBusy):
        desk.hand_over(operator="")
    desk.end_run(run)
    scan(node, desk, 1, dpi=75)
    with pytest.raises(PagesNotReady, match="75 x 75 dpi"):
        desk.hand_over(operator="")
    scan(node, desk, 1, replaces=desk.state().places[0].id)
    desk.judge([desk.state().places[0].id], "rejected", "skew")
    with pytest.raises(PagesNotReady, match="Rejected"):
        desk.hand_over(operator="")
    with node.registry.reading() as session:
        assert session.scalars(select(ItemRow.on_hold)).all() == ["desk"]
    cancel_batch(node, "letters")
    desk.judge([desk.state().places[0].id], "", "")
    with pytest.raises(DeskClosed, match="cancelled"):
        desk.hand_over(operator="")
