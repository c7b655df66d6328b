# SPDX-License-Identifier: Apache-2.0
"""Distributions with OCR engines, put on the path as pip would; engines that read what a test gives them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.text.engine import Reading, ReadingOptions
from archive.text.engines import forget_engines

Install = Callable[..., None]

GOOD_ENGINE = """\
class Engine:
    name = "copyist"
    def version(self): return "copyist 1.2"
    def languages(self): return frozenset({"heb"})
    def models(self, language): return {}
    def read(self, rendition, folder, *, language, dpi, options, timeout): raise NotImplementedError
engine = Engine()
"""
"""A module that offers an engine which reads nothing."""


@pytest.fixture
def install_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts a distribution with engines on the path."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def put(name: str, code: str, *entries: str) -> None:
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
        facts = tmp_path / f"{name}-1.2.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        (facts / "entry_points.txt").write_text("[recto.ocr]\n" + "\n".join(entries) + "\n")
        forget_engines()

    yield put
    forget_engines()
    for file in tmp_path.glob("*.py"):
        sys.modules.pop(file.stem, None)


@dataclass(frozen=True)
class Reader:
    """An engine that gives what it was made with, and leaves files behind.

    Attributes:
        answer: What it reads; an error is raised.
        name: Its name.
    """

    answer: Reading | BaseException | None
    name: str = "reader"

    def version(self) -> str:
        """Its name and version."""
        return "reader 3"

    def languages(self) -> frozenset[str]:
        """What it can read."""
        return frozenset({"heb", "ara", "jpn_vert"})

    def models(self, language: str) -> dict[str, str]:
        """It has no models that are files."""
        del language
        return {}

    def read(
        self,
        rendition: Path,
        folder: Path,
        *,
        language: str,
        dpi: int,
        options: ReadingOptions,
        timeout: float,
    ) -> Reading:
        """Give the answer."""
        del rendition, language, dpi, options, timeout
        (folder / "scratch").write_text("left behind")
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer  # type: ignore[return-value]  # what an engine without types may do
