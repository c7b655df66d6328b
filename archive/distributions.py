# SPDX-License-Identifier: Apache-2.0
"""Which installed distribution offers an entry point, also where the distribution is damaged."""

from __future__ import annotations

from importlib.metadata import EntryPoint


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
