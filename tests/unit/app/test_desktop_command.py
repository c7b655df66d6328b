# SPDX-License-Identifier: Apache-2.0
"""`recto` without a command: the desktop where a window can be opened, and a clear word where none can."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import display
from app.command_line import main
from app.display import require_display
from app.errors import DesktopUnavailable

RECTO = [sys.executable, "-m", "app"]


def test_without_a_display_three_sentences_tell_the_remedy(recto_home: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}
    }
    environment.pop("QT_QPA_PLATFORM", None)
    ended = subprocess.run(RECTO, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    for part in ("There is no display", "This means:", "What to do:", "desktop.unavailable"):
        assert part in ended.stderr
    assert not recto_home.exists()


def test_a_display_that_does_not_answer_is_named() -> None:
    with pytest.raises(DesktopUnavailable, match=":77 does not answer"):
        require_display({"DISPLAY": ":77"})


def test_a_display_that_answers_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "_require_library", lambda: None)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind("\0/tmp/.X11-unix/X7831")
        server.listen()
        require_display({"DISPLAY": ":7831.0"})


def test_without_qt_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "find_spec", lambda _name: None)
    with pytest.raises(DesktopUnavailable) as caught:
        require_display({"DISPLAY": ":0"})
    assert "recto[desktop]" in caught.value.remedy


def test_a_missing_library_of_qt_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "XCB_LIBRARY", "libxcb-nobody-has-this.so.0")
    monkeypatch.setattr(display, "_answers", lambda _display: True)
    with pytest.raises(DesktopUnavailable) as caught:
        require_display({"DISPLAY": ":0"})
    assert "libxcb-nobody-has-this" in caught.value.message


def test_demo_gui_makes_nothing_where_no_window_can_be_opened(
    recto_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    ended = CliRunner().invoke(main, ["demo", "--gui", "--out", str(tmp_path / "out")])
    assert ended.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_word_that_is_neither_command_nor_file_is_wrong_usage(recto_home: Path) -> None:
    ended = CliRunner().invoke(main, ["reading-room"])
    assert ended.exit_code == 2
    assert "No such command" in ended.stderr


def test_a_manifest_that_is_not_there_is_named_as_a_file(recto_home: Path) -> None:
    ended = CliRunner().invoke(main, ["no-such-manifest.csv"])
    assert ended.exit_code == 2
    assert "There is no file no-such-manifest.csv" in ended.stderr


def test_a_library_that_qt_misses_is_named_with_the_remedy(tmp_path: Path) -> None:
    broken = tmp_path / "PySide6"
    broken.mkdir()
    (broken / "__init__.py").write_text("", encoding="utf-8")
    (broken / "QtWidgets.py").write_text("raise ImportError('libEGL.so.1: no such file')", encoding="utf-8")
    ask = "from app import display, errors\ntry: display.require_qt()\n"
    ask += "except errors.DesktopUnavailable as error: print(error.message, error.remedy)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True
    )
    assert "libEGL.so.1" in ended.stdout
    assert "apt install libegl1" in ended.stdout


def files_below(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file with size and time of change."""
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


# requirement 26
def test_a_private_base_directory_touches_nothing_else_of_the_user(tmp_path: Path) -> None:
    user, temporary = tmp_path / "user", tmp_path / "tmp"
    for folder in (user / ".config", temporary):
        folder.mkdir(parents=True)
    (user / ".config" / "keep.txt").write_text("as it was", encoding="utf-8")
    before = files_below(user)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("RECTO_", "XDG_"))
    }
    environment |= {"HOME": str(user), "TMPDIR": str(temporary), "QT_QPA_PLATFORM": "offscreen"}
    # settings of this user do not count there; the station that is started ends by itself soon after
    environment |= {"RECTO_STATION": "not one for a queue's name"}
    child = subprocess.Popen([*RECTO, "--temp-basedir"], env=environment, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 40
        while not (locks := list(temporary.glob("recto-*/state/desktop.lock"))):
            assert child.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        base = locks[0].parents[1]
    finally:
        child.send_signal(signal.SIGTERM)
        assert child.wait(40) == 0
    assert files_below(user) == before
    assert (base / "state" / "desktop" / "window.json").is_file()
    assert not (base / "state" / "desktop" / "running.json").exists()
