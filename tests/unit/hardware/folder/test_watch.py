# SPDX-License-Identifier: Apache-2.0
"""What is written into a hot folder is heard of, by the kernel or by looking; network mounts are known."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from hardware.folder import watch
from hardware.folder.mounts import is_network_mount
from hardware.folder.watch import FolderWatch


@pytest.mark.parametrize("poll", [False, True])
def test_a_file_that_is_written_is_heard_of_and_one_that_is_read_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, poll: bool
) -> None:
    monkeypatch.setattr(watch, "POLL_SECONDS", 0.1)
    (tmp_path / "item").mkdir()
    (tmp_path / "old").write_bytes(b"page")
    changed = threading.Event()
    with FolderWatch(tmp_path, changed.set, poll=poll) as watched:
        assert watched.polls == poll
        (tmp_path / "old").read_bytes()
        assert not changed.wait(0.3)
        (tmp_path / "item" / "new").write_bytes(b"page")
        assert changed.wait(10)


def test_a_folder_that_is_away_is_not_watched_and_nothing_breaks(tmp_path: Path) -> None:
    with FolderWatch(tmp_path / "away", lambda: None) as watched:
        assert not watched.polls


def test_where_the_kernel_watches_no_more_it_is_looked_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(watch.Observer):  # type: ignore[misc, name-defined, valid-type]
        def start(self) -> None:
            raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(watch, "Observer", Full)
    with FolderWatch(tmp_path, lambda: None, poll=False) as watched:
        assert watched.polls


MOUNTS = """\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 21 0:40 / /srv/capture rw - nfs4 nas:/capture rw
31 21 0:41 / /srv/with\\040space rw - cifs //nas/share rw
32 30 8:2 / /srv/capture/local rw - xfs /dev/sdb1 rw
33 21 0:42 / /mnt/phone rw - fuse.sshfs phone: rw
"""


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("/srv/capture/book", True),
        ("/srv/capture", True),
        ("/srv/captured", False),
        ("/srv/capture/local/book", False),
        ("/srv/with space/a", True),
        ("/mnt/phone", True),
        ("/home/a", False),
    ],
)
def test_network_mounts_are_told_by_what_is_mounted_there(
    tmp_path: Path, folder: str, *, expected: bool
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert is_network_mount(Path(folder), mounts) is expected


def test_where_nothing_is_known_of_mounts_a_folder_is_taken_for_a_local_one(tmp_path: Path) -> None:
    assert not is_network_mount(tmp_path, tmp_path / "away")
