# SPDX-License-Identifier: Apache-2.0
"""Which SSH hosts are the ones that they say they are: by a fingerprint in the settings, or by known_hosts."""

from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path

import paramiko  # type: ignore[import-untyped]

from archive.errors import HostNotTrusted
from archive.fetching.access import Access
from archive.fetching.addresses import SourceAddress


def prepare_host_keys(client: paramiko.SSHClient, address: SourceAddress, access: Access) -> None:
    """Let a client connect to this host only when its key is the known one.

    Where a fingerprint is given for the host, it alone decides; known_hosts is not asked.
    """
    wanted = access.fingerprints.get(address.place) or access.fingerprints.get(address.host, "")
    client.set_missing_host_key_policy(_OnlyThisKey(address.place, wanted))
    file = access.known_hosts or Path.home() / ".ssh" / "known_hosts"
    if not wanted and file.is_file():
        try:
            client.load_system_host_keys(str(file))
        except (OSError, paramiko.SSHException) as error:
            raise HostNotTrusted(f"The file of known hosts {file} cannot be read: {error}.") from error


def fingerprint_of(key: paramiko.PKey) -> str:
    """The fingerprint of a key, as OpenSSH shows it: SHA256 and Base64 without padding."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")


class _OnlyThisKey(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Refuses every key but the one whose fingerprint is given."""

    def __init__(self, place: str, wanted: str) -> None:
        self._place = place
        self._wanted = wanted.strip().rstrip("=")

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        del client, hostname
        found = fingerprint_of(key)
        if self._wanted and hmac.compare_digest(found, self._wanted):
            return
        if self._wanted:
            raise HostNotTrusted(
                f"The key of {self._place} has the fingerprint {found}; the settings have {self._wanted}.",
                remedy="Ask the server's owner whether its key was changed. If not, somebody stands in between.",
                fingerprint=found,
            )
        raise HostNotTrusted(
            f"Nobody has said yet that {self._place} is the right server; its key ({key.get_name()}) has the "
            f"fingerprint {found}.",
            fingerprint=found,
        )
