# SPDX-License-Identifier: Apache-2.0
"""The program that lists SANE devices, one JSON object a line, asking each backend in a process of its own.

libsane asks its backends one after the other and answers when the last has: one that hangs or crashes
costs them all. So this program forks a child for each backend, which loads libsane with only that
one, and kills what does not answer in time. A backend is started when the one before it has answered, or
has been silent for a moment: those that wait for answers from the network wait side by side, while
those that look at the same USB devices seldom do so at once.

Lines are `{"device": {...}}`, then for each backend one of `{"answered": BACKEND, "loaded": BOOL}`, `{"silent": BACKEND}`,
`{"crashed": BACKEND, "status": N, "last_words": TEXT}` and `{"failed": BACKEND, "error": {...}}`; at last
`{"end": true}`.
"""

from __future__ import annotations

import ctypes
import faulthandler
import json
import os
import selectors
import shutil
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

from hardware.errors import ScannerError
from hardware.sane.library import SaneLibrary, loaded_backend
from hardware.sane.private import write_configuration

SIDE_BY_SIDE = 4
"""Backends that are asked at once, without those that have been silent for long."""

LONG = 1.0
"""Seconds after which a backend that is silent only waits for something, or hangs: it makes room for the next."""

MOST = 24
"""Backends that are asked at once, with those that hang."""

HEAD_START = 0.1
"""Seconds that a backend has for itself before the next is asked: most have answered long before."""

_SLOW = ("magicolor", "epson2", "pixma", "dell1600n_net", "kodakaio", "escl", "airscan", "net")
"""Backends that call into the network and wait for answers, the slowest first (sane-backends 1.2.1): they
are asked before the others, which are done while these wait."""

