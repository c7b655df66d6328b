# SPDX-License-Identifier: Apache-2.0
"""The capture workspace: the screen itself."""

from __future__ import annotations

from typing import ClassVar

from app.desktop.screen import Screen


class CaptureScreen(Screen):
    """The capture workspace."""

    screen_id: ClassVar[str] = "capture"
