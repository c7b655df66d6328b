# SPDX-License-Identifier: Apache-2.0
"""Write the gallery: each screen, light and dark, at scale 1 and 2, in English, German and the pseudo-language.

    python -m tools.write_screenshots FOLDER

The screens show the sample batch: pages captured from simulated scanners through the capture screen itself, and
a batch that a station has taken to its stored bags. Nothing of this user is read or written.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent

SCALES = (1, 2)
LANGUAGES = ("en", "de", "pseudo")
SIZE = (1280, 720)
"""Logical pixels: the smallest display on which everything must be seen."""

FAULTY = """\
batch_id;parish-registers
institution;Recto Demonstration Library
scanner_id;simulated:flatbed
scanner_model;Recto Simulated Flatbed
resolution_dpi;3OO
color_profile;gray
bag_profile;aptrust-2.3

id;title;creator;date;language;rights;pages
baptisms;Register of baptisms;The Vicar;1801;eng;Public domain;24
marriages;Register of marriages;The Vicar;1804;english;Public domain;many
marriages;Register of burials;The Vicar;;eng;;12
"""
"""A manifest with problems of the usual kinds."""

SECONDS_FOR_STATION = 120


def main(arguments: list[str]) -> int:
    """Write the gallery.

    Returns:
        0, or the exit code of a part that failed.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--languages", nargs="+", default=LANGUAGES, choices=LANGUAGES)
    parser.add_argument("--scales", nargs="+", type=int, default=SCALES, choices=SCALES)
    parser.add_argument("--screens", nargs="+", default=[], help="ids of screens; all where left out")
    told = parser.parse_args(arguments)
    folder = told.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="recto-gallery-") as base:
        home = Path(base)
        for part in [("station",), ("capture",)]:
            status = _child(home, 1, "tools.gallery", *part)
            if status != 0:
                return status
        for scale in told.scales:
            for language in told.languages:
                status = _child(
                    home, scale, "tools.gallery", "shoot", str(folder), str(scale), language, *told.screens
                )
                if status != 0:
                    return status
    count = len(list(folder.glob("*.png")))
    print(f"{count} pictures in {folder} ({time.monotonic() - begun:.0f} s)")
    return 0


def _child(home: Path, scale: int, module: str, *arguments: str) -> int:
    """Run a part in a process of its own: Qt takes its scale and its platform only at the start."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("RECTO_", "XDG_", "QT_"))
    }
    environment |= {
        "RECTO_HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "xdg"),
        "XDG_CACHE_HOME": str(home / "xdg"),
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": str(scale),
        "LC_ALL": "C.UTF-8",
    }
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=REPOSITORY, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
