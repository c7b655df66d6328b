# SPDX-License-Identifier: Apache-2.0
"""The last step: the sample batch, ready to be captured with the simulated scanner."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal

from app.desktop.first_run.step import Step
from app.desktop.operation import OperationContext
from app.desktop.preferences.block import Block, Note
from app.desktop.preferences.refusal import failure_text
from app.desktop.preferences.saving import Failure
from app.desktop.theme.roles import Role
from app.desktop.workplace import Workplace
from app.sample_batch import SAMPLE_BATCH, write_reading_room
from archive.errors import BatchExists
from workers.node import Node
from workers.operations import register_manifest


class SampleStep(Step):
    """The sample batch.

    Args:
        workplace: Node and operations.
    """

    ready = Signal(str)
    """The sample is registered: its id."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(
            workplace,
            self.tr("Capture a sample"),
            self.tr("Two items with twelve pages in all, drawn by the simulated scanner."),
        )
        block = Block(workplace.theme, self.tr("How it goes"))
        for text in (
            self.tr("Space captures a page. It is on disk before you see it."),
            self.tr("Backspace takes the page again. The first one is kept aside."),
            self.tr("Enter ends the item. It goes on by itself: checks, text, bag, storage."),
            self.tr("The question mark shows all keys, at any time."),
        ):
            block.column.addWidget(Note(workplace.theme, text, Role.TEXT))
        self.problem = Note(workplace.theme, "", Role.TROUBLE)
        self.problem.hide()
        self.column.addWidget(block)
        self.column.addWidget(self.problem)
        self.column.addStretch(1)

    def apply(self, then: Callable[[], None]) -> None:
        """Register the sample, if it is not there yet, and tell that it can be captured."""
        node = self.workplace.node

        def work(_context: OperationContext) -> str:
            return register_sample(node)

        self.workplace.operations.run(
            self.tr("Make the sample batch"),
            work,
            lane="registry",
            on_success=partial(self._succeed, then),
            on_failure=self._refuse,
        )

    def _succeed(self, then: Callable[[], None], batch: str) -> None:
        then()
        self.workplace.batches_changed.emit()
        self.ready.emit(batch)

    def _refuse(self, failure: Failure) -> None:
        self.problem.setText(failure_text(failure))
        self.problem.show()


def register_sample(node: Node) -> str:
    """Register the sample batch for capture at the desktop; one that is there already stays as it is.

    Returns:
        The batch's id.
    """
    manifest = write_reading_room(node.settings.state_directory / "samples")
    try:
        return register_manifest(node, manifest, at_desk=True)
    except BatchExists:
        return SAMPLE_BATCH
