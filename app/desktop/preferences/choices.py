# SPDX-License-Identifier: Apache-2.0
"""The person's choices at work: applied at once, kept in the background, followed where others change them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from app.desktop.operation import OperationContext
from app.desktop.preferences.personal import Personal, read_personal, write_personal
from app.desktop.workplace import Workplace

LANE = "personal"


class PersonalChoices(QObject):
    """The choices of the person at this desktop: `PersonalChoices.of(workplace)`.

    Args:
        workplace: Whose theme and actions follow them; it becomes the owner.
        personal: What was chosen before.
    """

    changed = Signal()

    def __init__(self, workplace: Workplace, personal: Personal) -> None:
        super().__init__(workplace)
        self._workplace = workplace
        self._personal = personal
        self._apply()
        workplace.theme.changed.connect(self._follow_theme)

    @classmethod
    def of(cls, workplace: Workplace) -> PersonalChoices:
        """The choices of a workplace, read and applied when they are first asked for."""
        found = next((child for child in workplace.children() if isinstance(child, cls)), None)
        return found or cls(workplace, read_personal())

    @property
    def personal(self) -> Personal:
        """What is chosen."""
        return self._personal

    def change(self, **values: Any) -> None:
        """Choose something else; it is seen at once and kept soon.

        Args:
            values: Fields of `Personal`.
        """
        changed = self._personal.model_copy(update=values)
        if changed == self._personal:
            return
        self._personal = changed
        self._apply()
        self._keep()
        self.changed.emit()

    def set_key(self, action_id: str, key: str | None) -> None:
        """Give an action a key of one's own, "" for none, None for the ordinary one."""
        keys = {name: chosen for name, chosen in self._personal.keys.items() if name != action_id}
        ordinary = self._workplace.actions.record(action_id).key
        if key is not None and key != ordinary:
            keys[action_id] = key
        # applied here as well: a key that goes back to the ordinary one is in no list any more
        self._workplace.actions.set_key(action_id, ordinary if key is None else key)
        self.change(keys=keys)

    def _apply(self) -> None:
        theme, actions = self._workplace.theme, self._workplace.actions
        if theme.scheme != self._personal.theme:
            theme.set_scheme(self._personal.theme)
        if theme.large_type != self._personal.large_type:
            theme.set_large_type(self._personal.large_type)
        contrast = self._personal.more_contrast
        if contrast is not None and theme.more_contrast != contrast:
            theme.set_more_contrast(contrast)
        known = {record.id for record in actions.records}
        for action_id, key in self._personal.keys.items():
            if action_id in known:
                actions.set_key(action_id, key)

    def _follow_theme(self) -> None:
        """Keep also what was chosen in a menu."""
        theme = self._workplace.theme
        self.change(theme=theme.scheme, large_type=theme.large_type)

    def _keep(self) -> None:
        personal = self._personal

        def keep(_context: OperationContext) -> None:
            write_personal(personal)

        self._workplace.operations.run(self.tr("Keep your choices"), keep, lane=LANE, lasts=True)
