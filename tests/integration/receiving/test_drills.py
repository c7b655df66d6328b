# SPDX-License-Identifier: Apache-2.0
"""A drill restores a random object for nothing but the proof that it can be done, and its outcome is recorded."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.progress import Progress
from archive.registry.events import read_events
from archive.registry.kept_objects import random_version
from archive.registry.schedule_runs import runs_of
from tests.arrivals import ReceivingSite, make_bag
from tests.kept_objects import KeptBag, hear_all, keep_bag
from workers.receiving.drills import RUN, run_drill
from workers.restore_settings import RestoreSettings


@pytest.fixture
def notices(site: ReceivingSite) -> Callable[[], list[str]]:
    return hear_all(site)


@pytest.fixture
def kept(site: ReceivingSite, tmp_path: Path) -> KeptBag:
    return keep_bag(site, make_bag(tmp_path))


def outcomes(site: ReceivingSite) -> list[str]:
    with site.registry.reading() as session:
        return [row.outcome for row in runs_of(session, RUN)]


def leavings(site: ReceivingSite) -> list[Path]:
    return list((site.node.settings.data_directory / "drills").iterdir())


def validations(kept: KeptBag) -> list[str]:
    with kept.site.registry.reading() as session:
        return [
            event["outcome"]
            for event in read_events(session, kept.row.chain)
            if event["type"] == "validation"
        ]


def test_a_drill_proves_an_object_and_leaves_nothing_but_the_record(
    kept: KeptBag, notices: Callable[[], list[str]]
) -> None:
    drill = run_drill(kept.site.node)
    assert (drill.outcome, drill.object, drill.version) == ("success", kept.identifier, 1)
    assert drill.detail["same_tar"]
    assert leavings(kept.site) == []
    assert outcomes(kept.site) == ["success"]
    assert validations(kept) == ["success"]
    assert notices() == []


def test_a_bad_copy_makes_it_a_warning_and_a_lost_file_a_failure(
    kept: KeptBag, notices: Callable[[], list[str]]
) -> None:
    kept.damage("data/ocr/0001.txt", copy=0)
    assert run_drill(kept.site.node).outcome == "warning"
    assert notices() == ["fixity mismatch"]
    kept.damage("data/ocr/0001.txt", copy=1)
    drill = run_drill(kept.site.node)
    assert drill.outcome == "fail"
    assert drill.detail["error"]["code"] == "keeping.copies_lost"
    assert notices()[-1] == "drill failed"
    assert outcomes(kept.site) == ["fail", "warning"]
    assert validations(kept) == ["warning", "fail"]
    assert leavings(kept.site) == []


def test_what_a_killed_drill_left_goes_with_the_next(kept: KeptBag) -> None:
    left = kept.site.node.settings.data_directory / "drills" / f".{RUN}.killed.part"
    left.mkdir(parents=True)
    (left / "letter_1.tar").write_bytes(b"half")
    run_drill(kept.site.node)
    assert leavings(kept.site) == []


def test_a_drill_that_is_broken_off_says_so(kept: KeptBag) -> None:
    class Enough(BaseException):
        pass

    def stop(_: Progress) -> None:
        raise Enough

    with pytest.raises(Enough):
        run_drill(kept.site.node, stop)
    assert outcomes(kept.site) == ["warning"]
    assert leavings(kept.site) == []


def test_bags_for_which_there_is_no_room_are_left_out(kept: KeptBag) -> None:
    node = kept.site.node
    node.settings = node.settings.model_copy(update={"restore": RestoreSettings(drill_bytes=10)})
    drill = run_drill(node)
    assert (drill.outcome, drill.object) == ("warning", "")
    assert "larger" in drill.message


def test_where_nothing_is_kept_there_is_nothing_to_prove(site: ReceivingSite) -> None:
    assert run_drill(site.node).outcome == "success"


def test_chance_reaches_every_version(site: ReceivingSite, tmp_path: Path) -> None:
    for number in range(3):
        keep_bag(site, make_bag(tmp_path, content={"a.txt": str(number).encode()}))
    seen = set()
    with site.registry.reading() as session:
        for seed in range(40):
            chosen = random_version(session, chance=random.Random(seed))  # noqa: S311 - chance that repeats
            assert chosen is not None
            seen.add(chosen[1].number)
    assert seen == {1, 2, 3}
