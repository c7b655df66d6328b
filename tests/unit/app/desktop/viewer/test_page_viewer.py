# SPDX-License-Identifier: Apache-2.0
"""The viewer shows the right pixels at every size, and keeps the view where the operator put it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColorSpace, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.viewer.clipping import BLOWN
from app.desktop.viewer.image_store import ImageStore
from app.desktop.viewer.linked_viewers import LinkedViewers
from app.desktop.viewer.page_viewer import PageViewer, Probe
from archive.imaging.image_source import ImageSource

MakeSource = Callable[..., ImageSource]
Pixels = npt.NDArray[np.int16]


def pixels_of(widget: QWidget) -> Pixels:
    """What a widget shows, as rows of R, G, B."""
    return array_of(widget.grab().toImage())


def array_of(image: QImage) -> Pixels:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(np.int16)


def stored(source: ImageSource) -> Pixels:
    """The page's own pixels."""
    content = np.frombuffer(source.path.read_bytes(), np.uint8)
    return content.reshape(source.height, source.width, 3).astype(np.int16)


def show(qtbot: QtBot, viewer: PageViewer, source: ImageSource, key: str = "1", **how: Any) -> None:
    with qtbot.waitSignal(viewer.sharp, timeout=20_000):
        viewer.show_page(key, source, **how)


def settle(qtbot: QtBot, viewer: PageViewer, action: Callable[[], None]) -> None:
    """Do something to the view and wait until it is sharp."""
    with qtbot.waitSignal(viewer.sharp, timeout=20_000):
        action()


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_at_full_size_every_pixel_is_the_files_own(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource, turns: int
) -> None:
    source = make_source(1300, 1111)
    show(qtbot, viewer, source, rotation=turns)
    settle(qtbot, viewer, lambda: viewer.zoom_to(1.0))
    page = np.rot90(stored(source), -turns)
    origin = viewer.camera.origin()
    left, top = round(-origin.x()), round(-origin.y())
    expected = page[top : top + 400, left : left + 600]
    inner = (slice(5, 235), slice(5, 440))  # the navigator lies in the lower right corner
    assert np.array_equal(pixels_of(viewer)[inner], expected[inner])


@pytest.mark.parametrize("kind", ["raw", "jpeg"])
def test_the_whole_page_is_seen_in_its_colours_on_gray(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource, kind: str, theme: Theme
) -> None:
    source = make_source(1500, 2000, kind)
    show(qtbot, viewer, source)
    shown = pixels_of(viewer)
    page = viewer.rect_in_widget(QRectF(0, 0, 1500, 2000)).toRect()
    assert page.height() == 400
    small = Image.open(source.path) if kind == "jpeg" else Image.fromarray(stored(source).astype(np.uint8))
    expected = np.asarray(small.resize((page.width(), 400), Image.Resampling.BOX)).astype(np.int16)
    found = shown[:, page.left() : page.right() + 1]
    assert np.abs(found[10:350, 10:-10] - expected[10:350, 10:-10]).mean() < 2
    surround = theme.color(Role.IMAGE_SURROUND)
    assert tuple(shown[200, 20]) == (surround.red(), surround.green(), surround.blue())


# requirement 23
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_surround_is_neutral_in_both_themes_and_follows_at_once(
    viewer: PageViewer, theme: Theme, scheme: Any
) -> None:
    theme.set_scheme(scheme)
    red, green, blue = pixels_of(viewer)[200, 300]
    assert red == green == blue
    assert 60 < red < 140


def test_zoom_and_place_stay_from_page_to_page(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource
) -> None:
    show(qtbot, viewer, make_source(1600, 2000, "black", name="a"))
    settle(qtbot, viewer, lambda: viewer.zoom_to(0.7, QPointF(300, 10)))
    place = viewer.place
    show(qtbot, viewer, make_source(1600, 2000, "black", name="b"), "2")
    assert viewer.place == place
    assert viewer.shown_key == "2"
    viewer.keep_view = False
    show(qtbot, viewer, make_source(1500, 2000, "black", name="c"), "3")
    assert viewer.is_fitted


def test_a_fitted_view_fits_the_next_page_too(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource
) -> None:
    show(qtbot, viewer, make_source(1600, 2000, "black", name="a"))
    show(qtbot, viewer, make_source(2000, 1000, "black", name="b"), "2")
    assert viewer.zoom == pytest.approx(0.3)


