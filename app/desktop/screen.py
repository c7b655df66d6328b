# SPDX-License-Identifier: Apache-2.0
"""What every screen of the desktop is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from app.desktop.workplace import Workplace


class Screen(QWidget):
    """One place of the rail; made when it is first entered.

    Args:
        workplace: What the screens share.
    """

    screen_id: ClassVar[str] = ""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.workplace = workplace

    def entered(self, arguments: Mapping[str, Any]) -> None:
        """The screen is shown now.

        Args:
            arguments: What `Workplace.go_to` was called with.
        """

    def left(self) -> None:
        """Another screen is shown now."""

    def unfinished(self) -> str | None:
        """Why closing the window must be asked for first; None where nothing would be lost."""
        return None

    def shut_down(self) -> None:
        """Stop timers, threads and devices; the window closes."""
