# SPDX-License-Identifier: Apache-2.0
"""A provider of a site's own is found by its entry point; a broken one is told by name and harms no other."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from workers.enrichment.registry import find_provider, known_providers
from workers.errors import ProviderBroken, ProviderUnknown

Install = Callable[[str, str, str], None]
GOOD = "from workers.enrichment.provider import Answer, Provider\nprovider = Provider(lambda q: Answer({}, 's', '1'), 'Local')\n"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a distribution with a provider on the path, as pip would."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def put(name: str, code: str, entry: str) -> None:
        (tmp_path / f"{name}.py").write_text(code)
        monkeypatch.delitem(sys.modules, name, raising=False)
        facts = tmp_path / f"{name}-1.2.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        (facts / "entry_points.txt").write_text(f"[recto.enrichment]\n{entry}\n")

    return put


def test_an_installed_provider_is_found(install: Install) -> None:
    install("site_local", GOOD, "local = site_local:provider")
    assert find_provider("local").title == "Local"
    assert [(each.name, each.distribution) for each in known_providers()] == [
        ("openai-compatible", "comes with Recto"),
        ("local", "site_local 1.2"),
    ]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("raise RuntimeError('no model')", "no model"),
        ("raise SystemExit(3)", "SystemExit"),
        ("provider = 1", "int"),
    ],
)
def test_a_broken_one_is_told_and_harms_no_other(install: Install, code: str, told: str) -> None:
    install("site_broken", code, "broken = site_broken:provider")
    with pytest.raises(ProviderBroken, match=told) as refused:
        find_provider("broken")
    assert "site_broken 1.2" in refused.value.message
    assert [bool(each.problem) for each in known_providers()] == [False, True]
    assert find_provider("openai-compatible").remote


def test_a_name_that_is_taken_is_no_ones(install: Install) -> None:
    install("site_one", GOOD, "local = site_one:provider")
    install("site_two", GOOD, "local = site_two:provider")
    with pytest.raises(ProviderBroken, match=r"site_(one|two) 1[.]2 and site_"):
        find_provider("local")


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(ProviderUnknown, match="openai-compatible"):
        find_provider("openai-compatibel")