def test_an_arriving_page_stays_until_the_finished_one_is_painted(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource
) -> None:
    arriving = QImage(60, 40, QImage.Format.Format_RGB32)
    arriving.fill(0xFF804020)
    viewer.show_growing(1200, 800, arriving)
    assert tuple(pixels_of(viewer)[200, 300]) == (0x80, 0x40, 0x20)
    assert viewer.shown_key == ""
    source = make_source(1200, 800)
    viewer.show_page("1", source)
    assert tuple(pixels_of(viewer)[200, 300]) == (0x80, 0x40, 0x20)
    settle(qtbot, viewer, viewer.zoom_to_fit)
    assert np.abs(pixels_of(viewer)[200, 300] - stored(source)[400, 600]).max() < 4


def test_turning_pages_does_not_flicker(qtbot: QtBot, viewer: PageViewer, make_source: MakeSource) -> None:
    show(qtbot, viewer, make_source(1200, 900, name="a"))
    before = pixels_of(viewer)
    with qtbot.waitSignal(viewer.sharp, timeout=20_000):
        viewer.show_page("2", make_source(1200, 900, "black", name="b"))
        assert np.array_equal(pixels_of(viewer), before)
    assert tuple(pixels_of(viewer)[200, 300]) == (0, 0, 0)


def test_clearing_leaves_nothing(qtbot: QtBot, viewer: PageViewer, make_source: MakeSource) -> None:
    show(qtbot, viewer, make_source())
    viewer.clear()
    assert viewer.page_size() is None
    assert len(np.unique(pixels_of(viewer)[10:390, 10:590])) == 1


def test_keys_zoom_and_move(qtbot: QtBot, viewer: PageViewer, make_source: MakeSource) -> None:
    viewer.show_page("1", make_source(3000, 4000, "black"))
    for key, zoom in ((Qt.Key.Key_1, 1.0), (Qt.Key.Key_2, 0.5), (Qt.Key.Key_4, 0.25), (Qt.Key.Key_F, 0.1)):
        qtbot.keyClick(viewer, key)
        assert viewer.zoom == pytest.approx(zoom)
    qtbot.mouseMove(viewer, QPoint(300, 200))
    qtbot.keyClick(viewer, Qt.Key.Key_Z)
    assert viewer.zoom == 1.0
    before = viewer.point_on_page(QPointF(0, 0))
    qtbot.keyClick(viewer, Qt.Key.Key_Down)
    assert viewer.point_on_page(QPointF(0, 0)).y() > before.y()
    qtbot.keyClick(viewer, Qt.Key.Key_Z)
    assert viewer.is_fitted
    qtbot.keyClick(viewer, Qt.Key.Key_Plus)
    assert viewer.zoom == pytest.approx(0.125)


def test_dragging_moves_the_page(qtbot: QtBot, viewer: PageViewer, make_source: MakeSource) -> None:
    viewer.show_page("1", make_source(3000, 4000, "black"))
    viewer.zoom_to(1.0)
    before = viewer.point_on_page(QPointF(0, 0))
    qtbot.mousePress(viewer, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    qtbot.mouseMove(viewer, QPoint(280, 150))
    qtbot.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=QPoint(280, 150))
    assert viewer.point_on_page(QPointF(0, 0)) - before == QPointF(20, 50)


def turn_wheel(viewer: PageViewer, point: QPointF, notches: int, **how: Any) -> None:
    modifiers = how.get("modifiers", Qt.KeyboardModifier.NoModifier)
    event = QWheelEvent(
        point,
        QPointF(viewer.mapToGlobal(point)),
        QPoint(*how.get("fingers", (0, 0))),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewer, event)


