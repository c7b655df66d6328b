# SPDX-License-Identifier: Apache-2.0
"""The theme: legible in every scheme, neutral around images, large where wished."""

from __future__ import annotations

import itertools
import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.desktop.theme.roles import GROUNDS, INKS, LEAST_CONTRAST, NEUTRAL, Role, contrast, roles
from app.desktop.theme.theme import LARGE, Scheme
from app.desktop.widgets.card import Card
from app.desktop.widgets.head_line import HeadLine
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace
from archive.resource_files import resource_path

SCHEMES = [(dark, more) for dark in (False, True) for more in (False, True)]


# requirement 22
@pytest.mark.parametrize(("dark", "more_contrast"), SCHEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", INKS)
def test_text_is_legible_on_every_ground(ink: Role, ground: Role, dark: bool, more_contrast: bool) -> None:  # noqa: FBT001
    colors = roles(dark=dark, more_contrast=more_contrast)
    least = 7.0 if more_contrast else LEAST_CONTRAST
    assert contrast(colors[ink], colors[ground]) >= least


# requirement 22
@pytest.mark.parametrize(("dark", "more_contrast"), SCHEMES)
def test_chosen_text_is_legible(dark: bool, more_contrast: bool) -> None:  # noqa: FBT001
    colors = roles(dark=dark, more_contrast=more_contrast)
    assert contrast(colors[Role.ON_ACCENT], colors[Role.ACCENT]) >= LEAST_CONTRAST


# requirement 23
@pytest.mark.parametrize(("dark", "more_contrast"), SCHEMES)
def test_images_stand_on_the_same_neutral_grey_in_every_theme(dark: bool, more_contrast: bool) -> None:  # noqa: FBT001
    assert roles(dark=dark, more_contrast=more_contrast)[Role.IMAGE_SURROUND] == NEUTRAL
    assert len({NEUTRAL[1:3], NEUTRAL[3:5], NEUTRAL[5:7]}) == 1


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_scheme_is_put_on_at_once_and_tells_those_who_paint(workplace: Workplace, qtbot: QtBot) -> None:
    theme = workplace.theme
    theme.set_scheme("light")
    light = theme.color(Role.WINDOW)
    with qtbot.waitSignal(theme.changed):
        theme.switch()
    assert theme.is_dark
    assert theme.color(Role.WINDOW).lightness() < light.lightness()
    assert QApplication.palette().window().color() == theme.color(Role.WINDOW)
    theme.set_scheme("system")


def test_large_type_enlarges_titles_and_texts_alike_and_can_be_taken_back(
    workplace: Workplace, qtbot: QtBot
) -> None:
    title, text = HeadLine("Title"), QLabel("Text")
    qtbot.addWidget(title)
    qtbot.addWidget(text)
    before = title.fontInfo().pointSizeF(), text.fontInfo().pointSizeF()
    workplace.theme.set_large_type(True)
    QApplication.processEvents()
    after = title.fontInfo().pointSizeF(), text.fontInfo().pointSizeF()
    assert after[0] / before[0] == pytest.approx(LARGE, abs=0.1)
    assert after[1] / before[1] == pytest.approx(LARGE, abs=0.1)
    workplace.theme.set_large_type(False)
    QApplication.processEvents()
    assert text.fontInfo().pointSizeF() == before[1]


ICONS = sorted(path.stem for path in resource_path("icons").glob("*.svg"))


def test_icons_are_drawn_sharp_at_every_scale_and_in_the_colour_of_their_role(workplace: Workplace) -> None:
    workplace.theme.set_scheme("light")
    trouble = workplace.theme.color(Role.TROUBLE)
    pixmap = workplace.theme.icon("trouble", Role.TROUBLE).pixmap(QSize(24, 24), 2.0)
    assert pixmap.size() == QSize(48, 48)
    image = pixmap.toImage()
    inks = {
        image.pixelColor(x, y).name()
        for x in range(48)
        for y in range(48)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert trouble.name() in inks


def test_an_icon_is_more_than_a_drawing_in_one_colour_and_can_be_given_more(workplace: Workplace) -> None:
    theme = workplace.theme
    theme.set_scheme("light")
    icon = theme.icon("trouble", Role.TROUBLE)
    looks = [
        icon.pixmap(QSize(16, 16), 1.0, mode).toImage()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled, QIcon.Mode.Selected)
    ]
    assert all(one != other for one, other in itertools.combinations(looks, 2))
    more = QIcon(icon)
    more.addPixmap(theme.icon("accept", Role.ON_ACCENT).pixmap(16, 16), QIcon.Mode.Active)
    del icon
    theme.set_scheme("dark")
    assert more.pixmap(QSize(16, 16), 1.0, QIcon.Mode.Active).size() == QSize(16, 16)


def test_icons_are_one_set() -> None:
    listed = set(re.findall(r"`([a-z-]+)`", resource_path("icons", "README.md").read_text(encoding="utf-8")))
    assert set(ICONS) <= listed
    for name in ICONS:
        drawing = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
        assert 'viewBox="0 0 24 24"' in drawing
        assert 'stroke="currentColor"' in drawing
        assert not re.search(r"#[0-9a-fA-F]{3,6}", drawing), f"{name} has a colour of its own"


# requirement 22
def test_a_state_is_told_by_word_and_icon_as_well_as_by_colour(workplace: Workplace, qtbot: QtBot) -> None:
    chip = StateChip(workplace.theme, "jammed", Role.TROUBLE, "trouble")
    qtbot.addWidget(chip)
    assert chip.accessibleName() == chip.word == "jammed"
    assert any(label.pixmap() and not label.pixmap().isNull() for label in chip.findChildren(QLabel))


# requirement 22
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton, QLineEdit, QSpinBox, QPushButton])
def test_edges_of_controls_are_seen_on_windows_and_on_cards(
    workplace: Workplace, qtbot: QtBot, kind: type[QWidget], scheme: Scheme
) -> None:
    theme = workplace.theme
    theme.set_scheme(scheme)
    window, card = QWidget(), Card(theme)
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for place in (column, card.column):
        place.addWidget(kind())
    column.addWidget(card)
    window.resize(200, 200)
    ground = theme.color(Role.SURFACE).name()
    for control in window.findChildren(kind):
        image = control.grab().toImage()
        across = [image.pixelColor(x, image.height() // 2).name() for x in range(5)]
        assert max(contrast(color, ground) for color in across) >= 3
    theme.set_scheme("system")
