# SPDX-License-Identifier: Apache-2.0
"""Pages are labelled as they are numbered in print, and the operator sees beforehand what comes of it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.capture.labels_dialog import LabelsDialog, labels_of
from app.desktop.workplace import Workplace
from workers.desk.desk import Desk
from workers.desk.errors import LabelUnreadable
from workers.desk.labels import LabelScheme
from workers.desk.places import Place


@pytest.fixture
def places(workplace: Workplace, batch: str) -> tuple[Place, ...]:
    desk = Desk(workplace.node, batch, "letters")
    for _ in range(5):
        desk.mark_missing()
    return desk.state().places


def preview(dialog: LabelsDialog) -> list[str]:
    return [dialog.preview.item(row).text() for row in range(dialog.preview.count())]


@pytest.mark.parametrize(
    ("scheme", "start", "expected"),
    [
        (LabelScheme.ARABIC, "9", ["9", "10", "11"]),
        (LabelScheme.ROMAN, "iii", ["iii", "iv", "v"]),
        (LabelScheme.ROMAN, "IX", ["IX", "X", "XI"]),
        (LabelScheme.FOLIO, "12v", ["12v", "13r", "13v"]),
        (LabelScheme.CUSTOM, "plate 7", ["plate 7", "plate 8", "plate 9"]),
    ],
)
def test_the_preview_is_what_the_desk_makes_of_it(
    workplace: Workplace,
    qtbot: QtBot,
    batch: str,
    places: tuple[Place, ...],
    scheme: LabelScheme,
    start: str,
    expected: list[str],
) -> None:
    dialog = LabelsDialog(workplace.theme, places, 2)
    qtbot.addWidget(dialog)
    dialog.scheme.setCurrentIndex(dialog.scheme.findData(scheme))
    dialog.start.setText(start)
    dialog.last.setValue(4)
    assert preview(dialog) == [
        f"page {page}: {label}" for page, label in zip((2, 3, 4), expected, strict=True)
    ]
    desk = Desk(workplace.node, batch, "letters")
    desk.relabel(dialog.chosen_places, dialog.chosen_scheme, dialog.start.text())
    assert [place.label for place in desk.state().places[1:4]] == expected


def test_what_is_no_label_is_refused_with_an_example(
    workplace: Workplace, qtbot: QtBot, places: tuple[Place, ...]
) -> None:
    dialog = LabelsDialog(workplace.theme, places, 1)
    qtbot.addWidget(dialog)
    dialog.start.setText("seventeen")
    assert "such as 1" in dialog.problem
    assert preview(dialog) == []
    assert not dialog._accept.isEnabled()
    dialog.scheme.setCurrentIndex(1)
    assert (dialog.problem, dialog.start.text()) == ("", "i")


def test_the_last_page_is_never_before_the_first(
    workplace: Workplace, qtbot: QtBot, places: tuple[Place, ...]
) -> None:
    dialog = LabelsDialog(workplace.theme, places, 1)
    qtbot.addWidget(dialog)
    dialog.last.setValue(2)
    dialog.first.setValue(4)
    assert len(dialog.chosen_places) == 1


def test_a_custom_label_without_a_text_is_none() -> None:
    with pytest.raises(LabelUnreadable):
        labels_of(LabelScheme.CUSTOM, "  ", 3)