def test_the_wheel_zooms_where_the_mouse_is_and_fingers_move(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource
) -> None:
    viewer.show_page("1", make_source(3000, 4000, "black"))
    viewer.zoom_to(1.0)
    mouse = QPointF(450, 100)
    before = viewer.point_on_page(mouse)
    turn_wheel(viewer, mouse, 2)
    assert viewer.zoom == pytest.approx(1.25**2)
    assert (viewer.point_on_page(mouse) - before).manhattanLength() < 2
    turn_wheel(viewer, mouse, -2)
    assert viewer.zoom == pytest.approx(1.0)
    corner = viewer.point_on_page(QPointF(0, 0))
    turn_wheel(viewer, mouse, 0, fingers=(30, 40))
    assert corner - viewer.point_on_page(QPointF(0, 0)) == QPointF(30, 40)
    turn_wheel(viewer, mouse, 1, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert viewer.zoom == pytest.approx(1.0)
    assert viewer.point_on_page(QPointF(0, 0)).x() < corner.x() - 30


def test_the_mouse_tells_the_files_own_values(qtbot: QtBot, viewer: PageViewer, tmp_path: Path) -> None:
    samples = np.arange(64 * 48 * 3, dtype="<u2").reshape(48, 64, 3) * 7
    (tmp_path / "deep.raw").write_bytes(samples.tobytes())
    source = ImageSource(tmp_path / "deep.raw", "raw", 64, 48, 16, 3, "rgb", "deep", pixel_offset=0)
    show(qtbot, viewer, source)
    point = viewer.rect_in_widget(QRectF(10, 20, 1, 1)).toRect().topLeft()
    with qtbot.waitSignal(viewer.probed) as told:
        qtbot.mouseMove(viewer, point)
    assert told.args == [Probe(10, 20, tuple(samples[20, 10].tolist()), 16)]
    with qtbot.waitSignal(viewer.probed) as told:
        qtbot.mouseMove(viewer, QPoint(3, 3))
    assert told.args == [None]


@pytest.mark.parametrize("turns", [0, 1])
def test_the_region_is_dragged_in_millimetres_of_the_page(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource, turns: int
) -> None:
    # 1200 x 900 pixels at 300 dpi are 101.6 x 76.2 mm
    show(qtbot, viewer, make_source(1200, 900), rotation=turns)
    viewer.set_crop(QRectF(20, 20, 40, 30))
    pixels_in_mm = 300 / 25.4
    corner = QRectF(60 * pixels_in_mm, 50 * pixels_in_mm, 0, 0)
    goal = QRectF(80 * pixels_in_mm, 60 * pixels_in_mm, 0, 0)
    start, end = (viewer.rect_in_widget(place).topLeft().toPoint() for place in (corner, goal))
    with qtbot.waitSignal(viewer.crop_changed) as told:
        qtbot.mousePress(viewer, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(viewer, end)
        qtbot.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=end)
    rect = told.args[0]
    assert [rect.x(), rect.y(), rect.right(), rect.bottom()] == pytest.approx([20, 20, 80, 60], abs=0.7)


def test_the_region_is_moved_and_sized_by_keys_and_stays_on_the_page(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource
) -> None:
    show(qtbot, viewer, make_source(1200, 900))
    viewer.set_crop(QRectF(0, 10, 20, 20))
    alt, shift = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(viewer, Qt.Key.Key_Left, alt)
    qtbot.keyClick(viewer, Qt.Key.Key_Down, alt)
    qtbot.keyClick(viewer, Qt.Key.Key_Right, alt | shift)
    assert viewer.crop() == QRectF(0, 11, 21, 20)
    viewer.set_crop(None)
    assert viewer.crop() is None


def test_a_region_cannot_be_dragged_to_nothing(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource
) -> None:
    show(qtbot, viewer, make_source(1200, 900))
    viewer.set_crop(QRectF(20, 20, 40, 30))
    for _ in range(60):
        qtbot.keyClick(
            viewer, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
        )
    crop = viewer.crop()
    assert crop is not None
    assert crop.width() >= 3


@pytest.mark.parametrize("kind", ["cut", "gone", "damaged"])
def test_a_page_that_cannot_be_shown_says_why(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource, kind: str
) -> None:
    source = make_source(1200, 900, "jpeg" if kind == "damaged" else "raw")
    if kind == "gone":
        source.path.unlink()
    else:
        os.truncate(source.path, source.path.stat().st_size // 2)
    empty = pixels_of(viewer)
    with qtbot.waitSignal(viewer.failed, timeout=20_000) as told:
        viewer.show_page("9", source)
    key, failure = told.args
    assert key == "9"
    assert failure["code"] in {"imaging.spool_incomplete", "filesystem", "imaging.damaged"}
    assert not np.array_equal(pixels_of(viewer)[150:250], empty[150:250])
    # the next page is not concerned
    show(qtbot, viewer, make_source(name="whole"), "10")


def test_an_image_whose_size_nobody_has_read_is_refused_and_the_page_in_view_stays(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource, tmp_path: Path
) -> None:
    show(qtbot, viewer, make_source(), "1")
    unread = ImageSource.unread(tmp_path / "page.tif", key="unread")
    with pytest.raises(ValueError, match="must be read"):
        viewer.show_page("2", unread)
    viewer.prefetch(unread)
    assert viewer.shown_key == "1"
    viewer.grab()


def test_a_page_that_failed_may_be_shown_again(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource
) -> None:
    source = make_source()
    content = source.path.read_bytes()
    source.path.unlink()
    with qtbot.waitSignal(viewer.failed, timeout=20_000):
        viewer.show_page("1", source)
    source.path.write_bytes(content)
    viewer.clear()
    show(qtbot, viewer, source)


def test_deleting_the_cache_disturbs_nobody(
    qtbot: QtBot, viewer: PageViewer, store: ImageStore, make_source: MakeSource
) -> None:
    source = make_source(1200, 900, "jpeg")
    show(qtbot, viewer, source)
    copy = store.reader.copy_path(source)
    copy.unlink()
    settle(qtbot, viewer, lambda: viewer.zoom_to(1.0))
    copy.write_bytes(b"not a copy")
    viewer.clear()
    show(qtbot, viewer, source, rotation=1)


def test_a_copy_with_a_damaged_tile_is_made_again(
    qtbot: QtBot, viewer: PageViewer, store: ImageStore, make_source: MakeSource
) -> None:
    source = make_source(1200, 900, "jpeg")
    show(qtbot, viewer, source)
    copy = store.reader.copy_path(source)
    with copy.open("r+b") as file:
        file.seek(16)
        file.write(bytes(3000))
    with qtbot.assertNotEmitted(viewer.failed):
        show(qtbot, viewer, source, rotation=2)
        settle(qtbot, viewer, lambda: viewer.zoom_to(1.0))


def test_clipped_pixels_are_marked_where_one_wishes(qtbot: QtBot, viewer: PageViewer, tmp_path: Path) -> None:
    samples = np.full((300, 400, 3), 128, np.uint8)
    samples[100:200, 100:200] = 255
    (tmp_path / "c.raw").write_bytes(samples.tobytes())
    source = ImageSource(tmp_path / "c.raw", "raw", 400, 300, 8, 3, "rgb", "c", pixel_offset=0)
    show(qtbot, viewer, source)
    place = viewer.rect_in_widget(QRectF(150, 150, 1, 1)).toRect().topLeft()
    assert tuple(pixels_of(viewer)[place.y(), place.x()]) == (255, 255, 255)
    settle(qtbot, viewer, lambda: viewer.set_clipping(marked=True))
    assert tuple(pixels_of(viewer)[place.y(), place.x()]) == BLOWN


def test_the_navigator_shows_and_chooses_what_is_in_view(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource
) -> None:
    viewer.show_page("1", make_source(3000, 3000, "black"))
    viewer.zoom_to(1.0)
    # the inset is square, ten pixels from the lower right corner
    side = 400 * 0.3
    upper_left = QPoint(round(600 - 10 - side + 4), round(400 - 10 - side + 4))
    qtbot.mouseClick(viewer, Qt.MouseButton.LeftButton, pos=upper_left)
    assert viewer.point_on_page(QPointF(0, 0)) == QPointF(0, 0)


def test_the_loupe_shows_single_pixels_under_the_mouse(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource
) -> None:
    source = make_source(3000, 2000)
    show(qtbot, viewer, source)
    mouse = QPoint(300, 200)
    qtbot.mouseMove(viewer, mouse)
    under = viewer.point_on_page(QPointF(mouse))
    with qtbot.waitSignal(viewer.loupe_changed):
        qtbot.keyPress(viewer, Qt.Key.Key_L)
    there = stored(source)[int(under.y()) - 100, int(under.x()) - 100]
    # at 100 % a step in the widget is a step on the page, five times what it is without the loupe
    qtbot.waitUntil(lambda: bool(np.abs(pixels_of(viewer)[100, 200] - there).max() <= 2))
    qtbot.keyRelease(viewer, Qt.Key.Key_L)
    assert not viewer.has_loupe


def test_rulers_keep_the_page_away_from_the_edges(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource
) -> None:
    show(qtbot, viewer, make_source(1200, 900))
    settle(qtbot, viewer, lambda: viewer.set_rulers(shown=True))
    page = viewer.rect_in_widget(QRectF(0, 0, 1200, 900))
    assert page.top() >= 24
    assert page.left() >= 24
    ruler = pixels_of(viewer)[2:22, 30:590]
    assert ruler.min() < 60, "marks"
    settle(qtbot, viewer, lambda: viewer.set_rulers(shown=False))
    assert viewer.rect_in_widget(QRectF(0, 0, 1200, 900)).top() == 0


# requirement 21
def test_a_screen_reader_hears_which_page_is_shown(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource
) -> None:
    assert viewer.accessibleName() == "Page image"
    assert viewer.accessibleDescription() == "No page is shown"
    show(qtbot, viewer, make_source(1200, 900), description="page 17, accepted")
    qtbot.waitUntil(
        lambda: (
            viewer.accessibleDescription()
            == "page 17, accepted, 1200 x 900 px, No colour profile: colours may be wrong"
        )
    )
    assert viewer.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_linked_views_go_together_until_they_are_let_go(
    qtbot: QtBot, store: ImageStore, theme: Theme, make_source: MakeSource
) -> None:
    both = LinkedViewers(store, theme)
    qtbot.addWidget(both)
    both.resize(1200, 400)
    both.show()
    qtbot.waitExposed(both)
    with qtbot.waitSignals([both.left.sharp, both.right.sharp], timeout=20_000):
        both.left.show_page("old", make_source(3000, 2000, "black", name="old"))
        both.right.show_page("new", make_source(1500, 1000, "black", name="new"))
    both.left.zoom_to(0.5, QPointF(10, 10))
    assert both.right.zoom == pytest.approx(1.0)
    assert both.right.place.x == pytest.approx(both.left.place.x)
    both.right.pan(-40, 0)
    assert both.left.place.x == pytest.approx(both.right.place.x, abs=1e-3)
    both.set_linked(linked=False)
    both.right.pan(-60, 0)
    apart = both.right.place.x - both.left.place.x
    assert apart > 0.03
    both.set_linked(linked=True)
    both.left.pan(-20, 0)
    assert both.right.place.x - both.left.place.x == pytest.approx(apart, abs=1e-3)


def test_a_page_is_sharp_although_its_copy_comes_later(
    qtbot: QtBot, viewer: PageViewer, store: ImageStore, make_source: MakeSource
) -> None:
    source = make_source(3000, 2500)
    with qtbot.waitSignals([viewer.sharp, store.copy_ready], timeout=20_000):
        viewer.show_page("1", source)
    # tiles so coarse are never made of the rows themselves
    settle(qtbot, viewer, lambda: viewer.zoom_to(0.1))
    expected = stored(source)[1250, 1500]
    assert np.abs(pixels_of(viewer)[200, 300] - expected).max() < 5


def test_a_page_that_went_into_the_archive_meanwhile_is_still_seen(
    qtbot: QtBot, viewer: PageViewer, store: ImageStore, make_source: MakeSource
) -> None:
    source = make_source(1301, 1003)
    with qtbot.waitSignals([viewer.sharp, store.copy_ready], timeout=20_000):
        viewer.show_page("1", source)
    pixels = stored(source)
    source.path.rename(source.path.with_name("0001.tif"))
    settle(qtbot, viewer, lambda: viewer.zoom_to(1.0))
    origin = viewer.camera.origin()
    left, top = round(-origin.x()), round(-origin.y())
    found = pixels_of(viewer)[5:235, 5:440]
    expected = pixels[top : top + 400, left : left + 600][5:235, 5:440]
    assert np.abs(found - expected).mean() < 2


def test_a_profile_that_becomes_known_changes_the_colours(
    qtbot: QtBot, viewer: PageViewer, make_source: MakeSource
) -> None:
    source = make_source(400, 300)
    show(qtbot, viewer, source)
    before = pixels_of(viewer)[100, 200]
    adobe = bytes(QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb).iccProfile().data())
    show(qtbot, viewer, replace(source, icc=adobe))
    assert np.abs(pixels_of(viewer)[100, 200] - before).max() > 3


# requirement 06
def test_400_megapixels_are_shown_without_decoding_them_whole(
    qtbot: QtBot, viewer: PageViewer, store: ImageStore, tmp_path: Path
) -> None:
    with (tmp_path / "huge.raw").open("wb") as file:
        file.truncate(24_000 * 17_000 * 3)
    source = ImageSource(
        tmp_path / "huge.raw", "raw", 24_000, 17_000, 8, 3, "rgb", "huge", pixel_offset=0, dpi=(600.0, 600.0)
    )
    before = resident()
    with qtbot.waitSignal(store.piece_ready, timeout=20_000):
        viewer.show_page("map", source)
    settle(qtbot, viewer, lambda: viewer.zoom_to(1.0))
    assert resident() - before < 500_000_000


def resident() -> int:
    """Resident memory of this process (proc(5), statm)."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
