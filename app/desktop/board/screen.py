# SPDX-License-Identifier: Apache-2.0
"""The board: the screen itself."""

from __future__ import annotations

from typing import ClassVar

from app.desktop.screen import Screen


class BoardScreen(Screen):
    """The board."""

    screen_id: ClassVar[str] = "board"
