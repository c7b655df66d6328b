# SPDX-License-Identifier: Apache-2.0
"""Quality profiles: limits as data, and what they make of a measurement."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import QualityProfileInvalid, QualityProfileUnknown
from archive.imaging.quality.profile import Limits, load_quality_profile, shipped_quality_profiles


def test_every_shipped_profile_loads_under_its_own_name_and_tells_its_source() -> None:
    names = shipped_quality_profiles()
    assert {"house", "fadgi-2-star", "fadgi-3-star", "fadgi-4-star", "iso-19264-a"} <= set(names)
    for name in names:
        profile = load_quality_profile(name)
        assert profile.name == name
        assert profile.source


@pytest.mark.parametrize(
    ("measured", "verdict", "limit"),
    [(0.5, "pass", 1.0), (1.0, "pass", 1.0), (1.1, "review", 1.0), (3.0, "review", 1.0), (3.1, "hold", 3.0)],
)
def test_a_limit_itself_is_still_allowed_and_the_harder_verdict_wins(
    measured: float, verdict: str, limit: float
) -> None:
    assert Limits(review_above=1.0, hold_above=3.0).verdict(measured) == (verdict, limit)


def test_what_is_too_little_is_flagged_as_well() -> None:
    limits = Limits(review_below=0.25, review_above=2)
    assert [limits.verdict(value)[0] for value in (0.1, 1.0, 2.5)] == ["review", "pass", "review"]
    assert limits.verdict(0.1)[1] == 0.25


def test_a_measurement_without_limits_always_passes(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('name = "own"\ntitle = "Own"\nsource = "us"\n', encoding="utf-8")
    assert load_quality_profile(str(path)).limits("skew").verdict(40.0) == ("pass", None)


def test_a_stricter_star_holds_what_a_laxer_one_shows() -> None:
    verdicts = [
        load_quality_profile(f"fadgi-{stars}-star").limits("skew").verdict(1.2)[0] for stars in (2, 3, 4)
    ]
    assert verdicts == ["review", "review", "hold"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "not TOML"),
        ('name = "x"\n', "title"),
        ('name = "x"\ntitle = "x"\nsource = "x"\n[checks.tilt]\nreview_above = 1\n', "tilt"),
        ('name = "x"\ntitle = "x"\nsource = "x"\n[checks.skew]\nreview_over = 1\n', "review_over"),
        ('name = "x"\ntitle = "x"\nsource = "x"\nchecks = 3\n', "checks"),
    ],
)
def test_a_file_that_is_no_profile_is_refused_with_what_is_wrong(
    text: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QualityProfileInvalid, match=said):
        load_quality_profile(str(path))


def test_an_unknown_name_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(QualityProfileUnknown, match="fadgi-3-star"):
        load_quality_profile("fadgi-9-star")
