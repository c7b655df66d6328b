# SPDX-License-Identifier: Apache-2.0
"""A device with words of its own is used by the standard's, from the profile to the page's record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hardware.errors import QuirksInvalid
from hardware.scanner import PageCompleted, ScanRequest

DEVICE = "sane:acme:libusb:901:004"
SITE = """
[[quirk]]
name = "acme"
backend = "acme"
cancel_between_pages = true
[quirk.values.mode]
"True Gray" = "Gray"
[quirk.values.source]
"Automatic Document Feeder(left aligned)" = "ADF"
"""


def test_a_page_is_scanned_and_recorded_under_standard_names(
    script: Any, scan: Callable[..., Any], tmp_path: Path
) -> None:
    site = tmp_path / "quirks.toml"
    site.write_text(SITE)
    values = {"resolution": 300, "mode": "Gray", "source": "ADF"}
    script.write("start", 0, 0, 7)
    scanned = scan(DEVICE, replace(script.configuration, quirks=site), values, pages=5)
    assert [page.number for page in scanned.pages] == [1, 2]
    page = scanned.pages[0]
    assert page.dpi == (300, 300)
    assert page.options["mode"] == {"requested": "Gray", "actual": "Gray"}
    assert page.options["source"] == {"requested": "ADF", "actual": "ADF"}
    assert "Automatic Document Feeder(left aligned)" in script.calls("set")
    # after each page, and at the end
    assert len(script.calls("cancel")) == 3


def test_settings_in_the_drivers_own_words_outlive_the_driver(
    script: Any, scan: Callable[..., Any], opened: Callable[..., Any]
) -> None:
    session = opened(DEVICE, script.configuration)
    applied = session.apply({"scan-resolution": 150})
    assert applied["scan-resolution"].actual == 150
    session._drop_child()
    assert session.get("resolution") == 150


def test_of_two_names_for_one_option_the_later_setting_counts(
    script: Any, scan: Callable[..., Any], opened: Callable[..., Any], tmp_path: Path
) -> None:
    session = opened(DEVICE, script.configuration)
    session.set("scan-resolution", 150)
    session.apply({"resolution": 300})
    session.set("scan-resolution", 200)
    (page,) = [
        event.page
        for event in session.scan(ScanRequest(tmp_path / "spool", 1))
        if isinstance(event, PageCompleted)
    ]
    assert page.options["resolution"] == {"requested": 200, "actual": 200}
    session._drop_child()
    assert session.get("resolution") == 200


def test_a_device_is_not_opened_with_quirks_that_mean_nothing(
    script: Any, opened: Callable[..., Any], tmp_path: Path
) -> None:
    site = tmp_path / "quirks.toml"
    site.write_text("[[quirk]]\nvendors = 'x'\n")
    with pytest.raises(QuirksInvalid):
        opened(DEVICE, replace(script.configuration, quirks=site))
