# SPDX-License-Identifier: Apache-2.0
"""Batch import: the screen itself."""

from __future__ import annotations

from typing import ClassVar

from app.desktop.screen import Screen


class ImportScreen(Screen):
    """Batch import."""

    screen_id: ClassVar[str] = "importing"
