# SPDX-License-Identifier: Apache-2.0
"""Homes and stations for end-to-end tests: `recto` as its users run it, in processes of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.recto_forks import Forks, suits

SETTINGS = """\
station = "test"
operator = "Tester"

[devices]
sane_backends = ["test"]

[[devices.simulated]]
name = "flatbed"
kind = "flatbed"

[[devices.simulated]]
name = "feeder"
kind = "feeder"

[[devices.simulated]]
name = "three-sheets"
kind = "feeder"
sheets = 3

[ledger]
lease_seconds = 20
reconcile_seconds = 2
chunk_pages = 4
"""


FORKS = Forks()


@pytest.fixture(scope="session", autouse=True)
def _forks() -> Iterator[None]:
    yield
    FORKS.stop()


@dataclass
class Home:
    """A RECTO_HOME and the way to run `recto` in it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def configure(self, more: str = "") -> None:
        """Write the settings of tests, and more of them."""
        (self.folder / "config").mkdir(parents=True, exist_ok=True)
        (self.folder / "config" / "recto.toml").write_text(SETTINGS + more)

    def variables(self) -> dict[str, str]:
        """The environment of a process in this home."""
        outer = {name: value for name, value in os.environ.items() if not name.startswith(("RECTO_", "AWS_"))}
        return {**outer, "RECTO_HOME": str(self.folder), **self.environment}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `recto` and return at once."""
        return subprocess.Popen(
            [sys.executable, "-m", "app", *arguments],
            env=self.variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def recto(
        self, *arguments: str, expect: int | None = 0, timeout: float = 170
    ) -> subprocess.CompletedProcess[str]:
        """Run `recto` to its end, and check its exit code."""
        ended = (
            FORKS.run(arguments, self.variables(), timeout)
            if suits(arguments)
            else self._run(arguments, timeout)
        )
        if expect is not None:
            told = f"{arguments}: {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
            assert ended.returncode == expect, told
        return ended

    def _run(self, arguments: tuple[str, ...], timeout: float) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.terminate()
            out, err = process.communicate(timeout=30)
            pytest.fail(f"recto {arguments} did not end: {out} {err}")
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def json(self, *arguments: str, expect: int | None = 0) -> Any:
        """Run `recto` with --json and return its document."""
        return json.loads(self.recto(*arguments, "--json", expect=expect).stdout)

    def manifest(self, name: str, text: str) -> str:
        """Write a manifest and return its path."""
        path = self.folder / "manifests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    @contextmanager
    def station(self) -> Iterator[None]:
        """Run a station in this home: private broker, workers, beat."""
        process = self.start("station")
        try:
            wait_for(lambda: (self.folder / "state/station.lock").exists() and _answers(self), 60)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise

    def items(self, batch: str) -> Path:
        """The folder of a batch's items."""
        return self.folder / "data" / "batches" / batch / "items"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of its own."""
    made = Home(tmp_path / "home")
    made.configure()
    return made


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home in which a station runs: private broker, workers, beat."""
    made = Home(tmp_path_factory.mktemp("station") / "home")
    made.configure()
    with made.station():
        yield made


def _answers(home: Home) -> bool:
    from workers.embedded_broker import EmbeddedBroker

    return EmbeddedBroker(home.folder / "state").answers()


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    """Wait until a condition holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"Not within {seconds} s: {condition}")
        time.sleep(0.05)


BATCH = """\
id: {id}
institution: Test Library
scanner_id: {scanner}
scanner_model: Any
resolution_dpi: {dpi}
color_profile: gray
settings: {settings}
items:
  - {{id: {item}, title: A small item, language: {language}, pages: {pages}}}
"""


def small_batch(
    name: str,
    *,
    pages: int = 2,
    scanner: str = "simulated:feeder",
    dpi: int = 150,
    language: str = "eng",
    settings: str = "{mode: Gray}",
    item: str = "item",
) -> str:
    """The text of a manifest with one item."""
    return BATCH.format(
        id=name, pages=pages, scanner=scanner, dpi=dpi, language=language, settings=settings, item=item
    )
