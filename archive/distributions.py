# SPDX-License-Identifier: Apache-2.0
"""What installed distributions offer by entry point, and which of them does, also where one is damaged."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points


def offered(group: str) -> dict[str, tuple[EntryPoint, ...]]:
    """The entry points of a group by name; more than one where several distributions offer the name.

    Raises:
        OSError, ValueError: The entry points of a damaged distribution cannot be read.
    """
    by_name: dict[str, dict[str, EntryPoint]] = {}
    for point in entry_points(group=group):
        # one distribution may stand on the path twice: an editable one and its build
        by_name.setdefault(point.name, {}).setdefault(f"{distribution_of(point)} {point.value}", point)
    return {name: tuple(points.values()) for name, points in by_name.items()}


def distribution_of(point: EntryPoint) -> str:
    """Name and version of the distribution that offers an entry point."""
    unnamed = "a distribution without a name"
    try:
        if point.dist is None or not {"Name", "Version"} <= set(point.dist.metadata):
            return unnamed
    except FileNotFoundError:
        # so says the backport, once another library has it find distributions; the standard library has empty metadata
        return unnamed
    return f"{point.dist.name} {point.dist.version}"
