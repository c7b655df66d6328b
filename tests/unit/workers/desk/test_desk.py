# SPDX-License-Identifier: Apache-2.0
"""What a person does with the pages of an item before it is handed over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from archive.registry.batches import items_of
from hardware.spool import facts_path, raw_path
from workers.desk import Desk, LabelScheme
from workers.desk.errors import DeskError, FileRefused, LabelUnreadable, PlaceUnknown, SheetsUnequal
from workers.node import Node

from .conftest import Capture, spooled


def ids(desk: Desk) -> list[int]:
    return [place.id for place in desk.state().places]


def labels(desk: Desk) -> list[str]:
    return [place.label for place in desk.state().places]


def test_a_batch_for_the_desk_is_on_hold_and_tells_what_is_expected(node: Node, desk: Desk) -> None:
    state = desk.state()
    assert (state.title, state.expected, state.places, state.handed_over) == ("One", 4, (), False)
    with node.registry.reading() as session:
        [item] = items_of(session, "letters")
    assert (item.on_hold, item.device) == ("desk", None)


def test_a_run_is_in_the_registry_with_a_folder_of_its_own_before_any_page(node: Node, desk: Desk) -> None:
    first, second = desk.begin_run(pages=None), desk.begin_run()
    assert (first.folder.name, second.folder.name) == ("run-0001", "run-0002")
    assert first.folder.is_dir()
    request = first.request()
    assert (request.spool, request.pages, request.batch, request.item) == (
        first.folder,
        None,
        "letters",
        "one",
    )


def test_pages_come_in_the_order_of_their_capture_and_tell_their_names(desk: Desk, capture: Capture) -> None:
    capture(2)
    capture()
    places = desk.state().places
    assert [place.name for place in places] == ["0001.tif", "0002.tif", "0003.tif"]
    assert [place.run for place in places] == [1, 1, 2]
    assert places[2].path == raw_path(desk.folder / "desk/run-0002", 3)
    assert places[2].page is not None
    assert places[2].page.path.is_file()
    assert places[2].image_key == places[2].page.pixel_sha256


def test_a_page_that_is_told_twice_is_there_once(desk: Desk) -> None:
    run = desk.begin_run()
    page = spooled(run, 1)
    desk.add(run, page)
    assert desk.add(run, page).before == ()
    assert len(ids(desk)) == 1


def test_a_page_from_elsewhere_is_refused(desk: Desk) -> None:
    first, second = desk.begin_run(), desk.begin_run()
    with pytest.raises(DeskError, match="run-0001"):
        desk.add(second, spooled(first, 1))


def test_pages_that_nobody_heard_of_are_taken_in_when_the_run_ends(desk: Desk) -> None:
    run = desk.begin_run(pages=None)
    desk.add(run, spooled(run, 1))
    spooled(run, 2)
    raw_path(run.folder, 3).write_bytes(b"torn")
    assert [change.text_facts for change in desk.end_run(run)] == [("capture", (2,))]
    assert desk.end_run(run) == ()
    assert len(ids(desk)) == 2


def test_a_retake_has_the_old_pages_place_label_and_view_and_is_undone_exactly(
    desk: Desk, capture: Capture
) -> None:
    capture(3)
    old = ids(desk)
    desk.relabel([old[1]], LabelScheme.ROMAN, "iv")
    desk.rotate([old[1]], 1)
    before = desk.state()
    run = desk.begin_run(replaces=old[1])
    assert run.first_page == 2
    change = desk.add(run, spooled(run, 2))
    assert change.text_facts == ("retake", (2,))
    after = desk.state()
    assert [place.id for place in after.places] == [old[0], after.places[1].id, old[2]]
    assert (after.places[1].label, after.places[1].rotation) == ("iv", 1)
    assert after.aside == 1
    undone = desk.restore(change)
    assert desk.state().places == before.places
    desk.restore(undone)
    assert desk.state() == after


def test_pages_are_inserted_before_another_in_the_order_in_which_they_come(
    desk: Desk, capture: Capture
) -> None:
    capture(2)
    first, second = ids(desk)
    capture(3, before=second)
    after = ids(desk)
    assert (after[0], after[-1]) == (first, second)
    assert after[1:-1] == sorted(after[1:-1])


# requirement 13
@pytest.mark.parametrize(
    "kind", ["discard", "reorder", "relabel", "judge", "rotate", "interleave", "missing"]
)
def test_every_change_can_be_taken_back_and_made_again(desk: Desk, capture: Capture, kind: str) -> None:
    capture(4)
    order = ids(desk)
    before = desk.state()
    change = {
        "discard": lambda: desk.discard(order[:2]),
        "reorder": lambda: desk.reorder(order[2:], order[0]),
        "relabel": lambda: desk.relabel(order[:2], LabelScheme.FOLIO, "1r"),
        "judge": lambda: desk.judge(order[1:3], "rejected", "skew"),
        "rotate": lambda: desk.rotate(order, 3),
        "interleave": lambda: desk.interleave(order[2]),
        "missing": lambda: desk.mark_missing(before=order[1]),
    }[kind]()
    assert change.text_facts.kind == kind
    assert change.text_facts.numbers
    after = desk.state()
    assert after.places != before.places
    undone = desk.restore(change)
    assert desk.state().places == before.places
    assert undone.text_facts.kind == kind
    desk.restore(undone)
    assert desk.state() == after


def test_a_discarded_page_stays_where_it_was_written(desk: Desk, capture: Capture) -> None:
    page = desk.state().places[0].path if capture() else None
    change = desk.discard(ids(desk))
    assert change.text_facts == ("discard", (1,))
    assert page is not None
    assert page.is_file()
    assert facts_path(page.parent, 1).is_file()


def test_a_place_that_is_not_in_the_item_is_refused(desk: Desk, capture: Capture) -> None:
    place = capture()
    desk.discard([place])
    for call in (
        lambda: desk.discard([place]),
        lambda: desk.begin_run(replaces=place),
        lambda: desk.reorder([place], None),
        lambda: desk.mark_missing(before=place),
    ):
        with pytest.raises(PlaceUnknown):
            call()


def test_backs_in_reverse_come_behind_their_fronts(desk: Desk, capture: Capture) -> None:
    capture(3)
    capture(3)
    fronts, backs = ids(desk)[:3], ids(desk)[3:]
    desk.interleave(backs[0])
    assert ids(desk) == [fronts[0], backs[2], fronts[1], backs[1], fronts[2], backs[0]]
    capture()
    with pytest.raises(SheetsUnequal, match="3 fronts and 4 backs"):
        desk.interleave(ids(desk)[3])


def test_only_the_pages_that_are_meant_get_other_labels(desk: Desk, capture: Capture) -> None:
    capture(6)
    order = ids(desk)
    desk.relabel(order[:3], LabelScheme.ROMAN, "I")
    assert labels(desk) == ["I", "II", "III", "4", "5", "6"]
    desk.relabel(order[3:], LabelScheme.ARABIC, "1")
    assert labels(desk) == ["I", "II", "III", "1", "2", "3"]
    desk.relabel([order[3]], LabelScheme.CUSTOM, "Pl. 1")
    assert labels(desk) == ["I", "II", "III", "Pl. 1", "2", "3"]
    desk.mark_missing(before=order[5])
    assert labels(desk) == ["I", "II", "III", "Pl. 1", "2", "3", "4"]
    desk.discard([order[0]])
    assert labels(desk) == ["I", "II", "Pl. 1", "2", "3", "4"]
    with pytest.raises(LabelUnreadable):
        desk.relabel(order[1:2], LabelScheme.ROMAN, "iiii")


def test_pages_to_come_count_on_by_the_scheme_of_the_last(desk: Desk, capture: Capture) -> None:
    place = capture()
    desk.relabel([place], LabelScheme.FOLIO, "12v")
    capture(2)
    assert labels(desk) == ["12v", "13r", "13v"]


def test_a_page_unlike_the_manifest_says_so_at_once(desk: Desk) -> None:
    run = desk.begin_run()
    desk.add(run, spooled(run, 1, dpi=75))
    assert "75 x 75 dpi" in desk.state().places[0].problem


def test_files_are_copied_into_the_item(desk: Desk, tmp_path: Path) -> None:
    for name in ("b.png", "a.png"):
        Image.new("L", (4, 4), ord(name[0])).save(tmp_path / name)
    change = desk.take_in([tmp_path / "b.png", tmp_path / "a.png"])
    assert change.text_facts == ("take in", (1, 2))
    (tmp_path / "b.png").unlink()
    first = desk.state().places[0]
    assert (first.kind, first.name, first.page) == ("file", "0001.png", None)
    assert first.path is not None
    assert first.path.is_file()


def test_a_file_that_is_no_image_lets_none_in(desk: Desk, tmp_path: Path) -> None:
    Image.new("L", (4, 4)).save(tmp_path / "good.png")
    (tmp_path / "bad.tif").write_bytes(b"II*\0 nothing")
    for bad in ("bad.tif", "notes.docx", "gone.png"):
        with pytest.raises(FileRefused):
            desk.take_in([tmp_path / "good.png", tmp_path / bad])
    assert desk.state().places == ()
    assert list((desk.folder / "desk/files").iterdir()) == []


def test_what_is_no_file_is_refused_and_nobody_waits_for_it(desk: Desk, tmp_path: Path) -> None:
    for name, make in (("pipe.tif", os.mkfifo), ("folder.tif", os.mkdir)):
        make(tmp_path / name)
        with pytest.raises(FileRefused, match="is no file"):
            desk.take_in([tmp_path / name])
    assert desk.state().places == ()


def test_files_come_to_stand_before_the_first_page_that_is_there_still(
    desk: Desk, capture: Capture, tmp_path: Path
) -> None:
    first, second, third = (capture() for _ in range(3))
    Image.new("L", (20, 30)).save(tmp_path / "leaf.png")
    copied = desk.copy_in([tmp_path / "leaf.png"])
    desk.discard([second])
    desk.put_in(copied, before=[second, third])
    assert [place.id for place in desk.state().places][::2] == [first, third]
