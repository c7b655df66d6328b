# SPDX-License-Identifier: Apache-2.0
"""Writing a bag while the machine fails: killed, out of room, without leave to write."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = """
import sys
from pathlib import Path
from archive.bag.folder import bag_folder
from archive.bag.profile import load_profile
from archive.errors import ArchiveError

def stop(progress):
    if progress.done and sys.argv[4] == "wait":
        print("half", flush=True)
        sys.stdin.read()

try:
    written = bag_folder(
        Path(sys.argv[1]), profile=load_profile("bagit"), tags={}, destination_dir=Path(sys.argv[2]),
        tar=sys.argv[3] == "tar", bagging_date="2026-03-31", progress=stop,
    )
    print(written.tag_manifest_sha256)
except ArchiveError as error:
    print(error.code)
"""


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of three pages of a megabyte."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.tif").write_bytes(bytes([number]) * (1 << 20))
    return folder


def _command(pages: Path, out: Path, form: str, how: str) -> list[str]:
    return [sys.executable, "-c", CHILD, str(pages), str(out), form, how]


@pytest.mark.parametrize("form", ["tar", "folder"])
def test_a_killed_writer_leaves_nothing_under_the_final_name(form: str, pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        _command(pages, out, form, "wait"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "half\n"
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert [path for path in out.iterdir() if not path.name.endswith(".part")] == []
    # and the next writer removes what the killed one left
    again = subprocess.run(_command(pages, out, form, "go"), capture_output=True, text=True, check=True)
    assert len(again.stdout.strip()) == 64
    assert {path.name for path in out.iterdir()} == {"pages.tar" if form == "tar" else "pages"}


@pytest.mark.parametrize("form", ["tar", "folder"])
def test_a_living_writer_is_not_disturbed_by_another(form: str, pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        _command(pages, out, form, "wait"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdin is not None
        assert first.stdout.readline() == "half\n"
        second = subprocess.run(
            _command(pages, out, form, "go"), stdout=subprocess.PIPE, text=True, check=True
        )
        first.stdin.close()
        # the bag that came first is the same, byte for byte: both have done their work
        assert first.stdout.read().split()[-1] == second.stdout.strip()
    assert {path.name for path in out.iterdir()} == {"pages.tar" if form == "tar" else "pages"}


@pytest.mark.parametrize("form", ["tar", "folder"])
def test_a_full_disk_leaves_nothing(form: str, pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    limit = (2 << 20) if form == "tar" else 1000

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        _command(pages, out, form, "go"), capture_output=True, text=True, check=True, preexec_fn=no_room
    )
    assert done.stdout == "bag.unwritable\n"
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("form", ["tar", "folder"])
def test_a_folder_without_leave_to_write_is_told(form: str, pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o555)
    command = _command(pages, out, form, "go")
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("root may write everywhere, and there is no setpriv to take that from it")
        command = [setpriv, "--bounding-set=-dac_override", "--inh-caps=-dac_override", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "bag.unwritable\n"
    assert list(out.iterdir()) == []
