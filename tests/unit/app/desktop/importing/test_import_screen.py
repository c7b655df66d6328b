# SPDX-License-Identifier: Apache-2.0
"""From a dropped file to a batch: what the operator sees, and what is created when."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from pytestqt.qtbot import QtBot

from app.desktop.importing.file_choice import FileChoice
from app.desktop.importing.recent import RecentFiles
from app.desktop.importing.screen import ImportScreen
from app.desktop.workplace import Workplace
from archive.manifest.reader import read_manifest
from archive.registry.batches import list_batches
from archive.registry.events import read_events

Open = Callable[[Path], ImportScreen]
Press = Callable[..., None]

Make = Callable[..., Path]

BLOCK = (
    "batch_id;B-1\ninstitution;Library\nscanner_id;simulated:flatbed\nscanner_model;Flatbed X\n"
    "resolution_dpi;300\ncolor_profile;sRGB\n\n"
)
CLEAN = BLOCK + "id;title;pages;date\nA;Grüße;2;1915\nB;Brief;3;1916\n"
WRONG = (
    BLOCK + "id;title;pages;date\nA;Grüße;0;1915\nB;;3;2 March 1915\nC;Karte;4;3 March 1915\nA;Brief;1;1917\n"
)


@pytest.fixture
def manifest(tmp_path: Path) -> Make:
    """Write a manifest as a German spreadsheet program does."""

    def make(text: str = CLEAN, name: str = "batch.csv") -> Path:
        path = tmp_path / "manifests" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
        return path

    return make


CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file and what is in it, but for the registry's own and the list of recent files."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
        if "registry.sqlite3" not in path.name and "desktop" not in path.parts
    }


def current_text(screen: ImportScreen) -> tuple[int, int, str]:
    index = screen.page.table.currentIndex()
    return index.row() + 1, index.column(), str(index.data())


def batches(workplace: Workplace) -> list[str]:
    with workplace.node.registry.reading() as session:
        return [batch.id for batch in list_batches(session)]


# requirement 07
def test_every_problem_leads_to_its_cell_and_every_cell_to_its_problem(opened: Open, manifest: Make) -> None:
    screen = opened(manifest(WRONG))
    page, problems = screen.page, screen.controller.problems
    places = [f"{problem.column}{problem.row}" for problem in problems]
    assert places == ["C9", "B10", "D10", "D11", "A12"]
    for number, problem in enumerate(problems):
        page.problems.list.setCurrentIndex(page.problems.model.index(number, 0))
        row, column, _ = current_text(screen)
        assert (row, column) == (problem.row, ord(problem.column or "") - ord("A"))
    for number, problem in enumerate(problems):
        page.table.setCurrentIndex(page.model.index((problem.row or 0) - 1, ord(problem.column or "A") - 65))
        assert page.problems.current == number
    page.table.setCurrentIndex(page.model.index(0, 0))
    assert page.problems.current is None


def test_f8_goes_from_problem_to_problem_and_starts_over_at_the_end(
    opened: Open, manifest: Make, press: Press
) -> None:
    screen = opened(manifest(WRONG))
    assert current_text(screen) == (9, 2, "0")
    seen = []
    for _ in range(5):
        press(Qt.Key.Key_F8)
        seen.append(current_text(screen)[:2])
    assert seen == [(10, 1), (10, 3), (11, 3), (12, 0), (9, 2)]
    press(Qt.Key.Key_F8, SHIFT)
    assert current_text(screen)[:2] == (12, 0)


def test_the_list_can_be_narrowed_and_f8_keeps_to_it(opened: Open, manifest: Make, press: Press) -> None:
    screen = opened(manifest(WRONG))
    panel = screen.page.problems
    panel._filter.setCurrentIndex(2)
    assert panel.model.rowCount() == 2
    press(Qt.Key.Key_F8)
    press(Qt.Key.Key_F8)
    assert current_text(screen)[:2] == (11, 3)
    panel._filter.setCurrentIndex(1)
    assert panel.model.rowCount() == 3


# requirement 09
def test_nothing_is_created_while_an_error_remains(
    opened: Open, manifest: Make, home: Path, workplace: Workplace, press: Press, qtbot: QtBot
) -> None:
    path = manifest(WRONG)
    workplace.node.registry  # noqa: B018 (opened before the snapshot, as the desktop does)
    before = files_below(home) | files_below(path.parent)
    screen = opened(path)
    press(Qt.Key.Key_Return, CTRL)
    screen.controller.create(at_desk=True)
    screen.workplace.actions.action("importing.create").trigger()
    qtbot.waitUntil(lambda: not workplace.operations.running)
    assert batches(workplace) == []
    assert files_below(home) | files_below(path.parent) == before
    assert not screen.workplace.actions.action("importing.create").isEnabled()


def test_warnings_are_let_stand_one_by_one_with_a_reason_that_the_batch_remembers(
    opened: Open, manifest: Make, workplace: Workplace, press: Press, qtbot: QtBot
) -> None:
    screen = opened(manifest(CLEAN.replace("1915", "2 March 1915").replace("1916", "spring")))
    create = workplace.actions.action("importing.create")
    assert not create.isEnabled()
    press(Qt.Key.Key_A, CTRL | SHIFT)
    reason = screen.window().focusWidget()
    assert reason is screen.page.problems._detail.reason
    qtbot.keyClicks(reason, "As written")
    press(Qt.Key.Key_Return)
    assert list(screen.controller.reasons.values()) == ["As written"]
    assert not create.isEnabled()
    assert current_text(screen) == (10, 3, "spring")
    press(Qt.Key.Key_A, CTRL | SHIFT)
    assert create.isEnabled()
    with qtbot.waitSignal(screen.controller.created):
        press(Qt.Key.Key_Return, CTRL)
    with workplace.node.registry.reading() as session:
        told = [
            event["detail"]["accepted_warning"]
            for event in read_events(session, "B-1")
            if event["type"] == "validation"
        ]
    assert [(warning["column"], warning["row"], warning["reason"]) for warning in told] == [
        ("D", 9, "As written"),
        ("D", 10, "As written"),
    ]


def test_all_warnings_of_a_kind_can_share_a_reason_and_be_decided_again(opened: Open, manifest: Make) -> None:
    screen = opened(manifest(CLEAN.replace("1915", "2 March 1915").replace("1916", "spring")))
    panel = screen.page.problems
    panel._detail.reason.setText("Dates of the letters")
    panel._detail.all_alike.setChecked(True)
    screen.workplace.actions.action("importing.accept").trigger()
    assert screen.controller.open_warnings == 0
    assert screen.workplace.actions.action("importing.create").isEnabled()
    panel._detail._withdraw.click()
    assert screen.controller.open_warnings == 1


# requirement 08
def test_the_exported_sheet_passes_when_it_is_mended(
    opened: Open, manifest: Make, monkeypatch: pytest.MonkeyPatch, press: Press, qtbot: QtBot, tmp_path: Path
) -> None:
    told = tmp_path / "told.csv"
    monkeypatch.setattr(FileChoice, "destination", classmethod(lambda *_, **__: told))
    screen = opened(manifest(WRONG))
    with qtbot.waitSignal(screen.controller.exported):
        press(Qt.Key.Key_E, CTRL)
    text = told.read_bytes().decode("utf-8-sig")
    assert "id;title;pages;date;Problems;Problem messages\r\n" in text
    for old, new in (
        ("A;Grüße;0", "A;Grüße;1"),
        ("B;;3;2 March 1915", "B;x;3;1915"),
        ("3 March 1915", "1915"),
        ("A;Brief", "D;Brief"),
    ):
        text = text.replace(old, new)
    told.write_bytes(text.encode("utf-8-sig"))
    assert read_manifest(told).problems == ()
    screen = opened(told)
    assert screen.controller.problems == ()
    assert screen.controller.may_create


def test_a_batch_is_made_by_keys_only(
    screen: ImportScreen,
    manifest: Make,
    monkeypatch: pytest.MonkeyPatch,
    press: Press,
    qtbot: QtBot,
    workplace: Workplace,
) -> None:
    monkeypatch.setattr(FileChoice, "manifest", classmethod(lambda *_: manifest()))
    with qtbot.waitSignal(screen.controller.inspected):
        press(Qt.Key.Key_O, CTRL)
    with qtbot.waitSignal(screen.controller.created):
        press(Qt.Key.Key_Return, CTRL)
    assert (workplace.batch, workplace.item) == ("B-1", None)
    with qtbot.waitSignal(workplace.screen_wanted) as wanted:
        press(Qt.Key.Key_Space)
    assert wanted.args == ["capture", {}]


def test_a_dropped_file_is_opened(screen: ImportScreen, manifest: Make, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(manifest(name="Grüße an Anna.csv")))])
    over = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    screen.dragEnterEvent(over)
    assert over.isAccepted()
    assert screen._drop_hint.isVisible()
    event = QDropEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(screen.controller.inspected):
        screen.dropEvent(event)
    assert not screen._drop_hint.isVisible()
    assert screen.controller.inspection is not None
    assert screen.controller.inspection.batch == "B-1"


def test_an_id_that_exists_offers_the_batch_that_has_it(
    opened: Open, manifest: Make, workplace: Workplace, press: Press, qtbot: QtBot
) -> None:
    screen = opened(manifest())
    with qtbot.waitSignal(screen.controller.created):
        press(Qt.Key.Key_Return, CTRL)
    opened(manifest(CLEAN.replace("Brief", "Karte"), "other.csv"))
    (problem,) = screen.controller.problems
    assert problem.code == "batch-exists"
    with qtbot.waitSignal(workplace.screen_wanted) as wanted:
        workplace.actions.action("importing.open_existing").trigger()
    assert wanted.args == ["capture", {}]
    assert batches(workplace) == ["B-1"]


def test_an_id_taken_while_one_looks_is_told_with_a_button(
    opened: Open, manifest: Make, workplace: Workplace, qtbot: QtBot
) -> None:
    from workers.operations import register_manifest

    screen = opened(manifest())
    register_manifest(workplace.node, manifest(name="faster.csv"))
    with qtbot.waitSignal(workplace.failure_reported) as told:
        screen.controller.create(at_desk=True)
    notice: Any = told.args[0]
    assert notice.failure["code"] == "registry.batch_exists"
    assert notice.remedy_title == "Go on with that batch"
    assert screen.page.isVisible()


def test_a_file_that_changes_on_disk_must_be_checked_again(
    opened: Open, manifest: Make, press: Press, qtbot: QtBot
) -> None:
    path = manifest(WRONG)
    screen = opened(path)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(manifest(CLEAN, "clean.csv").read_bytes())
    with qtbot.waitSignal(screen.controller.changed_on_disk):
        os.replace(fresh, path)  # noqa: PTH105 (as spreadsheet programs save)
    assert not screen.controller.may_create
    with qtbot.waitSignal(screen.controller.inspected):
        press(Qt.Key.Key_F5)
    assert screen.controller.may_create


def test_a_file_that_is_gone_is_told_and_the_screen_stays(
    screen: ImportScreen, workplace: Workplace, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(workplace.failure_reported) as told:
        screen.open(tmp_path / "gone.csv")
    notice: Any = told.args[0]
    assert notice.failure["code"] == "manifest.missing"
    assert screen.welcome.isVisible()


def test_reading_can_be_stopped_and_what_was_there_stays(
    opened: Open, manifest: Make, press: Press, workplace: Workplace, qtbot: QtBot
) -> None:
    screen = opened(manifest())
    rows = "".join(f"I{number};T;1;1915\n" for number in range(3000))
    screen.open(manifest(BLOCK + "id;title;pages;date\n" + rows, "long.csv"))
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not workplace.operations.running)
    assert screen.controller.inspection is not None
    assert screen.controller.inspection.path.name == "batch.csv"
    assert screen.controller.may_create


def test_the_files_opened_last_are_offered_after_a_restart(
    opened: Open, manifest: Make, workplace: Workplace, qtbot: QtBot
) -> None:
    path = manifest()
    opened(path)
    qtbot.waitUntil(lambda: not workplace.operations.running)
    folder = workplace.settings.state_directory / "desktop"
    assert RecentFiles(folder / "recent-manifests.json").read() == [path]
    path.unlink()
    assert RecentFiles(folder / "recent-manifests.json").read() == []


def test_a_document_is_shown_with_its_problems(opened: Open, manifest: Make) -> None:
    text = "id: B-1\ninstitution: L\nscanner_model: X\nresolution_dpi: 9\ncolor_profile: sRGB\nitems:\n"
    screen = opened(manifest(text + "  - {id: A, title: T, pages: 1, scanner_id: simulated:x}\n", "m.yaml"))
    assert current_text(screen) == (4, 1, "9")
    assert not screen.workplace.actions.action("importing.export").isEnabled()


def test_the_sample_batch_opens_clean(screen: ImportScreen, qtbot: QtBot) -> None:
    with qtbot.waitSignal(screen.controller.inspected):
        screen.entered({"sample": True})
    assert screen.controller.may_create


def test_a_batch_of_existing_images_only_goes_to_the_workers(
    opened: Open, manifest: Make, workplace: Workplace, qtbot: QtBot
) -> None:
    path = manifest(BLOCK + "id;title;file_paths\nA;Grüße;a.tif\n")
    (path.parent / "a.tif").write_bytes(b"II")
    screen = opened(path)
    summary = screen.page.summary
    assert not summary.at_desk
    assert not summary._at_desk.isEnabled()
    assert "1 existing image" in summary._facts["amount"].text()
    with qtbot.waitSignal(workplace.failure_reported, timeout=15_000) as told:
        workplace.actions.action("importing.create").trigger()
    # there is no broker here, and the batch is there all the same
    notice: Any = told.args[0]
    assert notice.failure["code"] == "broker.unavailable"
    assert batches(workplace) == ["B-1"]
    assert screen.created.board.isVisible()
    assert not screen.created.start.isVisible()
    assert opened(manifest(CLEAN.replace("B-1", "B-2"), "other.csv")).page.summary.at_desk


def test_a_folder_and_a_broken_workbook_are_told_and_nothing_is_at_hand(
    screen: ImportScreen, workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(workplace.failure_reported) as told:
        screen.open(tmp_path)
    notice: Any = told.args[0]
    assert notice.failure["code"] == "manifest.not_a_file"
    broken = tmp_path / "m.xlsx"
    broken.write_bytes(b"PK no workbook")
    with qtbot.waitSignal(screen.controller.inspected):
        screen.open(broken)
    assert [problem.code for problem in screen.controller.problems] == ["not-a-workbook"]
    assert screen.page.problems.current == 0
    assert not workplace.actions.action("importing.export").isEnabled()
    assert not screen.controller.may_create


# requirement 21
def test_tab_leads_through_the_screen_and_back(opened: Open, manifest: Make, press: Press) -> None:
    screen = opened(manifest(WRONG))
    start = screen.window().focusWidget()
    assert start is screen.page.table
    visited = []
    for _ in range(40):
        press(Qt.Key.Key_Tab)
        here = screen.window().focusWidget()
        if here is start:
            break
        visited.append(here)
    assert screen.window().focusWidget() is start
    assert screen.page.problems.list in visited
    assert screen.page.problems._filter in visited
    assert screen.page.summary._at_desk in visited
