# SPDX-License-Identifier: Apache-2.0
"""Writing a bag while the machine fails: killed at every step, out of room, without leave to write."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from archive.bag.validator import verify_bag
from tests.unit.archive.bag.failing_machine import NOT_ALLOWED, FailingMachine

FORMS = {"tar": "pages.tar", "folder": "pages"}


@pytest.fixture(scope="module")
def machine() -> Iterator[FailingMachine]:
    """One warm process for all tests of this module."""
    with FailingMachine() as machine:
        yield machine


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two pages."""
    folder = tmp_path_factory.mktemp("source") / "pages"
    (folder / "sub").mkdir(parents=True)
    for name in ("1.tif", "sub/2.tif"):
        (folder / name).write_bytes(name.encode() * 40_000)
    return folder


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    """Both forms of a bag."""
    return str(request.param)


@pytest.fixture
def whole(machine: FailingMachine, pages: Path, form: str, tmp_path: Path) -> dict[str, Any]:
    """What writing the bag gives on a machine that does not fail."""
    done = machine.write(pages, tmp_path / "honest", form)
    assert done["left"] == [FORMS[form]]
    assert verify_bag(tmp_path / "honest" / FORMS[form], second_opinion=False).valid
    return done


def _finished(out: Path) -> set[str]:
    return {path.name for path in out.iterdir() if not path.name.endswith(".part")} if out.is_dir() else set()


def test_killed_before_any_step_a_writer_leaves_no_half_bag_and_the_next_one_cleans_up(
    machine: FailingMachine, whole: dict[str, Any], pages: Path, form: str, tmp_path: Path
) -> None:
    for step, name in enumerate(whole["steps"], start=1):
        out = tmp_path / str(step)
        killed = machine.write(pages, out, form, kill_before=step)
        assert killed["killed"], name
        if _finished(out):
            assert verify_bag(out / FORMS[form], second_opinion=False).valid, name
        again = machine.write(pages, out, form)
        assert (again["said"], again["left"]) == (whole["said"], [FORMS[form]]), name
        shutil.rmtree(out)


def test_killed_in_the_middle_of_a_file_a_writer_leaves_no_half_bag(
    machine: FailingMachine, whole: dict[str, Any], pages: Path, form: str, tmp_path: Path
) -> None:
    killed = machine.write(pages, tmp_path / "out", form, kill_beyond=150_000)
    assert killed["killed"]
    assert _finished(tmp_path / "out") == set()
    again = machine.write(pages, tmp_path / "out", form)
    assert (again["said"], again["left"]) == (whole["said"], [FORMS[form]])


def test_a_step_that_fails_leaves_nothing_and_is_told(
    machine: FailingMachine, whole: dict[str, Any], pages: Path, form: str, tmp_path: Path
) -> None:
    for (step, name), error in zip(
        enumerate(whole["steps"], start=1), cycle(["ENOSPC", "EIO", "EROFS"]), strict=False
    ):
        failed = machine.write(pages, tmp_path / "out", form, fail_at=step, error=error)
        assert (failed["said"], failed["left"]) == ("bag.unwritable", []), name


@pytest.mark.parametrize("largest", [1000, 190_000])
def test_a_file_that_may_not_grow_leaves_nothing(
    largest: int, machine: FailingMachine, pages: Path, form: str, tmp_path: Path
) -> None:
    failed = machine.write(pages, tmp_path / "out", form, largest_file=largest)
    assert (failed["said"], failed["left"]) == ("bag.unwritable", [])


# the last has room for the payload and not for the bag: so the disk is full in the middle of writing
@pytest.mark.parametrize("room", [4096, 430_000, 565_248])
def test_a_full_disk_leaves_nothing(
    room: int, machine: FailingMachine, pages: Path, form: str, tmp_path: Path
) -> None:
    failed = machine.write(pages, tmp_path / "out", form, room=room)
    if failed["said"] == NOT_ALLOWED:
        # containers and hardened systems may say so for good reasons, in CI too; the limits and the
        # injected errors above are tried everywhere
        pytest.skip("this machine lets no user mount a small file system of their own")
    assert (failed["said"], failed["left"]) == ("bag.unwritable", [])


def test_a_folder_without_leave_to_write_is_told(
    machine: FailingMachine, pages: Path, form: str, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir(mode=0o555)
    failed = machine.write(pages, tmp_path / "out", form, read_only=True)
    assert (failed["said"], failed["left"]) == ("bag.unwritable", [])


def test_a_living_writer_is_not_disturbed_by_another(
    machine: FailingMachine, whole: dict[str, Any], pages: Path, form: str, tmp_path: Path
) -> None:
    named = max(whole["steps"].index(name) for name in ("link", "rename") if name in whole["steps"])
    for step in (1, 2, *range(named, len(whole["steps"]) + 1)):
        out = tmp_path / str(step)
        done = machine.write(pages, out, form, meanwhile_at=step)
        # whoever comes first, the bag is the same byte for byte: both have done their work
        assert (done["said"], done["other"], done["left"]) == (whole["said"], whole["said"], [FORMS[form]])
