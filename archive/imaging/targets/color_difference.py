# SPDX-License-Identifier: Apache-2.0
"""How different two colours look: CIEDE2000."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_SEVENTH = 25.0**7
_HALF, _WHOLE = 180.0, 360.0


def ciede2000(first: npt.ArrayLike, second: npt.ArrayLike, *, lightness_weight: float = 1.0) -> Floats:
    """The colour difference ΔE00 of ISO/CIE 11664-6:2014, in the notation of that standard.

    Args:
        first: Colours in CIE L*a*b*, of shape (..., 3).
        second: As many.
        lightness_weight: kL, the parametric factor of lightness; 1 under reference conditions.

    Returns:
        The differences, of shape (...).
    """
    one, two = np.asarray(first, np.float64), np.asarray(second, np.float64)
    mean_chroma = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(two[..., 1], two[..., 2])) / 2
    # neutral colours are stretched along a*, where the eye is most sensitive
    stretch = 1.5 - 0.5 * np.sqrt(mean_chroma**7 / (mean_chroma**7 + _SEVENTH))
    chroma_one, hue_one = _chroma_and_hue(one, stretch)
    chroma_two, hue_two = _chroma_and_hue(two, stretch)
    lightness = two[..., 0] - one[..., 0]
    chroma = chroma_two - chroma_one
    gray = chroma_one * chroma_two == 0
    turn = _shortest_turn(hue_two - hue_one, gray)
    hue = 2 * np.sqrt(chroma_one * chroma_two) * np.sin(np.radians(turn) / 2)
    mean_hue = _mean_hue(hue_one, hue_two, gray)
    mean_chroma = (chroma_one + chroma_two) / 2
    s_lightness, s_chroma, s_hue = _weights((one[..., 0] + two[..., 0]) / 2, mean_chroma, mean_hue)
    in_lightness = lightness / (lightness_weight * s_lightness)
    in_chroma, in_hue = chroma / s_chroma, hue / s_hue
    rotation = _blue_rotation(mean_chroma, mean_hue)
    squares = in_lightness**2 + in_chroma**2 + in_hue**2 + rotation * in_chroma * in_hue
    return np.asarray(np.sqrt(squares), np.float64)


def _chroma_and_hue(lab: Floats, stretch: Floats) -> tuple[Floats, Floats]:
    a = stretch * lab[..., 1]
    return np.hypot(a, lab[..., 2]), np.degrees(np.arctan2(lab[..., 2], a)) % 360


def _shortest_turn(turn: Floats, gray: npt.NDArray[np.bool_]) -> Floats:
    shortest = (turn + _HALF) % _WHOLE - _HALF
    return np.where(gray, 0.0, shortest)


def _mean_hue(one: Floats, two: Floats, gray: npt.NDArray[np.bool_]) -> Floats:
    total = one + two
    across = np.where(total < _WHOLE, total + _WHOLE, total - _WHOLE)
    mean = np.where(np.abs(one - two) > _HALF, across, total) / 2
    return np.where(gray, total, mean)


def _weights(lightness: Floats, chroma: Floats, hue: Floats) -> tuple[Floats, Floats, Floats]:
    from_middle = (lightness - 50) ** 2
    angle = np.radians(hue)
    by_hue = (
        1
        - 0.17 * np.cos(angle - np.radians(30))
        + 0.24 * np.cos(2 * angle)
        + 0.32 * np.cos(3 * angle + np.radians(6))
        - 0.20 * np.cos(4 * angle - np.radians(63))
    )
    return (
        1 + 0.015 * from_middle / np.sqrt(20 + from_middle),
        1 + 0.045 * chroma,
        1 + 0.015 * chroma * by_hue,
    )


def _blue_rotation(chroma: Floats, hue: Floats) -> Floats:
    """R_T: among blues, chroma and hue are not judged apart from each other."""
    spread = 30 * np.exp(-(((hue - 275) / 25) ** 2))
    strength = 2 * np.sqrt(chroma**7 / (chroma**7 + _SEVENTH))
    return np.asarray(-np.sin(np.radians(2 * spread)) * strength, np.float64)