_PARENT_CHECK = 0.5
_LAST_WORDS = 2000
_SET_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to ask, and for how long.

    Attributes:
        library: libsane.
        backends: Each in a child of its own: its name; `net:HOST` for the backend `net` with one host;
            None for all that the system lists, in one.
        deadline: Seconds that one backend has.
        folder: Where private configurations and last words go.
        parent: Process for which this is done: when it is gone, nobody is asked any more.
    """

    library: str
    backends: tuple[str | None, ...]
    deadline: float
    folder: str
    parent: int


@dataclass(slots=True)
class _Asked:
    """A backend that was asked and has not answered yet."""

    backend: str | None
    process: int
    watch: int
    answers: int
    errors: Path
    since: float
    text: bytes = b""


def main() -> None:
    """Ask the backends that the JSON object in the first argument names, and write what they answer."""
    order = Order(**json.loads(sys.argv[1]))
    # backends print to standard output: they get standard error instead
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    listing = _Listing(order, out)
    signal.signal(signal.SIGTERM, lambda *_: listing.stop())
    try:
        listing.run()
    except BrokenPipeError:
        # nobody listens any more
        listing.stop()
    except BaseException as error:  # noqa: BLE001  # whoever started this reads it
        traceback.print_exception(error)
        listing.stop(70)  # EX_SOFTWARE of sysexits.h
    listing.stop()


class _Listing:
    def __init__(self, order: Order, out: IO[str]) -> None:
        self._order = order
        self._out = out
        self._waiting = deque(enumerate(sorted(order.backends, key=_slowness)))
        self._asked: dict[int, _Asked] = {}
        self._selector = selectors.DefaultSelector()

    def run(self) -> None:
        """Ask all, as long as somebody wants to know."""
        while (self._waiting or self._asked) and os.getppid() == self._order.parent:
            self._ask_next()
            for key, _ in self._selector.select(self._pause()):
                asked: _Asked = key.data
                if asked.process in self._asked:
                    self._read(asked)
                # one that has ended may still have had something in its pipe
                if asked.process in self._asked and key.fd == asked.watch:
                    self._settle(asked)
            for asked in [*self._asked.values()]:
                if time.monotonic() >= asked.since + self._order.deadline:
                    self._settle(asked, {"silent": asked.backend})
        if os.getppid() == self._order.parent:
            self._tell({"end": True})

    def stop(self, status: int = 0) -> NoReturn:
        """Kill whoever still runs, and leave."""
        if os.getppid() != self._order.parent:
            shutil.rmtree(self._order.folder, ignore_errors=True)
        for asked in self._asked.values():
            _kill(asked.process)
        os._exit(status)

    def _tell(self, document: dict[str, Any]) -> None:
        self._out.write(json.dumps(document) + "\n")
        self._out.flush()

    # Asking

    def _ask_next(self) -> None:
        while self._waiting and self._room_in() <= 0:
            index, backend = self._waiting.popleft()
            self._ask(index, backend)

    def _room_in(self) -> float:
        """Seconds until the next may be asked, unless one answers before."""
        now = time.monotonic()
        since = sorted(asked.since for asked in self._asked.values())
        if len(since) >= MOST:
            return since[0] + self._order.deadline - now
        young = [each for each in since if each > now - LONG]
        if len(young) >= SIDE_BY_SIDE:
            return young[0] + LONG - now
        return young[-1] + HEAD_START - now if young else 0.0

    def _pause(self) -> float:
        pauses = [_PARENT_CHECK]
        if self._waiting:
            pauses.append(self._room_in())
        oldest = min((asked.since for asked in self._asked.values()), default=time.monotonic())
        pauses.append(oldest + self._order.deadline - time.monotonic())
        return max(0.0, min(pauses))

    def _ask(self, index: int, backend: str | None) -> None:
        folder = Path(self._order.folder, str(index))
        folder.mkdir()
        answers, answer = os.pipe()
        process = os.fork()
        if process == 0:
            _answer(self._order, backend, folder, answer)
        os.close(answer)
        os.set_blocking(answers, False)
        asked = _Asked(backend, process, os.pidfd_open(process), answers, folder / "errors", time.monotonic())
        self._asked[process] = asked
        self._selector.register(asked.watch, selectors.EVENT_READ, asked)
        self._selector.register(answers, selectors.EVENT_READ, asked)

    # Hearing

    def _read(self, asked: _Asked) -> None:
        """Pass on what a backend found, and be done with it when it has said all."""
        while True:
            try:
                block = os.read(asked.answers, 1 << 16)
            except BlockingIOError:
                return
            *lines, asked.text = (asked.text + block).split(b"\n")
            for line in lines:
                document = json.loads(line)
                if "device" not in document:
                    self._settle(asked, document)
                    return
                self._tell(document)
            if not block:
                return

    def _settle(self, asked: _Asked, verdict: dict[str, Any] | None = None) -> None:
        """Be done with a backend: tell how it went, kill what is left of it, and forget it."""
        told = verdict or self._post_mortem(asked)
        # it has said all: its destructors may hang, or crash, as they like
        _kill(asked.process)
        os.waitpid(asked.process, 0)
        del self._asked[asked.process]
        self._tell(told)
        for descriptor in (asked.watch, asked.answers):
            self._selector.unregister(descriptor)
            os.close(descriptor)

    def _post_mortem(self, asked: _Asked) -> dict[str, Any]:
        # it stays a zombie meanwhile, so that its number is nobody else's when its group is killed
        ended = os.waitid(os.P_PIDFD, asked.watch, os.WEXITED | os.WNOWAIT)
        status = 0 if ended is None else ended.si_status
        by_signal = ended is not None and ended.si_code != os.CLD_EXITED
        words = asked.errors.read_bytes()[-_LAST_WORDS:].decode(errors="replace")
        return {"crashed": asked.backend, "status": -status if by_signal else status, "last_words": words}


def _slowness(asked: str | None) -> int:
    backend = (asked or "").partition(":")[0]
    return _SLOW.index(backend) if backend in _SLOW else len(_SLOW)


def _kill(process: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(process, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


# The child


def _answer(order: Order, backend: str | None, folder: Path, answer: int) -> None:
    """In a child: say what one backend finds; never returns."""
    status = 70  # EX_SOFTWARE of sysexits.h
    try:
        os.setpgid(0, 0)
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        errors = os.open(folder / "errors", os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(errors, 1)
        os.dup2(errors, 2)
        if backend is not None:
            name, _, host = backend.partition(":")
            os.environ.update(write_configuration(folder, [name], [host] if host else []))
        faulthandler.enable()
        for document in _found(order, backend):
            _write(answer, document)
        status = 0
    except BaseException as error:  # noqa: BLE001  # it goes into the last words, which the parent reads
        traceback.print_exception(error)
        sys.stderr.flush()
    finally:
        # sane_exit crashes some drivers, and so may their destructors
        os._exit(status)


def _found(order: Order, backend: str | None) -> Iterator[dict[str, Any]]:
    try:
        for device in SaneLibrary(order.library).devices():
            yield {"device": device.to_json()}
    except ScannerError as error:
        yield {"failed": backend, "error": error.to_json()}
    else:
        yield {
            "answered": backend,
            "loaded": backend is None or bool(loaded_backend(backend.partition(":")[0])),
        }


def _write(answer: int, document: dict[str, Any]) -> None:
    data = memoryview(json.dumps(document).encode() + b"\n")
    while data:
        data = data[os.write(answer, data) :]


if __name__ == "__main__":
    main()
