# SPDX-License-Identifier: Apache-2.0
"""Images of pages for viewers: the header of a master is read when its page comes into view, away from the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.desktop.viewer.page_viewer import PageViewer
from app.desktop.workplace import Workplace
from archive.imaging.image_source import ImageSource
from workers.desk.review import ReviewPage

KEPT = 500
"""Headers that are remembered, the newest."""


class PageImages(QObject):
    """Shows pages in viewers as soon as it is known what their files hold.

    Args:
        workplace: What the screens share.
        parent: Owner.
    """

    read = Signal()
    """The header of another page is known."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._known: dict[tuple[Path, str], ImageSource] = {}
        self._asked: set[tuple[Path, str]] = set()

    def show(self, viewer: PageViewer, page: ReviewPage, description: str) -> bool:
        """Show a page, when its header is known; else it is asked for, and `read` tells when it is there.

        Returns:
            Whether the page is shown.
        """
        source = self._source(page)
        if source is None:
            return False
        viewer.show_page(str(page.id), source, rotation=page.rotation, description=description)
        return True

    def _source(self, page: ReviewPage) -> ImageSource | None:
        source = page.source
        if source is None or source.kind != "unread":
            return source
        name = (source.path, source.key)
        if name not in self._known and name not in self._asked:
            self._asked.add(name)
            self._ask(name, source)
        return self._known.get(name)

    def _ask(self, name: tuple[Path, str], source: ImageSource) -> None:
        def found(read: ImageSource) -> None:
            self._asked.discard(name)
            self._known[name] = read
            while len(self._known) > KEPT:
                del self._known[next(iter(self._known))]
            self.read.emit()

        self._workplace.operations.run(
            self.tr("Look at {name}").format(name=source.path.name),
            lambda _context: source.read(),
            on_success=found,
        )
