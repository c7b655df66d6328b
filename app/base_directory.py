# SPDX-License-Identifier: Apache-2.0
"""A private base directory: everything that Recto and Qt would write for this user goes there instead."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

XDG = ("CONFIG", "DATA", "STATE", "CACHE")


def use_base_directory(base: Path) -> None:
    """Have this process, and those it starts, keep everything below a folder.

    Args:
        base: The folder; RECTO_HOME and the XDG base directories point into it from now on, and no other
            RECTO_* variable counts any more.
    """
    for name in [name for name in os.environ if name.startswith("RECTO_")]:
        del os.environ[name]
    os.environ["RECTO_HOME"] = str(base)
    for kind in XDG:
        folder = base / "xdg" / kind.lower()
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[f"XDG_{kind}_HOME"] = str(folder)


def use_temporary_base_directory() -> Path:
    """The same with a new, empty folder, which is kept: pages may have been captured into it."""
    base = Path(tempfile.mkdtemp(prefix="recto-"))
    use_base_directory(base)
    return base
