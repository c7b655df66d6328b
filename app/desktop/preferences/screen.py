# SPDX-License-Identifier: Apache-2.0
"""Settings: the screen itself."""

from __future__ import annotations

from typing import ClassVar

from app.desktop.screen import Screen


class SettingsScreen(Screen):
    """Settings."""

    screen_id: ClassVar[str] = "settings"
