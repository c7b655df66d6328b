# SPDX-License-Identifier: Apache-2.0
"""Languages and models as PDF and XMP name them."""

from __future__ import annotations

import pytest

from archive.text.language_tags import language_tags


@pytest.mark.parametrize(
    ("languages", "tags"),
    [
        ("deu", ["de"]), ("grc", ["grc"]), ("deu+Fraktur", ["de"]), ("Fraktur", ["und-Latf"]), ("frk", ["de-Latf"]),
        ("lat+deu+lat", ["la", "de"]), ("jpn_vert", ["ja"]), ("Japanese_vert", ["und-Jpan"]), ("chi_tra", ["zh-Hant"]),
        ("srp_latn", ["sr-Latn"]), ("script/Hebrew", ["und-Hebr"]), ("de-AT", ["de-AT"]), ("", []), ("house_2.1", []),
    ],
)  # fmt: skip
def test_a_language_has_its_shortest_tag_and_a_model_without_one_has_none(
    languages: str, tags: list[str]
) -> None:
    assert language_tags(languages) == tags
