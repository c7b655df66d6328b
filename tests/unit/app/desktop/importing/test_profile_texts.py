# SPDX-License-Identifier: Apache-2.0
"""What shipped bag profiles say is known to the desktop, so that it can be translated."""

from __future__ import annotations

import json
from collections.abc import Iterator

from app.desktop.importing.form.profile_texts import SHIPPED, profile_text
from archive.resource_files import resource_path


def _said() -> Iterator[str]:
    for file in sorted(resource_path("bag-profiles", "aptrust-2.3.json").parent.glob("*.json")):
        profile = json.loads(file.read_text(encoding="utf-8"))
        yield profile["title"]
        yield from (tag["help"] for tag in profile["tags"] if tag.get("help"))


def test_every_text_of_a_shipped_profile_is_known() -> None:
    assert set(_said()) == set(SHIPPED)


def test_a_text_of_a_sites_own_profile_stays_as_it_is() -> None:
    assert profile_text("The shelf mark.") == "The shelf mark."
    assert profile_text("") == ""
