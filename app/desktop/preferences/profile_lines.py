# SPDX-License-Identifier: Apache-2.0
"""The scan profiles that there are, a line for each: key, name, and for which scanner."""

from __future__ import annotations

from app.desktop.devices.profile_book import ProfileBook
from app.desktop.preferences.block import Note
from app.desktop.theme.roles import Role
from app.desktop.workplace import Workplace


class ProfileLines(Note):
    """The profiles, to be looked at.

    Args:
        workplace: Whose profiles they are.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace.theme, "", Role.TEXT)
        self._book = ProfileBook.of(workplace)
        self._book.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        lines = [
            "  ·  ".join(part for part in (profile.key, profile.name, profile.device) if part)
            for profile in self._book.profiles()
        ]
        self.setText("\n".join(lines) or self.tr("There are none yet."))
