# SPDX-License-Identifier: Apache-2.0
"""The storage target that a command's `--to` means: one of the settings, a path, or an address."""

from __future__ import annotations

from archive.storage.open_target import open_target
from archive.storage.target import StorageTarget
from workers.secrets import access_key_for
from workers.settings import Settings


def chosen_target(
    settings: Settings, url: str, *, endpoint: str | None = None, bandwidth: str | None = None
) -> StorageTarget:
    """The target of a name in the settings, else of an address.

    Args:
        settings: The settings of this station.
        url: Name, path or address.
        endpoint: Address of an S3 service, in place of that in the settings.
        bandwidth: Bytes a second for everything together, as "10M".

    Raises:
        StorageUrlInvalid: The address cannot be understood.
        AccessRefused: No usable credential configuration (S3).
        SecretsUnavailable: The target's key is in the keyring, which stays locked.
    """
    known = settings.storage_targets().get(url)
    if known is None:
        return open_target(url, endpoint=endpoint, bandwidth=bandwidth)
    key = access_key_for(url, known)
    return open_target(
        known.url,
        endpoint=endpoint or known.endpoint,
        region=known.region,
        bandwidth=bandwidth,
        access_key=key.access_key if key else None,
        secret_key=key.secret_key if key else None,
    )
