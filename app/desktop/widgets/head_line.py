# SPDX-License-Identifier: Apache-2.0
"""Titles, in sizes that follow the font the operator chose."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel


class HeadLine(QLabel):
    """A title.

    Args:
        text: The title, translated.
        scale: How much larger than ordinary text.
    """

    def __init__(self, text: str = "", scale: float = 1.5) -> None:
        super().__init__(text)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * scale)
        font.setBold(True)
        self.setFont(font)
