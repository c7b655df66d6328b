# SPDX-License-Identifier: Apache-2.0
"""`recto upload` with many bags: proved, resumed, each failure by itself, exit codes by contract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.command_line import main
from tests.integration.storage.conftest import StrictS3

PART = 5 << 20


@pytest.fixture
def bags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Three bags of one, two and three parts; uploads go in parts of 5 MiB."""
    monkeypatch.setenv("RECTO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RECTO_BAG__PART_BYTES", str(PART))
    paths = [tmp_path / f"bag_{number}.tar" for number in (1, 2, 3)]
    for number, path in enumerate(paths, start=1):
        path.write_bytes(bytes([number]) * (number * PART - 1000))
    return paths


def _upload(state: StrictS3, *arguments: object) -> Result:
    to = ["--to", f"s3://strict/in?parts-at-once=1&endpoint={state.endpoint}"]
    return CliRunner().invoke(main, ["upload", *map(str, arguments), *to, "--json"])


def _puts(state: StrictS3) -> int:
    return sum(request.startswith("PUT") for request in state.requests)


def test_many_bags_are_stored_and_proved_and_a_second_run_sends_nothing(
    bags: list[Path], strict_s3: StrictS3
) -> None:
    ended = _upload(strict_s3, *bags, "--concurrency", 3, "--bandwidth", "1G")
    assert ended.exit_code == 0, ended.output
    answers = json.loads(ended.stdout)
    assert [answer["bag"] for answer in answers] == [str(bag) for bag in bags]
    assert all(answer["proof"].startswith("whole-digest-read-back") for answer in answers)
    assert set(strict_s3.objects) == {f"in/{bag.name}" for bag in bags}
    sent = _puts(strict_s3)
    again = _upload(strict_s3, *bags)
    assert (again.exit_code, _puts(strict_s3)) == (0, sent)


def test_a_bag_that_fails_is_named_and_the_next_run_sends_only_the_rest(
    bags: list[Path], strict_s3: StrictS3
) -> None:
    # refused for good, so that it is not tried again at once
    strict_s3.faults["PUT partNumber"] = [None, None, None, ("status", 403, "AccessDenied")]
    ended = _upload(strict_s3, *bags)
    assert ended.exit_code == 4
    assert ["error" in answer for answer in json.loads(ended.stdout)] == [False, False, True]
    assert "2 of 3 bags stored and proved" in ended.stderr
    assert str(bags[2]) in ended.stderr
    sent = _puts(strict_s3)
    ended = _upload(strict_s3, bags[2])
    assert ended.exit_code == 0
    assert _puts(strict_s3) - sent == 2


def test_another_object_under_the_name_is_left_alone(bags: list[Path], strict_s3: StrictS3) -> None:
    assert _upload(strict_s3, bags[0]).exit_code == 0
    kept = strict_s3.objects["in/bag_1.tar"].body
    bags[0].write_bytes(b"other")
    ended = _upload(strict_s3, bags[0])
    assert ended.exit_code == 4
    assert json.loads(ended.stdout)[0]["error"]["code"] == "storage.object_exists"
    assert strict_s3.objects["in/bag_1.tar"].body == kept
