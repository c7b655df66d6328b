# SPDX-License-Identifier: Apache-2.0
"""Ten thousand thumbnails appear at once, and only those that rest in view are loaded."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QDropEvent, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QScrollBar
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.thumbnails.loader import ThumbnailKey, ThumbnailLoader
from app.desktop.thumbnails.model import PIXMAP_ROLE, ThumbnailModel
from app.desktop.thumbnails.row import PageState, ThumbnailRow, describe
from app.desktop.thumbnails.strip import ThumbnailStrip
from archive.imaging.image_source import ImageSource


class FakeImages:
    """Makes gray thumbnails and remembers of which rows."""

    def __init__(self) -> None:
        self.made: list[int] = []
        self._lock = threading.Lock()

    def load(self, key: ThumbnailKey) -> QImage | None:
        row = int(key.source.key)
        with self._lock:
            self.made.append(row)
        if row == 13:
            raise ValueError("unlucky page")
        image = QImage(100, 141, QImage.Format.Format_RGB32)
        image.fill(0xFF336699)
        return image


@pytest.fixture
def images() -> FakeImages:
    return FakeImages()


@pytest.fixture
def loader(qapp: QApplication, images: FakeImages) -> Iterator[ThumbnailLoader]:
    made = ThumbnailLoader(images.load)
    yield made
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp)
    made.set_scheme("light")
    yield made
    made.set_scheme("system")
    made.deleteLater()


@pytest.fixture
def strip(qtbot: QtBot, loader: ThumbnailLoader, theme: Theme) -> ThumbnailStrip:
    made = ThumbnailStrip(loader, theme)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    return made


def rows(count: int, **facts: Any) -> list[ThumbnailRow]:
    return [
        ThumbnailRow(str(number), str(number + 1), source=source(number), **facts) for number in range(count)
    ]


def source(number: int) -> ImageSource:
    return ImageSource(Path("page.raw"), "raw", 100, 141, 8, 3, "rgb", str(number), pixel_offset=0)


# requirement 04
@pytest.mark.parametrize("arrangement", ["strip", "grid"])
def test_ten_thousand_pages_are_painted_within_50_ms_and_1000_questions(
    qtbot: QtBot, strip: ThumbnailStrip, monkeypatch: pytest.MonkeyPatch, arrangement: Any
) -> None:
    asked = 0
    ask = ThumbnailModel.data

    def counted(*arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return ask(*arguments)

    monkeypatch.setattr(ThumbnailModel, "data", counted)
    strip.set_arrangement(arrangement)
    strip.set_rows(rows(10_000))
    # seconds of this thread's own work: those of the wall also count what other programs do meanwhile
    begun = time.thread_time()
    strip.show()
    strip.repaint()
    QApplication.processEvents()
    seconds = time.thread_time() - begun
    assert 0 < asked <= 1000
    # a station's goal is 50 ms; machines that run tests are slower
    assert seconds < 0.25
    assert strip.pages.rowCount() == 10_000


# requirement 05
@pytest.mark.parametrize("arrangement", ["strip", "grid"])
def test_only_pages_that_rest_in_view_are_loaded(
    qtbot: QtBot, strip: ThumbnailStrip, images: FakeImages, arrangement: Any
) -> None:
    strip.set_arrangement(arrangement)
    strip.set_rows(rows(10_000))
    strip.show()
    qtbot.waitUntil(lambda: 0 in images.made)
    bar = scroll_bar(strip)
    for step in range(200):
        bar.setValue(bar.maximum() * step // 199)
        QApplication.processEvents()
    qtbot.waitUntil(lambda: 9999 in images.made)
    screen = len(strip.visible_rows()) + 8
    seen = [row for row in images.made if 2 * screen < row < 10_000 - 3 * screen]
    # a slow machine may rest once or twice on the way
    assert len(seen) <= 6 * screen
    qtbot.waitUntil(lambda: set(strip.visible_rows()) <= set(images.made))
    assert len(images.made) == len(set(images.made)), "nothing is loaded twice"


def scroll_bar(strip: ThumbnailStrip) -> QScrollBar:
    return strip.verticalScrollBar() if strip.isWrapping() else strip.horizontalScrollBar()


def test_what_is_in_view_comes_before_what_is_near(
    qtbot: QtBot, strip: ThumbnailStrip, images: FakeImages
) -> None:
    strip.set_rows(rows(500))
    strip.show()
    visible = len(strip.visible_rows())
    qtbot.waitUntil(lambda: len(images.made) >= 2 * visible)
    assert set(images.made[: visible - 1]) <= set(range(visible))


def test_the_model_keeps_the_rules_of_models(loader: ThumbnailLoader, qtmodeltester: ModelTester) -> None:
    model = ThumbnailModel(loader)
    model.set_rows(rows(5))
    qtmodeltester.check(model)
    model.set_rows(rows(3))
    model.set_rows([*rows(2), ThumbnailRow("new", "3a"), *rows(9)[5:]])
    model.set_rows([])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("abc", "abxc"),
        ("abc", "ac"),
        ("abcd", "acbd"),
        ("abc", ""),
        ("", "abc"),
        ("abc", "xyz"),
        ("ab", "abab"),
    ],
)
def test_changed_rows_end_as_they_were_given(loader: ThumbnailLoader, before: str, after: str) -> None:
    model = ThumbnailModel(loader)
    model.set_rows([ThumbnailRow(key, key) for key in before])
    model.set_rows([ThumbnailRow(key, key) for key in after])
    assert "".join(row.key for row in model.rows) == after
    assert model.rowCount() == len(after)


def test_one_changed_page_is_one_changed_row(qtbot: QtBot, loader: ThumbnailLoader) -> None:
    model = ThumbnailModel(loader)
    model.set_rows(rows(50))
    changed = rows(50)
    changed[7] = ThumbnailRow("7", "8", verdict="accepted", source=source(7))
    with qtbot.waitSignal(model.dataChanged) as told, qtbot.assertNotEmitted(model.rowsInserted):
        model.set_rows(changed)
    assert (told.args[0].row(), told.args[1].row()) == (7, 7)


def test_asking_the_model_loads_nothing(loader: ThumbnailLoader, images: FakeImages) -> None:
    model = ThumbnailModel(loader)
    model.set_rows(rows(3))
    assert model.index(0).data(PIXMAP_ROLE) is None
    assert images.made == []


def test_an_unreadable_page_is_tried_once_and_marked(
    qtbot: QtBot, strip: ThumbnailStrip, loader: ThumbnailLoader, images: FakeImages
) -> None:
    strip.set_rows([ThumbnailRow("13", "14", source=source(13)), *rows(3)])
    with qtbot.waitSignal(loader.failed) as told:
        strip.show()
    assert told.args[0].key == "13"
    strip.set_rows([ThumbnailRow("13", "14", source=source(13)), *rows(4)])
    qtbot.waitUntil(lambda: 3 in images.made)
    assert images.made.count(13) == 1
    assert loader.is_broken(source(13))


# Choosing


def test_arrow_keys_choose_pages(qtbot: QtBot, strip: ThumbnailStrip) -> None:
    strip.set_rows(rows(20))
    strip.show()
    strip.set_current("4")
    with qtbot.waitSignal(strip.chosen) as told:
        qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert told.args == ["5"]
    with qtbot.waitSignal(strip.selected) as selected:
        qtbot.keyClick(strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert selected.args == [[5, 6]]
    with qtbot.waitSignal(strip.opened) as opened:
        qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert opened.args == ["6"]


def test_the_workspace_choosing_a_page_signals_nothing_back(qtbot: QtBot, strip: ThumbnailStrip) -> None:
    strip.set_rows(rows(2000))
    strip.show()
    with qtbot.assertNotEmitted(strip.chosen), qtbot.assertNotEmitted(strip.selected):
        strip.set_current("1500")
    assert strip.current_key == "1500"
    assert 1500 in strip.visible_rows()


def test_new_rows_keep_the_current_page_and_the_selection(qtbot: QtBot, strip: ThumbnailStrip) -> None:
    strip.set_rows(rows(10))
    strip.show()
    strip.set_current("5")
    qtbot.keyClick(strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert strip.selected_rows() == [5, 6]
    with qtbot.assertNotEmitted(strip.chosen), qtbot.assertNotEmitted(strip.selected):
        strip.set_rows([ThumbnailRow("front", "i"), *rows(10)])
    assert strip.selected_rows() == [6, 7]
    assert strip.current_key == "6"


# Reordering


def drop(strip: ThumbnailStrip, dragged: list[int], point: QPoint) -> None:
    """What Qt does when the mouse lets dragged rows go there."""
    data: QMimeData = strip.pages.mimeData([strip.pages.index(row) for row in dragged])
    strip.dropEvent(
        QDropEvent(
            QPointF(point),
            Qt.DropAction.MoveAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def place(strip: ThumbnailStrip, row: int, share: float) -> QPoint:
    rect: QRect = strip.visualRect(strip.pages.index(row))
    return QPoint(rect.left() + round(rect.width() * share), rect.center().y())


@pytest.mark.parametrize(
    ("dragged", "onto", "share", "expected"),
    [
        ([4, 2], 0, 0.2, ([2, 4], 0)),
        ([0], 2, 0.8, ([0], 3)),
        ([0, 1], 5, 0.9, ([0, 1], None)),
        ([2, 4], 3, 0.2, ([2, 4], 3)),
    ],
)
def test_dropping_asks_for_a_new_order(
    qtbot: QtBot,
    strip: ThumbnailStrip,
    dragged: list[int],
    onto: int,
    share: float,
    expected: tuple[Any, Any],
) -> None:
    strip.set_rows(rows(6))
    strip.show()
    with qtbot.waitSignal(strip.moved) as told:
        drop(strip, dragged, place(strip, onto, share))
    assert tuple(told.args) == expected
    assert [row.key for row in strip.pages.rows] == list("012345"), "who reorders tells the new rows"


@pytest.mark.parametrize(("onto", "share"), [(2, 0.1), (2, 0.9), (3, 0.9), (1, 0.9), (4, 0.1)])
def test_dropping_pages_where_they_are_asks_for_nothing(
    qtbot: QtBot, strip: ThumbnailStrip, onto: int, share: float
) -> None:
    strip.set_rows(rows(6))
    strip.show()
    with qtbot.assertNotEmitted(strip.moved):
        drop(strip, [2, 3], place(strip, onto, share))


def test_the_mouse_picks_pages_up_and_the_strip_takes_them(
    qtbot: QtBot, strip: ThumbnailStrip, monkeypatch: pytest.MonkeyPatch
) -> None:
    picked_up: list[list[int]] = []
    monkeypatch.setattr(
        ThumbnailStrip, "startDrag", lambda self, _: picked_up.append(self.selected_rows()), raising=False
    )
    strip.set_rows(rows(6))
    strip.show()
    point, viewport = place(strip, 2, 0.5), strip.viewport()
    left, nothing = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, way, button in (
        (QEvent.Type.MouseButtonPress, 0, left),
        (QEvent.Type.MouseMove, 20, nothing),
        (QEvent.Type.MouseMove, 60, nothing),
    ):
        there = QPointF(point + QPoint(way, 0))
        QApplication.sendEvent(
            viewport,
            QMouseEvent(
                kind,
                there,
                QPointF(viewport.mapToGlobal(there)),
                button,
                left,
                Qt.KeyboardModifier.NoModifier,
            ),
        )
    assert picked_up == [[2]]
    assert viewport.acceptDrops()
    assert strip.pages.supportedDropActions() == Qt.DropAction.MoveAction


def test_pages_are_moved_by_keys_as_far_as_there_is_room(qtbot: QtBot, strip: ThumbnailStrip) -> None:
    strip.set_rows(rows(4))
    asked: list[tuple[list[int], int | None]] = []
    strip.moved.connect(lambda moved, before: asked.append((moved, before)))
    for key in ("0", "1", "3"):
        strip.set_current(key)
        strip.move_selected(-1)
        strip.move_selected(1)
    assert asked == [([0], 2), ([1], 0), ([1], 3), ([3], 2)]


# How it looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_states_are_told_by_icon_and_word_also_to_who_cannot_see(
    qtbot: QtBot, strip: ThumbnailStrip, theme: Theme, scheme: Any
) -> None:
    theme.set_scheme(scheme)
    plain = ThumbnailRow("a", "17")
    for row, words in (
        (plain, "page 17"),
        (ThumbnailRow("a", "17", verdict="accepted"), "page 17, accepted"),
        (ThumbnailRow("a", "17", verdict="rejected"), "page 17, retake"),
        (ThumbnailRow("a", "17", state=PageState.MISSING), "page 17, missing"),
        (ThumbnailRow("a", "17", state=PageState.HELD), "page 17, held"),
    ):
        assert describe(row) == words
        strip.set_rows([row])
        assert strip.pages.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == words
        if row is plain:
            strip.show()
            undecorated = strip.grab().toImage()
        else:
            assert strip.grab().toImage() != undecorated


def test_the_current_page_is_framed(qtbot: QtBot, strip: ThumbnailStrip, theme: Theme) -> None:
    strip.set_rows(rows(3))
    strip.show()
    strip.set_current("1")
    strip.clearSelection()
    rect = strip.visualRect(strip.pages.index(1))
    image = strip.viewport().grab().toImage()
    assert image.pixelColor(rect.left() + 4, rect.center().y()) == theme.color(Role.ACCENT)


def test_a_thumbnail_that_arrives_is_painted(qtbot: QtBot, strip: ThumbnailStrip) -> None:
    strip.set_rows(rows(3))
    strip.show()
    rect = strip.visualRect(strip.pages.index(0))
    qtbot.waitUntil(
        lambda: (
            strip.viewport().grab().toImage().pixelColor(rect.center().x(), rect.center().y() - 10).name()
            == "#336699"
        )
    )


def test_the_strip_has_a_name_and_a_row_of_its_own_height(strip: ThumbnailStrip) -> None:
    assert strip.accessibleName() == "Pages"
    low = strip.height()
    strip.set_arrangement("strip", QSize(200, 260))
    assert strip.height() > low


def test_larger_letters_make_room_for_themselves(strip: ThumbnailStrip) -> None:
    strip.set_rows(rows(2, verdict="accepted"))
    strip.show()
    low = strip.height()
    font = strip.font()
    font.setPointSize(font.pointSize() * 2)
    strip.setFont(font)
    assert strip.height() >= low + 2 * (strip.fontMetrics().height() // 3)
    assert strip.gridSize().height() <= strip.viewport().height()
