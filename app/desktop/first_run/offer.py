# SPDX-License-Identifier: Apache-2.0
"""When the first run is shown: once by itself, and again whenever somebody asks for it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from app.desktop.first_run.guide import FirstRunGuide
from app.desktop.first_run.shown import note_shown, was_shown
from app.desktop.operation import OperationContext
from app.desktop.workplace import Workplace

ACTION = "general.first_run"


def bind_first_run(workplace: Workplace, window: QWidget) -> None:
    """Let the palette's action open the guide."""

    def show() -> None:
        show_first_run(workplace, window)

    workplace.actions.bind(ACTION, show)


def offer_first_run(workplace: Workplace, window: QWidget) -> None:
    """Open the guide where nobody has seen it yet at this station."""
    state = workplace.settings.state_directory

    def look(_context: OperationContext) -> bool:
        return was_shown(state)

    def decide(shown: bool) -> None:  # noqa: FBT001 (the answer of the operation)
        # the window may have been closed meanwhile
        if not shown and window.isVisible():
            show_first_run(workplace, window)

    workplace.operations.run(
        QCoreApplication.translate("FirstRun", "Look whether Recto is set up"), look, on_success=decide
    )


def show_first_run(workplace: Workplace, window: QWidget) -> FirstRunGuide:
    """Open the guide, and note that it was shown."""
    guide = FirstRunGuide(workplace, window)
    guide.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    guide.sample_wanted.connect(lambda batch: _capture(workplace, batch))
    state = workplace.settings.state_directory

    def note(_context: OperationContext) -> None:
        note_shown(state)

    workplace.operations.run(QCoreApplication.translate("FirstRun", "Note that the set-up was shown"), note)
    guide.open()
    return guide


def _capture(workplace: Workplace, batch: str) -> None:
    workplace.choose_work(batch)
    workplace.go_to("capture", batch=batch)
