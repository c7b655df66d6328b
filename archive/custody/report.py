# SPDX-License-Identifier: Apache-2.0
"""What the check of a bag's chain of custody found, and who captured a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.agents import kind_of_agent
from archive.custody.history import CAPTURES, PageEvent
from archive.custody.statement import Statement


@dataclass(frozen=True, slots=True)
class PageCustody:
    """Where one page comes from, as its newest capture event and the page's facts tell.

    Attributes:
        page: Page number.
        operator: Who worked the station; empty where nobody was named.
        software: The programs that took part.
        device: The scanner with id, vendor, model and serial; None for an existing image.
        simulated: Whether no paper was scanned at all.
        options: The scanner's options as they were set, by SANE name.
        captured_at: When the page was recorded, RFC 3339.
        file: The master's path in the bag.
        sha256: Of the master.
        pixel_sha256: Of the pixels as the scanner delivered them.
        events: All events of the page, each with the audit path that leads from it to the signed root.
    """

    page: int
    operator: str
    software: tuple[str, ...]
    device: dict[str, Any] | None
    simulated: bool
    options: dict[str, Any]
    captured_at: str
    file: str
    sha256: str
    pixel_sha256: str
    events: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """The origin of the page as a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class CustodyReport:
    """What `verify_custody` found.

    Attributes:
        path: The bag.
        statement: What was signed; None where nothing that can be believed was found.
        problems: One sentence for each thing that is not what was signed; empty when all is.
        page: Where the page that was asked for comes from.
    """

    path: Path
    statement: Statement | None
    problems: tuple[str, ...]
    page: PageCustody | None = None

    @property
    def whole(self) -> bool:
        """Whether every event and every file is proved to be what was signed."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON object."""
        signed = self.statement
        return {
            "path": str(self.path),
            "valid": self.whole,
            "batch": signed and signed.batch,
            "item": signed and signed.item,
            "events": signed and signed.events,
            "events_root": signed and signed.events_root,
            "head": signed and signed.chain_head,
            "signed_by": signed and signed.key,
            "payload_files": signed and signed.payload_files,
            "problems": list(self.problems),
            "page": self.page.to_json() if self.page else None,
        }


def page_custody(
    page: int, events: Sequence[PageEvent], paths: Sequence[Sequence[str]], facts: Mapping[str, Any]
) -> PageCustody | None:
    """Where a page comes from.

    Args:
        page: Its number.
        events: Its events.
        paths: Their audit paths.
        facts: The page's facts from metadata/capture, which name the device in full.

    Returns:
        None where no event tells of its capture.
    """
    captures = [event.event for event in events if event.event["type"] in CAPTURES]
    if not captures:
        return None
    newest = captures[-1]
    detail = newest["detail"]
    device = facts.get("device")
    device = dict(device) if isinstance(device, Mapping) else None
    agents = [str(agent) for agent in newest.get("agents", []) if agent != (device or {}).get("id")]
    software = tuple(agent for agent in agents if kind_of_agent(agent) == "software")
    return PageCustody(
        page=page,
        operator=", ".join(agent for agent in agents if kind_of_agent(agent) == "person"),
        software=software,
        device=device,
        simulated=bool(detail.get("simulated")),
        options=dict(detail.get("options") or {}),
        captured_at=str(newest["at"]),
        file=f"data/{detail.get('file')}",
        sha256=str(detail.get("sha256")),
        pixel_sha256=str(detail.get("pixel_sha256")),
        events=tuple(
            {"index": event.index, "audit_path": list(path), "event": event.event}
            for event, path in zip(events, paths, strict=True)
        ),
    )
