# SPDX-License-Identifier: Apache-2.0
"""Changing the settings file: comments stay, one writer at a time, and never a file that would not load."""

from __future__ import annotations

import fcntl
import os
import stat
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from archive.durable import write_durably
from workers.errors import SettingsInvalid
from workers.settings import Settings, load_settings, settings_file
from workers.settings_overrides import overriding_variable
from workers.station_devices import station_devices
from workers.toml_text import Key, append_entry, at, changed, remove, set_value, without

log = structlog.get_logger(__name__)

OWNER_ONLY = 0o600
"""Rights of a new settings file: a site may have put an address with a password into it."""


@dataclass(frozen=True, slots=True)
class SetValue:
    """A value gets into the file, in the place of the one before.

    Attributes:
        key: Names of tables and of the key, places (from 0) in arrays of tables between them:
            ("ledger", "lease_seconds"), ("storage", "vault", "url"), ("devices", "simulated", 0, "sheets").
        value: Text, number, truth, path, list or mapping; None takes the key out of the file.
    """

    key: Key
    value: Any


@dataclass(frozen=True, slots=True)
class RemoveValue:
    """A key, a table or an entry goes out of the file; what it says by default holds again."""

    key: Key


@dataclass(frozen=True, slots=True)
class AddEntry:
    """An array of tables gets one more entry, as [[devices.simulated]] does.

    Attributes:
        key: Names of the array, ("devices", "simulated").
        entry: The new table; None values are left out.
    """

    key: Key
    entry: Mapping[str, Any]


Change = SetValue | RemoveValue | AddEntry


def change_settings(*changes: Change, file: Path | None = None) -> Settings:
    """Change the settings file, durably and as a whole: all of the changes, or none.

    Comments, order and everything that is not changed stay as they are. What the new file says is
    read and judged before it takes the place of the old one.

    Args:
        changes: In their order.
        file: The settings file; that of this user when left out. It need not exist.

    Returns:
        The settings as they are now, variables of the environment included.

    Raises:
        SettingsInvalid: The file cannot be read or written, or the settings would not be usable; the
            file is as it was before.
    """
    return _change(lambda _said: changes, file)


def _change(changes_of: Callable[[dict[str, Any]], Iterable[Change]], file: Path | None) -> Settings:
    """Make the changes that what the file says asks for; no other writer comes between."""
    path = _file(file)
    with _only_writer(path):
        before = _text_of(path)
        after, expected = before, _parsed(before, path)
        changes = tuple(changes_of(expected))
        for change in changes:
            after, expected = _apply(after, expected, change)
        if _filled(_parsed(after, path)) != _filled(expected):
            raise SettingsInvalid(
                f"The settings file {path} is written in a way that cannot be changed from here.",
                consequence="It was left as it is.",
                remedy="Change it with a text editor.",
            )
        settings = load_settings(expected)
        if any(change.key[0] == "devices" for change in changes):
            station_devices(settings)
        if after != before:
            _write(path, after)
    return settings


def add_simulated_device(entry: Mapping[str, Any], *, file: Path | None = None) -> Settings:
    """Add a simulated scanner beside those there are, the two that a new station has included.

    Args:
        entry: Keys of `SimulatedDeviceSettings`: name, kind, seed, sheets and so on.
        file: The settings file; that of this user when left out.

    Raises:
        SettingsInvalid: Its name is taken, or it cannot be used as described; nothing was changed.
    """
    return _add_named(("devices", "simulated"), entry, lambda settings: settings.devices.simulated, file)


def add_hot_folder(entry: Mapping[str, Any], *, file: Path | None = None) -> Settings:
    """Add a folder that other capture software writes page images into.

    Args:
        entry: Keys of `HotFolderSettings`: name, folder and so on.
        file: The settings file; that of this user when left out.

    Raises:
        SettingsInvalid: Its name is taken, or it cannot be used as described; nothing was changed.
    """
    return _add_named(("devices", "folders"), entry, lambda settings: settings.devices.folders, file)


