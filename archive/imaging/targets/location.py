# SPDX-License-Identifier: Apache-2.0
"""Finding a target sheet in an image by its dark frame, and every point of the sheet by the frame's corners."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from archive.errors import TargetNotFound
from archive.imaging.targets.geometry import Area, TargetGeometry

Floats = npt.NDArray[np.float64]

_PROXY = 700
"""Longer side of the small picture in which the frame is looked for, pixels."""
_LEAST_SHARE = 0.02
"""Share of the picture that the frame must fill."""
_MOST_TILT = 15.0
"""Degrees beyond which the sheet is to be laid anew."""
_ASPECT_TOLERANCE = 0.1
_SMALLEST_BOX = 4
"""Pixels of a side."""


@dataclass(frozen=True, slots=True)
class TargetLocation:
    """Where the sheet lies in an image.

    Attributes:
        corners: The frame's upper left, upper right, lower right and lower left corner as x and y in pixels,
            of shape (4, 2).
        pixels_per_millimetre: Along the frame's width, and along its height.
        tilt: Degrees by which the upper side falls to the right.
    """

    corners: Floats
    pixels_per_millimetre: tuple[float, float]
    tilt: float
    _to_pixels: Floats

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the sheet lies in the image.

        Args:
            x: Millimetres from the frame's left side.
            y: Millimetres from its upper side.
        """
        across, down, scale = self._to_pixels @ np.array([x, y, 1.0])
        return float(across / scale), float(down / scale)

    def box(self, area: Area, *, middle: float = 1.0) -> tuple[slice, slice]:
        """Rows and columns of the largest upright box within an area of the sheet.

        Args:
            area: The area.
            middle: Which share of each side is taken, around the middle.

        Raises:
            TargetNotFound: The area is not in the image, or smaller than a few pixels.
        """
        margin_x, margin_y = area.width * (1 - middle) / 2, area.height * (1 - middle) / 2
        left, right = area.x + margin_x, area.x + area.width - margin_x
        top, bottom = area.y + margin_y, area.y + area.height - margin_y
        corners = [self.pixel(x, y) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]
        (x1, y1), (x2, y2), (x3, y3), (x4, y4) = corners
        columns = slice(round(max(x1, x4)), round(min(x2, x3)))
        rows = slice(round(max(y1, y2)), round(min(y3, y4)))
        smallest = min(columns.stop - columns.start, rows.stop - rows.start)
        if min(columns.start, rows.start) < 0 or smallest < _SMALLEST_BOX:
            raise TargetNotFound(
                "Part of the target lies outside of the picture, or is too small to be measured."
            )
        return rows, columns


