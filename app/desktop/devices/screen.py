# SPDX-License-Identifier: Apache-2.0
"""Stations and devices: the screen itself."""

from __future__ import annotations

from typing import ClassVar

from app.desktop.screen import Screen


class DevicesScreen(Screen):
    """Stations and devices."""

    screen_id: ClassVar[str] = "devices"
