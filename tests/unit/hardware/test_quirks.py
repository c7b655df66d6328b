# SPDX-License-Identifier: Apache-2.0
"""Rules of quirks are found for a device, merged, and refused when they mean nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.errors import QuirksInvalid
from hardware.quirks import QuirkRule, driving_backend, load_rules, quirks_of
from hardware.scanner import DeviceInfo


def device(name: str, vendor: str = "Brother", model: str = "MFC-9970") -> DeviceInfo:
    return DeviceInfo(f"sane:{name}", name.partition(":")[0], vendor, model, "", simulated=False)


@pytest.mark.parametrize(
    ("device_id", "backend"),
    [
        ("sane:brother4:bus1;dev2", "brother4"),
        ("sane:net:archive.example:brother4:bus1;dev2", "brother4"),
        ("sane:net:[2001:db8::1]:epson2:libusb:001:004", "epson2"),
        ("sane:net:one:net:two:test:0", "test"),
        ("simulated:bed", "simulated"),
    ],
)
def test_the_backend_that_drives_is_the_last_one(device_id: str, backend: str) -> None:
    assert driving_backend(device_id) == backend


def test_a_rule_matches_by_patterns_whatever_their_case() -> None:
    rule = QuirkRule("x", backend="BROTHER*", vendor="brother", model="mfc-*")
    assert rule.matches(device("brother4:bus1"))
    assert rule.matches(device("net:host:brother4:bus1"))
    assert not rule.matches(device("brother4:bus1", model="DCP-1"))
    assert not rule.matches(device("epson2:bus1"))


def test_the_shipped_rules_are_sound_and_speak_of_brother() -> None:
    quirks, names = quirks_of(device("brother4:bus1"), load_rules())
    assert "brother" in names
    assert quirks.values["mode"]["True Gray"] == "Gray"
    assert "Gray[Error Diffusion]" not in quirks.values["mode"]
    others, _ = quirks_of(device("epson2:x", "Epson"), load_rules())
    assert "True Gray" not in others.values["mode"]


def site_file(folder: Path, text: str) -> Path:
    path = folder / "site.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_site_adds_rules_and_wins_key_by_key(tmp_path: Path) -> None:
    site = site_file(
        tmp_path,
        """
[[quirk]]
name = "ours"
vendor = "Brother"
cancel_between_pages = true
one_page_sources = ["*feeder*"]
buttons = ["*-key"]
sensors = ["tray-?"]
ask_buttons_with = "look"
[quirk.values.mode]
"Gray[Error Diffusion]" = "Lineart"
"True Gray" = "Grau"
""",
    )
    quirks, names = quirks_of(device("brother4:x"), load_rules(site))
    assert names[-1] == "ours"
    assert quirks.values["mode"]["True Gray"] == "Grau"
    assert next(iter(quirks.values["mode"])) == "Gray[Error Diffusion]"
    assert quirks.values["mode"]["24bit Color"] == "Color"
    assert quirks.cancel_between_pages
    assert (quirks.buttons, quirks.sensors, quirks.ask_buttons_with) == (("*-key",), ("tray-?",), "look")
    assert quirks.one_page("ADF Feeder left")
    assert not quirks.one_page("Flatbed")


def test_a_site_replaces_a_shipped_rule_and_takes_it_away(tmp_path: Path) -> None:
    site = site_file(tmp_path, '[[quirk]]\nname = "brother"\ndisabled = true\n')
    quirks, names = quirks_of(device("brother4:x"), load_rules(site))
    assert "brother" not in names
    assert "True Gray" not in quirks.values["mode"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[quirk", "cannot be used"),
        ("[quirk]\nname = 'x'", r"\[\[quirk\]\] tables only"),
        ("[[quirks]]\nname = 'x'", "quirks"),
        ("[[quirk]]\nvendor = 'x'", "quirk 1 has no name"),
        ("[[quirk]]\nname = 'x'\nvendors = 'y'", "unknown keys vendors"),
        ("[[quirk]]\nname = 'x'\nvendor = 3", "'x' has a value of the wrong type"),
        ("[[quirk]]\nname = 'x'\ncancel_between_pages = 'yes'", "wrong type"),
        ("[[quirk]]\nname = 'x'\noptions = ['resolution']", "wrong type"),
        ("[[quirk]]\nname = 'x'\n[quirk.values]\nmode = 'Gray'", "wrong type"),
        ("[[quirk]]\nname = 'x'\none_page_sources = 'ADF'", "wrong type"),
        ("[[quirk]]\nname = 'x'\nbuttons = [1]", "wrong type"),
        ("[[quirk]]\nname = 'x'\nask_buttons_with = true", "wrong type"),
    ],
)
def test_a_file_that_means_nothing_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(QuirksInvalid, match=said):
        load_rules(site_file(tmp_path, text))


def test_a_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuirksInvalid, match="No such file"):
        load_rules(tmp_path / "absent.toml")
