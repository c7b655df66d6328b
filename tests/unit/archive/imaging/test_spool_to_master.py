# SPDX-License-Identifier: Apache-2.0
"""A spool file becomes the master without a copy, and whoever is killed on the way has lost nothing."""

from __future__ import annotations

import dataclasses
import errno
import fcntl
import hashlib
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tifffile

from archive.errors import MasterExists, PixelDigestMismatch, SpoolIncomplete
from archive.imaging.color_profiles import icc_profile
from archive.imaging.master import MasterTags, write_master
from archive.imaging.master_layout import BLOCK
from archive.imaging.raw_page import RawPage

Fail = Callable[..., None]


@pytest.fixture
def page(make_page: Any) -> RawPage:
    spooled: RawPage = make_page("rgb_16", pixel_offset=BLOCK)
    return spooled


def pixels_of(page: RawPage) -> bytes:
    return page.path.read_bytes()[page.pixel_offset : page.end]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def failing(number: int) -> Fail:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_the_master_is_the_spool_file_under_a_second_name(
    page: RawPage, tags: MasterTags, tmp_path: Path
) -> None:
    before = pixels_of(page)
    written = write_master(page, tmp_path / "out" / "p.tif", tags, icc_profile("sRGB"))
    assert written.path.samefile(page.path)
    assert pixels_of(page) == before
    assert written.path.stat().st_mode & 0o777 == 0o644
    page.path.unlink()
    with tifffile.TiffFile(written.path) as tiff:
        assert tiff.pages.first.dataoffsets[0] == page.pixel_offset
        assert tiff.pages.first.offset % BLOCK == 0
        assert tiff.pages.first.asarray().tobytes() == before


def test_a_copied_master_has_the_same_bytes(page: RawPage, tags: MasterTags, tmp_path: Path) -> None:
    bare = tmp_path / "bare.raw"
    bare.write_bytes(pixels_of(page))
    copied = write_master(
        dataclasses.replace(page, path=bare, pixel_offset=0),
        tmp_path / "copied.tif",
        tags,
        icc_profile("sRGB"),
    )
    in_place = write_master(page, tmp_path / "in_place.tif", tags, icc_profile("sRGB"))
    assert dataclasses.replace(copied, path=in_place.path) == in_place