def locate(lightness: npt.NDArray[np.uint8], geometry: TargetGeometry) -> TargetLocation:
    """Find a sheet that lies upright, give or take some degrees.

    Args:
        lightness: The image in gray, of shape (rows, columns), 0 black.
        geometry: The sheet.

    Raises:
        TargetNotFound: There is no dark frame of that shape, it is cut off, or it lies askew.
    """
    step = max(1, -(-max(lightness.shape) // _PROXY))
    small = lightness[::step, ::step]
    outline = _largest_dark_thing(small)
    rough = _corners(outline) * step
    corners = _refined(lightness, rough, step)
    upper, right = corners[1] - corners[0], corners[2] - corners[1]
    lower, left = corners[2] - corners[3], corners[3] - corners[0]
    width = (np.hypot(*upper) + np.hypot(*lower)) / 2
    height = (np.hypot(*left) + np.hypot(*right)) / 2
    tilt = float(np.degrees(np.arctan2(upper[1], upper[0])))
    if abs(width / height / (geometry.width / geometry.height) - 1) > _ASPECT_TOLERANCE:
        raise TargetNotFound(
            f"The dark frame in the picture is {width:.0f} by {height:.0f} pixels; "
            f"{geometry.title} is {geometry.width:g} by {geometry.height:g} mm."
        )
    if abs(tilt) > _MOST_TILT:
        raise TargetNotFound(f"The target lies askew by {tilt:.0f} degrees.")
    sheet = np.array([[0, 0], [geometry.width, 0], [geometry.width, geometry.height], [0, geometry.height]])
    return TargetLocation(
        corners,
        (float(width / geometry.width), float(height / geometry.height)),
        tilt,
        _homography(sheet.astype(np.float64), corners),
    )


def _largest_dark_thing(small: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """The mask of the largest connected dark area."""
    ground = float(np.percentile(small, 90))
    dark = small < min(ground * 0.45, 90.0)
    labels = _labelled(dark)
    counts = np.bincount(labels[dark]) if dark.any() else np.zeros(1, np.intp)
    if counts.max(initial=0) < _LEAST_SHARE * small.size / 4:
        raise TargetNotFound("There is no dark frame in the picture.")
    found: npt.NDArray[np.bool_] = (labels == int(counts.argmax())) & dark
    rows, columns = np.flatnonzero(found.any(axis=1)), np.flatnonzero(found.any(axis=0))
    if (rows[-1] - rows[0]) * (columns[-1] - columns[0]) < _LEAST_SHARE * small.size:
        raise TargetNotFound("There is no dark frame in the picture that is large enough.")
    if rows[0] == 0 or columns[0] == 0 or rows[-1] == small.shape[0] - 1 or columns[-1] == small.shape[1] - 1:
        raise TargetNotFound(
            "The dark frame touches the border of the picture, so part of it may be cut off."
        )
    return found


def _labelled(dark: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """A number for each connected area: each pixel takes the largest of its neighbours' until nothing changes."""
    labels = np.where(dark, np.arange(1, dark.size + 1).reshape(dark.shape), 0)
    while True:
        before = labels
        for axis in (0, 1):
            for forwards in (True, False):
                labels = _swept(labels, dark, axis, forwards=forwards)
        if np.array_equal(before, labels):
            return labels


def _swept(
    labels: npt.NDArray[np.intp], dark: npt.NDArray[np.bool_], axis: int, *, forwards: bool
) -> npt.NDArray[np.intp]:
    """Carry each number along its run of dark pixels, in one direction."""
    turned = labels if axis == 1 else labels.T
    mask = dark if axis == 1 else dark.T
    if not forwards:
        turned, mask = turned[:, ::-1], mask[:, ::-1]
    # runs are told apart by how many light pixels came before; what comes before a run is smaller than all in it
    run = np.cumsum(~mask, axis=1)
    size = labels.size + 1
    carried = np.maximum.accumulate(turned + run * size, axis=1) - run * size
    carried = np.where(mask, carried, 0)
    if not forwards:
        carried = carried[:, ::-1]
    return carried if axis == 1 else carried.T


def _corners(outline: npt.NDArray[np.bool_]) -> Floats:
    """The four outermost points along the diagonals."""
    rows, columns = np.nonzero(outline)
    along, against = columns + rows, columns - rows
    picked = [along.argmin(), against.argmax(), along.argmax(), against.argmin()]
    return np.array([[columns[at], rows[at]] for at in picked], np.float64)


def _refined(lightness: npt.NDArray[np.uint8], rough: Floats, step: int) -> Floats:
    """The corners as crossings of lines that are fitted to the frame's sides, to a fraction of a pixel."""
    lines = [
        _side(lightness, rough[at], rough[(at + 1) % 4], rough.mean(axis=0), 4 * step + 4) for at in range(4)
    ]
    return np.array([_crossing(lines[at - 1], lines[at]) for at in range(4)])


def _side(
    lightness: npt.NDArray[np.uint8], begin: Floats, end: Floats, middle: Floats, reach: int
) -> tuple[Floats, Floats]:
    """A point and the direction of the line where the light ground turns into the dark frame."""
    direction = (end - begin) / np.hypot(*(end - begin))
    outwards = np.array([direction[1], -direction[0]])
    if outwards @ (begin - middle) < 0:
        outwards = -outwards
    places = np.linspace(0.1, 0.9, 120)
    offsets = np.arange(-reach, reach + 1)
    found = []
    for place in places:
        base = begin + place * (end - begin)
        points = np.rint(base + offsets[:, np.newaxis] * outwards).astype(int)
        inside = (
            (points[:, 0] >= 0)
            & (points[:, 1] >= 0)
            & (points[:, 0] < lightness.shape[1])
            & (points[:, 1] < lightness.shape[0])
        )
        if inside.all():
            found.append(base + _change(lightness, base, outwards, reach) * outwards)
    if len(found) < len(places) // 2:
        raise TargetNotFound("The dark frame lies too near to the border of the picture.")
    points = np.array(found)
    for _ in range(2):
        centre = points.mean(axis=0)
        _, _, axes = np.linalg.svd(points - centre)
        away = np.abs((points - centre) @ np.array([-axes[0][1], axes[0][0]]))
        points = points[away <= max(0.5, 2 * float(np.median(away)))]
    return points.mean(axis=0), axes[0]


def _change(lightness: npt.NDArray[np.uint8], base: Floats, outwards: Floats, reach: int) -> float:
    """How far outwards the ground begins: where the profile passes the middle between dark and light."""
    offsets = np.arange(-reach, reach + 0.25, 0.25)
    profile = _sampled(lightness, base + offsets[:, np.newaxis] * outwards)
    dark, light = np.percentile(profile, 10), np.percentile(profile, 90)
    above = profile > (dark + light) / 2
    changes = np.flatnonzero(~above[:-1] & above[1:])
    if not len(changes):
        return 0.0
    at = changes[np.abs(offsets[changes]).argmin()]
    low, high = profile[at], profile[at + 1]
    return float(offsets[at] + 0.25 * ((dark + light) / 2 - low) / (high - low))


def _sampled(lightness: npt.NDArray[np.uint8], points: Floats) -> Floats:
    """The image between its pixels, bilinearly."""
    x = np.clip(points[:, 0], 0, lightness.shape[1] - 1.001)
    y = np.clip(points[:, 1], 0, lightness.shape[0] - 1.001)
    left, top = x.astype(int), y.astype(int)
    right_share, lower_share = x - left, y - top
    upper = lightness[top, left] * (1 - right_share) + lightness[top, left + 1] * right_share
    lower = lightness[top + 1, left] * (1 - right_share) + lightness[top + 1, left + 1] * right_share
    return np.asarray(upper * (1 - lower_share) + lower * lower_share, np.float64)


def _crossing(one: tuple[Floats, Floats], two: tuple[Floats, Floats]) -> Floats:
    (point, direction), (other, other_direction) = one, two
    sides = np.column_stack([direction, -other_direction])
    if abs(np.linalg.det(sides)) < 0.1:  # noqa: PLR2004 (sines of angles: nearly parallel)
        raise TargetNotFound("The dark frame is not a rectangle.")
    along = np.linalg.solve(sides, other - point)[0]
    return np.asarray(point + along * direction, np.float64)


def _homography(source: Floats, destination: Floats) -> Floats:
    """The projective map from four points to four others (R. Hartley, A. Zisserman, Multiple View Geometry, 4.1)."""
    rows = []
    for (x, y), (u, v) in zip(source, destination, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    solved = np.linalg.solve(np.array(rows), destination.reshape(8))
    return np.append(solved, 1.0).reshape(3, 3)
