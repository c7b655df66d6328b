# SPDX-License-Identifier: Apache-2.0
"""Errors of the topmost floor."""

from __future__ import annotations

from archive.errors import ArchiveError, Retry


class DesktopUnavailable(ArchiveError):
    """The desktop cannot be opened here."""

    code = "desktop.unavailable"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No window was opened. Its commands work without one; recto --help lists them."
