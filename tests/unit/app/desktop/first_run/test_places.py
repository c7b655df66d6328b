# SPDX-License-Identifier: Apache-2.0
"""Where the desktop keeps things: four places apart, and nothing outside of a temporary profile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from workers.settings import default_home

PLACES = {
    "config": ".config/recto",
    "data": ".local/share/recto",
    "state": ".local/state/recto",
    "cache": ".cache/recto",
}


TEMPORARY_DESKTOP = """
from pathlib import Path
from app.base_directory import use_temporary_base_directory
from app.commands.desktop import open_desktop
config = Path(use_temporary_base_directory()) / "config"
config.mkdir(exist_ok=True)
# a broker of a site: then no station is started that would outlive the test
(config / "recto.toml").write_text('broker_url = "redis://127.0.0.1:9/0"')
raise SystemExit(open_desktop())
"""
"""What `recto --temp-basedir` does."""


def snapshot(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def plain_environment(home: Path) -> dict[str, str]:
    """That of somebody who has set nothing, with a home of their own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RECTO_", "XDG_", "PYTEST_")) and name != "DBUS_SESSION_BUS_ADDRESS"
    }
    return kept | {
        "HOME": str(home),
        "TMPDIR": str(home.parent / "tmp"),
        "XDG_RUNTIME_DIR": str(home.parent / "run"),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


# requirement 26
def test_config_data_cache_and_state_are_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("XDG_", "RECTO_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_home() == {name: tmp_path / place for name, place in PLACES.items()}
    for name in PLACES:
        monkeypatch.setenv(f"XDG_{name.upper()}_HOME", str(tmp_path / name))
    assert default_home() == {name: tmp_path / name / "recto" for name in PLACES}
    monkeypatch.setenv("RECTO_HOME", str(tmp_path / "one"))
    assert default_home() == {name: tmp_path / "one" / name for name in PLACES}


# requirement 26
def test_a_temporary_profile_touches_nothing_else(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "tmp"
    for folder in (home / ".config", elsewhere, tmp_path / "run"):
        folder.mkdir(parents=True)
    (home / ".config" / "other.conf").write_text("somebody else's")
    before = snapshot(home)
    desktop = subprocess.Popen(
        [sys.executable, "-c", TEMPORARY_DESKTOP],
        cwd=REPOSITORY,
        env=plain_environment(home),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 60
        # written once the window is there
        while not any(path.endswith("first-run.json") for path in snapshot(elsewhere)):
            assert desktop.poll() is None, desktop.stderr and desktop.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        desktop.send_signal(signal.SIGTERM)
        desktop.communicate(timeout=60)
    assert snapshot(home) == before
    assert (home / ".config" / "other.conf").read_text() == "somebody else's"
