# SPDX-License-Identifier: Apache-2.0
"""Looking for SANE devices from outside: what is found as it comes, and a notice of each backend that failed."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from hardware.configuration import HardwareConfiguration
from hardware.notices import DiscoveryNotice
from hardware.sane.backends import configuration_folders, listed_backends
from hardware.sane.connection import NET
from hardware.scanner import DeviceInfo

STOPPING = 2.0
"""Seconds that the listing has to kill its children when it is told to stop."""

LOOK = 0.1
"""Seconds between two looks at whether somebody wants the search to end."""

_LAST_WORDS = 2000

OnNotice = Callable[[DiscoveryNotice], None]


def search(
    configuration: HardwareConfiguration, on_notice: OnNotice, cancelled: threading.Event | None = None
) -> Iterator[DeviceInfo]:
    """The SANE devices, each as soon as its backend has answered.

    Nothing of SANE happens in this process: see `hardware.sane.listing`. Whatever backends do, this ends
    within `discovery_deadline`, and each that did not answer is told of. Where `cancelled` is set it ends at once.
    """
    asked = _asked(configuration)
    if not asked:
        return
    with (
        tempfile.TemporaryDirectory(prefix="recto-sane-", ignore_cleanup_errors=True) as folder,
        Path(folder, "errors").open("w+b") as errors,
    ):
        listing = _start(configuration, asked, folder, errors)
        try:
            answers = _Answers(listing, asked, configuration, on_notice, errors)
            yield from answers.devices(cancelled or threading.Event())
        finally:
            _stop(listing)


def _asked(configuration: HardwareConfiguration) -> tuple[str | None, ...]:
    """The backends to ask, `net` once for each host; None for whatever the system has when nobody knows its list."""
    backends = configuration.chosen_backends
    hosts = [f"{NET}:{host}" for host in configuration.sane_hosts]
    if backends is None:
        backends = listed_backends(configuration_folders())
        if backends is None:
            return (None, *hosts)
        backends = (*backends, NET) if hosts else backends
    names = [asked for name in backends for asked in (hosts if name == NET and hosts else [name])]
    return tuple(dict.fromkeys(names))


def _start(
    configuration: HardwareConfiguration, asked: tuple[str | None, ...], folder: str, errors: IO[bytes]
) -> subprocess.Popen[bytes]:
    order = {
        "library": configuration.sane_library,
        "backends": asked,
        "deadline": configuration.backend_deadline,
        "folder": folder,
        "parent": os.getpid(),
    }
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "hardware.sane.listing", json.dumps(order)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        start_new_session=True,
    )


def _stop(listing: subprocess.Popen[bytes]) -> None:
    listing.terminate()
    try:
        listing.wait(STOPPING)
    except subprocess.TimeoutExpired:
        listing.kill()
        listing.wait()
    if listing.stdout is not None:
        listing.stdout.close()


class _Answers:
    """What the listing writes, line by line, until it ends or time is up."""

    def __init__(
        self,
        listing: subprocess.Popen[bytes],
        asked: tuple[str | None, ...],
        configuration: HardwareConfiguration,
        on_notice: OnNotice,
        errors: IO[bytes],
    ) -> None:
        self._listing = listing
        self._left = list(asked)
        self._configuration = configuration
        self._on_notice = on_notice
        self._errors = errors
        self._told: set[str] = set()
        self._found: list[str] = []

    def devices(self, cancelled: threading.Event) -> Iterator[DeviceInfo]:
        """The devices; the notices go where they are wanted."""
        for line in self._lines(cancelled):
            document: dict[str, Any] = json.loads(line)
            if "device" in document:
                device = DeviceInfo.from_json(document["device"])
                self._found.append(device.id)
                yield device
            elif "end" in document:
                return
            else:
                self._settle(document)

    def _lines(self, cancelled: threading.Event) -> Iterator[bytes]:
        deadline = time.monotonic() + self._configuration.discovery_deadline
        descriptor = self._listing.stdout.fileno() if self._listing.stdout else -1
        rest = b""
        # whoever takes the devices may take its time: what has come by then counts
        while not cancelled.is_set():
            left = max(0.0, deadline - time.monotonic())
            if not select.select([descriptor], [], [], min(LOOK, left))[0]:
                if left:
                    continue
                self._tell(DiscoveryNotice.out_of_time(self._left, self._configuration.discovery_deadline))
                return
            block = os.read(descriptor, 1 << 16)
            if not block:
                self._tell(self._listing_died())
                return
            *lines, rest = (rest + block).split(b"\n")
            yield from lines

    def _settle(self, document: dict[str, Any]) -> None:
        verdict = next(iter(document))
        backend: str | None = document[verdict]
        self._left.remove(backend)
        if verdict == "silent":
            self._tell(DiscoveryNotice.silent(backend, self._configuration.backend_deadline))
        elif verdict == "crashed":
            self._tell(DiscoveryNotice.crashed(backend, document["status"], document["last_words"]))
        elif verdict == "failed":
            self._tell(DiscoveryNotice.failed(backend, document["error"]))
        elif not document["loaded"] and self._configuration.sane_backends is not None:
            # the system's list has many that are not installed; a site's own list is meant
            self._tell(DiscoveryNotice.not_installed(backend))
        elif backend and ":" in backend and not self._has_found(backend):
            self._tell(DiscoveryNotice.nothing_offered(backend))

    def _has_found(self, backend: str) -> bool:
        """Whether a host has told of a device."""
        name, _, host = backend.partition(":")
        # an IPv6 address stands in brackets in the names of its devices
        own = (f"sane:{name}:{host}:", f"sane:{name}:[{host}]:")
        return any(each.startswith(own) for each in self._found)

    def _tell(self, notice: DiscoveryNotice) -> None:
        # without libsane all backends say the same
        if notice.message not in self._told:
            self._told.add(notice.message)
            self._on_notice(notice)

    def _listing_died(self) -> DiscoveryNotice:
        self._listing.send_signal(signal.SIGKILL)
        self._errors.seek(0)
        words = self._errors.read()[-_LAST_WORDS:].decode(errors="replace")
        return DiscoveryNotice.crashed(None, self._listing.wait(), words)
