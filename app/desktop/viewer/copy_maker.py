# SPDX-License-Identifier: Apache-2.0
"""Has the image process do jobs, the newest first, and starts another process when it has died."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from archive.imaging.image_source import ImageSource
from archive.imaging.viewing_cache import CACHE_LIMIT
from workers.failures import describe_failure

log = structlog.get_logger(__name__)

_NICENESS = 10
_CHILD = f"import os; os.nice({_NICENESS}); from app.desktop.viewer.copy_process import main; main()"
"""Capture goes before looking, already while the process loads its libraries."""

_PATIENCE = 180.0
"""Seconds for one image; 400 megapixels of the slowest kind take some ten."""

_WAITING_LIMIT = 64
"""Older jobs lapse: whoever still wants them asks again."""


@dataclass(frozen=True, slots=True)
class ImageJob:
    """What is to be made of an image.

    Attributes:
        name: "viewing_copy" or "small_image".
        source: The image.
        destination: The file to make.
        size: First level of a viewing copy, or longer side of a small image.
    """

    name: str
    source: ImageSource
    destination: Path
    size: int

    def to_line(self) -> str:
        """The job as the process reads it."""
        document = {
            "job": self.name,
            "source": self.source.to_json(),
            "destination": str(self.destination),
            "finest" if self.name == "viewing_copy" else "side": self.size,
        }
        return json.dumps(document) + "\n"


@dataclass(frozen=True, slots=True)
class CheckJob:
    """A captured page is to be checked.

    Attributes:
        source: Its image, with plain rows.
        profile: The name or path of the quality profile.
    """

    source: ImageSource
    profile: str

    def to_line(self) -> str:
        """The job as the process reads it."""
        document = {"job": "checks", "source": self.source.to_json(), "profile": self.profile}
        return json.dumps(document) + "\n"


Job = ImageJob | CheckJob


class ImageProcessDied(RuntimeError):
    """The image process ended in the middle of a job."""


Done = Callable[[ImageJob, dict[str, Any] | None], None]
"""Is told, in a thread, of each job with its failure, or None when it is done."""

Checked = Callable[[CheckJob, list[dict[str, Any]] | None], None]
"""Is told, in a thread, what was found of a page; None where it could not be checked."""


def _nobody(_job: CheckJob, _found: list[dict[str, Any]] | None) -> None:
    """Hears of checks where nobody asks for any."""


class CopyMaker:
    """One image process and the jobs for it.

    Args:
        done: Is told of each job that was done or failed, in the maker's thread.
        folder: The cache that jobs write to; every new process first brings it within its limit.
        checked: Is told of each page that was checked, in the maker's thread.
    """

    def __init__(self, done: Done, folder: Path, checked: Checked = _nobody) -> None:
        self._done = done
        self._checked = checked
        self._folder = folder
        self._lock = threading.Lock()
        self._jobs: list[Job] = []
        self._current: Job | None = None
        self._thread: threading.Thread | None = None
        self._child: subprocess.Popen[str] | None = None
        self._closed = False

    def want(self, job: Job) -> None:
        """Do a job before all others that wait; from any thread."""
        with self._lock:
            if self._closed or job == self._current:
                return
            if job in self._jobs:
                self._jobs.remove(job)
            self._jobs.append(job)
            # whoever wants a page checked asks once
            lapsing = [each for each in self._jobs[:-_WAITING_LIMIT] if isinstance(each, CheckJob)]
            self._jobs[:-_WAITING_LIMIT] = lapsing
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="image-process", daemon=True)
                self._thread.start()

    def shut_down(self) -> None:
        """Forget all jobs, and end the process even if it is in the middle of one."""
        with self._lock:
            self._closed = True
            self._jobs.clear()
            child, thread = self._child, self._thread
        if child is not None:
            child.kill()
        if thread is not None:
            thread.join()
        self._end_child()

    @property
    def process_id(self) -> int | None:
        """The process that does the jobs, if one runs."""
        child = self._child
        return None if child is None else child.pid

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._jobs:
                    self._thread = None
                    return
                job = self._current = self._jobs.pop()
            answer = self._answer_to(job)
            with self._lock:
                # from here on it may be wanted again: its file may be gone by the time somebody looks
                self._current = None
            if self._closed:
                continue
            failure: dict[str, Any] | None = answer.get("failure")
            if isinstance(job, ImageJob):
                self._done(job, failure)
            else:
                if failure is not None and not failure.get("gone"):
                    log.warning("page.not_checked", image=str(job.source.path), failure=failure)
                self._checked(job, answer.get("checks"))

    def _answer_to(self, job: Job) -> dict[str, Any]:
        try:
            answer = _ask(self._running_child(), job.to_line())
        except (OSError, ValueError, ImageProcessDied):
            self._end_child()
            return {"failure": _died(job)}
        failure: dict[str, Any] | None = answer.get("failure")
        if failure is not None and not job.source.path.exists():
            return {"failure": failure | {"gone": True}}
        return answer

    def _running_child(self) -> subprocess.Popen[str]:
        with self._lock:
            if self._closed:
                raise ImageProcessDied
            if self._child is not None:
                return self._child
            child = self._child = subprocess.Popen(
                [sys.executable, "-P", "-c", _CHILD],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        prune = {"job": "prune", "folder": str(self._folder), "limit": CACHE_LIMIT}
        # a cache that cannot be pruned is a matter for those who look after disks: the page comes first
        failure = _ask(child, json.dumps(prune) + "\n").get("failure")
        if failure is not None:
            log.warning("image_cache.not_pruned", folder=str(self._folder), failure=failure)
        return child

    def _end_child(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    # what was still to be written to a dead process needs nobody any more
                    continue


def _ask(child: subprocess.Popen[str], line: str) -> dict[str, Any]:
    """Send a job and wait for its answer.

    Raises:
        OSError, ValueError, ImageProcessDied: The process is dead, or talks nonsense.
    """
    assert child.stdin is not None  # noqa: S101 - both are pipes
    assert child.stdout is not None  # noqa: S101
    # a decoder that hangs must not keep all other pages waiting
    watchdog = threading.Timer(_PATIENCE, child.kill)
    watchdog.start()
    try:
        child.stdin.write(line)
        child.stdin.flush()
        answer = child.stdout.readline()
    finally:
        watchdog.cancel()
    if not answer:
        raise ImageProcessDied
    document: dict[str, Any] = json.loads(answer)
    return document


def _died(job: Job) -> dict[str, Any]:
    return describe_failure(ImageProcessDied(str(job.source.path))) | {
        "code": "viewer.image_process_died",
        "message": f"The image process died while it read {job.source.path}.",
        "consequence": "The page cannot be shown; the file itself was not touched.",
        "remedy": "Show the page again. If it happens twice, the file may be damaged: scan the page again.",
    }
