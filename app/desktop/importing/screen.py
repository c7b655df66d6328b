# SPDX-License-Identifier: Apache-2.0
"""Batch import: the screen itself, with a place to drop a manifest, the manifest at hand, and the form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from app.desktop.importing.controller import FAILURE, ImportController
from app.desktop.importing.drop_hint import DropHint
from app.desktop.importing.file_choice import FileChoice
from app.desktop.importing.form.page import FormPage
from app.desktop.importing.recent import RecentFiles
from app.desktop.importing.sheet_page import SheetPage
from app.desktop.importing.welcome import CreatedPlace, Welcome
from app.desktop.operation import OperationContext
from app.desktop.screen import Screen
from app.desktop.workplace import Workplace
from app.sample_batch import write_reading_room
from workers.manifest_check import Inspection


class ImportScreen(Screen):
    """From a manifest to a batch.

    Args:
        workplace: What the screens share.
    """

    screen_id: ClassVar[str] = "importing"

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.setAcceptDrops(True)
        self._folder: Path | None = None
        self._recent = RecentFiles(workplace.settings.state_directory / "desktop" / "recent-manifests.json")
        self.controller = ImportController(workplace)
        self.welcome = Welcome(workplace)
        self.page = SheetPage(workplace, self.controller)
        self.created = CreatedPlace(workplace)
        self.form = FormPage(workplace)
        self._stack = QStackedWidget()
        for place in (self.welcome, self.page, self.created, self.form):
            self._stack.addWidget(place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._drop_hint = DropHint(workplace.theme, self)
        self.welcome.recent_chosen.connect(self.open)
        self._follow_controller()
        self._bind()
        self._bind_form()
        self._list_recent()

    def _follow_controller(self) -> None:
        controller = self.controller
        controller.began.connect(self._show_reading)
        controller.inspected.connect(self._show_inspection)
        controller.failed.connect(self._show_what_is_there)
        controller.put_away.connect(self._show_what_is_there)
        controller.created.connect(self._show_created)
        controller.create_failed.connect(self._explain_failure)
        controller.exported.connect(self._say_exported)
        controller.changed_on_disk.connect(self.workplace.actions.refresh)
        controller.acceptance_changed.connect(self.workplace.actions.refresh)

    def _bind(self) -> None:
        controller, bind = self.controller, self.workplace.actions.bind
        bind("importing.open", self.ask_for_file)
        bind("importing.sample", self.open_sample)
        bind("importing.check", controller.check_again, when=self._has_sheet)
        bind("importing.stop", controller.stop, when=lambda: controller.is_reading)
        has_steps = lambda: self._has_problems() or self._shows_form()  # noqa: E731 (a rule of two actions)
        bind("importing.next_problem", lambda: self._step(1), when=has_steps)
        bind("importing.previous_problem", lambda: self._step(-1), when=has_steps)
        bind("importing.accept", self._accept, when=self._has_problems)
        bind("importing.export", self.ask_where_to_export, when=self._may_export)
        bind("importing.create", self._create, when=lambda: self._shows_sheet() and controller.may_create)
        bind("importing.open_existing", self._open_existing, when=self._exists_already)
        bind("importing.start_capturing", self._start_capturing, when=self._shows_created)
        bind("importing.show_board", lambda: self.workplace.go_to("board"), when=self._shows_created)
        bind("importing.close", self._close, when=lambda: self._has_sheet() or self._shows_form())

    def _bind_form(self) -> None:
        bind, table, stack = self.workplace.actions.bind, self.form.table, self.form.state.stack
        shown, chosen = self._shows_form, lambda: self._shows_form() and bool(table.chosen)
        bind("importing.form", self._show_form, when=lambda: not self._shows_form())
        bind("importing.add_item", table.add, when=shown)
        bind("importing.paste_items", table.paste, when=shown)
        bind("importing.duplicate_items", table.duplicate, when=chosen)
        bind("importing.delete_items", table.delete, when=chosen)
        bind("importing.undo_form", stack.undo, when=lambda: shown() and stack.canUndo())
        bind("importing.redo_form", stack.redo, when=lambda: shown() and stack.canRedo())
        stack.indexChanged.connect(self._name_steps)
        bind("importing.save_form", lambda: self.form.save(lambda _path: None), when=shown)
        bind("importing.import_form", lambda: self.form.save(self.open), when=self._form_is_complete)

    def _name_steps(self) -> None:
        """Say what would be undone, and what done again."""
        actions, stack = self.workplace.actions, self.form.state.stack
        undo, redo = self.tr("Undo {step}"), self.tr("Redo {step}")
        actions.action("importing.undo_form").setText(undo.format(step=stack.undoText()).strip())
        actions.action("importing.redo_form").setText(redo.format(step=stack.redoText()).strip())
        actions.refresh()

    def entered(self, arguments: Mapping[str, Any]) -> None:
        """The screen is shown; `path` names a manifest to open at once, `sample` asks for the sample batch."""
        if path := arguments.get("path"):
            self.open(Path(path))
        elif arguments.get("sample"):
            self.open_sample()

    def unfinished(self) -> str | None:
        """A form that no file has would be lost."""
        return self.tr("The manifest in the form is not saved.") if self.form.is_unsaved else None

    def shut_down(self) -> None:
        """Read and check no further."""
        self.controller.stop()
        self.form.state.stop()

    def open(self, path: Path) -> None:
        """Read and check a manifest."""
        self._folder = path.parent
        self.controller.open(path)

    def ask_for_file(self) -> None:
        """Ask for a manifest and open it."""
        path = FileChoice.manifest(self, self._folder)
        if path is not None:
            self.open(path)

    def open_sample(self) -> None:
        """Open the batch that comes with Recto."""
        folder = self.workplace.settings.state_directory / "samples"

        def work(_context: OperationContext) -> Path:
            return write_reading_room(folder)

        self.workplace.operations.run(self.tr("Making the sample batch"), work, on_success=self.open)

    def ask_where_to_export(self) -> None:
        """Ask for a file and write the sheet there with its problems."""
        if self.controller.inspection is None:
            return
        path = self.controller.inspection.path
        ending = self.tr("problems")
        proposal = path.with_name(f"{path.stem}-{ending}{path.suffix}")
        title = self.tr("Export with a Problems column")
        destination = FileChoice.destination(self, proposal, title, (path.suffix,))
        if destination is not None:
            self.controller.export(destination)

    def _accept(self) -> None:
        panel = self.page.problems
        number = panel.current
        if number is None or self.controller.problems[number].severity != "warning":
            return
        if not panel.reason:
            panel.ask_for_reason()
            return
        numbers = self.controller.alike(number) if panel.means_all_alike else [number]
        self.controller.accept(numbers, panel.reason)
        # on to what is still to be decided
        following = self.controller.next_open_warning(number)
        if following is not None:
            self.page.go_to(following)

    def _close(self) -> None:
        if self._shows_form():
            self._show_what_is_there()
        else:
            self.controller.put_aside()

    def _show_form(self) -> None:
        self._stack.setCurrentWidget(self.form)
        self.form.begin()
        self.workplace.actions.refresh()

    def _step(self, by: int) -> None:
        if self._shows_form():
            self.form.table.next_problem(by)
            return
        if self.page.step(by):
            self.workplace.say(self.tr("All problems seen: back at the first one.") if by > 0 else "")

    def _create(self) -> None:
        self.controller.create(at_desk=self.page.summary.at_desk)
        self.workplace.actions.refresh()

    def _show_created(self, batch: str) -> None:
        inspection, at_desk = self.controller.inspection, self.page.summary.at_desk
        if inspection is None:
            return
        if not at_desk or inspection.files:
            self.controller.send(batch)
        amount = self.tr("%n item(s)", "", inspection.items)
        if inspection.pages:
            amount += ", " + self.tr("%n page(s) to capture", "", inspection.pages)
        self._stack.setCurrentWidget(self.created)
        # a button that cannot be pressed yet takes no focus
        self.workplace.actions.refresh()
        self.created.show_batch(batch, amount, at_desk=at_desk)
        self.controller.forget()

    def _explain_failure(self, failure: dict[str, Any]) -> None:
        """Show why no batch was created, with the one button that helps."""
        title, remedy = self.tr("Check again"), self.controller.check_again
        if failure["code"] == "registry.batch_exists":
            title, remedy = self.tr("Go on with that batch"), self._open_existing
        self.workplace.report(failure, key=FAILURE, remedy_title=title, remedy=remedy)
        self.workplace.actions.refresh()

    def _open_existing(self) -> None:
        if self.controller.inspection is not None:
            self.workplace.resolved(FAILURE)
            self.workplace.choose_work(self.controller.inspection.batch, None)
            self.workplace.go_to("capture")

    def _start_capturing(self) -> None:
        self.workplace.go_to("capture")

    def _show_reading(self) -> None:
        self._stack.setCurrentWidget(self.page)
        self.workplace.actions.refresh()

    def _show_inspection(self, inspection: Inspection) -> None:
        self._stack.setCurrentWidget(self.page)
        self._remember(inspection.path)
        self.workplace.actions.refresh()

    def _show_what_is_there(self) -> None:
        self._stack.setCurrentWidget(self.page if self.controller.inspection is not None else self.welcome)
        self.workplace.actions.refresh()

    def _say_exported(self, destination: Path) -> None:
        self.workplace.say(self.tr("Written: {file}").format(file=destination))

    def _remember(self, path: Path) -> None:
        recent = self._recent

        def work(_context: OperationContext) -> list[Path]:
            return recent.add(path)

        title = self.tr("Remembering the file")
        self.workplace.operations.run(title, work, lane="recent", on_success=self.welcome.show_recent)

    def _list_recent(self) -> None:
        recent = self._recent

        def work(_context: OperationContext) -> list[Path]:
            return recent.read()

        title = self.tr("Looking for the files opened last")
        self.workplace.operations.run(title, work, lane="recent", on_success=self.welcome.show_recent)

    def _shows_sheet(self) -> bool:
        return self._stack.currentWidget() is self.page

    def _shows_form(self) -> bool:
        return self._stack.currentWidget() is self.form

    def _form_is_complete(self) -> bool:
        check = self.form.state.check
        return self._shows_form() and check is not None and not check.errors

    def _shows_created(self) -> bool:
        return self._stack.currentWidget() is self.created

    def _has_sheet(self) -> bool:
        return self._shows_sheet() and self.controller.inspection is not None

    def _has_problems(self) -> bool:
        return self._has_sheet() and bool(self.controller.problems)

    def _may_export(self) -> bool:
        inspection = self.controller.inspection
        is_sheet = inspection is not None and inspection.view.kind == "sheet"
        return self._has_sheet() and is_sheet and not self.controller.is_stale

    def _exists_already(self) -> bool:
        return (
            self._has_sheet() and self.controller.inspection is not None and self.controller.inspection.exists
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files only."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._drop_hint.show_over(self)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The files went elsewhere."""
        self._drop_hint.hide()
        super().dragLeaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the hint over the whole screen."""
        super().resizeEvent(event)
        self._drop_hint.setGeometry(self.rect())

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first of the files; a batch has one manifest."""
        self._drop_hint.hide()
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open(paths[0])
            if len(paths) > 1:
                self.workplace.say(
                    self.tr("One manifest at a time: only {name} was opened.").format(name=paths[0].name)
                )
