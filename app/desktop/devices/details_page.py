# SPDX-License-Identifier: Apache-2.0
"""Technical details of one device: every option that its driver has, as the driver tells it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.desktop.devices.controller import DeviceController
from app.desktop.devices.device_record import DeviceRecord
from app.desktop.devices.option_editor import OptionEditor
from app.desktop.devices.option_tree import OPTION, OptionTree
from app.desktop.devices.profile_book import ProfileBook
from app.desktop.devices.profile_chips import ProfileChips
from app.desktop.devices.profile_dialog import ProfileDialog
from app.desktop.devices.profiles_dialog import Ask, ask
from app.desktop.devices.role_label import RoleLabel
from app.desktop.devices.simulated_badge import SimulatedBadge
from app.desktop.failures.explanation import explain
from app.desktop.theme.roles import Role
from app.desktop.widgets.elided_label import ElidedLabel
from app.desktop.widgets.state_chip import StateChip
from app.desktop.widgets.themed_icon import ThemedIcon
from app.desktop.workplace import Workplace
from hardware.options import OptionDescriptor, SetResult, Value
from hardware.session_reports import OptionsNow
from workers.scan_profiles import ScanProfile, device_model, is_value

TITLE_SCALE = 1.25

_EVERYDAY = frozenset({"source", "mode", "depth", "resolution", "x-resolution", "y-resolution"})
"""Options that a new profile holds, besides those that were changed."""


class DetailsPage(QWidget):
    """Shows and sets the options of one device.

    Args:
        workplace: Theme and actions.
        book: The scan profiles.
        show: Shows the editor of a profile; tests answer in its place.
    """

    def __init__(self, workplace: Workplace, book: ProfileBook, show: Ask = ask) -> None:
        super().__init__()
        theme = workplace.theme
        self._theme = theme
        self._book = book
        self._ask = show
        self._controller: DeviceController | None = None
        self._record: DeviceRecord | None = None
        self._first: dict[str, OptionsNow] = {}
        self._title = ElidedLabel()
        self._badge = SimulatedBadge(theme)
        self._state = StateChip(theme)
        self._said = RoleLabel(theme, role=Role.TEXT)
        self.chips = ProfileChips(book, theme)
        self.tree = OptionTree(theme, self)
        self.view = QTreeView()
        self.editor = OptionEditor(theme)
        self._places = QStackedLayout()
        self._note = RoleLabel(theme)
        self._back = QToolButton()
        self._back.setDefaultAction(workplace.actions.action("devices.back"))
        self.keep = QPushButton(self.tr("Keep as scan profile"))
        self.reset = QPushButton(self.tr("Back to how it was"))
        ThemedIcon(self.keep, theme, "profile")
        ThemedIcon(self.reset, theme, "undo")
        self._build()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        self._back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for button in (self._back, self.keep, self.reset):
            button.setMinimumHeight(36)
        head.addWidget(self._back)
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * TITLE_SCALE)
        font.setBold(True)
        self._title.setFont(font)
        head.addWidget(self._title)
        head.addWidget(self._badge)
        head.addWidget(self._state)
        head.addStretch(1)
        head.addWidget(self.reset)
        head.addWidget(self.keep)
        self.reset.setToolTip(self.tr("Set every option as it was when the device was opened first"))
        self.view.setModel(self.tree)
        self.view.setAccessibleName(self.tr("Options of the device"))
        self.view.setUniformRowHeights(True)
        self.view.setAlternatingRowColors(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setTabKeyNavigation(False)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.view)
        split.addWidget(self.editor)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        self.editor.setMinimumWidth(320)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        place = QWidget()
        place.setLayout(self._places)
        self._places.addWidget(self._note)
        self._places.addWidget(split)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._said)
        column.addWidget(self.chips)
        column.addWidget(place, 1)
        self._said.show_text("")
        self.keep.clicked.connect(self.keep_as_profile)
        self.reset.clicked.connect(self._reset)
        self.editor.wanted.connect(self._set)
        self.chips.chosen.connect(self._apply)
        self.view.selectionModel().currentChanged.connect(self._show_current)

    # What is shown

    def show_device(self, record: DeviceRecord, controller: DeviceController) -> None:
        """Show a device, and have its options read."""
        if controller is not self._controller:
            self._leave()
            self._controller = controller
            for signal, slot in self._connections(controller):
                signal.connect(slot)
        self._said.show_text("")
        self.show_record(record)
        self._show_options(controller.options())
        controller.open(record.id)

    def show_record(self, record: DeviceRecord) -> None:
        """Show how the device is now."""
        self._record = record
        self._title.setText(record.title)
        self._badge.setVisible(record.info.simulated)
        self._state.show_state(record.word.text(), record.word.role, record.word.icon)
        self.chips.show_device(record.info)
        usable = record.can_scan
        for widget in (self.editor, self.keep, self.reset, self.chips):
            widget.setEnabled(usable and bool(self._options().descriptors))
        if record.failure is not None and not self._options().descriptors:
            told = explain(record.failure)
            self._note.setText(f"{told.headline}\n\n{told.about}\n\n{told.remedy}")
        elif not self._options().descriptors:
            self._note.setText(self.tr("The options of the device are being read."))

    def _options(self) -> OptionsNow:
        return self._controller.options() if self._controller is not None else OptionsNow()

    def _connections(self, controller: DeviceController) -> tuple[tuple[Any, Any], ...]:
        return (
            (controller.opened, self._opened),
            (controller.options_changed, self._show_options),
            (controller.option_set, self._show_set),
            (controller.applied, self._show_applied),
            (controller.failed, self._show_failure),
        )

    def _leave(self) -> None:
        if self._controller is not None:
            for signal, slot in self._connections(self._controller):
                signal.disconnect(slot)

    def _opened(self, _device: object, options: OptionsNow) -> None:
        self._show_options(options)

    def _show_options(self, options: OptionsNow) -> None:
        if self._record is not None and options.descriptors:
            self._first.setdefault(self._record.id, options)
        chosen = self._current()
        self.tree.show_options(options)
        self._places.setCurrentIndex(1 if options.descriptors else 0)
        if not options.descriptors:
            return
        self.view.expandAll()
        header = self.view.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        for row in range(self.tree.rowCount()):
            self.view.setFirstColumnSpanned(row, QModelIndex(), True)
        name = chosen.name if chosen is not None else "resolution"
        place = self.tree.place_of(name)
        self.view.setCurrentIndex(place)
        self._show_current(place)
        if self._record is not None:
            self.show_record(self._record)

    def _current(self) -> OptionDescriptor | None:
        option: OptionDescriptor | None = self.view.currentIndex().siblingAtColumn(0).data(OPTION)
        return option

    def _show_current(self, *_places: QModelIndex) -> None:
        option = self._current()
        value = self._options().values.get(option.name) if option is not None else None
        self.editor.show_option(option, value)

    # What is set

    def _set(self, name: str, value: Value) -> None:
        if self._controller is not None:
            self._said.show_text("")
            self._controller.set_option(name, value)

    def _show_set(self, name: str, requested: Value, result: SetResult) -> None:
        option = self._current()
        self.chips.mark("")
        if option is not None and option.name == name:
            self.editor.show_outcome(requested, result.actual)

    def _apply(self, profile: ScanProfile) -> None:
        if self._controller is not None:
            self._book.apply(self._controller, profile)

    def _show_applied(self, results: dict[str, Any]) -> None:
        other = [
            self.tr("{option}: asked {asked}, got {got}").format(
                option=name, asked=each.requested, got=each.actual
            )
            for name, each in results.items()
            if each.requested is not None and str(each.requested) != str(each.actual)
        ]
        asked = {name: each.requested for name, each in results.items()}
        name = next((each.name for each in self._book.profiles() if dict(each.values) == asked), "")
        self.chips.mark(name)
        told = (
            self.tr("Set as “{name}” says.").format(name=name) if name else self.tr("The options were set.")
        )
        self._said.show_text(" · ".join((told, *other)), Role.HELD if other else Role.DONE)

    def _show_failure(self, failure: dict[str, Any]) -> None:
        told = explain(failure)
        text = " ".join(filter(None, (told.headline, failure["message"], told.remedy)))
        if self._options().descriptors:
            self.editor.show_refusal(text)
        else:
            self._note.setText(text)

    def _reset(self) -> None:
        if self._record is None or self._controller is None:
            return
        first, now = self._first.get(self._record.id, OptionsNow()), self._options()
        settable = {option.name for option in first.descriptors if option.readable and option.settable}
        values = {
            name: value
            for name, value in first.values.items()
            if name in settable and now.values.get(name) != value and is_value(value)
        }
        if values:
            self._controller.apply(values)
        else:
            self._said.show_text(self.tr("Every option is as it was at first."), Role.DONE)

    # Keeping

    def keep_as_profile(self) -> None:
        """Propose a profile from the options as they stand."""
        if self._record is None:
            return
        now, first = self._options(), self._first.get(self._record.id, OptionsNow())
        settable = [option.name for option in now.descriptors if option.readable and option.settable]
        values = {name: now.values[name] for name in settable if is_value(now.values.get(name))}
        chosen = frozenset(
            name for name, value in values.items() if name in _EVERYDAY or first.values.get(name) != value
        )
        model = device_model(self._record.info)
        proposed = ScanProfile(self.tr("New profile"), values, device=model)
        dialog = ProfileDialog(self._theme, proposed, self._book.profiles(), [model], chosen, self)
        if self._ask(dialog) and (profile := dialog.profile()) is not None:
            self._book.save(profile)
        dialog.deleteLater()
