# SPDX-License-Identifier: Apache-2.0
"""What the screens of the desktop share: the node, operations, actions, theme, and the work that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.desktop.actions.book import ActionBook
from app.desktop.failure_notice import FailureNotice
from app.desktop.operation import Operations
from app.desktop.theme.theme import Theme
from workers.node import Node
from workers.settings import Settings

if TYPE_CHECKING:
    from app.desktop.station_link import StationLink
    from app.desktop.thumbnails.loader import ThumbnailLoader
    from app.desktop.viewer.image_store import ImageStore


class Workplace(QObject):
    """Given to every screen.

    Args:
        node: Settings and registry; its methods that reach for files or the database belong into operations.
        actions: All actions.
        theme: Colours and icons.
        cache: Folder for what can be made again: thumbnails and viewing copies.
        parent: Owner.
    """

    work_changed = Signal(str, str)
    """Another batch or item is worked on: batch, and item or ""."""
    batches_changed = Signal()
    devices_changed = Signal()
    item_changed = Signal(str, str)
    """Pages or states of an item changed: batch, item."""
    settings_changed = Signal()
    screen_wanted = Signal(str, dict)
    failure_reported = Signal(object)
    failure_resolved = Signal(str)
    said = Signal(str)
    closing = Signal()
    """The desktop closes: whoever has something under way stops it."""

    def __init__(
        self, node: Node, actions: ActionBook, theme: Theme, cache: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.node = node
        self.actions = actions
        # its end is theirs: what actions call holds the screens
        actions.setParent(self)
        self.theme = theme
        self.cache = cache
        self.operations = Operations(self.report, self)
        self._images: ImageStore | None = None
        self._thumbnails: ThumbnailLoader | None = None
        self.station_link: StationLink | None = None
        self.batch: str | None = None
        self.item: str | None = None

    @property
    def settings(self) -> Settings:
        """The station's settings."""
        return self.node.settings

    @property
    def images(self) -> ImageStore:
        """The page images that all viewers and thumbnail strips share."""
        if self._images is None:
            from app.desktop.viewer.image_store import ImageStore

            self._images = ImageStore(self.cache, self)
        return self._images

    @property
    def thumbnails(self) -> ThumbnailLoader:
        """The thumbnails that all strips share."""
        if self._thumbnails is None:
            from app.desktop.thumbnails.disk import SharedThumbnails

            self._thumbnails = SharedThumbnails(self.cache, self.images.reader, self)
        return self._thumbnails

    def choose_work(self, batch: str, item: str | None = None) -> None:
        """Have this batch, and this item of it, be what every screen shows."""
        if (batch, item) != (self.batch, self.item):
            self.batch, self.item = batch, item
            self.work_changed.emit(batch, item or "")

    def go_to(self, screen_id: str, **arguments: Any) -> None:
        """Show a screen.

        Args:
            screen_id: Which.
            arguments: What the screen is to show; see its `entered`.
        """
        self.screen_wanted.emit(screen_id, arguments)

    def report(
        self,
        failure: Mapping[str, Any],
        *,
        key: str = "",
        remedy_title: str = "",
        remedy: Callable[[], None] | None = None,
    ) -> None:
        """Show a failure above the screen until it is resolved or put away.

        Args:
            failure: A failure's JSON, as `workers.failures.describe_failure` makes it.
            key: What it is about; a second failure with this key takes the first one's place. The failure's
                code where left out.
            remedy_title: Words on the one button, translated.
            remedy: What the button does.
        """
        notice = FailureNotice(dict(failure), key or str(failure["code"]), remedy_title, remedy)
        self.failure_reported.emit(notice)

    def resolved(self, key: str) -> None:
        """Take a failure away: what it was about is well again."""
        self.failure_resolved.emit(key)

    def say(self, text: str) -> None:
        """Say something quietly, in the status bar."""
        self.said.emit(text)

    def shut_down(self) -> None:
        """Leave the station to itself, end all operations and let the registry go."""
        self.closing.emit()
        for images in (self._thumbnails, self._images):
            if images is not None:
                images.shut_down()
        if self.station_link is not None:
            self.station_link.shut_down()
        self.operations.shut_down()
        self.node.close()
