# SPDX-License-Identifier: Apache-2.0
"""How the capture workspace is laid out: head, items at the left, page in the middle, strip below, panel at the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.capture.chosen_scanner import ChosenScanner
from app.desktop.capture.cropping import CropBar
from app.desktop.capture.feeder_count import FeederCount
from app.desktop.capture.finding_bar import FindingBar
from app.desktop.capture.header import CaptureHeader
from app.desktop.capture.item_model import ItemDelegate, ItemModel
from app.desktop.capture.side_panel import SidePanel
from app.desktop.thumbnails.strip import ThumbnailStrip
from app.desktop.viewer.page_viewer import PageViewer
from app.desktop.widgets.card import Card
from app.desktop.widgets.empty_place import EmptyPlace
from app.desktop.workplace import Workplace

LOOP = ("capture.scan", "capture.retake", "capture.done", "capture.stop")
"""The actions of the loop, with their words."""

PAGES = (
    "capture.insert",
    "capture.missing",
    "capture.discard",
    "",
    "capture.earlier",
    "capture.later",
    "capture.interleave",
    "capture.labels",
    "",
    "capture.rotate_left",
    "capture.rotate_right",
    "capture.fit",
    "",
    "capture.arm",
    "capture.panel",
)
"""The other actions with a button; "" parts them."""


LOW = 850
"""Pixels of height below which thumbnails are smaller."""


class Workspace(QWidget):
    """The widgets of the workspace, put together; what they do is the screen's business.

    Args:
        workplace: What the screens share.
        scanner: The scanner in use.
        items: The items of the batch.
    """

    def __init__(self, workplace: Workplace, scanner: ChosenScanner, items: ItemModel) -> None:
        super().__init__()
        self._workplace = workplace
        self._is_low = False
        theme = workplace.theme
        self.header = CaptureHeader(theme)
        self.viewer = PageViewer(workplace.images, theme)
        self.strip = ThumbnailStrip(workplace.thumbnails, theme)
        self.panel = SidePanel(workplace, scanner)
        self.crop = CropBar()
        self.count = FeederCount(theme)
        self.findings = FindingBar(theme)
        self.instruction = QLabel()
        self.items = self._make_items(items)
        self.empty_page = EmptyPlace(
            self.tr("Ready for the first page"),
            self.tr("Put the page in place, then press {key}.").format(key=self._key_of("capture.scan")),
            workplace.actions.action("capture.scan"),
        )
        self.missing_page = EmptyPlace(
            self.tr("This page is missing"),
            self.tr("Its number stays free. If it turns up, capture it here."),
            workplace.actions.action("capture.retake"),
        )
        self.elsewhere = EmptyPlace(
            self.tr("This item is not captured here"),
            self.tr("Its images exist already, or it is captured without an operator."),
            workplace.actions.action("capture.next_item"),
        )
        self.handed_over = EmptyPlace(
            self.tr("This item is done"),
            self.tr("Its pages are on their way. See them in Quality, or go on with the next item."),
            workplace.actions.action("capture.next_item"),
        )
        self.middle = QStackedWidget()
        for widget in (self.viewer, self.empty_page, self.missing_page, self.elsewhere, self.handed_over):
            self.middle.addWidget(widget)
        self._lay_out()
        self.header.pedal.setAccessibleDescription(self.tr("Whether the pedal captures"))

    def _key_of(self, action_id: str) -> str:
        shortcut = self._workplace.actions.action(action_id).shortcut()
        return shortcut.toString(shortcut.SequenceFormat.NativeText)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a low display the page gets the room, not the strip."""
        super().resizeEvent(event)
        low = event.size().height() < LOW
        if low != self._is_low:
            self._is_low = low
            self.strip.set_arrangement("strip", QSize(66, 84) if low else None)

    def _make_items(self, items: ItemModel) -> QListView:
        view = QListView()
        view.setModel(items)
        view.setItemDelegate(ItemDelegate(self._workplace.theme, view))
        view.setUniformItemSizes(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName(self.tr("Items of the batch"))
        view.setMinimumWidth(160)
        return view

    def _lay_out(self) -> None:
        card = Card(self._workplace.theme)
        self.instruction.setWordWrap(True)
        self.instruction.setTextFormat(Qt.TextFormat.PlainText)
        card.column.addWidget(self.instruction)
        self.instruction_card = card
        card.hide()
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(card)
        column.addWidget(self.count)
        column.addWidget(self.findings)
        column.addWidget(self.crop)
        column.addWidget(self.middle, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for widget, size in ((self.items, 220), (centre, 760), (self.panel, 280)):
            self.splitter.addWidget(widget)
            self.splitter.setStretchFactor(self.splitter.count() - 1, int(widget is centre))
            widget.resize(size, widget.height())
        self.splitter.setSizes([220, 760, 280])
        self.splitter.setCollapsible(1, False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.header)
        outer.addWidget(self._make_buttons())
        outer.addWidget(self.splitter, 1)
        outer.addWidget(self.strip)

    def _make_buttons(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(12, 0, 12, 4)
        for action_id in LOOP:
            layout.addWidget(self._button(action_id, Qt.ToolButtonStyle.ToolButtonTextBesideIcon))
        tools = QToolBar()
        tools.setIconSize(QSize(24, 24))
        tools.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        for action_id in PAGES:
            if not action_id:
                tools.addSeparator()
                continue
            tools.addWidget(self._button(action_id, Qt.ToolButtonStyle.ToolButtonIconOnly))
        layout.addSpacing(12)
        layout.addWidget(tools, 1)
        return row

    def _button(self, action_id: str, style: Qt.ToolButtonStyle) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._workplace.actions.action(action_id))
        button.setToolButtonStyle(style)
        button.setIconSize(QSize(24, 24))
        button.setMinimumSize(36, 36)
        # a click must not take the keys away from the page
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def show_instruction(self, text: str) -> None:
        """Show in full what the person who captures was told; "" for nothing."""
        self.instruction.setText(text)
        self.instruction_card.setVisible(bool(text))
