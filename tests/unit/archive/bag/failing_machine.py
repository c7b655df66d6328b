# SPDX-License-Identifier: Apache-2.0
"""A warm process that forks a bag writer for each request, and lets the machine fail beneath it.

Run as a module it reads one JSON request a line and answers each with one JSON line. It has a single
thread, so that its forks are safe, and pays for the start of an interpreter only once.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from archive.bag.folder import bag_folder
from archive.bag.profile import load_profile
from archive.errors import ArchiveError

STEPS = ("fsync", "rename", "replace", "link", "unlink", "mkdir", "rmdir", "fchmod", "chmod")
"""The calls by which a writer changes what is under a name, or makes it last."""

NOT_ALLOWED = "not allowed here"


class _NoSmallDisk(Exception):
    """This machine lets no user mount a file system of their own."""


class FailingMachine:
    """The test's side: one warm process, used as a context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait() == 0
        assert self._process.stdout is not None
        self._process.stdout.close()

    def write(self, pages: Path, out: Path, form: str, **failure: Any) -> dict[str, Any]:
        """Write a bag of `pages` in `out`.

        Args:
            pages: The folder to bag.
            out: Where the bag is put.
            form: "tar" or "folder".
            failure: `kill_before=n` kills at the n-th step, `kill_beyond` when a file grows beyond so
                many bytes; `fail_at=n` lets the n-th step fail with `error`; at `meanwhile_at` another
                writer makes the same bag; `largest_file`, `room` (bytes of a real file system) and
                `read_only` speak for themselves.

        Returns:
            `killed`; `said`, the tag manifest's digest or the error's code, and `other` of the other
            writer; `steps`, the names of the steps taken; `left`, what is in `out` afterwards.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {"pages": str(pages), "out": str(out), "form": form, **failure}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def _serve() -> None:
    # a profile, and what is loaded on first use, is there before the first fork
    with tempfile.TemporaryDirectory() as warm:
        (Path(warm) / "pages").mkdir()
        _bag({"pages": f"{warm}/pages", "out": f"{warm}/out", "form": "tar"})
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_in_child(json.loads(line))) + "\n")
        sys.stdout.flush()


def _in_child(request: dict[str, Any]) -> dict[str, Any]:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _child(request, lambda document: os.write(write, json.dumps(document).encode() + b"\n"))
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as told:
        documents = [json.loads(line) for line in told]
    _, status = os.waitpid(child, 0)
    answer: dict[str, Any] = {"killed": os.WIFSIGNALED(status), "steps": [], "said": "", "left": None}
    for document in documents:
        answer["steps"] += document.pop("steps", [])
        answer |= document
    return answer


def _child(request: dict[str, Any], tell: Callable[[dict[str, Any]], object]) -> None:
    said = "the child broke"
    try:
        _prepare(request)
        _watch_steps(request, tell)
        said = _bag(request)
    except _NoSmallDisk:
        said = NOT_ALLOWED
    except ArchiveError as error:
        said = error.code
    finally:
        out = Path(request["out"])
        tell({"said": said, "left": sorted(path.name for path in out.iterdir()) if out.is_dir() else []})
        os._exit(0)


def _prepare(request: dict[str, Any]) -> None:
    limit = request.get("largest_file") or request.get("kill_beyond")
    if limit:
        # Python ignores this signal; its default is to kill in the middle of the write
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL if "kill_beyond" in request else signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    if "room" in request:
        _small_disk(Path(request["out"]), request["room"])
    if request.get("read_only"):
        _drop_capabilities()


def _small_disk(place: Path, size: int) -> None:
    """Mount a file system of this size, seen by this process alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    new_user, new_mount = 0x10000000, 0x00020000
    place.mkdir(exist_ok=True)
    if libc.unshare(new_user | new_mount) or libc.mount(
        b"none", os.fsencode(place), b"tmpfs", 0, f"size={size}".encode()
    ):
        raise _NoSmallDisk(os.strerror(ctypes.get_errno()))


def _drop_capabilities() -> None:
    """Make root obey the rights of files (capset(2), version 3)."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    ctypes.CDLL(None).capset(header, (ctypes.c_uint32 * 6)())


def _watch_steps(request: dict[str, Any], tell: Callable[[dict[str, Any]], object]) -> None:
    taken = 0

    def watched(name: str, genuine: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken == request.get("kill_before"):
                os.kill(os.getpid(), signal.SIGKILL)
            tell({"steps": [name]})
            if taken == request.get("meanwhile_at"):
                other = _in_child({key: request[key] for key in ("pages", "out", "form")})
                tell({"other": other["said"]})
            if taken == request.get("fail_at"):
                code = getattr(errno, request["error"])
                raise OSError(code, os.strerror(code))
            return genuine(*arguments, **named)

        return step

    for name in STEPS:
        setattr(os, name, watched(name, getattr(os, name)))


def _bag(request: dict[str, Any]) -> str:
    written = bag_folder(
        Path(request["pages"]),
        profile=load_profile("bagit"),
        tags={},
        destination_dir=Path(request["out"]),
        tar=request["form"] == "tar",
        bagging_date="2026-03-31",
    )
    return written.tag_manifest_sha256


if __name__ == "__main__":
    _serve()
