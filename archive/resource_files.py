# SPDX-License-Identifier: Apache-2.0
"""Where the files shipped with Recto lie: beside the packages in a checkout, inside `archive` once installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


def resource_path(*parts: str) -> Path:
    """The path of a shipped file or folder, such as `resource_path("bag-profiles", "btr-1.0.json")`.

    Raises:
        FileNotFoundError: Recto is installed incompletely, or nothing of that name is shipped.
    """
    for place in _PLACES:
        path = place.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"{'/'.join(parts)} is not among the files shipped with Recto ({_PLACES[-1]}).")
