# SPDX-License-Identifier: Apache-2.0
"""The form as it is filled in now: every change a step that can be undone, every state checked away from the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.desktop.operation import OperationContext
from app.desktop.workplace import Workplace
from archive.manifest.form import FormCheck, ManifestForm, check_form
from archive.manifest.garbage import garbage_waits

MILLISECONDS_OF_REST = 200
"""A check begins when nobody has typed for so long."""

STEPS_KEPT = 500


class FormState(QObject):
    """What stands in the form, and what is wrong with it.

    Args:
        workplace: What the screens share.
        parent: Owner.
    """

    changed = Signal()
    """Something else stands in the form."""
    checked = Signal()
    """What is wrong with it is known."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._form = ManifestForm()
        self._merge_ids: dict[str, int] = {}
        self._check: FormCheck | None = None
        self._checked_form: ManifestForm | None = None
        self.folder = Path.home()
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(STEPS_KEPT)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(MILLISECONDS_OF_REST)
        self._rest.timeout.connect(self._begin_check)

    @property
    def form(self) -> ManifestForm:
        """What stands in the form."""
        return self._form

    @property
    def check(self) -> FormCheck | None:
        """What is wrong with it; None while that is not known yet."""
        return self._check if self._checked_form is self._form else None

    def begin(self, form: ManifestForm) -> None:
        """Start anew; nothing of before can be undone."""
        self.stack.clear()
        self._show(form)

    def change(self, form: ManifestForm, step: str, *, merges: str = "") -> None:
        """Have something else stand in the form.

        Args:
            form: What.
            step: What was done, to stand behind "Undo".
            merges: Changes in a row that have this in common are one step, such as letters of one word.
        """
        if form != self._form:
            number = self._merge_ids.setdefault(merges, len(self._merge_ids) + 1) if merges else -1
            self.stack.push(_Change(self, form, step, number))

    def stop(self) -> None:
        """Check no more."""
        self._rest.stop()

    def show_form(self, form: ManifestForm) -> None:
        """Show a state of the form; only the steps of the stack call this."""
        self._show(form)

    def _show(self, form: ManifestForm) -> None:
        self._form = form
        self.changed.emit()
        self._rest.start()

    def _begin_check(self) -> None:
        form, folder = self._form, self.folder

        def work(_context: OperationContext) -> FormCheck:
            with garbage_waits():
                return check_form(form, folder)

        def take(check: FormCheck) -> None:
            if form is self._form:
                self._check, self._checked_form = check, form
                self.checked.emit()

        self._workplace.operations.run(self.tr("Checking the form"), work, lane="form", on_success=take)


class _Change(QUndoCommand):
    """From one state of the form to the next."""

    def __init__(self, state: FormState, form: ManifestForm, step: str, number: int) -> None:
        super().__init__(step)
        self._state = state
        self._before = state.form
        self._after = form
        self._number = number

    def id(self) -> int:
        """Changes of the same number in a row become one."""
        return self._number

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over what the next change led to."""
        if not isinstance(other, _Change):
            return False
        self._after = other._after  # noqa: SLF001 (another object of this class)
        return True

    def redo(self) -> None:
        """Show the later state."""
        self._state.show_form(self._after)

    def undo(self) -> None:
        """Show the earlier state."""
        self._state.show_form(self._before)
