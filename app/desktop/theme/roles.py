# SPDX-License-Identifier: Apache-2.0
"""The colours of the desktop by role, in light and in dark."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a colour is for."""

    WINDOW = "window"
    SURFACE = "surface"
    RAISED = "raised"
    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    OUTLINE = "outline"
    IMAGE_SURROUND = "image_surround"
    READY = "ready"
    BUSY = "busy"
    TROUBLE = "trouble"
    HELD = "held"
    DONE = "done"
    WAITING = "waiting"
    SIMULATED = "simulated"


NEUTRAL = "#5a5a5a"
"""The surround of images in every theme: a grey without hue, so that it colours no judgement."""

LIGHT: dict[Role, str] = {
    Role.WINDOW: "#f3f3f3",
    Role.SURFACE: "#ffffff",
    Role.RAISED: "#e8e8e8",
    Role.TEXT: "#1b1b1b",
    Role.MUTED: "#555555",
    Role.ACCENT: "#1f5f8b",
    Role.ON_ACCENT: "#ffffff",
    Role.OUTLINE: "#8a8a8a",
    Role.IMAGE_SURROUND: NEUTRAL,
    Role.READY: "#1d6b34",
    Role.BUSY: "#1f5f8b",
    Role.TROUBLE: "#a3211b",
    Role.HELD: "#7d4e00",
    Role.DONE: "#1d6b34",
    Role.WAITING: "#555555",
    Role.SIMULATED: "#6b3fa0",
}

DARK: dict[Role, str] = {
    Role.WINDOW: "#232323",
    Role.SURFACE: "#2c2c2c",
    Role.RAISED: "#383838",
    Role.TEXT: "#f0f0f0",
    Role.MUTED: "#bdbdbd",
    Role.ACCENT: "#7db9e8",
    Role.ON_ACCENT: "#10202c",
    Role.OUTLINE: "#7a7a7a",
    Role.IMAGE_SURROUND: NEUTRAL,
    Role.READY: "#7fd19b",
    Role.BUSY: "#7db9e8",
    Role.TROUBLE: "#ff9d95",
    Role.HELD: "#f2c063",
    Role.DONE: "#7fd19b",
    Role.WAITING: "#bdbdbd",
    Role.SIMULATED: "#cba6f7",
}
