# SPDX-License-Identifier: Apache-2.0
"""Under which names and versions programs appear as agents in events and metadata."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def package_version(package: str) -> str:
    """The installed version of a Python package, or "unknown" where it is not installed as a package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def recto_agent() -> str:
    """Recto with its version, as an agent."""
    return f"Recto {package_version('recto')}"
