# SPDX-License-Identifier: Apache-2.0
"""The restore drill: a random version of a random object is restored, validated and thrown away again."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from archive.progress import ProgressCallback, no_progress
from archive.registry import Session
from archive.registry.events import append_event
from archive.registry.kept_objects import find_object, identifier_of, random_version
from archive.registry.notifications import Kind, notify
from archive.registry.schedule_runs import Outcome, begin_run, end_run
from archive.unfinished_files import living_folder, remove_unfinished
from workers.failures import describe_failure
from workers.node import Node
from workers.receiving.restores import Restored, find_wanted, restore_wanted
from workers.versions import recto_agent

log = structlog.get_logger(__name__)

RUN = "drill"
"""What the schedule calls it."""

VALIDATION = "validation"
"""PREMIS event type (id.loc.gov/vocabulary/preservation/eventType)."""


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill that was done.

    Attributes:
        outcome: "success"; "warning" where only another copy made it one, or nothing could be chosen; "fail".
        message: What became of it, in a sentence.
        object: Identifier of the object; "" where there was none to choose.
        version: The number of the version.
        detail: What was found (JSON).
    """

    outcome: Outcome
    message: str
    object: str = ""
    version: int = 0
    detail: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        chosen = {"object": self.object, "version": self.version} if self.object else {}
        return {"outcome": self.outcome, "message": self.message, **chosen, **self.detail}


def run_drill(
    node: Node, progress: ProgressCallback = no_progress, *, chance: random.Random | None = None
) -> Drill:
    """Restore a random version and validate it; how it went is recorded whatever happens.

    Args:
        node: The process's settings and registry.
        progress: Told of bytes; what it raises cancels, and is raised.
        chance: Where chance comes from.

    Returns:
        How it went: that an object cannot be restored is a result, not an exception.
    """
    with node.registry.transaction() as session:
        run = begin_run(session, RUN)
    try:
        drill = _drill(node, progress, chance)
    except BaseException as error:
        with node.registry.transaction() as session:
            end_run(session, run, "warning", {"message": f"It was broken off: {type(error).__name__}."})
        raise
    with node.registry.transaction() as session:
        _record(session, drill)
        end_run(session, run, drill.outcome, drill.to_json())
    log.info("drill.done", outcome=drill.outcome, object=drill.object, version=drill.version)
    return drill


def _drill(node: Node, progress: ProgressCallback, chance: random.Random | None) -> Drill:
    folder = node.settings.restore.drill_folder or node.settings.data_directory / "drills"
    folder.mkdir(parents=True, exist_ok=True)
    room = min(node.settings.restore.drill_bytes, shutil.disk_usage(folder).free // 2)
    with node.registry.reading() as session:
        chosen = random_version(session, most_bytes=room, chance=chance)
        any_at_all = chosen or random_version(session)
    if chosen is None:
        if any_at_all is None:
            return Drill("success", "Nothing is kept yet that could be restored.")
        return Drill(
            "warning", f"All that is kept is larger than the {room} bytes for which a drill has room."
        )
    kept, version = chosen
    identifier = identifier_of(kept)
    try:
        with node.registry.reading() as session:
            wanted = find_wanted(session, identifier, version.number)
        with _temporary(folder) as place:
            key = f"{version.bag_name}.tar"
            restored = restore_wanted(node, wanted, str(place), key, progress, purpose="restore drill")
    except Exception as error:  # noqa: BLE001 - whatever keeps an object from being restored is what a drill is for
        failure = describe_failure(error)
        message = f"{identifier}, version {version.number}, could not be restored: {failure['message']}"
        return Drill("fail", message, identifier, version.number, {"error": failure})
    return _judged(restored, identifier)


def _judged(restored: Restored, identifier: str) -> Drill:
    told = {
        name: value for name, value in restored.to_json().items() if name not in {"url", "object", "version"}
    }
    what = f"{identifier}, version {restored.version},"
    if not restored.valid:
        message = f"{what} was restored as it was ingested, and is no valid bag."
        return Drill("fail", message, identifier, restored.version, told)
    if restored.troubles:
        message = f"{what} was restored and is valid; {len(restored.troubles)} copies were bad or away."
        return Drill("warning", message, identifier, restored.version, told)
    return Drill(
        "success",
        f"{what} was restored, is valid and as it was ingested.",
        identifier,
        restored.version,
        told,
    )


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    """A folder that is gone afterwards; one of a drill that was killed goes with the next drill."""
    remove_unfinished(folder / RUN)
    place = Path(tempfile.mkdtemp(prefix=f".{RUN}.", suffix=".part", dir=folder))
    try:
        with living_folder(place):
            yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _record(session: Session, drill: Drill) -> None:
    if not drill.object:
        return
    kept = find_object(session, drill.object)
    detail = {"purpose": "restore drill", **drill.to_json()}
    append_event(
        session, kept.chain, VALIDATION, outcome=drill.outcome, detail=detail, agents=(recto_agent(),)
    )
    if drill.outcome == "fail":
        notify(session, Kind.DRILL_FAILED, drill.object, {"version": drill.version, "message": drill.message})
