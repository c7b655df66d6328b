# SPDX-License-Identifier: Apache-2.0
"""Many folders at once: bounded, resumable, each failure by itself."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

import pytest

from archive.bag.bulk import BagRequest, Outcome, bag_folders, wants_tar
from archive.bag.folder import bag_folder
from archive.bag.profile import BagProfile, load_profile
from archive.bag.validator import verify_bag
from archive.errors import AlreadyABag, BagContentsRefused, BagExists, PayloadMissing, ProfileUnwritable
from archive.progress import Progress, ProgressCallback

TAGS = {"aptrust-info.txt": {"Title": "Letters"}}


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Five folders of letters."""
    made = []
    for number in range(5):
        folder = tmp_path / "in" / f"box_{number}"
        folder.mkdir(parents=True)
        (folder / "letter.tif").write_bytes(bytes([number]) * 70_000)
        made.append(folder)
    return made


def _bag(requests: list[BagRequest], profile: BagProfile, out: Path, *, tar: bool = True) -> list[Outcome]:
    return list(bag_folders(requests, profile=profile, destination_dir=out, tar=tar, concurrency=3))


def _requests(folders: list[Path]) -> list[BagRequest]:
    return [BagRequest(folder, "", TAGS) for folder in folders]


def test_one_failure_is_named_and_the_others_are_unharmed(
    folders: list[Path], tmp_path: Path, aptrust: BagProfile
) -> None:
    (folders[1] / "bagit.txt").touch()
    (folders[3] / "link").symlink_to("/etc/passwd")
    outcomes = _bag(_requests([*folders, tmp_path / "absent"]), aptrust, tmp_path / "out")
    failed = {outcome.request.folder.name: type(outcome.error) for outcome in outcomes if outcome.error}
    assert failed == {"box_1": AlreadyABag, "box_3": BagContentsRefused, "absent": PayloadMissing}
    made = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in made] == ["box_0.tar", "box_2.tar", "box_4.tar"]
    assert all(verify_bag(path, second_opinion=False).valid for path in made)


def test_even_a_defect_of_ours_and_a_loop_of_links_harm_one_folder_only(
    folders: list[Path], tmp_path: Path, aptrust: BagProfile
) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    # a value that is no text is what a defect in the caller would hand over
    wrong = BagRequest(folders[0], "", {"aptrust-info.txt": {"Title": 7}})  # type: ignore[dict-item]
    outcomes = _bag([wrong, *_requests([tmp_path / "loop", *folders[1:]])], aptrust, tmp_path / "out")
    failed = {outcome.request.folder.name for outcome in outcomes if outcome.error}
    assert failed == {"box_0", "loop"}
    assert len(list((tmp_path / "out").iterdir())) == 4


@pytest.mark.parametrize("form", ["tar", "folder"])
def test_a_second_run_makes_what_is_missing_and_names_what_is_there(
    form: str, folders: list[Path], tmp_path: Path, aptrust: BagProfile
) -> None:
    out, tar = tmp_path / "out", form == "tar"
    for folder in folders[:2]:
        # made on another day
        bag_folder(
            folder, profile=aptrust, tags=TAGS, destination_dir=out, tar=tar, bagging_date="2026-03-31"
        )
    before = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    outcomes = _bag(_requests(folders), aptrust, out, tar=tar)
    there = {o.request.folder.name for o in outcomes if o.written and o.written.already_there}
    assert there == {"box_0", "box_1"}
    assert len(list(out.iterdir())) == 5
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_folder_that_changed_since_its_bag_was_made_is_refused(
    folders: list[Path], tmp_path: Path, aptrust: BagProfile
) -> None:
    _bag(_requests(folders[:1]), aptrust, tmp_path / "out")
    (folders[0] / "letter.tif").write_bytes(b"other")
    (outcome,) = _bag(_requests(folders[:1]), aptrust, tmp_path / "out")
    assert isinstance(outcome.error, BagExists)


def test_two_folders_for_one_name_are_told_before_either_harms_the_other(
    folders: list[Path], tmp_path: Path, aptrust: BagProfile
) -> None:
    requests = [BagRequest(folders[0], "letters", TAGS), BagRequest(folders[1], "Letters", TAGS)]
    outcomes = _bag(requests, aptrust, tmp_path / "out")
    assert {outcome.request.name: outcome.error is None for outcome in outcomes} == {
        "letters": True,
        "Letters": False,
    }


def test_no_more_bags_are_made_at_once_than_asked(
    folders: list[Path], tmp_path: Path, aptrust: BagProfile
) -> None:
    running: set[str] = set()
    most: list[int] = []
    lock = threading.Lock()

    def watch(request: BagRequest) -> ProgressCallback:
        def listen(progress: Progress) -> None:
            with lock:
                running.add(request.bag_name)
                most.append(len(running))
                if progress.done == progress.total:
                    running.discard(request.bag_name)

        return listen

    outcomes = list(
        bag_folders(
            _requests(folders),
            profile=aptrust,
            destination_dir=tmp_path / "out",
            tar=True,
            concurrency=2,
            watch=watch,
        )
    )
    assert all(outcome.written for outcome in outcomes)
    assert max(most) <= 2


def test_closing_stops_what_still_runs_and_leaves_nothing_of_it(
    folders: list[Path], tmp_path: Path, aptrust: BagProfile
) -> None:
    first_is_done = threading.Event()

    def watch(request: BagRequest) -> ProgressCallback:
        def listen(progress: Progress) -> None:
            if request.bag_name != "box_0":
                assert first_is_done.wait(20)

        return listen

    outcomes = bag_folders(
        _requests(folders),
        profile=aptrust,
        destination_dir=tmp_path / "out",
        tar=True,
        concurrency=2,
        watch=watch,
    )
    with contextlib.closing(outcomes):
        assert next(outcomes).request.bag_name == "box_0"
        threading.Timer(0.05, first_is_done.set).start()
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert "box_0.tar" in left
    assert not [name for name in left if name.startswith(".")]
    assert len(left) < len(folders)


def test_a_profile_decides_the_form(aptrust: BagProfile) -> None:
    assert wants_tar(aptrust, asked=False)
    assert not wants_tar(load_profile("bagit"), asked=False)
    forbidding = load_profile("bagit").model_copy(update={"serialization": "forbidden"})
    with pytest.raises(ProfileUnwritable):
        wants_tar(forbidding, asked=True)
    zips = aptrust.model_copy(update={"serialization_types": ("application/zip",)})
    with pytest.raises(ProfileUnwritable):
        wants_tar(zips, asked=False)
