# SPDX-License-Identifier: Apache-2.0
"""Zooming, panning and turning keep the page where the operator expects it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF

from app.desktop.viewer.camera import Camera
from app.desktop.viewer.turning import turn_rect, turned_size, unturn_rect

TURNS = st.integers(0, 3)
SIDES = st.integers(200, 9000)


def camera(width: float, height: float, turns: int = 0) -> Camera:
    made = Camera(QSizeF(width, height), turns, QRect(0, 0, 800, 600))
    made.settle()
    return made


@given(SIDES, SIDES, TURNS)
def test_the_whole_page_fits(width: int, height: int, turns: int) -> None:
    shown = camera(width, height, turns).to_view(QRectF(0, 0, width, height))
    assert QRectF(-1, -1, 802, 602).contains(shown)
    assert shown.width() >= 798 or shown.height() >= 598 or max(width, height) < 801


@given(
    SIDES,
    SIDES,
    TURNS,
    st.floats(0.3, 8),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_place_in_the_view_is_the_same_place_on_the_page(
    width: int, height: int, turns: int, scale: float, x: float, y: float
) -> None:
    looking = camera(width, height, turns)
    looking.zoom(scale)
    place = QPointF(x * width, y * height)
    seen = looking.to_view(QRectF(place, place)).topLeft()
    back = looking.to_page(seen)
    assert abs(back.x() - place.x()) < 1e-3
    assert abs(back.y() - place.y()) < 1e-3


@given(st.floats(1, 8), st.floats(100, 700), st.floats(100, 500), TURNS)
def test_what_is_under_the_mouse_stays_there_when_zooming_in(
    scale: float, x: float, y: float, turns: int
) -> None:
    looking = camera(6000, 6000, turns)
    looking.zoom(1.0)
    mouse = QPointF(x, y)
    before = looking.to_page(mouse)
    looking.zoom(scale, mouse)
    way = looking.to_page(mouse) - before
    # the page lies on whole pixels of the display
    assert max(abs(way.x()), abs(way.y())) <= 1.01


def test_the_corner_of_the_view_is_a_place_like_any_other() -> None:
    looking = camera(6000, 6000)
    looking.zoom(1.0)
    before = looking.to_page(QPointF(0, 0))
    looking.zoom(2.0, QPointF(0, 0))
    assert (looking.to_page(QPointF(0, 0)) - before).manhattanLength() <= 2


@given(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.floats(0.3, 8))
def test_the_page_cannot_be_lost(dx: float, dy: float, scale: float) -> None:
    looking = camera(3000, 2000)
    looking.zoom(scale)
    looking.pan(dx, dy)
    seen = looking.seen()
    assert seen.width() >= min(3000, 800 / looking.scale) - 2 / looking.scale
    assert seen.height() >= min(2000, 600 / looking.scale) - 2 / looking.scale


def test_a_fitted_page_follows_the_window_and_a_zoomed_one_does_not() -> None:
    looking = camera(4000, 3000)
    looking.view = QRect(0, 0, 400, 300)
    looking.settle()
    assert looking.scale == 0.1
    looking.zoom(0.5)
    looking.view = QRect(0, 0, 800, 600)
    looking.settle()
    assert looking.scale == 0.5


def test_small_pages_are_not_enlarged_to_fit() -> None:
    assert camera(300, 200).scale == 1.0


@given(TURNS, st.integers(0, 50), st.integers(0, 50), st.integers(1, 50), st.integers(1, 50))
def test_turning_back_is_where_it_was(turns: int, x: int, y: int, width: int, height: int) -> None:
    size, rect = QSizeF(100, 140), QRectF(x, y, width, height)
    turned = turn_rect(rect, size, turns)
    assert QRectF(QPointF(), turned_size(size, turns)).contains(turned)
    assert unturn_rect(turned, size, turns) == rect


def test_a_quarter_turn_brings_the_upper_left_to_the_upper_right() -> None:
    assert turn_rect(QRectF(0, 0, 10, 20), QSizeF(100, 140), 1) == QRectF(120, 0, 20, 10)
