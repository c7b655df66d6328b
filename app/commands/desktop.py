# SPDX-License-Identifier: Apache-2.0
"""`recto` without a command, or with a manifest: the desktop."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from app.desktop.session.knocking import knock
from app.display import require_display, require_qt
from app.exit_codes import ExitCode
from archive.errors import ArchiveError
from workers.failures import describe_failure
from workers.settings import load_settings

_BEFORE_QT = (
    "archive.imaging.master",
    "archive.manifest.reader",
    "archive.registry",
    "archive.storage.s3",
    "workers.celery",
    "workers.desk.desk",
)
"""What the desktop's work needs of large libraries. After Qt for Python is loaded it reads the source of each
module that is imported, which holds the window up for 0.1 to 0.4 s at a time; before, these cost nothing extra."""


@click.command(hidden=True)
@click.argument("manifests", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
def desktop(manifests: tuple[Path, ...]) -> None:
    """Open the desktop, and in it a manifest."""
    raise SystemExit(open_desktop(manifests))


def open_desktop(manifests: tuple[Path, ...] = (), *, screen: str = "", batch: str = "") -> int:
    """Open the desktop and stay until it is closed.

    Args:
        manifests: Manifests to show in the import; only the first one is.
        screen: Id of the screen to begin with; the last one where left out.
        batch: The batch to begin with.

    Returns:
        The exit code.

    Raises:
        DesktopUnavailable: No window can be opened here, or Qt cannot be loaded.
    """
    require_display()
    files = [str(path.absolute()) for path in manifests]
    if _is_open_already(files):
        return ExitCode.DONE
    for module in _BEFORE_QT:
        importlib.import_module(module)
    require_qt()
    from app.desktop.run import Beginning, run_desktop
    from app.desktop.start_failure import show_start_failure

    try:
        return run_desktop(Beginning(files, screen, batch))
    except (ArchiveError, OSError) as error:
        show_start_failure(describe_failure(error))
        raise


def _is_open_already(files: list[str]) -> bool:
    """Whether this station's desktop runs and took the files over; asked before anything large is loaded."""
    try:
        settings = load_settings()
    except ArchiveError:
        # the start itself says so, in a window
        return False
    return knock(settings.state_directory, files)
