# SPDX-License-Identifier: Apache-2.0
"""The pages that lie in a hot folder, in their order, and since when each of their files has stayed as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hardware.errors import InputOutputFailure
from hardware.folder.configuration import HotFolder
from hardware.folder.sequence import natural_order
from hardware.folder.shots import Shot, counts, shots

_Look = tuple[int, int]
"""When a file was written, in nanoseconds, and its size."""


class Arrivals:
    """What lies in a hot folder now, and what is known of how it got there.

    Args:
        hot: Which folder.
        clock: Seconds, always forward.
    """

    def __init__(self, hot: HotFolder, clock: Callable[[], float]) -> None:
        self._hot = hot
        self._clock = clock
        self._seen: dict[Path, tuple[_Look, float]] = {}

    def look(self, item: str) -> list[Shot]:
        """The pages that lie there for an item, in their order; takes note of how each file looks now.

        Raises:
            InputOutputFailure: The folder cannot be read.
        """
        folder = self._folder_of(item)
        looks: dict[Path, _Look] = {}
        try:
            for path in folder.iterdir():
                if counts(path) and path.is_file():
                    status = path.stat()
                    looks[path] = (status.st_mtime_ns, status.st_size)
        except FileNotFoundError as error:
            if not folder.is_dir():
                raise _unreadable(folder, error) from error
            # a file went between the list and the look at it: the next look will tell
            return self.look(item)
        except OSError as error:
            raise _unreadable(folder, error) from error
        now = self._clock()
        for path, look in looks.items():
            if path not in self._seen or self._seen[path][0] != look:
                self._seen[path] = (look, now)
        found = shots(looks)
        if self._hot.order == "name":
            return sorted(found, key=lambda shot: natural_order(shot.image))
        return sorted(found, key=lambda shot: (looks[shot.image][0], natural_order(shot.image)))

    def _folder_of(self, item: str) -> Path:
        own = self._hot.folder / item
        # an item's name comes from a manifest: it must not lead out of the folder
        inside = bool(item) and own.resolve().is_relative_to(self._hot.folder.resolve())
        return own if inside and own.is_dir() else self._hot.folder

    def unsettled(self, shot: Shot) -> str | None:
        """Why a page that was looked at is not whole yet, or None."""
        for path in shot.files:
            (_, size), since = self._seen[path]
            if size == 0:
                return f"{path.name} is empty."
            if self._clock() - since < self._hot.settle:
                return f"{path.name} is still being written."
        return None

    def looks(self, shot: Shot) -> tuple[_Look, ...]:
        """How the files of a page looked when they were last looked at."""
        return tuple(self._seen[path][0] for path in shot.files)

    def changed(self, shot: Shot) -> bool:
        """Whether a file of a page looks other than when it was last looked at, or is gone."""
        try:
            now = [path.stat() for path in shot.files]
        except OSError:
            return True
        return tuple((look.st_mtime_ns, look.st_size) for look in now) != self.looks(shot)


def _unreadable(folder: Path, error: OSError) -> InputOutputFailure:
    return InputOutputFailure(
        f"The hot folder {folder} cannot be read: {error.strerror}.",
        remedy="Make the folder, or make it readable, and scan again.",
        folder=str(folder),
    )
