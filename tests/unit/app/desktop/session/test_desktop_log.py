# SPDX-License-Identifier: Apache-2.0
"""What the desktop logs: all of it in its file, and only defects at a terminal where nobody asked for more."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desktop.session.desktop_log import begin_desktop_log, end_desktop_log


@pytest.fixture
def terminal() -> Iterator[io.StringIO]:
    """What a terminal would show."""
    shown, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(shown)
    before = root.level
    root.addHandler(handler)
    yield shown
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.parametrize(("level", "shown"), [(logging.WARNING, False), (logging.INFO, True)])
def test_a_delay_is_noted_in_the_file_and_shown_to_those_who_asked(
    tmp_path: Path, terminal: io.StringIO, level: int, *, shown: bool
) -> None:
    root = logging.getLogger()
    root.setLevel(level)
    handler = begin_desktop_log(tmp_path)
    root.warning("the window stood still")
    root.error("a defect")
    end_desktop_log(handler)
    written = (tmp_path / "desktop.log").read_text(encoding="utf-8")
    assert "the window stood still" in written
    assert "a defect" in written
    assert ("the window stood still" in terminal.getvalue()) is shown
    assert "a defect" in terminal.getvalue()
    root.warning("after the desktop")
    assert "after the desktop" in terminal.getvalue()
