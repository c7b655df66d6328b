# SPDX-License-Identifier: Apache-2.0
"""Previews of a process that was killed are removed by the next one, those in use are not."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hardware.preview_folder import SECONDS_TO_BEGIN, PreviewFolder


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def make_old(folder: Path) -> None:
    then = folder.stat().st_mtime - 2 * SECONDS_TO_BEGIN
    os.utime(folder, (then, then))


def test_what_a_killed_process_left_is_removed_by_the_next_preview(temporary: Path) -> None:
    code = (
        "import os; from hardware.preview_folder import PreviewFolder; made = PreviewFolder();"
        "(made.path / 'page').write_bytes(b'a page'); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    (left,) = temporary.iterdir()
    made = PreviewFolder()
    assert left.exists(), "whoever made it may only have begun"
    make_old(left)
    made.remove()
    made = PreviewFolder()
    assert list(temporary.iterdir()) == [made.path]
    made.remove()
    assert list(temporary.iterdir()) == []


def test_what_somebody_uses_stays(temporary: Path) -> None:
    used, foreign = PreviewFolder(), temporary / "recto-preview-link"
    foreign.symlink_to(temporary.parent)
    make_old(used.path)
    PreviewFolder().remove()
    assert used.path.exists()
    assert foreign.exists()
    used.remove()
