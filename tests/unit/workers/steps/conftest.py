# SPDX-License-Identifier: Apache-2.0
"""Distributions with steps, put on the path as pip would."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workers.steps.registry import forget_steps

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts a distribution with steps on the path, as pip would."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def put(name: str, code: str, *entries: str) -> None:
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
        facts = tmp_path / f"{name}-1.2.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        (facts / "entry_points.txt").write_text("[recto.steps]\n" + "\n".join(entries) + "\n")
        forget_steps()

    yield put
    forget_steps()
    for file in tmp_path.glob("*.py"):
        sys.modules.pop(file.stem, None)
