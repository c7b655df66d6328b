# SPDX-License-Identifier: Apache-2.0
"""The colours of the desktop by role: light, dark, and both with more contrast."""

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


GROUNDS = (Role.WINDOW, Role.SURFACE, Role.RAISED)
"""What text stands on."""

INKS = (
    Role.TEXT,
    Role.MUTED,
    Role.ACCENT,
    Role.READY,
    Role.BUSY,
    Role.TROUBLE,
    Role.HELD,
    Role.DONE,
    Role.WAITING,
    Role.SIMULATED,
)
"""What text is written in, on any ground; ON_ACCENT stands on ACCENT only."""

LEAST_CONTRAST = 4.5
"""Of text to its ground: WCAG 2.2, success criterion 1.4.3, level AA."""

NEUTRAL = "#5a5a5a"
"""The surround of images in every theme: a grey without hue, so that it colours no judgement."""

LIGHT: dict[Role, str] = {
    Role.WINDOW: "#f4f4f4",
    Role.SURFACE: "#ffffff",
    Role.RAISED: "#e9e9e9",
    Role.TEXT: "#1b1b1b",
    Role.MUTED: "#555555",
    Role.ACCENT: "#1b5a86",
    Role.ON_ACCENT: "#ffffff",
    Role.OUTLINE: "#808080",
    Role.IMAGE_SURROUND: NEUTRAL,
    Role.READY: "#1d6b34",
    Role.BUSY: "#1b5a86",
    Role.TROUBLE: "#a3211b",
    Role.HELD: "#7a4c00",
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
    Role.OUTLINE: "#7f7f7f",
    Role.IMAGE_SURROUND: NEUTRAL,
    Role.READY: "#7fd19b",
    Role.BUSY: "#7db9e8",
    Role.TROUBLE: "#ff9d95",
    Role.HELD: "#f2c063",
    Role.DONE: "#7fd19b",
    Role.WAITING: "#bdbdbd",
    Role.SIMULATED: "#cba6f7",
}

LIGHT_WITH_CONTRAST: dict[Role, str] = LIGHT | {
    Role.WINDOW: "#ffffff",
    Role.RAISED: "#f2f2f2",
    Role.TEXT: "#000000",
    Role.MUTED: "#2b2b2b",
    Role.ACCENT: "#003f6b",
    Role.OUTLINE: "#3d3d3d",
    Role.READY: "#00461a",
    Role.BUSY: "#003f6b",
    Role.TROUBLE: "#7a0a06",
    Role.HELD: "#573500",
    Role.DONE: "#00461a",
    Role.WAITING: "#2b2b2b",
    Role.SIMULATED: "#471f77",
}

DARK_WITH_CONTRAST: dict[Role, str] = DARK | {
    Role.WINDOW: "#000000",
    Role.SURFACE: "#0d0d0d",
    Role.RAISED: "#1f1f1f",
    Role.TEXT: "#ffffff",
    Role.MUTED: "#e2e2e2",
    Role.ACCENT: "#a9d6ff",
    Role.ON_ACCENT: "#000000",
    Role.OUTLINE: "#b5b5b5",
    Role.READY: "#a9f0bf",
    Role.BUSY: "#a9d6ff",
    Role.TROUBLE: "#ffc2bd",
    Role.HELD: "#ffdc9b",
    Role.DONE: "#a9f0bf",
    Role.WAITING: "#e2e2e2",
    Role.SIMULATED: "#e3ccff",
}


def roles(*, dark: bool, more_contrast: bool) -> dict[Role, str]:
    """The colours by role, as "#rrggbb"."""
    if more_contrast:
        return DARK_WITH_CONTRAST if dark else LIGHT_WITH_CONTRAST
    return DARK if dark else LIGHT


def contrast(ink: str, ground: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2).

    Args:
        ink: "#rrggbb".
        ground: "#rrggbb".
    """
    lighter, darker = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]  # noqa: PLR2004 (sRGB)
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
