# SPDX-License-Identifier: Apache-2.0
"""Quirks of drivers as data: which device has which, read from TOML files and merged.

The shipped file is `hardware/sane/quirks.toml`; a site's own file adds rules, and a rule of a name
that is shipped takes its place. Where several rules match a device, the later one wins, key by key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from hardware.errors import QuirksInvalid
from hardware.scanner import DeviceInfo

SHIPPED = Path(__file__).parent / "sane" / "quirks.toml"

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Quirks:
    """What is odd about one device.

    Attributes:
        options: The driver's names of options and the standard names they stand for.
        values: For each option, by standard name: the driver's values and the standard ones.
        cancel_between_pages: Whether the driver must be cancelled after each page, even of a feeder.
        one_page_sources: Patterns of sources that hold one page, though their names say feeder.
        buttons: Patterns of options that tell of a button, beside the usual ones.
        sensors: Patterns of options that tell of paper, cover or lamp, beside the usual ones.
        ask_buttons_with: The option that must be pressed before buttons tell anything new; none when empty.
    """

    options: Words = field(default_factory=dict)
    values: Mapping[str, Words] = field(default_factory=dict)
    cancel_between_pages: bool = False
    one_page_sources: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    sensors: tuple[str, ...] = ()
    ask_buttons_with: str = ""

    def one_page(self, source: str) -> bool:
        """Whether a source gives one page only."""
        return any(fnmatch(source.casefold(), pattern.casefold()) for pattern in self.one_page_sources)


@dataclass(frozen=True, slots=True)
class QuirkRule:
    """Quirks, and the devices that have them.

    Attributes:
        name: What the rule is called in logs, and by what a site replaces it.
        backend: Pattern of the SANE backend; behind saned, of the backend there.
        vendor: Pattern of the vendor.
        model: Pattern of the model.
        disabled: Whether the rule does nothing, so that a site can take a shipped one away.
    """

    name: str
    backend: str = "*"
    vendor: str = "*"
    model: str = "*"
    disabled: bool = False
    quirks: Quirks = field(default_factory=Quirks)

    def matches(self, device: DeviceInfo) -> bool:
        """Whether the device has these quirks. Case makes no difference."""
        pairs = (
            (driving_backend(device.id), self.backend),
            (device.vendor, self.vendor),
            (device.model, self.model),
        )
        return not self.disabled and all(
            fnmatch(text.casefold(), pattern.casefold()) for text, pattern in pairs
        )


def driving_backend(device_id: str) -> str:
    """The backend that drives a device: behind saned, the one on the other host.

    `sane:net:host:epson2:libusb:001:004` is driven by `epson2`. IPv6 hosts stand in brackets.
    """
    name = device_id.removeprefix("sane:")
    while name.startswith("net:"):
        host = name.removeprefix("net:")
        _, _, name = host.partition("]:" if host.startswith("[") else ":")
    return name.partition(":")[0]


def quirks_of(device: DeviceInfo, rules: Iterable[QuirkRule]) -> tuple[Quirks, tuple[str, ...]]:
    """All quirks of a device merged, and the names of the rules they come from."""
    matching = [rule for rule in rules if rule.matches(device)]
    values: dict[str, dict[str, str]] = {}
    options: dict[str, str] = {}
    for rule in matching:
        options |= rule.quirks.options
        for option, words in rule.quirks.values.items():
            # what a later rule says comes first: of two values for one word, the first is taken
            values[option] = {
                **words,
                **{own: to for own, to in values.get(option, {}).items() if own not in words},
            }
    merged = Quirks(
        options,
        values,
        any(rule.quirks.cancel_between_pages for rule in matching),
        one_page_sources=_all_patterns(matching, "one_page_sources"),
        buttons=_all_patterns(matching, "buttons"),
        sensors=_all_patterns(matching, "sensors"),
        ask_buttons_with=next(
            filter(None, (rule.quirks.ask_buttons_with for rule in reversed(matching))), ""
        ),
    )
    return merged, tuple(rule.name for rule in matching)


_PATTERNS = ("one_page_sources", "buttons", "sensors")


def _all_patterns(rules: Iterable[QuirkRule], key: str) -> tuple[str, ...]:
    return tuple(pattern for rule in rules for pattern in getattr(rule.quirks, key))


# Reading


def load_rules(site: Path | None = None) -> tuple[QuirkRule, ...]:
    """The shipped rules and those of a site's own file.

    Raises:
        QuirksInvalid: A file cannot be read, is not TOML, or has keys or values that mean nothing.
    """
    rules = {rule.name: rule for rule in _read(SHIPPED)}
    for rule in _read(site) if site is not None else ():
        # a replaced rule moves to the end, where it wins
        rules.pop(rule.name, None)
        rules[rule.name] = rule
    return tuple(rules.values())


def _read(path: Path) -> list[QuirkRule]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        raise _invalid(path, str(error)) from error
    unknown = sorted(document.keys() - {"quirk"})
    rules = document.get("quirk", [])
    if unknown or not isinstance(rules, list):
        raise _invalid(path, f"it holds [[quirk]] tables only, not {', '.join(unknown) or 'one [quirk]'}")
    return [_rule(path, place, rule) for place, rule in enumerate(rules, 1)]


_TEXTS = ("name", "backend", "vendor", "model")
_QUIRKS = {quirk.name for quirk in fields(Quirks)}
_KEYS = {*_TEXTS, "why", "disabled", *_QUIRKS}


def _rule(path: Path, place: int, document: Any) -> QuirkRule:
    where = f"quirk {place}"
    if not isinstance(document, dict) or not document.get("name"):
        raise _invalid(path, f"{where} has no name")
    where = f"quirk {document['name']!r}"
    unknown = sorted(document.keys() - _KEYS)
    if unknown:
        raise _invalid(path, f"{where} has the unknown keys {', '.join(unknown)}")
    values = document.get("values", {})
    right = (
        all(isinstance(document.get(key, ""), str) for key in (*_TEXTS, "why", "ask_buttons_with"))
        and all(isinstance(document.get(key, False), bool) for key in ("disabled", "cancel_between_pages"))
        and _are_words(document.get("options", {}))
        and isinstance(values, dict)
        and all(_are_words(words) for words in values.values())
        and all(_are_patterns(document.get(key, [])) for key in _PATTERNS)
    )
    if not right:
        raise _invalid(path, f"{where} has a value of the wrong type")
    odd = {key: value for key, value in document.items() if key in _QUIRKS}
    odd |= {key: tuple(odd[key]) for key in _PATTERNS if key in odd}
    facts = {key: value for key, value in document.items() if key in {*_TEXTS, "disabled"}}
    return QuirkRule(**facts, quirks=Quirks(**odd))


def _are_words(document: Any) -> bool:
    return isinstance(document, dict) and all(isinstance(word, str) for word in document.values())


def _are_patterns(document: Any) -> bool:
    return isinstance(document, list) and all(isinstance(pattern, str) for pattern in document)


def _invalid(path: Path, why: str) -> QuirksInvalid:
    return QuirksInvalid(f"The file of quirks {path} cannot be used: {why}.", path=str(path))
