# SPDX-License-Identifier: Apache-2.0
"""What a hot folder must be told: where it is, how its files follow each other, and how long to wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

from hardware.scanner import DeviceInfo


@dataclass(frozen=True, slots=True)
class HotFolder:
    """A folder that other software writes page images into.

    Attributes:
        name: Its name; the device's id is `folder:<name>`.
        folder: Where it is.
        order: Whether files follow each other by name, or by the time they were last written.
        settle: Seconds that a file must stay as it is before it counts as written.
        patience: Seconds to wait for a file that does not settle, or does not decode yet.
        wait: Seconds to wait for the next file, when a number of pages was asked for.
        poll: Whether to look again and again instead of being told of changes; None to do so on
            network mounts only.
        vendor: Maker of the camera, for the metadata.
        model: Its model, for the metadata; the folder's path when it is empty.
    """

    name: str
    folder: Path
    order: Literal["name", "time"] = "name"
    settle: float = 1.0
    patience: float = 60.0
    wait: float = 0.0
    poll: bool | None = None
    vendor: str = ""
    model: str = ""

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("A hot folder needs a name")
        if self.order not in {"name", "time"}:
            raise ValueError(f"The files of a hot folder follow by name or by time, not by {self.order!r}")
        if not 0 <= self.settle <= self.patience or self.wait < 0:
            raise ValueError(f"A hot folder waits from 0 seconds, and for longer than files settle: {self}")

    @property
    def longest_start(self) -> float:
        """Seconds that the start of a page may take, apart from reading its file."""
        return self.wait + self.patience

    @property
    def info(self) -> DeviceInfo:
        """What is known of it as a device."""
        return DeviceInfo(
            id=f"folder:{self.name}",
            backend="folder",
            vendor=self.vendor,
            model=self.model or str(self.folder),
            type="hot folder",
            simulated=False,
            state="ready" if self.folder.is_dir() else "missing",
        )

    def to_json(self) -> dict[str, Any]:
        """The folder as a JSON object."""
        return asdict(self) | {"folder": str(self.folder.absolute())}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The folder that `to_json` described."""
        return cls(**{**document, "folder": Path(document["folder"])})
