# SPDX-License-Identifier: Apache-2.0
"""Rules of quirks are found for a device, merged, and refused when they mean nothing."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from hardware.adapted import AdaptedDriver
from hardware.capture import ScanControl, capture_batch
from hardware.configuration import SimulatedDevice
from hardware.device_description import DescribedOption, DeviceDescription
from hardware.errors import QuirksInvalid
from hardware.options import OneOf, OptionDescriptor, OptionType
from hardware.quirks import QuirkRule, driving_backend, load_rules, quirks_of
from hardware.scanner import DeviceInfo, PageCompleted, PageEvent, ScanRequest
from hardware.simulated.device import SimulatedDriver
from hardware.simulated.faults import Fault, FaultKind


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
        ("a = " + "[" * 3000, "cannot be used"),
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


# What the shipped rules do for devices that are simulated in their own words


def adapted(
    folder: Path, info: DeviceInfo, site: str = "", *faults: Fault, **lists: tuple[str, ...]
) -> AdaptedDriver:
    """A device of such a vendor and driver, with options that take one of some words each."""
    options = tuple(
        DescribedOption(
            OptionDescriptor(
                index, name.replace("_", "-"), "", "", OptionType.STRING, size=64, constraint=OneOf(words)
            ),
            words[0],
        )
        for index, (name, words) in enumerate(lists.items(), 1)
    )
    file = folder / "device.json"
    file.write_text(json.dumps(DeviceDescription(info, options).to_json()))
    simulated = SimulatedDevice(
        "x", "described", description=file, page_width=20, page_height=20, sheets=4, faults=faults
    )
    quirks, _ = quirks_of(info, load_rules(site_file(folder, site) if site else None))
    return AdaptedDriver(SimulatedDriver(simulated), quirks)


SAMSUNG = device("smfp:net;192.0.2.7", "Samsung", "CLX-3300")
EPSON = device("epkowa:interpreter:001:004", "Epson", "GT-1500")


@pytest.mark.parametrize(
    ("info", "option", "words", "standard"),
    [
        (device("brother4:x"), "mode", ("Black & White", "True Gray", "24bit Color"), "Lineart Gray Color"),
        (
            SAMSUNG,
            "mode",
            ("Black and White - Line Art", "Grayscale - 256 Levels", "Color - 16 Million Colors"),
            "Lineart Gray Color",
        ),
        (SAMSUNG, "doc_source", ("ADF Simplex", "ADF Duplex - Long-Edge Binding"), "ADF,ADF Duplex"),
        (EPSON, "mode", ("Binary", "Gray", "Color"), "Lineart Gray Color"),
        (EPSON, "source", ("Flatbed", "Automatic Document Feeder"), "Flatbed ADF"),
        (
            device("pixma:04A9", "Canon"),
            "source",
            ("Automatic Document Feeder", "ADF Duplex"),
            "ADF,ADF Duplex",
        ),
        (device("hpaio:/usb/x", "HP"), "source", ("Flatbed", "ADF", "Duplex"), "Flatbed,ADF,ADF Duplex"),
        (device("avision:x", "Avision"), "source", ("Normal", "ADF Front"), "Flatbed,ADF Front"),
    ],
)
def test_words_of_drivers_are_standard_ones_to_choose_to_read_and_to_list(
    tmp_path: Path, info: DeviceInfo, option: str, words: tuple[str, ...], standard: str
) -> None:
    driver = adapted(tmp_path, info, **{option: words})
    name = option.removeprefix("doc_")
    meant = tuple(standard.split("," if "," in standard else " "))
    (described,) = driver.descriptors()
    assert (described.name, described.constraint) == (name, OneOf(meant))
    for own, word in zip(words, meant, strict=True):
        assert driver.set(name, word).actual == driver.get(name) == word
        assert driver.own.get(option.replace("_", "-")) == own
        # the driver's own words are understood as well
        assert driver.set(name, own).actual == word


def test_a_mode_that_only_sounds_like_gray_stays_what_it_is(tmp_path: Path) -> None:
    driver = adapted(tmp_path, device("brother4:x"), mode=("Gray[Error Diffusion]", "True Gray"))
    (mode,) = driver.descriptors()
    assert mode.constraint == OneOf(("Gray[Error Diffusion]", "Gray"))
    assert driver.set("mode", "Gray").actual == "Gray"
    assert driver.own.get("mode") == "True Gray"


def test_a_word_that_the_driver_has_itself_is_not_given_to_another(tmp_path: Path) -> None:
    driver = adapted(tmp_path, device("acme:x", "Acme"), source=("Normal", "Flatbed"), scan_source=("ADF",))
    assert [option.name for option in driver.descriptors()] == ["source", "scan-source"]
    assert driver.descriptors()[0].constraint == OneOf(("Normal", "Flatbed"))


PREFETCHES = Fault(FaultKind.PREFETCH_DROPPED_ON_CANCEL, times=None)
NEVER_EMPTY = Fault(FaultKind.FLATBED_NEVER_EMPTY, times=None)


def pages_of(driver: AdaptedDriver, folder: Path) -> list[str]:
    events: list[PageEvent] = []
    control = ScanControl(threading.Event(), events.append, lambda _: None, read_timeout=30)
    capture_batch(driver, ScanRequest(folder / "spool", None, 1, "b", "i"), {}, control)
    return [event.page.pixel_sha256 for event in events if isinstance(event, PageCompleted)]


def test_a_site_can_have_a_feeder_cancelled_between_pages_which_costs_sheets_where_they_are_taken_in_ahead(
    tmp_path: Path,
) -> None:
    info, source = device("acme:x", "Acme"), ("ADF", "Flatbed")
    whole = pages_of(adapted(tmp_path, info, "", PREFETCHES, source=source), tmp_path)
    site = "[[quirk]]\nname = 'ours'\nbackend = 'acme'\ncancel_between_pages = true\n"
    holes = pages_of(adapted(tmp_path, info, site, PREFETCHES, source=source), tmp_path)
    assert (len(whole), holes) == (4, [whole[0], whole[2]])


def test_a_site_can_name_a_source_that_holds_one_page_though_it_sounds_like_a_feeder(tmp_path: Path) -> None:
    site = "[[quirk]]\nname = 'ours'\nmodel = 'XP-*'\none_page_sources = ['ADF or glass']\n"
    info, source = device("epson2:x", "Epson", "XP-425"), ("ADF or glass", "ADF")
    driver = adapted(tmp_path, info, site, NEVER_EMPTY, source=source)
    assert not driver.feeds
    assert len(pages_of(driver, tmp_path)) == 1
    driver.set("source", "ADF")
    assert driver.feeds


def test_a_site_takes_a_shipped_rule_away_from_a_device(tmp_path: Path) -> None:
    words = ("Black & White", "True Gray")
    site = "[[quirk]]\nname = 'brother'\ndisabled = true\n"
    driver = adapted(tmp_path, device("brother4:x"), site, mode=words)
    # the words that are everybody's are left
    assert driver.descriptors()[0].constraint == OneOf(("Lineart", "True Gray"))
