# SPDX-License-Identifier: Apache-2.0
"""Walks windows as screen readers, keyboards and narrow displays do, and tells what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QTabWidget,
    QTextEdit,
    QToolBar,
    QToolButton,
    QWidget,
)

from app.desktop.widgets.elided_label import ElidedLabel

INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)

MOST_TABS = 400
"""Presses of Tab after which a window has surely been walked once."""

SMALLEST_TARGET = 32
"""Pixels; hands wear gloves."""

MARGIN = 2
"""Pixels by which frames and rounding may differ."""


def describe(widget: QWidget) -> str:
    """A widget in words, to find it by."""
    text = ""
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        text = widget.text()
    ancestors = []
    parent = widget.parentWidget()
    while parent is not None and len(ancestors) < 4:
        ancestors.append(type(parent).__name__)
        parent = parent.parentWidget()
    return f"{type(widget).__name__} {widget.objectName()!r} {text!r} in {' < '.join(ancestors)}"


def visible_widgets(window: QWidget) -> Iterator[QWidget]:
    """Everything that can be seen in a window, without the parts that Qt's own widgets are made of."""
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.window() is window and not _is_part_of_another(widget):
            yield widget


def _is_part_of_another(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    if isinstance(parent, QAbstractSpinBox | QComboBox | QScrollBar | QTabBar | QLineEdit):
        return True
    # headers belong to their view, and a tab widget's bar has the focus for it
    if isinstance(widget, QHeaderView | QTabWidget):
        return True
    return widget.objectName().startswith("qt_")


def nameless(window: QWidget) -> list[str]:
    """What can be used or reached, and has no name for those who do not see it."""
    found = []
    for widget in visible_widgets(window):
        reachable = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not isinstance(widget, QScrollArea)
        if not (isinstance(widget, INTERACTIVE) or reachable):
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None or not interface.text(QAccessible.Text.Name).strip():
            found.append(describe(widget))
    return found


def names_of(interface: QAccessibleInterface) -> list[str]:
    """The names of an accessible thing and of all that is inside it."""
    names = [interface.text(QAccessible.Text.Name)]
    for place in range(interface.childCount()):
        child = interface.child(place)
        if child is not None:
            names += names_of(child)
    return names


def unreached_by_tab(window: QWidget) -> list[str]:
    """What takes the focus by Tab in principle, and does not get it; also the place where Tab is held."""
    wanted = {
        widget
        for widget in visible_widgets(window)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isEnabled()
        and widget.focusProxy() is None
    }
    reached: set[QWidget] = set()
    first = None
    for _ in range(MOST_TABS):
        before = QApplication.focusWidget()
        QTest.keyClick(before or window, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is before and len(wanted) > 1:
            return [f"Tab is held in {describe(now)}" if now is not None else "Tab leads nowhere"]
        if now is None:
            continue
        if first is None:
            first = now
        elif now is first:
            break
        reached.add(now)
        # of buttons that exclude each other Tab reaches the chosen one, and arrow keys the others
        reached |= _group_of(now)
    if first is not None:
        reached.add(first)
    return [describe(widget) for widget in wanted - reached if not _stands_for(widget, reached)]


def _group_of(widget: QWidget) -> set[QWidget]:
    if not isinstance(widget, QAbstractButton):
        return set()
    group = widget.group()
    if group is not None:
        return set(group.buttons())
    if widget.autoExclusive() and widget.parentWidget() is not None:
        siblings = widget.parentWidget().findChildren(QAbstractButton)
        return {one for one in siblings if one.autoExclusive()}
    return set()


def _stands_for(widget: QWidget, reached: set[QWidget]) -> bool:
    """Whether something inside a widget was reached for it."""
    return any(widget.isAncestorOf(other) for other in reached)


def cut_off(window: QWidget) -> list[str]:
    """Texts that are cut, and buttons that are wholly or partly out of sight, where nothing scrolls to them."""
    found = [
        f"hidden: buttons of a tool bar in {describe(bar)}"
        for bar in window.findChildren(QToolBar)
        for more in bar.findChildren(QToolButton, "qt_toolbar_ext_button")
        if more.isVisible()
    ]
    for widget in visible_widgets(window):
        if (isinstance(widget, QLabel) and not isinstance(widget, ElidedLabel) and _is_cut(widget)) or (
            isinstance(widget, QAbstractButton) and _wants_more(widget)
        ):
            found.append(
                f"cut: {describe(widget)} has {widget.width()} of {widget.sizeHint().width()} pixels"
            )
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit | QComboBox) and _is_hidden(
            widget, window
        ):
            found.append(f"hidden: {describe(widget)}")
    return found


def _is_cut(label: QLabel) -> bool:
    if not label.text() or label.textFormat() == Qt.TextFormat.RichText or label.pixmap().width() > 0:
        return False
    if label.wordWrap():
        return label.height() + MARGIN < label.heightForWidth(label.width())
    needed = max(label.fontMetrics().horizontalAdvance(line) for line in label.text().splitlines() or [""])
    return label.contentsRect().width() + MARGIN < needed


def _wants_more(button: QAbstractButton) -> bool:
    if not button.text() or (
        isinstance(button, QToolButton) and button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    ):
        return False
    return button.width() + MARGIN < button.minimumSizeHint().width()


def _is_hidden(widget: QWidget, window: QWidget) -> bool:
    """Whether part of a widget lies outside an ancestor that cannot be scrolled."""
    area = QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())
    parent = widget.parentWidget()
    while parent is not None:
        grand = parent.parentWidget()
        if isinstance(grand, QAbstractScrollArea) and grand.viewport() is parent:
            return False
        bounds = QRect(parent.mapTo(window, parent.rect().topLeft()), parent.size())
        if not bounds.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN).contains(area):
            return True
        if parent is window:
            break
        parent = grand
    return False


def too_small(window: QWidget) -> list[str]:
    """Buttons that a hand in a glove does not hit."""
    return [
        f"{describe(widget)} is {widget.width()} x {widget.height()}"
        for widget in visible_widgets(window)
        if isinstance(widget, QAbstractButton)
        and widget.isEnabled()
        and (widget.height() < SMALLEST_TARGET or widget.width() < SMALLEST_TARGET)
    ]