def test_a_spool_without_room_must_end_with_its_pixels(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    bare = make_page()
    bare.path.write_bytes(bare.path.read_bytes() + b"\0")
    with pytest.raises(SpoolIncomplete, match=str(bare.end)):
        write_master(bare, tmp_path / "out" / "p.tif", tags, None)
    assert names(tmp_path / "out") == []


@pytest.mark.parametrize("rubbish", [b"\0", b"half a directory", bytes(range(256)) * 64])
def test_what_a_killed_writer_left_around_the_pixels_changes_nothing(
    rubbish: bytes, page: RawPage, tags: MasterTags, tmp_path: Path
) -> None:
    clean = tmp_path / "clean.raw"
    clean.write_bytes(page.path.read_bytes())
    expected = write_master(dataclasses.replace(page, path=clean), tmp_path / "clean.tif", tags, None)
    with page.path.open("r+b") as spool:
        spool.write(rubbish[:BLOCK])
        spool.seek(page.end)
        spool.write(rubbish)
    assert write_master(page, tmp_path / "p.tif", tags, None).sha256 == expected.sha256


@pytest.mark.parametrize("broken", ["fsync", "preadv", "link", "fchmod", "pwrite"])
def test_a_disk_that_fails_at_any_step_gives_no_master_and_harms_no_pixel(
    broken: str, page: RawPage, tags: MasterTags, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pixels_of(page)
    with monkeypatch.context() as patch:
        patch.setattr(os, broken, failing(errno.EIO))
        with pytest.raises(OSError, match="Input/output error"):
            write_master(page, tmp_path / "out" / "p.tif", tags, None)
    assert names(tmp_path / "out") == []
    assert pixels_of(page) == before
    assert write_master(page, tmp_path / "out" / "p.tif", tags, None).pixel_sha256 == page.pixel_sha256


@pytest.mark.parametrize("answer", [errno.EPERM, errno.EXDEV, errno.EOPNOTSUPP, errno.EMLINK])
def test_where_no_second_name_is_possible_the_page_is_copied(
    answer: int, page: RawPage, tags: MasterTags, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def refuse(source: Any, *arguments: Any, **options: Any) -> None:
        # two names in one folder are possible on every file system that has links at all
        if str(source).startswith("/proc") or answer != errno.EXDEV:
            raise OSError(answer, os.strerror(answer))
        link(source, *arguments, **options)

    monkeypatch.setattr(os, "link", refuse)
    written = write_master(page, tmp_path / "out" / "p.tif", tags, None)
    assert not written.path.samefile(page.path)
    assert written.pixel_sha256 == page.pixel_sha256
    assert names(tmp_path / "out") == ["p.tif"]


def test_without_links_too_an_existing_file_is_not_replaced(
    page: RawPage, tags: MasterTags, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    destination = tmp_path / "p.tif"

    def refuse(*_arguments: Any, **_options: Any) -> None:
        destination.write_bytes(b"another file")
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(MasterExists):
        write_master(page, destination, tags, None)
    assert destination.read_bytes() == b"another file"
    assert names(tmp_path) == sorted([page.path.name, "p.tif"])


def test_a_name_that_cannot_be_made_to_last_is_taken_back(
    page: RawPage, tags: MasterTags, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def fail_for_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fail_for_folders)
    with pytest.raises(OSError, match="Input/output error"):
        write_master(page, tmp_path / "out" / "p.tif", tags, None)
    assert names(tmp_path / "out") == []
    assert page.path.exists()


def test_another_file_system_gets_a_copy(page: RawPage, tags: MasterTags, tmp_path: Path) -> None:
    elsewhere = Path("/dev/shm")  # noqa: S108  # a file system of its own on every Linux
    if elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("the temporary folder is in memory too")
    destination = elsewhere / f"recto-test-{os.getpid()}.tif"
    try:
        assert write_master(page, destination, tags, None).pixel_sha256 == page.pixel_sha256
        assert page.path.stat().st_size == page.end
    finally:
        destination.unlink(missing_ok=True)


def test_a_file_that_is_somebody_elses_master_is_not_written_to(
    page: RawPage, tags: MasterTags, tmp_path: Path
) -> None:
    first = write_master(page, tmp_path / "superseded.tif", tags, None)
    content = first.path.read_bytes()
    other = dataclasses.replace(tags, description="Described anew")
    second = write_master(page, tmp_path / "p.tif", other, None)
    assert first.path.read_bytes() == content
    assert second.sha256 != first.sha256
    assert second.pixel_sha256 == first.pixel_sha256


def test_a_file_that_another_worker_has_in_hand_is_only_read(
    page: RawPage, tags: MasterTags, tmp_path: Path
) -> None:
    content = page.path.read_bytes()
    with page.path.open("rb") as held:
        fcntl.flock(held.fileno(), fcntl.LOCK_EX)
        written = write_master(page, tmp_path / "p.tif", tags, None)
    assert written.pixel_sha256 == page.pixel_sha256
    assert page.path.read_bytes() == content


def test_a_file_that_may_only_be_read_is_copied(
    page: RawPage, tags: MasterTags, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_path = Path.open

    def refuse_writing(path: Path, mode: str = "r", **options: Any) -> Any:
        if path == page.path and mode != "rb":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return open_path(path, mode, **options)

    monkeypatch.setattr(Path, "open", refuse_writing)
    written = write_master(page, tmp_path / "p.tif", tags, None)
    assert (written.pixel_sha256, written.path.samefile(page.path)) == (page.pixel_sha256, False)


def test_a_master_that_appears_meanwhile_is_not_replaced(
    page: RawPage, make_page: Any, tags: MasterTags, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = write_master(make_page("gray_8"), tmp_path / "other.tif", tags, None)
    destination, link = tmp_path / "out" / "p.tif", os.link

    def another_is_quicker(*arguments: Any, **options: Any) -> None:
        destination.write_bytes(other.path.read_bytes())
        link(*arguments, **options)

    monkeypatch.setattr(os, "link", another_is_quicker)
    with pytest.raises(MasterExists):
        write_master(page, destination, tags, None)
    assert destination.read_bytes() == other.path.read_bytes()


def test_another_page_that_took_the_spool_files_name_meanwhile_does_not_become_the_master(
    page: RawPage, tags: MasterTags, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def scanned_again(*arguments: Any, **options: Any) -> None:
        page.path.unlink()
        page.path.write_bytes(bytes(page.end))
        link(*arguments, **options)

    monkeypatch.setattr(os, "link", scanned_again)
    with pytest.raises(PixelDigestMismatch):
        write_master(page, tmp_path / "out" / "p.tif", tags, None)
    assert names(tmp_path / "out") == []


def test_bytes_that_changed_under_way_leave_the_spool_file_as_evidence(
    page: RawPage, tags: MasterTags, tmp_path: Path
) -> None:
    with page.path.open("r+b") as spool:
        spool.seek(page.pixel_offset + 1000)
        spool.write(b"!")
    changed = pixels_of(page)
    with pytest.raises(PixelDigestMismatch) as caught:
        write_master(page, tmp_path / "out" / "p.tif", tags, None)
    assert caught.value.facts["read_back"] == hashlib.sha256(changed).hexdigest()
    assert pixels_of(page) == changed
    assert names(tmp_path / "out") == []


CHILD = """
import hashlib, os, resource, signal, sys
from pathlib import Path
from archive.imaging.master import MasterTags, write_master
from archive.imaging.raw_page import RawPage

spool, offset, destination, width, height, what = sys.argv[1:]
digest = hashlib.sha256()
with open(spool, "rb") as file:
    file.seek(int(offset))
    while block := file.read(1 << 20):
        digest.update(block)
page = RawPage(Path(spool), int(width), int(height), 16, 3, "rgb", (300.0, 300.0), digest.hexdigest(), int(offset))
tags = MasterTags("p", "", "", "", "", "", "", "2026-03-01T10:20:30Z")
if what == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

def die_before(name):
    setattr(os, name, lambda *arguments, **options: os.kill(os.getpid(), signal.SIGKILL))

def die_after(name):
    call = getattr(os, name)
    def work(*arguments, **options):
        call(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(os, name, work)

if what.startswith("before "):
    die_before(what.removeprefix("before "))
if what.startswith("after "):
    die_after(what.removeprefix("after "))
if what == "memory":
    Path("/proc/self/clear_refs").write_text("5")  # start the peak anew, after the imports
    before = resident = int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])
try:
    write_master(page, Path(destination), tags, None)
except OSError as error:
    sys.exit(f"OSError {error.errno}")
if what == "memory":
    after = int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])
    print((after - before) // 1024)
"""


def run_child(page: RawPage, destination: Path, what: str) -> subprocess.CompletedProcess[str]:
    facts = [page.path, page.pixel_offset, destination, page.width, page.height, what]
    command = [sys.executable, "-c", CHILD, *map(str, facts)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("offset", [0, BLOCK], ids=["copied", "in_place"])
def test_memory_does_not_grow_with_the_page(offset: int, make_page: Any, tmp_path: Path) -> None:
    page = make_page("rgb_16", width=4960, height=1, pixel_offset=offset)
    tall = dataclasses.replace(page, height=3508)
    with page.path.open("r+b") as spool:
        spool.truncate(tall.end)
    assert tall.size > 100_000_000
    child = run_child(tall, tmp_path / "p.tif", "memory")
    assert child.returncode == 0, child.stderr
    assert int(child.stdout) < 12
    (tmp_path / "p.tif").unlink()


def test_a_full_disk_leaves_nothing(make_page: Any, tmp_path: Path) -> None:
    child = run_child(make_page("rgb_16"), tmp_path / "out" / "p.tif", "full")
    assert child.stderr.strip().endswith("OSError 27")
    assert names(tmp_path / "out") == []


def test_a_disk_that_is_full_behind_the_pixels_leaves_them_whole(page: RawPage, tmp_path: Path) -> None:
    before = pixels_of(page)
    child = run_child(page, tmp_path / "out" / "p.tif", "full")
    assert child.stderr.strip().endswith("OSError 27")
    assert names(tmp_path / "out") == []
    assert pixels_of(page) == before


@pytest.mark.parametrize(
    ("moment", "offset"),
    [
        ("after pwrite", BLOCK),
        ("before fsync", BLOCK),
        ("before preadv", BLOCK),
        ("before link", BLOCK),
        ("after link", BLOCK),
        ("before preadv", 0),
        ("after link", 0),
    ],
)
def test_whatever_the_moment_a_writer_is_killed_at_the_next_one_makes_the_same_master(
    moment: str, offset: int, make_page: Any, tmp_path: Path
) -> None:
    page = make_page("rgb_16", pixel_offset=offset)
    tags = MasterTags("p", "", "", "", "", "", "", "2026-03-01T10:20:30Z")
    undisturbed = tmp_path / "undisturbed.raw"
    undisturbed.write_bytes(page.path.read_bytes())
    expected = write_master(
        dataclasses.replace(page, path=undisturbed), tmp_path / "expected.tif", tags, None
    )
    destination = tmp_path / "out" / "p.tif"
    assert run_child(page, destination, moment).returncode == -9
    assert destination.exists() == (moment == "after link")
    written = write_master(page, destination, tags, None)
    assert dataclasses.replace(written, path=expected.path) == expected
