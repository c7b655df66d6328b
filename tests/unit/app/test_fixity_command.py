# SPDX-License-Identifier: Apache-2.0
"""`recto fixity`: what it prints, and how it ends."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.command_line import main
from app.exit_codes import ExitCode
from tests.audited_copies import Archive, flip_bit, make_archive

PAGE = b"a page" * 100


@pytest.fixture
def archive(recto_home: Path, tmp_path: Path) -> Iterator[Archive]:
    made = make_archive([str(tmp_path / "here"), str(tmp_path / "there")])
    made.keep("letters", [PAGE])
    yield made
    made.node.close()


def recto(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["fixity", *arguments])


def test_an_audit_that_finds_all_good_ends_with_0_and_tells_so(archive: Archive) -> None:
    result = recto("--once", "--json")
    assert result.exit_code == ExitCode.DONE
    told = json.loads(result.stdout)
    assert (told["good"], told["complete"], told["outcome"], told["bad"]) == (2, True, "success", [])
    assert "2 copies proved" in recto("--all").stdout


def test_damage_ends_with_1_mended_or_not(archive: Archive) -> None:
    flip_bit(archive.file("letters", PAGE, 0))
    result = recto("--once", "--no-repair")
    assert result.exit_code == ExitCode.INVALID
    assert "NOT mended" in result.stdout
    standing = recto("status")
    assert standing.exit_code == ExitCode.INVALID
    assert "1 mismatch" in standing.stdout
    mended = recto("--object", "library.example.org/letters")
    assert mended.exit_code == ExitCode.INVALID
    assert "made again from the copy in" in mended.stdout
    assert recto("--all").exit_code == ExitCode.DONE
    assert recto("status").exit_code == ExitCode.DONE


def test_a_location_that_is_away_ends_with_4(archive: Archive) -> None:
    shutil.rmtree(archive.locations[0])
    result = recto("--once", "--json")
    assert result.exit_code == ExitCode.STORAGE_OR_NETWORK
    assert json.loads(result.stdout)["unreachable"] == 1


def test_a_preview_tells_what_would_be_read(archive: Archive) -> None:
    told = json.loads(recto("--dry-run", "--share", "50%", "--json").stdout)
    assert (told["copies"], told["limit"]) == (2, len(PAGE))
    assert "2 copies would be read" in recto("--dry-run").stdout


def test_the_standing_tells_of_runs_and_ages(archive: Archive) -> None:
    before = json.loads(recto("status", "--json").stdout)
    assert (before["copies"], before["overdue"], before["last_run"]) == (2, 2, None)
    recto("--once")
    after = json.loads(recto("status", "--json").stdout)
    assert (after["overdue"], after["last_run"]["outcome"], after["states"]) == (
        0,
        "success",
        {"verified": 2},
    )
    assert after["forecast"]["keeps_up"] is True


@pytest.mark.parametrize(
    "arguments",
    [("--all", "--object", "a/b"), ("--share", "all"), ("--share", "200%"), ("--older-than", "soon")],
)
def test_what_cannot_be_understood_is_refused(recto_home: Path, arguments: tuple[str, ...]) -> None:
    assert recto("--once", *arguments).exit_code == ExitCode.WRONG_USAGE


def test_status_and_doctor_tell_of_copies_that_need_somebody(archive: Archive) -> None:
    told = json.loads(CliRunner().invoke(main, ["status", "--json"]).stdout)
    assert "overdue" in told["fixity"]["warning"]
    assert "2 of 2 kept copies are overdue" in CliRunner().invoke(main, ["status"]).stdout
    recto("--once")
    checks = json.loads(CliRunner().invoke(main, ["doctor", "--json"]).stdout)["checks"]
    (copies,) = [check for check in checks if check["check"] == "kept copies"]
    assert copies["good"]
    assert "Fixity" not in CliRunner().invoke(main, ["status"]).stdout


def test_prometheus_is_told_of_overdue_and_bad_copies(archive: Archive) -> None:
    figures = CliRunner().invoke(main, ["metrics", "--once"]).stdout
    assert "recto_fixity_overdue_copies 2.0" in figures
    assert "recto_fixity_last_audit" not in figures
    flip_bit(archive.file("letters", PAGE, 0))
    recto("--once", "--no-repair")
    figures = CliRunner().invoke(main, ["metrics", "--once"]).stdout
    assert 'recto_fixity_copies{state="mismatch"} 1.0' in figures
    assert 'recto_fixity_last_audit_copies{finding="damaged"} 1.0' in figures


def test_an_object_that_is_not_there_is_named(archive: Archive) -> None:
    result = recto("--object", "library.example.org/nothing")
    assert result.exit_code == ExitCode.WRONG_USAGE
    assert "nothing" in result.stderr
