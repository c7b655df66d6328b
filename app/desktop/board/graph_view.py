# SPDX-License-Identifier: Apache-2.0
"""The graph of one item's workflow, drawn by hand: boxes with icon and word, reached by the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.desktop.board.graph_layout import Graph, GraphNode
from app.desktop.board.words import MARKS, headline_of, say, stage_title
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from archive.registry.stages import Stage

GAP = 14
LINE_GAP = 8
MARGIN = 8
ICON = 16
FRAME = 6
"""Between the boxes of a phase and its frame; two frames stand in one gap."""
PHASES: tuple[tuple[str, frozenset[str]], ...] = (
    (
        QT_TRANSLATE_NOOP("board", "Capture and describe"),
        frozenset({Stage.VALIDATE, Stage.CAPTURE, Stage.CHARACTERISE, Stage.ENRICH}),
    ),
    (QT_TRANSLATE_NOOP("board", "Read"), frozenset({Stage.OCR, Stage.ASSEMBLE})),
    (QT_TRANSLATE_NOOP("board", "Deliver"), frozenset({Stage.BAG, Stage.UPLOAD, Stage.CONFIRM})),
)
"""What belongs together for people; a frame is drawn where no other stage stands in between."""

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class GraphView(QWidget):
    """Shows a graph; the arrow keys move from box to box, Enter chooses one.

    Args:
        theme: Colours and icons.
    """

    chosen = Signal(object)
    """A `GraphNode` was chosen, by Enter or by a click."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._graph: Graph | None = None
        self._place = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.MinimumExpanding)
        self.setAccessibleName(self.tr("Way of the item"))
        theme.changed.connect(self.update)

    @property
    def current(self) -> GraphNode | None:
        """The box that the cursor is on."""
        return self._graph.nodes[self._place] if self._graph and self._graph.nodes else None

    def show_graph(self, graph: Graph | None) -> None:
        """Show an item's graph; the cursor stays on its stage."""
        before = self.current
        self._graph = graph
        self._place = 0
        if graph is not None and before is not None:
            self._place = next(
                (
                    place
                    for place, node in enumerate(graph.nodes)
                    if (node.stage, node.line) == (before.stage, before.line)
                ),
                0,
            )
        self.updateGeometry()
        self._tell_cursor()

    def show_stage(self, stage: str) -> None:
        """Put the cursor on a stage."""
        if self._graph is not None and (self.current is None or self.current.stage != stage):
            places = (place for place, node in enumerate(self._graph.nodes) if node.stage == stage)
            self._place = next(places, 0)
            self._tell_cursor()

    def _tell_cursor(self) -> None:
        self.setAccessibleDescription(describe(self.current) if self.current else "")
        self.update()

    def _widths(self) -> list[int]:
        """Of each column: room for its titles and for the words of its states."""
        bold = QFont(self.font())
        bold.setBold(True)
        titles, words = QFontMetrics(bold), QFontMetrics(self.font())
        widths = [0] * (self._graph.columns if self._graph else 0)
        for node in self._graph.nodes if self._graph else ():
            needed = max(
                titles.horizontalAdvance(_title(node)),
                words.horizontalAdvance(MARKS[node.state].text) + ICON + 4,
            )
            widths[node.column] = max(widths[node.column], needed + MARGIN + 2)
        return widths

    def _node_height(self) -> int:
        return 2 * QFontMetrics(self.font()).height() + MARGIN

    def _heading(self) -> int:
        return QFontMetrics(self.font()).height() + MARGIN

    def minimumSizeHint(self) -> QSize:
        """Room for every box."""
        lines = self._graph.lines if self._graph else 1
        widths = self._widths()
        return QSize(
            sum(widths) + max(0, len(widths) - 1) * GAP + 3 * MARGIN,
            self._heading() + lines * (self._node_height() + LINE_GAP) + 2 * MARGIN,
        )

    def sizeHint(self) -> QSize:
        """The same."""
        return self.minimumSizeHint()

    def _place_of(self, node: GraphNode) -> QRectF:
        widths, height = self._widths(), self._node_height()
        lines = self._graph.lines if self._graph else 1
        gap = min(3.5 * GAP, (self.width() - 3 * MARGIN - sum(widths)) / max(1, len(widths) - 1))
        block = lines * (height + LINE_GAP) - LINE_GAP
        top = self._heading() + max(MARGIN, (self.height() - self._heading() - block) / 3)
        left = 1.5 * MARGIN + sum(widths[: node.column]) + node.column * gap
        return QRectF(left, top + node.line * (height + LINE_GAP), widths[node.column], height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw phases, edges and boxes."""
        del event
        if self._graph is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_phases(painter, self._graph)
        for before, after in self._graph.edges:
            self._paint_edge(painter, self._graph.nodes[before], self._graph.nodes[after])
        for place, node in enumerate(self._graph.nodes):
            self._paint_node(painter, node, cursor=place == self._place and self.hasFocus())
        # by name: who looks at this stack meanwhile, such as the stall watchdog, keeps the painter alive
        painter.end()

    def _paint_phases(self, painter: QPainter, graph: Graph) -> None:
        metrics = QFontMetrics(self.font())
        for title, stages in PHASES:
            columns = {node.column for node in graph.nodes if node.stage in stages}
            if not columns:
                continue
            within = [node for node in graph.nodes if min(columns) <= node.column <= max(columns)]
            if any(node.stage not in stages for node in within):
                continue
            places = [self._place_of(node) for node in within]
            around = QRectF(places[0])
            for place in places[1:]:
                around = around.united(place)
            around.adjust(-FRAME, -FRAME - metrics.height(), FRAME, FRAME)
            painter.setPen(QPen(self._theme.color(Role.RAISED), 1))
            painter.setBrush(self._theme.color(Role.WINDOW))
            painter.drawRoundedRect(around, 6, 6)
            painter.setPen(self._theme.color(Role.MUTED))
            painter.setFont(self.font())
            room = around.adjusted(MARGIN, 3, -MARGIN, 0)
            text = metrics.elidedText(say(title), Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), text)

    def _paint_edge(self, painter: QPainter, before: GraphNode, after: GraphNode) -> None:
        left, right = self._place_of(before), self._place_of(after)
        begin = QPointF(left.right(), left.center().y())
        end = QPointF(right.left(), right.center().y())
        bend = (end.x() - begin.x()) / 2
        path = QPainterPath(begin)
        path.cubicTo(QPointF(begin.x() + bend, begin.y()), QPointF(end.x() - bend, end.y()), end)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color(Role.OUTLINE), 1.4))
        painter.drawPath(path)

    def _paint_node(self, painter: QPainter, node: GraphNode, *, cursor: bool) -> None:
        place, mark = self._place_of(node), MARKS[node.state]
        ink = self._theme.color(mark.role)
        painter.setBrush(self._theme.color(Role.SURFACE))
        painter.setPen(QPen(ink, 1.4))
        painter.drawRoundedRect(place, 5, 5)
        if cursor:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 2))
            painter.drawRoundedRect(place.adjusted(-3, -3, 3, 3), 7, 7)
        inner = place.adjusted(MARGIN / 2, MARGIN / 2, -MARGIN / 2, -MARGIN / 2)
        half = inner.height() / 2
        title = QRectF(inner.left(), inner.top(), inner.width(), half)
        self._text(painter, title, _title(node), self._theme.color(Role.TEXT), bold=True)
        icon_top = inner.top() + half + (half - ICON) / 2
        icon = self._theme.icon(mark.icon, mark.role)
        icon.paint(painter, QRectF(inner.left(), icon_top, ICON, ICON).toRect())
        word = QRectF(inner.left() + ICON + 4, inner.top() + half, inner.width() - ICON - 4, half)
        self._text(painter, word, mark.text, ink)

    def _text(self, painter: QPainter, place: QRectF, text: str, ink: QColor, *, bold: bool = False) -> None:
        font = QFont(self.font())
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(ink)
        elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), elided)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Enter chooses."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if self._graph is None or not self._graph.nodes:
            super().keyPressEvent(event)
        elif step is not None:
            self._place = self._graph.neighbour(self._place, *step)
            self._tell_cursor()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.chosen.emit(self.current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses a box."""
        place = self._hit(event.position())
        if place is None:
            super().mousePressEvent(event)
            return
        self._place = place
        self._tell_cursor()
        self.chosen.emit(self.current)

    def event(self, event: QEvent) -> bool:
        """A tooltip says of a box what it says to those who do not see it."""
        if isinstance(event, QHelpEvent) and self._graph is not None:
            place = self._hit(QPointF(event.pos()))
            QToolTip.showText(
                event.globalPos(), describe(self._graph.nodes[place]) if place is not None else ""
            )
            return True
        return super().event(event)

    def _hit(self, point: QPointF) -> int | None:
        nodes = self._graph.nodes if self._graph else ()
        hits = (place for place, node in enumerate(nodes) if self._place_of(node).contains(point))
        return next(hits, None)


def _title(node: GraphNode) -> str:
    title = stage_title(node.stage)
    if not node.chunked:
        return title
    if node.alone:
        return title
    first, last = node.units[0].chunk + 1, node.units[-1].chunk + 1
    return f"{title} {first}" if first == last else f"{title} {first}–{last}"  # noqa: RUF001 (a range)


def describe(node: GraphNode) -> str:
    """A box in words: stage, state, parts, attempts and reason."""
    told = [f"{_title(node)}: {MARKS[node.state].text}"]
    attempts = max(unit.attempts for unit in node.units)
    if attempts > 1:
        told.append(say(QT_TRANSLATE_NOOP("board", "{number} attempts")).format(number=attempts))
    told += sorted({headline_of(unit.error["code"]) for unit in node.units if unit.error})
    return ", ".join(told)
