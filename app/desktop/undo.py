# SPDX-License-Identifier: Apache-2.0
"""Taking back what was done to the pages of a batch: one stack a batch, each step with a name of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale, QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.operation import OperationContext
from app.desktop.settling import Settling
from app.desktop.workplace import Workplace
from archive.errors import RegistryUnreachable
from workers.desk.change import Change, Restores

LANE = "registry"
"""One transaction after the other: so a step is taken back as it was done last."""

STEPS_KEPT = 500
"""Steps of one batch that can be taken back; what was done before them stays as it is."""

_ONE: dict[str, str] = {
    "capture": QT_TRANSLATE_NOOP("undo", "capture of page {page}"),
    "retake": QT_TRANSLATE_NOOP("undo", "retake of page {page}"),
    "take in": QT_TRANSLATE_NOOP("undo", "adding of page {page}"),
    "missing": QT_TRANSLATE_NOOP("undo", "missing page {page}"),
    "discard": QT_TRANSLATE_NOOP("undo", "discard of page {page}"),
    "reorder": QT_TRANSLATE_NOOP("undo", "move of page {page}"),
    "interleave": QT_TRANSLATE_NOOP("undo", "interleaving of page {page}"),
    "relabel": QT_TRANSLATE_NOOP("undo", "label of page {page}"),
    "rotate": QT_TRANSLATE_NOOP("undo", "turn of page {page}"),
    "judge": QT_TRANSLATE_NOOP("undo", "verdict on page {page}"),
    "decide": QT_TRANSLATE_NOOP("undo", "decision over a suggestion for page {page}"),
}
"""What a step did to one page, in the context "undo"; the keys are the desk's words (`workers.desk.change`)."""

_SEVERAL: dict[str, str] = {
    "capture": QT_TRANSLATE_NOOP("undo", "capture of pages {pages}"),
    "retake": QT_TRANSLATE_NOOP("undo", "retake of pages {pages}"),
    "take in": QT_TRANSLATE_NOOP("undo", "adding of pages {pages}"),
    "missing": QT_TRANSLATE_NOOP("undo", "missing pages {pages}"),
    "discard": QT_TRANSLATE_NOOP("undo", "discard of pages {pages}"),
    "reorder": QT_TRANSLATE_NOOP("undo", "move of pages {pages}"),
    "interleave": QT_TRANSLATE_NOOP("undo", "interleaving of pages {pages}"),
    "relabel": QT_TRANSLATE_NOOP("undo", "labels of pages {pages}"),
    "rotate": QT_TRANSLATE_NOOP("undo", "turn of pages {pages}"),
    "judge": QT_TRANSLATE_NOOP("undo", "verdict on pages {pages}"),
    "decide": QT_TRANSLATE_NOOP("undo", "decision over a suggestion for the item"),
}
"""What a step did to several pages, in the context "undo"."""


def step_name(kind: str, pages: Sequence[int]) -> str:
    """What a step did, such as "discard of page 17", to stand behind "Undo".

    Args:
        kind: The kind of the change, as the desk calls it.
        pages: Positions of the pages in the item, counted from 1.
    """
    if len(pages) == 1:
        words = QCoreApplication.translate("undo", _ONE[kind])
        return words.format(page=QLocale().toString(pages[0]))
    return QCoreApplication.translate("undo", _SEVERAL[kind]).format(pages=_ranges(pages))


