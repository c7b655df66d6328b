# SPDX-License-Identifier: Apache-2.0
"""How servers may be reached: which hosts, how long, how much, and where keys and passwords come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.errors import HostNotAllowed
from archive.fetching.addresses import SourceAddress, parse_address


def no_password(address: SourceAddress) -> str | None:
    """There are no passwords."""
    del address
    return None


def amazon(address: SourceAddress) -> Mapping[str, Any]:
    """Every bucket is Amazon's, with the keys of the AWS credential chain."""
    del address
    return {}


@dataclass(frozen=True, slots=True)
class Access:
    """How servers may be reached.

    Attributes:
        hosts: Whom to ask at all: `host`, `host:port`, `*.domain` or `s3://bucket`; anybody where empty.
        redirect_hosts: Whither a server may send us on, in the same form; only to itself where empty.
        timeout: Seconds to wait for a connection, and for the next bytes.
        largest_file: Bytes that one file may have.
        most_files: Files that one list may name.
        ca: File with the certificates to trust; those of the system where None.
        known_hosts: File of SSH host keys; the user's own where None.
        fingerprints: SSH host keys by `host` or `host:port`, as `SHA256:...`; they come before known_hosts.
        ssh_key: Private key for SFTP; the agent and the user's own keys where None.
        password_of: The password of an address's user on its host, None where none is kept.
        bucket_of: Arguments for `archive.storage.s3_source.S3Source`: endpoint, region, keys of a bucket.
    """

    hosts: tuple[str, ...] = ()
    redirect_hosts: tuple[str, ...] = ()
    timeout: float = 60.0
    largest_file: int = 8 << 30
    most_files: int = 200_000
    ca: Path | None = None
    known_hosts: Path | None = None
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    ssh_key: Path | None = None
    password_of: Callable[[SourceAddress], str | None] = no_password
    bucket_of: Callable[[SourceAddress], Mapping[str, Any]] = amazon

    def require_host(self, address: SourceAddress) -> None:
        """Refuse a host that the settings do not allow.

        Raises:
            HostNotAllowed: It is not among them.
        """
        if self.hosts and not _is_one_of(address, self.hosts):
            raise HostNotAllowed(
                f"The settings do not allow to fetch from {address.place}.",
                remedy=f"If it is to be trusted, add {address.place} to fetch.hosts in the settings.",
                host=address.place,
            )

    def require_redirect(self, asked: SourceAddress, target: str) -> SourceAddress:
        """The address that a server sends us on to, if it may.

        Raises:
            HostNotAllowed: It leads to another host, or from a safe connection to an open one.
            SourceUrlInvalid: It is no address that can be fetched, such as file:.
        """
        # the servers' own signed addresses are neither shown nor kept
        sent_to = parse_address(target, from_server=True)
        same_host = (sent_to.host, sent_to.port) == (asked.host, asked.port)
        upgraded = (asked.scheme, sent_to.scheme, asked.port, sent_to.port) == ("http", "https", None, None)
        downgraded = (asked.scheme, sent_to.scheme) == ("https", "http")
        web = {asked.scheme, sent_to.scheme} <= {"http", "https"}
        known = same_host and (upgraded or asked.scheme == sent_to.scheme)
        if web and not downgraded and (known or _is_one_of(sent_to, self.redirect_hosts)):
            return sent_to
        raise HostNotAllowed(
            f"{asked.url} sends us on to {sent_to.scheme}://{sent_to.place}, which the settings do not allow.",
            remedy=f"If that host is to be trusted, add {sent_to.place} to fetch.redirect_hosts in the settings.",
            host=sent_to.place,
        )


def _is_one_of(address: SourceAddress, hosts: tuple[str, ...]) -> bool:
    return any(_fits(address, host.strip().lower()) for host in hosts)


def _fits(address: SourceAddress, allowed: str) -> bool:
    if address.scheme == "s3":
        return allowed == f"s3://{address.host}".lower()
    host = address.host.lower()
    if allowed.startswith("*."):
        return host.endswith(allowed[1:])
    return allowed in {host, address.place.lower()}
