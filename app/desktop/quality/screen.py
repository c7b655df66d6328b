# SPDX-License-Identifier: Apache-2.0
"""Quality: the screen itself."""

from __future__ import annotations

from typing import ClassVar

from app.desktop.screen import Screen


class QualityScreen(Screen):
    """Quality."""

    screen_id: ClassVar[str] = "quality"