def remove_device(kind: str, name: str, *, file: Path | None = None) -> Settings:
    """Take a simulated scanner ("simulated") or a hot folder ("folders") out of the settings.

    Raises:
        SettingsInvalid: There is none of that name in the file, or the file cannot be changed.
    """
    key: Key = ("devices", kind)

    def changes(said: dict[str, Any]) -> list[Change]:
        current = list(getattr(load_settings(said).devices, kind))
        if name not in [device.name for device in current]:
            raise SettingsInvalid(
                f"There is no device {name!r} in the settings.", remedy="Look for it again."
            )
        written = _entries(said, key)
        if written is None:
            # only the two that a new station has: from now on the file says which there are
            kept = [_said(device) for device in current if device.name != name]
            return [*(AddEntry(key, entry) for entry in kept)] or [SetValue(key, [])]
        if len(written) == 1:
            return [RemoveValue(key), SetValue(key, [])]
        return [RemoveValue((*key, [entry["name"] for entry in written].index(name)))]

    return _change(changes, file)


def _add_named(
    key: Key, entry: Mapping[str, Any], devices_of: Callable[[Settings], Any], file: Path | None
) -> Settings:
    if variable := overriding_variable(key):
        raise SettingsInvalid(
            f"The variable {variable} decides which devices there are.",
            consequence="Nothing was changed.",
            remedy="Add the device there, or take the variable away and start Recto again.",
        )

    def changes(said: dict[str, Any]) -> list[Change]:
        current = list(devices_of(load_settings(said)))
        if entry.get("name") in [device.name for device in current]:
            raise SettingsInvalid(
                f"There is a device {entry['name']!r} already.",
                consequence="Nothing was changed.",
                remedy="Give the new one another name.",
            )
        # the defaults hold only while the file names none
        unwritten = [] if _entries(said, key) is not None else [_said(device) for device in current]
        return [AddEntry(key, one) for one in (*unwritten, entry)]

    return _change(changes, file)


def _said(device: Any) -> dict[str, Any]:
    said: dict[str, Any] = device.model_dump(mode="json", exclude_defaults=True)
    return said


def _entries(said: dict[str, Any], key: Key) -> list[dict[str, Any]] | None:
    try:
        entries: list[dict[str, Any]] = at(said, key)
    except KeyError:
        return None
    return entries


def _file(file: Path | None) -> Path:
    path = (file or settings_file()).expanduser()
    try:
        # a link stays a link: dotfiles are often kept elsewhere
        return path.resolve()
    except (OSError, RuntimeError) as error:
        # links that lead to each other
        raise SettingsInvalid(f"The settings file {path} cannot be read: {error}.") from error


def _apply(text: str, data: dict[str, Any], change: Change) -> tuple[str, dict[str, Any]]:
    """The text with a change, and what reading it must give."""
    if isinstance(change, AddEntry):
        entry = {name: _plain(value) for name, value in change.entry.items() if value is not None}
        try:
            entries = list(at(data, change.key))
        except KeyError:
            entries = []
        return append_entry(text, change.key, entry), changed(data, change.key, [*entries, entry])
    if isinstance(change, RemoveValue) or change.value is None:
        return remove(text, change.key), without(data, change.key)
    value = _plain(change.value)
    return set_value(text, change.key, value), changed(data, change.key, value)


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    """Parsed TOML without its empty tables, which say nothing."""
    inner = {name: _filled(value) if isinstance(value, dict) else value for name, value in data.items()}
    return {name: value for name, value in inner.items() if value != {}}


def _plain(value: Any) -> Any:
    """A value as it will be read back."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items() if part is not None}
    return value


@contextmanager
def _only_writer(path: Path) -> Iterator[None]:
    """Let no other process change the file meanwhile: it would undo what this one writes."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError as error:
            # some network shares have no locks; then the last of two writers wins
            log.warning("settings.unlocked", folder=str(path.parent), error=str(error))
        yield
    finally:
        os.close(descriptor)


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"The settings file {path} cannot be read: {error}.") from error


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsInvalid(f"The settings file {path} cannot be read: {error}.") from error


def _write(path: Path, text: str) -> None:
    try:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else OWNER_ONLY
        write_durably(path, text.encode(), mode=mode)
    except UnicodeEncodeError as error:
        raise SettingsInvalid(
            "There are characters in the new value that no file can hold.",
            consequence="The settings are as they were before.",
            remedy="Write it again by hand.",
        ) from error
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> SettingsInvalid:
    return SettingsInvalid(
        f"The settings file {path} cannot be written: {error.strerror or error}.",
        consequence="The settings are as they were before.",
        remedy="Check the rights and the free space of that folder, then try again.",
    )
