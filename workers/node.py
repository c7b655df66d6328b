# SPDX-License-Identifier: Apache-2.0
"""What a process needs to do a unit's work: settings, registry, folders and devices."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from archive.registry import Registry, open_registry
from archive.registry.tables import BatchRow
from archive.storage.target import StorageTarget
from hardware.configuration import HardwareConfiguration
from workers.errors import SettingsInvalid
from workers.secrets import DATABASE, access_key_for, with_password
from workers.settings import Settings, load_settings
from workers.settings_in_force import file_stamp, taken_over
from workers.station_devices import station_devices

if TYPE_CHECKING:
    from archive.storage.place import Place
    from archive.storage.staging_place import StagingPlace

log = structlog.get_logger(__name__)

WORKER_PATIENCE_SECONDS = 20.0
"""A database server restarts in less; a worker that gave up at once would lose the unit it has just finished."""


class Node:
    """A process of a station or a compute node.

    Args:
        settings: The settings this process runs with.
        patience_seconds: How long each transaction waits for a database server that is away.
    """

    def __init__(self, settings: Settings, *, patience_seconds: float = 0.0) -> None:
        self.settings = settings
        self._patience = patience_seconds
        self._stations: dict[str, str] = {}

    @cached_property
    def registry(self) -> Registry:
        """The registry, opened at first use."""
        settings = self.settings
        address = with_password(settings.registry_url, DATABASE, settings.passwords_in_keyring)
        return open_registry(address, patience_seconds=self._patience, wanted=self._wanted_kinds)

    def _wanted_kinds(self) -> frozenset[str] | None:
        """The kinds of notifications that anybody wants; all where other hosts may have settings of their own."""
        shared = not self.settings.registry_url.startswith("sqlite")
        return None if shared else self.settings.notifications.wanted_kinds()

    def close(self) -> None:
        """Let the registry go, if it was ever opened: whoever ends must not fail for want of what it never had."""
        registry: Registry | None = self.__dict__.pop("registry", None)
        if registry is not None:
            registry.close()

    @cached_property
    def staging(self) -> StagingPlace:
        """Where page files go from host to host; the settings must say so.

        Raises:
            StorageUrlInvalid, AccessRefused: It cannot be used as the settings tell.
        """
        from archive.storage.staging_place import open_staging_place

        target = self.settings.staging.target()
        key = access_key_for("staging", target)
        return open_staging_place(
            target.url,
            endpoint=target.endpoint,
            region=target.region,
            access_key=key.access_key if key else None,
            secret_key=key.secret_key if key else None,
        )

    @property
    def stages_files(self) -> bool:
        """Whether page files go from host to host by the staging place."""
        return self.settings.staging.mode == "s3"

    def is_home(self, batch: str) -> bool:
        """Whether a batch's files have their place here: its station is this one, or all hosts share the folder.

        Raises:
            RegistryUnreachable: It is not known yet, and cannot be asked.
        """
        if not self.stages_files:
            return True
        if batch not in self._stations:
            with self.registry.reading() as session:
                row = session.get(BatchRow, batch)
            if row is None:
                return True
            self._stations[batch] = row.station
        return self._stations[batch] == self.settings.station

    def batch_folder(self, batch: str) -> Path:
        """Where a batch's files lie: in the data directory, or where other stations' files are kept for a while."""
        return (self.settings.batches if self.is_home(batch) else self.settings.cached_batches) / batch

    def item_folder(self, batch: str, item: str) -> Path:
        """Where an item's files lie."""
        return self.batch_folder(batch) / "items" / item

    def bag_folder(self, batch: str) -> Path:
        """Where a batch's bags lie until their copies are confirmed."""
        return self.batch_folder(batch) / "bags"

    def bag_file(self, batch: str, bag: Mapping[str, Any]) -> Path:
        """Where the bag of an item is, or would be, on this host, whichever host made it.

        Args:
            batch: The batch.
            bag: What is recorded of the bag.
        """
        return self.bag_folder(batch) / f"{bag['name']}.tar" if self.stages_files else Path(bag["path"])

    def hardware(self) -> HardwareConfiguration:
        """The devices of this station, as the hardware floor wants them described.

        Raises:
            SettingsInvalid: A device cannot be used as it is described.
        """
        return station_devices(self.settings)

    def storage_target(self, name: str) -> StorageTarget:
        """A storage target by its name in the settings, or by its URL.

        Raises:
            SettingsInvalid: There is no target of that name.
            SecretsUnavailable: Its key is in the keyring, which stays locked.
        """
        from archive.storage.open_target import open_target

        url, options = self._reached_by(name)
        return open_target(url, **options)

    def place(self, name: str) -> Place:
        """A place that can be listed and read, by the name of a storage target in the settings, or by its URL.

        Raises:
            SettingsInvalid: There is no target of that name.
            SecretsUnavailable: Its key is in the keyring, which stays locked.
            StorageUrlInvalid, AccessRefused: It cannot be used as the settings tell.
        """
        from archive.storage.open_place import open_place

        url, options = self._reached_by(name)
        return open_place(url, **options)

    def address(self, name: str) -> str:
        """The address of a storage target, by its name in the settings, or by its address, without reaching for it.

        Raises:
            SettingsInvalid: There is no target of that name.
        """
        known = self.settings.storage_targets()
        if name in known:
            return known[name].url
        if "/" in name:
            return name
        raise SettingsInvalid(f"There is no storage target {name!r}; known are: {', '.join(sorted(known))}.")

    def _reached_by(self, name: str) -> tuple[str, dict[str, str | None]]:
        """Address and options of a storage target, by its name in the settings, or by its address."""
        known = self.settings.storage_targets()
        if name not in known:
            return self.address(name), {}
        target = known[name]
        key = access_key_for(name, target)
        return target.url, {
            "endpoint": target.endpoint,
            "region": target.region,
            "access_key": key.access_key if key else None,
            "secret_key": key.secret_key if key else None,
        }

    def wants_parts(self, names: Sequence[str]) -> bool:
        """Whether any of these storage targets proves uploads part by part, told without reaching for it."""
        from archive.storage.open_target import sends_parts

        known = self.settings.storage_targets()
        return any(sends_parts(known[name].url if name in known else name) for name in names)


_nodes: dict[int, Node] = {}
_stamps: dict[int, tuple[int, int, int]] = {}


def this_node() -> Node:
    """The node of this process; a forked child gets one of its own, for it may not share its parent's database.

    A settings file that was changed meanwhile is followed as far as a running process can; one that
    cannot be used is told in the log, and changes nothing.
    """
    process, stamp = os.getpid(), file_stamp()
    if process not in _nodes:
        _nodes.clear()
        _nodes[process] = Node(load_settings(), patience_seconds=WORKER_PATIENCE_SECONDS)
    elif _stamps.get(process) != stamp:
        node = _nodes[process]
        try:
            node.settings = taken_over(load_settings(), node.settings)
        except SettingsInvalid as error:
            log.warning("settings.not_followed", error=error.message)
    _stamps[process] = stamp
    return _nodes[process]
