# SPDX-License-Identifier: Apache-2.0
"""Which ICC profile the pages of a scanner get: its own, else the one that the manifest declares."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

from archive.imaging.color_profiles import (
    color_profile,
    icc_profile,
    profile_space,
    read_profile,
    site_profiles,
)
from workers.settings import Settings

_OF_SAMPLES = {1: "GRAY", 3: "RGB"}


def page_profile(settings: Settings, device: str, declared: str, samples_per_pixel: int) -> bytes | None:
    """The profile to embed in a page of 8 or 16 bits.

    Args:
        settings: Those of the station: its scanners' profiles, and its folder of others.
        device: The scanner's id, or "" where nobody knows it.
        declared: The manifest's colour profile; "" for none.
        samples_per_pixel: 1 or 3.

    Raises:
        ColorProfileUnknown: The profile that is set or declared is not here, or is none for such pages.
    """
    for setting in settings.devices.icc:
        fits = fnmatchcase(device, setting.device)
        if fits and profile_space(setting.profile) == _OF_SAMPLES[samples_per_pixel]:
            return read_profile(setting.profile, samples_per_pixel)
    if samples_per_pixel == 1:
        return icc_profile("gray", _of_site(settings))
    return icc_profile("sRGB" if declared in {"gray", "bitonal", ""} else declared, _of_site(settings))


def require_profile(settings: Settings, device: str, declared: str) -> None:
    """See that the profile which pages of this kind will get is here.

    Raises:
        ColorProfileUnknown: As `page_profile`.
    """
    profile = color_profile(declared)
    if not profile.bilevel:
        page_profile(settings, device, declared, profile.samples_per_pixel)


def _of_site(settings: Settings) -> dict[str, Path]:
    return site_profiles(settings.masters.icc_folder)
