# SPDX-License-Identifier: Apache-2.0
"""Rubbish in a bag gives a report with a clear sentence, whatever it is, and costs little."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.bag.writer import write_tar
from archive.canonical_json import canonical_json
from archive.custody.history import History
from archive.custody.key_folder import KeyFolder
from archive.custody.statement import SIGNATURE_PATH, STATEMENT_PATH, Statement
from archive.custody.verification import verify_custody
from archive.errors import BagUnreadable
from tests.unit.archive.custody.conftest import EVENTS, Bag, Sealed

RUBBISH = [
    b"",
    b"\n",
    b"rubbish",
    b"\xff\xfe\x00",
    b"null\n",
    b"[]\n",
    b'"text"\n',
    b"{}\n",
    b"1e999\n",
    b"NaN\n",
    b"9" * 5000 + b"\n",
    b"[" * 100_000 + b"\n",
    b'{"sha256":1}\n',
    b'{"a":1,"a":2}\n',
]


@pytest.mark.parametrize("rubbish", RUBBISH, ids=range(len(RUBBISH)))
@pytest.mark.parametrize("file", [EVENTS, STATEMENT_PATH, SIGNATURE_PATH])
def test_rubbish_is_reported(bag: Bag, file: str, rubbish: bytes) -> None:
    (bag.path / file).write_bytes(rubbish)
    assert bag.problems()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_events_of_any_content_are_a_problem_and_never_an_exception(value: object) -> None:
    names = ("sequence", "page", "batch", "item", "detail", "sha256", "type", "at", "previous", "agents")
    for name in names:
        history = History(page=1)
        event = {**dict.fromkeys(names, "x"), "sequence": 1, "page": 1, "detail": {}, name: value}
        history.feed(canonical_json(event) + b"\n")
        history.end()
        assert history.problems


def test_a_repeated_name_that_two_readers_could_read_in_two_ways_is_refused(bag: Bag) -> None:
    first, *others = bag.lines()
    assert first.startswith(b"{")
    bag.write_lines([b'{"agents":["Somebody else"],' + first[1:], *others])
    assert "Line 1 of the events is not one event as canonical JSON." in bag.problems()


def test_an_event_that_is_cut_off_is_reported(bag: Bag) -> None:
    content = (bag.path / EVENTS).read_bytes()
    (bag.path / EVENTS).write_bytes(content[:-10])
    assert "The last event is cut off." in bag.problems()


@pytest.mark.parametrize("file", [EVENTS, STATEMENT_PATH, SIGNATURE_PATH])
def test_a_huge_file_costs_no_memory(bag: Bag, file: str) -> None:
    with (bag.path / file).open("r+b") as sparse:
        sparse.truncate(300 << 20)
    tracemalloc.start()
    try:
        assert "too l" in bag.problems()
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()


def test_problems_without_number_are_not_all_told(bag: Bag) -> None:
    [event, *_] = bag.events()
    bag.write_events([{**event, "outcome": "fail"}] * 5000)
    report = bag.verify()
    assert len(report.problems) < 120
    assert any("too many problems" in problem for problem in report.problems)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"version": True},
        {"format": "other"},
        {"events": "7"},
        {"events": -1},
        {"events_root": "x" * 64},
        {"chain_head": "0" * 63},
        {"more": 1},
    ],
)
def test_a_statement_of_another_form_is_not_believed(
    bag: Bag, keys: KeyFolder, change: dict[str, object]
) -> None:
    document = json.loads((bag.path / STATEMENT_PATH).read_bytes())
    content = canonical_json({**document, **change}) + b"\n"
    (bag.path / STATEMENT_PATH).write_bytes(content)
    # even signed by the right key
    (bag.path / SIGNATURE_PATH).write_bytes(keys.signing_key().sign(content))
    assert f"{STATEMENT_PATH} cannot be believed" in bag.problems()


def test_a_statement_with_more_white_space_is_not_believed(bag: Bag) -> None:
    content = (bag.path / STATEMENT_PATH).read_bytes()
    with pytest.raises(ValueError, match="canonical"):
        Statement.from_bytes(content + b"\n")


@pytest.mark.parametrize("file", [STATEMENT_PATH, SIGNATURE_PATH])
def test_a_bag_without_a_seal_says_so(bag: Bag, file: str) -> None:
    (bag.path / file).unlink()
    assert f"no signed chain of custody: {file} missing" in bag.problems()


def test_a_link_is_not_followed(bag: Bag, tmp_path: Path) -> None:
    (bag.path / EVENTS).rename(tmp_path / "elsewhere")
    (bag.path / EVENTS).symlink_to(tmp_path / "elsewhere")
    assert "It is a link" in bag.problems()


def test_no_bag_at_all_is_an_error(bag: Bag, tmp_path: Path) -> None:
    with pytest.raises(BagUnreadable):
        verify_custody(tmp_path / "nowhere.tar", bag.keys)


def test_a_tar_is_proved_like_a_folder(sealed: Sealed, keys: KeyFolder, tmp_path: Path) -> None:
    tar = sealed.bag(sealed.by(keys), tmp_path, write_tar)
    report = verify_custody(tar, keys.public_keys(), page=3)
    assert (report.whole, report.problems) == (True, ())
    assert report.page is not None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_tar_cut_off_anywhere_is_found(
    sealed: Sealed, keys: KeyFolder, tmp_path: Path, data: st.DataObject
) -> None:
    tar = tmp_path / "letter.tar"
    if not tar.exists():
        sealed.bag(sealed.by(keys), tmp_path, write_tar)
    content = tar.read_bytes()
    (tmp_path / "cut").mkdir(exist_ok=True)
    cut = tmp_path / "cut" / "letter.tar"
    # the last record is zeros only, which a tar may do without
    end = len(content.rstrip(b"\0")) - 1
    cut.write_bytes(content[: data.draw(st.integers(0, end))])
    assert not verify_custody(cut, keys.public_keys()).whole
