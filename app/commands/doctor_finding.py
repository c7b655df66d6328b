# SPDX-License-Identifier: Apache-2.0
"""What one check of `recto doctor` found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        check: What was looked at.
        good: Whether it is as it should be.
        found: What is there.
        remedy: What to do when it is not good.
        needed: Whether Recto cannot do its main job without it.
    """

    check: str
    good: bool
    found: str
    remedy: str = ""
    needed: bool = True
