# SPDX-License-Identifier: Apache-2.0
"""The image process does the newest job first, and the desktop outlives its death."""

from __future__ import annotations

import os
import queue
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.desktop.viewer.copy_maker import CopyMaker, ImageJob
from archive.imaging.image_source import ImageSource
from archive.imaging.viewing_copy import ViewingCopy

Answers = queue.Queue[tuple[ImageJob, dict[str, Any] | None]]


@pytest.fixture
def answers() -> Answers:
    return queue.Queue()


@pytest.fixture
def maker(answers: Answers, tmp_path: Path) -> Iterator[CopyMaker]:
    made = CopyMaker(lambda job, failure: answers.put((job, failure)), tmp_path / "cache")
    yield made
    made.shut_down()


def job(tmp_path: Path, name: str, *, small: bool = False) -> ImageJob:
    path = tmp_path / f"{name}.png"
    Image.new("RGB", (700, 500), "white").save(path)
    destination = tmp_path / "cache" / f"{name}.out"
    kind = "small_image" if small else "viewing_copy"
    return ImageJob(kind, ImageSource.from_file(path), destination, 200 if small else 0)


def test_copies_and_small_images_are_made_and_a_bad_file_harms_no_other(
    maker: CopyMaker, answers: Answers, tmp_path: Path
) -> None:
    good, small = job(tmp_path, "good"), job(tmp_path, "small", small=True)
    bad = job(tmp_path, "bad")
    os.truncate(bad.source.path, 60)
    for wanted in (bad, good, small):
        maker.want(wanted)
    failures = {
        done.destination.stem: failure for done, failure in (answers.get(timeout=20) for _ in range(3))
    }
    assert failures["good"] is failures["small"] is None
    assert failures["bad"] is not None
    assert failures["bad"]["code"] == "imaging.damaged"
    with ViewingCopy(good.destination) as copy:
        assert (copy.source.width, copy.source.height) == (700, 500)
    with Image.open(small.destination) as image:
        assert image.size == (200, 143)
    assert not bad.destination.exists()


def test_a_copy_of_a_file_that_has_gone_on_is_told_as_such(
    maker: CopyMaker, answers: Answers, tmp_path: Path
) -> None:
    gone = job(tmp_path, "gone")
    gone.source.path.unlink()
    maker.want(gone)
    _, failure = answers.get(timeout=20)
    assert failure is not None
    assert failure["gone"]


def test_a_killed_process_is_one_failed_page_and_the_next_page_gets_a_new_one(
    maker: CopyMaker, answers: Answers, tmp_path: Path
) -> None:
    first = job(tmp_path, "first")
    maker.want(first)
    assert answers.get(timeout=20) == (first, None)
    killed = maker.process_id
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    second = job(tmp_path, "second")
    maker.want(second)
    done, failure = answers.get(timeout=20)
    assert done == second
    assert failure is not None
    assert failure["code"] == "viewer.image_process_died"
    assert str(second.source.path) in failure["message"]
    maker.want(second)
    assert answers.get(timeout=20) == (second, None)
    assert maker.process_id not in {None, killed}
