# SPDX-License-Identifier: Apache-2.0
"""exiftool, jpylyzer and checkit_tiff are asked where they are; one that is gone, hangs or babbles harms nothing."""

from __future__ import annotations

import os
import select
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from archive.imaging.color_profiles import srgb_profile
from archive.imaging.jpeg2000 import make_jpeg2000
from archive.imaging.master import MasterTags, write_master
from archive.imaging.master_policy import MasterPolicy
from archive.imaging.opinions import (
    SLUB_RULES,
    TOOLS,
    Opinion,
    ask_checkit_tiff,
    ask_exiftool,
    ask_jpylyzer,
    installed_tools,
)
from archive.imaging.quality.files import check_files, with_opinions
from archive.imaging.quality.profile import load_quality_profile
from archive.imaging.technical_metadata import read_technical_metadata
from tests.conftest import missing


@pytest.fixture(autouse=True)
def tools() -> None:
    """All three, as CI must have them."""
    gone = set(TOOLS) - set(installed_tools())
    if gone:
        missing(f"Not installed: {', '.join(sorted(gone))} (Debian: libimage-exiftool-perl, checkit-tiff).")


def of_exiftool(*paths: Path) -> list[Opinion]:
    found = ask_exiftool([(path, read_technical_metadata(path)) for path in paths])
    return [found[path] for path in paths]


