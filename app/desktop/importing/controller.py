# SPDX-License-Identifier: Apache-2.0
"""The manifest at hand: read and checked in operations, watched on disk, its warnings accepted, made a batch of."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from app.desktop.operation import Operation, OperationContext
from app.desktop.workplace import Workplace
from archive.manifest.acceptance import AcceptedWarning
from archive.manifest.problems import Problem
from workers.manifest_check import Inspection, export_problems, inspect_manifest

FAILURE = "importing"
"""What failures of this screen are about: a later success takes them away."""


class ImportController(QObject):
    """Knows the manifest at hand; the screen shows what it tells.

    Args:
        workplace: What the screens share.
    """

    began = Signal(object)
    """A file is being read: its path."""
    progressed = Signal(int, object, str)
    inspected = Signal(object)
    """A file was read: its Inspection."""
    failed = Signal()
    """The file could not be read, or reading was stopped; the one before is still at hand."""
    put_away = Signal()
    acceptance_changed = Signal(object)
    """Other warnings are accepted now: the numbers of those that changed."""
    changed_on_disk = Signal()
    created = Signal(str)
    """A batch was created: its id."""
    create_failed = Signal(dict)
    exported = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self._workplace = workplace
        self._operation: Operation | None = None
        self._turn: object = None
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._see_change)
        self.inspection: Inspection | None = None
        self.reasons: dict[int, str] = {}
        self.is_stale = False
        self.is_creating = False

    @property
    def is_reading(self) -> bool:
        """Whether a file is being read now."""
        return self._operation is not None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of the manifest at hand, in the order of the file."""
        return self.inspection.reading.problems if self.inspection else ()

    @property
    def errors(self) -> int:
        """How many of them keep the batch from being created."""
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def open_warnings(self) -> int:
        """How many warnings nobody has decided about."""
        return len(self.problems) - self.errors - len(self.reasons)

    @property
    def may_create(self) -> bool:
        """Whether a batch can be made of the manifest at hand."""
        busy = self.is_reading or self.is_creating or self.is_stale
        return self.inspection is not None and not (busy or self.errors or self.open_warnings)

    def open(self, path: Path) -> None:
        """Read and check a file; it becomes the one at hand when that is done."""
        self.stop()
        self._workplace.resolved(FAILURE)
        node = self._workplace.node

        def work(context: OperationContext) -> Inspection:
            def tell(done: int, total: int) -> None:
                context.check()
                context.progress(done, total)

            return inspect_manifest(node, path, tell)

        # a reading that was given up may still be heard of when the next one is under way
        turn = self._turn = object()
        self._operation = self._workplace.operations.run(
            self.tr("Reading {name}").format(name=path.name),
            work,
            on_success=partial(self._take, turn),
            on_failure=partial(self._fail, turn),
            on_progress=partial(self._tell, turn),
        )
        self._operation.cancelled.connect(partial(self._end, turn))
        self.began.emit(path)

    def check_again(self) -> None:
        """Read the manifest at hand anew."""
        if self.inspection is not None:
            self.open(self.inspection.path)

    def stop(self) -> None:
        """Stop reading; what was at hand before stays."""
        if self._operation is not None:
            self._operation.cancel()
            self._forget_operation()
            self.failed.emit()

    def put_aside(self) -> None:
        """Have no manifest at hand."""
        self.stop()
        self.forget()
        self._workplace.resolved(FAILURE)
        self.put_away.emit()

    def forget(self) -> None:
        """Know of no manifest any more, and watch none; nobody is told."""
        self._watch(None)
        self.inspection = None
        self.reasons = {}
        self.is_stale = False

    def next_open_warning(self, number: int) -> int | None:
        """The next warning after this problem that nobody has decided about, from the beginning again at the end."""
        undecided = [
            other
            for other, problem in enumerate(self.problems)
            if problem.severity == "warning" and other not in self.reasons
        ]
        return next((other for other in undecided if other > number), next(iter(undecided), None))

    def accept(self, numbers: Iterable[int], reason: str) -> None:
        """Let warnings stand, with a reason.

        Args:
            numbers: Numbers of the problems.
            reason: Why; empty to take the acceptance back.
        """
        changed = [number for number in numbers if self.problems[number].severity == "warning"]
        for number in changed:
            if reason:
                self.reasons[number] = reason
            else:
                self.reasons.pop(number, None)
        self.acceptance_changed.emit(changed)

    def alike(self, number: int) -> list[int]:
        """Numbers of all warnings of the same kind that nobody has decided about, this one among them."""
        code = self.problems[number].code
        return [
            other
            for other, problem in enumerate(self.problems)
            if problem.code == code and problem.severity == "warning" and other not in self.reasons
        ]

    def export(self, destination: Path) -> None:
        """Write the sheet with its two columns of problems."""
        if self.inspection is None:
            return
        inspection = self.inspection

        def work(_context: OperationContext) -> Path:
            export_problems(inspection, destination)
            return destination

        title = self.tr("Writing {name}").format(name=destination.name)
        self._workplace.operations.run(title, work, on_success=self.exported.emit, on_failure=self._report)

    def create(self, *, at_desk: bool) -> None:
        """Make a batch of the manifest at hand; nothing is made where that cannot be whole."""
        if self.inspection is None or not self.may_create:
            return
        self.is_creating = True
        node, path, seen = self._workplace.node, self.inspection.path, self.inspection.reading.sha256
        accepted = [AcceptedWarning(self.problems[number], reason) for number, reason in self.reasons.items()]

        def work(_context: OperationContext) -> str:
            from workers.operations import register_manifest

            return register_manifest(node, path, at_desk=at_desk, accepted=accepted, seen=seen)

        self._workplace.operations.run(
            self.tr("Creating the batch"),
            work,
            lane="registry",
            on_success=self._have_created,
            on_failure=self._fail_to_create,
        )

    def send(self, batch: str) -> None:
        """Send what waits for no person to the workers; where no broker answers, the batch waits in the ledger."""
        node = self._workplace.node

        def work(_context: OperationContext) -> int:
            from workers.operations import dispatch_batch

            return dispatch_batch(node, batch)

        self._workplace.operations.run(
            self.tr("Sending {batch} to the workers").format(batch=batch), work, on_failure=self._report
        )

    def _tell(self, turn: object, done: int, total: int | None, text: str) -> None:
        if turn is self._turn:
            self.progressed.emit(done, total, text)

    def _take(self, turn: object, inspection: Inspection) -> None:
        if turn is not self._turn:
            return
        self._forget_operation()
        kept = self._kept_reasons(inspection)
        self.inspection, self.reasons, self.is_stale = inspection, kept, False
        self._watch(inspection.path)
        self.inspected.emit(inspection)

    def _kept_reasons(self, inspection: Inspection) -> dict[int, str]:
        """Reasons given before, for warnings that the same file still gives."""
        if self.inspection is None or self.inspection.path != inspection.path:
            return {}
        before = {self.problems[number]: reason for number, reason in self.reasons.items()}
        numbered = enumerate(inspection.reading.problems)
        return {number: before[problem] for number, problem in numbered if problem in before}

    def _fail(self, turn: object, failure: dict[str, Any]) -> None:
        self._end(turn)
        self._report(failure)

    def _end(self, turn: object) -> None:
        if turn is self._turn:
            self._forget_operation()
            self.failed.emit()

    def _forget_operation(self) -> None:
        self._operation = self._turn = None

    def _report(self, failure: dict[str, Any]) -> None:
        self._workplace.report(failure, key=FAILURE)

    def _have_created(self, batch: str) -> None:
        self.is_creating = False
        self._workplace.resolved(FAILURE)
        self._workplace.choose_work(batch, None)
        self._workplace.batches_changed.emit()
        self.created.emit(batch)

    def _fail_to_create(self, failure: dict[str, Any]) -> None:
        self.is_creating = False
        self.create_failed.emit(failure)

    def _watch(self, path: Path | None) -> None:
        if self._watcher.files():
            self._watcher.removePaths(self._watcher.files())
        if path is not None:
            self._watcher.addPath(str(path))

    def _see_change(self, path: str) -> None:
        if self.inspection is None or str(self.inspection.path) != path:
            return
        # programs write a new file under the old name, and the watch goes with the old one
        if path not in self._watcher.files():
            self._watcher.addPath(path)
        self.is_stale = True
        self.changed_on_disk.emit()
