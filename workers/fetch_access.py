# SPDX-License-Identifier: Apache-2.0
"""How this station may reach servers: what the settings say, with passwords and keys from the keyring where they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from archive.fetching.access import Access
from archive.fetching.addresses import SourceAddress
from workers.errors import KeyringMissing
from workers.secrets import access_key_for, keep_password, password_of
from workers.settings import Settings


def access_of(settings: Settings) -> Access:
    """The access that the settings give; the keyring is asked when a server is, once for each user and host."""
    known: dict[str, str | None] = {}

    def password(address: SourceAddress) -> str | None:
        if not address.user:
            return None
        place = password_place(address)
        if place not in known:
            known[place] = _kept(place)
        return known[place]

    fetch = settings.fetch
    return Access(
        hosts=fetch.hosts,
        redirect_hosts=fetch.redirect_hosts,
        timeout=fetch.timeout_seconds,
        largest_file=fetch.largest_file_bytes,
        most_files=fetch.most_files,
        ca=fetch.ca_file,
        known_hosts=fetch.known_hosts,
        fingerprints=fetch.fingerprint_of_hosts(),
        ssh_key=fetch.ssh_key,
        password_of=password,
        bucket_of=lambda address: _bucket(settings, address),
    )


def password_place(address: SourceAddress) -> str:
    """Under which name the keyring holds the password of an address's user: one for all folders of a host."""
    return f"fetch:{address.scheme}://{address.user}@{address.place}"


def keep_server_password(address: SourceAddress, password: str) -> None:
    """Keep the password of an address's user on its host, where workers of this user find it.

    Raises:
        SecretsUnavailable: The keyring did not take it.
    """
    keep_password(password_place(address), password)


def _kept(place: str) -> str | None:
    try:
        return password_of(place)
    except KeyringMissing:
        # a compute node has none: keys of SSH and open servers need none either
        return None


def _bucket(settings: Settings, address: SourceAddress) -> Mapping[str, Any]:
    """How a bucket is reached: as the storage target that is in it; by the AWS chain where none is."""
    for name, target in settings.storage.items():
        parts = urlsplit(target.url)
        if parts.scheme == "s3" and parts.netloc == address.host:
            key = access_key_for(name, target)
            return {
                "endpoint": target.endpoint,
                "region": target.region,
                "access_key": key.access_key if key else None,
                "secret_key": key.secret_key if key else None,
            }
    return {}