def program(
    folder: Path,
    name: str,
    body: str,
    monkeypatch: pytest.MonkeyPatch,
    interpreter: str = sys.executable,
) -> None:
    """Put a program of this name first on the PATH."""
    (folder / name).write_text(f"#!{interpreter}\n{body}\n")
    (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


@pytest.mark.parametrize("compression", ["none", "deflate"])
def test_our_masters_are_good_to_exiftool(
    compression: Any, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    pages = [
        write_master(
            make_page(kind), tmp_path / f"{kind}.tif", tags, srgb_profile(), MasterPolicy(compression)
        ).path
        for kind in ("rgb_8", "rgb_16")
    ]
    for opinion in of_exiftool(*pages):
        assert (opinion.verdict, opinion.told) == ("valid", "")
        assert opinion.agent == f"exiftool {installed_tools()['exiftool']}"
        assert opinion.to_check("hold").verdict == "pass"


def test_a_file_that_exiftool_reads_otherwise_is_shown(tmp_path: Path) -> None:
    Image.new("RGB", (60, 40)).save(tmp_path / "p.jpg")
    ours = read_technical_metadata(tmp_path / "p.jpg")
    Image.new("RGB", (50, 40)).save(tmp_path / "p.jpg")
    (found,) = ask_exiftool([(tmp_path / "p.jpg", ours)]).values()
    assert found.verdict == "invalid"
    assert "60 x 40" in found.to_check("review").sentence


def test_what_exiftool_cannot_read_is_wrong_beside_files_that_are_good(tmp_path: Path) -> None:
    Image.new("RGB", (60, 40)).save(tmp_path / "good.png")
    Image.new("RGB", (60, 40)).save(tmp_path / "bad.png")
    facts = read_technical_metadata(tmp_path / "bad.png")
    (tmp_path / "bad.png").write_bytes(bytes(3000))
    found = ask_exiftool(
        [
            (tmp_path / "good.png", read_technical_metadata(tmp_path / "good.png")),
            (tmp_path / "bad.png", facts),
        ]
    )
    assert [each.verdict for each in found.values()] == ["valid", "invalid"]


def test_jpylyzer_tells_a_whole_image_from_a_truncated_one(tmp_path: Path) -> None:
    Image.new("RGB", (90, 70), "red").save(tmp_path / "p.tif", dpi=(300, 300))
    made = make_jpeg2000(tmp_path / "p.tif", tmp_path / "p.jp2").path
    good = ask_jpylyzer(made)
    made.write_bytes(made.read_bytes()[:-20])
    bad = ask_jpylyzer(made)
    assert good is not None
    assert bad is not None
    assert (good.verdict, bad.verdict) == ("valid", "invalid")
    check = bad.to_check("review")
    assert (check.check, check.verdict) == ("jpylyzer", "review")
    assert "foundEOCMarker" in check.sentence


def test_checkit_tiff_judges_by_the_rules_that_are_given(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    fits = write_master(
        make_page("rgb_8"), tmp_path / "a.tif", tags, srgb_profile(), MasterPolicy(tag_set="slub")
    ).path
    differs = write_master(
        make_page("rgb_8"), tmp_path / "b.tif", tags, srgb_profile(), MasterPolicy("deflate")
    ).path
    good, bad = ask_checkit_tiff(fits, SLUB_RULES), ask_checkit_tiff(differs, SLUB_RULES)
    assert good is not None
    assert bad is not None
    assert good.verdict == "valid"
    check = bad.to_check("hold")
    assert check.verdict == "hold"
    assert "Compression" in check.sentence
    assert "Artist" in check.sentence
    assert ask_checkit_tiff(fits, tmp_path / "no rules") is None


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_that_hangs_is_ended_with_its_children(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (60, 40)).save(tmp_path / "p.tif")
    child_file = tmp_path / "child"
    # a shell, which begins at once even on a machine that is busy
    body = f'case "$1" in *ver*) exit 1;; esac\nsleep 600 &\necho $! > "{child_file}"\nwait'
    program(tmp_path, name, body, monkeypatch, interpreter="/bin/sh")
    began = time.monotonic()
    found = opinion_of(name, tmp_path / "p.tif", seconds=2.0)
    assert time.monotonic() - began < 20
    assert found.verdict == "silent"
    check = found.to_check("hold")
    assert check.verdict == "review"
    assert "took more than 2 seconds and was ended" in check.sentence
    assert ends(int(child_file.read_text()))


def ends(pid: int) -> bool:
    """Whether a process that was killed is gone, or is gone soon: the kernel takes its time."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 30)[0])
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_that_babbles_or_cannot_start_has_not_judged(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (60, 40)).save(tmp_path / "p.tif")
    program(tmp_path, name, "print('<?xml no', chr(0)); raise SystemExit(3)", monkeypatch)
    assert opinion_of(name, tmp_path / "p.tif").verdict == "silent"
    (tmp_path / name).write_text("#!/no/such/interpreter\n")
    assert opinion_of(name, tmp_path / "p.tif").verdict == "silent"


def opinion_of(name: str, path: Path, seconds: float = 30.0) -> Opinion:
    found = {
        "exiftool": lambda: ask_exiftool([(path, read_technical_metadata(path))], seconds).get(path),
        "jpylyzer": lambda: ask_jpylyzer(path, seconds),
        "checkit_tiff": lambda: ask_checkit_tiff(path, path, seconds),
    }[name]()
    assert found is not None
    return found


def test_a_tool_that_is_not_installed_is_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (60, 40)).save(tmp_path / "p.tif")
    monkeypatch.setattr("archive.imaging.opinions.find_program", lambda _name: None)
    facts = read_technical_metadata(tmp_path / "p.tif")
    assert ask_exiftool([(tmp_path / "p.tif", facts)]) == {}
    assert ask_jpylyzer(tmp_path / "p.tif") is None
    assert ask_checkit_tiff(tmp_path / "p.tif", SLUB_RULES) is None
    assert installed_tools() == {}


def test_files_of_no_batch_are_judged_too_where_that_is_wanted(tmp_path: Path) -> None:
    Image.new("RGB", (90, 70), "red").save(tmp_path / "p.jp2")
    (tmp_path / "no image.tif").write_bytes(b"nothing")
    good, bad = map(
        with_opinions,
        check_files([tmp_path / "p.jp2", tmp_path / "no image.tif"], load_quality_profile("house")),
    )
    assert {check.check: check.verdict for check in good.checks[-2:]} == {
        "exiftool": "pass",
        "jpylyzer": "pass",
    }
    assert good.technical is not None
    assert list(good.technical.tools.values()) == ["valid", "valid"]
    assert [check.check for check in bad.checks] == ["decode"]
