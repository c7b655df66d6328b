# SPDX-License-Identifier: Apache-2.0
"""Masters have the tags that an institution asks for, or are not written."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from archive.errors import MasterTagsUnfit, TagSetInvalid, TagSetUnknown
from archive.imaging.color_profiles import gray_profile, srgb_profile
from archive.imaging.file_checks import Expectation, check_file
from archive.imaging.master import MasterTags, write_master
from archive.imaging.master_policy import MasterPolicy
from archive.imaging.quality.profile import load_quality_profile
from archive.imaging.tag_sets import load_tag_set, shipped_tag_sets
from archive.imaging.tag_values import read_tag_values
from archive.imaging.technical_metadata import read_technical_metadata
from tests.conftest import missing

SLUB = MasterPolicy(tag_set="slub")
SLUB_RULES = Path("/usr/share/checkit_tiff/example_configs/cit_tiff6_baseline_SLUB.cfg")
SLUB_KINDS = ["bitonal_white_is_zero", "bitonal_black_is_zero", "gray_8", "rgb_8", "rgb_16"]


def profile_of(kind: str) -> bytes | None:
    if kind.startswith("bitonal"):
        return None
    return srgb_profile() if kind.startswith("rgb") else gray_profile()


def own_set(path: Path, rules: str, unlisted: str = "allowed") -> MasterPolicy:
    path.write_text(f'name = "own"\ntitle = "Own"\nsource = "here"\nunlisted = "{unlisted}"\n{rules}')
    return MasterPolicy(tag_set=str(path))


def test_baseline_and_slub_are_shipped() -> None:
    assert shipped_tag_sets() == ("baseline", "slub")
    for name in shipped_tag_sets():
        assert load_tag_set(name).name == name


@pytest.mark.parametrize("compression", ["none", "deflate"])
@pytest.mark.parametrize("kind", [*SLUB_KINDS, "gray_16"])
def test_all_that_is_written_by_default_fits_the_baseline(
    compression: Any, kind: str, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    path = write_master(
        make_page(kind), tmp_path / "p.tif", tags, profile_of(kind), MasterPolicy(compression)
    ).path
    assert load_tag_set("baseline").problems(read_tag_values(path)) == []


@pytest.mark.parametrize("offset", [0, 4096])
@pytest.mark.parametrize("kind", SLUB_KINDS)
def test_masters_of_the_slub_pass_its_own_checker(
    kind: str, offset: int, make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    page = make_page(kind, pixel_offset=offset)
    path = write_master(page, tmp_path / "p.tif", tags, profile_of(kind), SLUB).path
    values = read_tag_values(path)
    assert 315 not in values
    assert load_tag_set("slub").problems(values) == []
    checker = shutil.which("checkit_tiff")
    if checker is None or not SLUB_RULES.is_file():
        missing("checkit_tiff is not installed (Debian: checkit-tiff).")
    assert checker is not None
    told = subprocess.run(
        [checker, "-q", str(SLUB_RULES), str(path)], capture_output=True, text=True, check=False, timeout=30
    )
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize(
    ("kind", "changes", "icc", "told"),
    [
        ("gray_16", {}, None, r"BitsPerSample \(258\) is 16, not 1 or 4 or 8"),
        (
            "rgb_8",
            {"dpi": (200.0, 200.0)},
            srgb_profile(),
            r"XResolution \(282\) is 200, not within 300 to 4000",
        ),
        ("rgb_8", {}, None, r"ICC profile \(34675\) is missing"),
        ("rgb_8", {}, b"icc", r"ICC profile \(34675\) is not an ICC profile"),
    ],
)
@pytest.mark.parametrize("offset", [0, 4096])
def test_a_page_that_does_not_fit_is_no_master(
    kind: str,
    changes: Any,
    icc: bytes | None,
    told: str,
    offset: int,
    make_page: Any,
    tags: MasterTags,
    tmp_path: Path,
) -> None:
    page = make_page(kind, pixel_offset=offset, **changes)
    before = page.path.read_bytes()
    with pytest.raises(MasterTagsUnfit, match=told):
        write_master(page, tmp_path / "out" / "p.tif", tags, icc, SLUB)
    assert not (tmp_path / "out").exists()
    assert page.path.read_bytes() == before


def test_the_slub_refuses_compressed_masters_before_anything_is_compressed(
    make_page: Any, tags: MasterTags, tmp_path: Path
) -> None:
    with pytest.raises(MasterTagsUnfit, match=r"Compression \(259\) is 8, not 1"):
        write_master(
            make_page(), tmp_path / "out" / "p.tif", tags, srgb_profile(), MasterPolicy("deflate", "slub")
        )
    assert not (tmp_path / "out").exists()


def test_an_institution_has_rules_of_its_own(make_page: Any, tags: MasterTags, tmp_path: Path) -> None:
    rules = '[[tag]]\nnumber = 315\nname = "Artist"\npresence = "forbidden"\n'
    own = own_set(tmp_path / "own.toml", rules)
    assert 315 not in read_tag_values(write_master(make_page(), tmp_path / "p.tif", tags, None, own).path)
    wants = own_set(
        tmp_path / "wants.toml", '[[tag]]\nnumber = 270\nname = "ImageDescription"\npresence = "mandatory"\n'
    )
    silent = MasterTags("p", "", "", "", "", "", "", "2026-03-01T10:20:30Z")
    with pytest.raises(MasterTagsUnfit, match=r"ImageDescription \(270\) is missing"):
        write_master(make_page(), tmp_path / "q.tif", silent, None, wants)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = [", "is not TOML"),
        ("name = 'x'", "title: Field required"),
        ("unlisted = 'perhaps'", "unlisted"),
        (
            "name='x'\ntitle='x'\nsource='x'\nunlisted='allowed'\n[[tag]]\nnumber=270000\nname='x'",
            "tag.0.number",
        ),
        (
            "name='x'\ntitle='x'\nsource='x'\nunlisted='allowed'\n[[tag]]\nnumber=282\nname='x'\nrange=[2,1]",
            "2 is above 1",
        ),
        ("name='x'\ntitle='x'\nsource='x'\nunlisted='allowed'\n[[tag]]\nnumber=270\nnom='x'", "nom"),
    ],
)
def test_a_file_that_is_no_tag_set_says_why(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(TagSetInvalid, match=told):
        load_tag_set(str(tmp_path / "own.toml"))
    with pytest.raises(TagSetUnknown, match="shipped are: baseline, slub"):
        load_tag_set("nowhere")


@pytest.mark.parametrize(("captured", "verdict"), [(True, "hold"), (False, "review")])
def test_the_check_tags_holds_what_we_captured_and_shows_what_came_from_elsewhere(
    captured: Any, verdict: str, tmp_path: Path
) -> None:
    path = tmp_path / "p.tif"
    tifffile.imwrite(
        path, np.zeros((80, 80, 3), "uint8"), photometric="rgb", resolution=(300, 300), metadata=None
    )

    def found(**changes: Any) -> list[Any]:
        expected = Expectation(**({"captured": captured} | changes))
        profile = load_quality_profile("house")
        checks = check_file(path, read_technical_metadata(path), expected, profile)
        return [check for check in checks if check.check == "tags"]

    (fits,) = found(tag_set="baseline")
    assert (fits.verdict, fits.measured) == ("pass", 0)
    (differs,) = found(tag_set="slub")
    assert (differs.verdict, differs.threshold) == (verdict, "slub")
    assert "ICC profile (34675) is missing" in differs.sentence
    assert found() == []


def test_foreign_files_are_read_whatever_their_tags(tmp_path: Path) -> None:
    path = tmp_path / "tiled.tif"
    tifffile.imwrite(
        path, np.zeros((64, 64, 4), "uint8"), tile=(32, 32), photometric="rgb", extrasamples=["unassalpha"]
    )
    problems = "; ".join(load_tag_set("baseline").problems(read_tag_values(path)))
    assert "StripOffsets (273) is missing" in problems
    assert "TileWidth (322) is not allowed" in problems
    assert "BitsPerSample (258) is 8,8,8,8, not 8,8,8 or 16,16,16" in problems