def _ranges(pages: Sequence[int]) -> str:
    """Numbers in short: 1-3, 7."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


class DeskCommand(QUndoCommand):
    """A change of an item's pages that has been made already; undone and done again by `Desk.restore`.

    Args:
        stacks: Where it stands.
        desk: Whose pages were changed.
        change: What was changed.
    """

    def __init__(self, stacks: UndoStacks, desk: Restores, change: Change) -> None:
        kind, pages = change.text_facts
        super().__init__(step_name(kind, pages))
        self._stacks = stacks
        self._desk = desk
        self._change = change
        self._is_so_already = True

    def redo(self) -> None:
        """Make the change again; the first time it has been made already."""
        self._turn(undone=False)

    def undo(self) -> None:
        """Take the change back."""
        self._turn(undone=True)

    def _turn(self, *, undone: bool) -> None:
        if self._is_so_already:
            self._is_so_already = False
            return

        def work(_context: OperationContext) -> Change:
            # read in the lane: a turn that was asked for before this one has set it by now
            self._change = self._desk.restore(self._change)
            return self._change

        self._stacks.turn(self._change.batch, work, self.text(), partial(self._stay, undone=undone))

    def _stay(self, stack: QUndoStack, *, undone: bool) -> bool:
        """Have the stack stand again where it stood before a turn that could not be made.

        Returns:
            Whether it does; not where something else has been done since.
        """
        index = stack.index() if undone else stack.index() - 1
        if not 0 <= index < stack.count() or stack.command(index) is not self:
            return False
        self._is_so_already = True
        if undone:
            stack.redo()
        else:
            stack.undo()
        return True


class UndoStacks(QObject):
    """One stack a batch; undo and redo work on that of the batch which is worked on.

    Args:
        workplace: What the screens share.
    """

    affected = Signal(str, str, object)
    """A step was taken back, or made again: batch, item, and the positions of the pages it was about."""
    changed = Signal()
    """What can be undone or redone is something else now."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self._workplace = workplace
        self.settling = Settling()
        """What is being changed: a step that is still written down is the one to be taken back."""
        self._stacks: dict[str, QUndoStack] = {}
        actions = workplace.actions
        actions.bind("general.undo", self.undo, when=lambda: self._current_can("undo"))
        actions.bind("general.redo", self.redo, when=lambda: self._current_can("redo"))
        workplace.work_changed.connect(self._show)
        self._show()

    @classmethod
    def of(cls, workplace: Workplace) -> UndoStacks:
        """The stacks of a workplace, made at first use."""
        found = workplace.findChild(cls)
        return found if isinstance(found, cls) else cls(workplace)

    def stack(self, batch: str) -> QUndoStack:
        """The stack of a batch."""
        if batch not in self._stacks:
            stack = QUndoStack(self)
            stack.setUndoLimit(STEPS_KEPT)
            stack.indexChanged.connect(self._show)
            self._stacks[batch] = stack
        return self._stacks[batch]

    def push(self, desk: Restores, change: Change) -> None:
        """Remember a change that was made, so that it can be taken back."""
        self.stack(change.batch).push(DeskCommand(self, desk, change))

    def undo(self) -> None:
        """Take back the last step of the batch that is worked on."""
        self.settling.when_settled(self._undo_last)

    def _undo_last(self) -> None:
        if self._current_can("undo"):
            self.stack(str(self._workplace.batch)).undo()

    def redo(self) -> None:
        """Make again the step of it that was taken back last."""
        self.settling.when_settled(self._redo_last)

    def _redo_last(self) -> None:
        if self._current_can("redo"):
            self.stack(str(self._workplace.batch)).redo()

    def turn(
        self,
        batch: str,
        work: Callable[[OperationContext], Change],
        name: str,
        stay: Callable[[QUndoStack], bool],
    ) -> None:
        """Restore a change, away from the window's thread.

        Args:
            batch: Whose pages it is about.
            work: Restores it.
            name: What the change did.
            stay: Brings the stack back to where it stood, if it can.
        """

        def done(change: Change) -> None:
            self._workplace.resolved("undo")
            self._workplace.item_changed.emit(change.batch, change.item)
            self.affected.emit(change.batch, change.item, change.numbers)

        def failed(failure: dict[str, Any]) -> None:
            # a registry that cannot be reached has changed nothing: the same step can be tried again
            if failure["code"] != RegistryUnreachable.code or not stay(self.stack(batch)):
                # the stack would tell of a state that is not there
                self.stack(batch).clear()
            self._workplace.report(failure, key="undo")

        operation = self._workplace.operations.run(
            self.tr("Undo or redo: {step}").format(step=name),
            work,
            lane=LANE,
            lasts=True,
            on_success=done,
            on_failure=failed,
        )
        self.settling.watch(operation)

    def _current_can(self, what: str) -> bool:
        stack = self._stacks.get(self._workplace.batch or "")
        return stack is not None and (stack.canUndo() if what == "undo" else stack.canRedo())

    def _show(self, *_: object) -> None:
        stack = self._stacks.get(self._workplace.batch or "")
        undo = stack.undoText() if stack is not None else ""
        redo = stack.redoText() if stack is not None else ""
        actions = self._workplace.actions
        for action_id, step, words in (
            ("general.undo", undo, self.tr("Undo {step}")),
            ("general.redo", redo, self.tr("Redo {step}")),
        ):
            # a text around no step would be a torso in languages that put the step elsewhere
            alone = QCoreApplication.translate("actions", actions.record(action_id).title)
            actions.action(action_id).setText(words.format(step=step) if step else alone)
        actions.refresh()
        self.changed.emit()
