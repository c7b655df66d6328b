# SPDX-License-Identifier: Apache-2.0
"""The settings of fetching from servers: which hosts, how much, and by which keys they are known."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, field_validator

from workers.settings_table import Part

_FINGERPRINT = re.compile(r"(?P<host>[^\s=]+)[\s=]+(?P<fingerprint>SHA256:[A-Za-z0-9+/]{43}=?)")


class FetchSettings(Part):
    """From where and how files are fetched, see import.md."""

    hosts: tuple[str, ...] = Field(
        default=(),
        description="Hosts that files may be fetched from: host, host:port, *.domain, s3://bucket; any when left out",
    )
    redirect_hosts: tuple[str, ...] = Field(
        default=(), description="Hosts that a server may send us on to; none but itself when left out"
    )
    source_targets: tuple[str, ...] = Field(
        default=(), description="Names of storage targets that files only come from; no bags go there"
    )
    timeout_seconds: float = Field(
        default=60.0, gt=0, description="Longest wait for a connection, and for the next bytes"
    )
    largest_file_bytes: int = Field(default=8 << 30, ge=1, description="A larger file is not fetched")
    most_files: int = Field(default=200_000, ge=1, description="Longest list of files that is read")
    ca_file: Path | None = Field(
        default=None, description="File with the certificates to trust; the system's when left out"
    )
    known_hosts: Path | None = Field(
        default=None, description="File of known SSH hosts; ~/.ssh/known_hosts when left out"
    )
    fingerprints: tuple[str, ...] = Field(
        default=(),
        description="Keys of SSH hosts, each as host SHA256:... or host:port SHA256:...; before known_hosts",
    )
    ssh_key: Path | None = Field(
        default=None, description="Private key for SFTP; the agent and ~/.ssh when left out"
    )

    @field_validator("ca_file", "known_hosts", "ssh_key")
    @classmethod
    def _same_file_everywhere(cls, path: Path | None) -> Path | None:
        if path is not None and not path.expanduser().is_absolute():
            # desktop, workers and commands start in different folders
            raise ValueError("give the whole path of the file, from / or ~ on")
        return path.expanduser() if path is not None else None

    @field_validator("fingerprints")
    @classmethod
    def _legible(cls, fingerprints: tuple[str, ...]) -> tuple[str, ...]:
        for text in fingerprints:
            if not _FINGERPRINT.fullmatch(text.strip()):
                raise ValueError(f'{text!r} is not of the form "host SHA256:..." that ssh-keygen -lf shows')
        return fingerprints

    def fingerprint_of_hosts(self) -> dict[str, str]:
        """The fingerprints by host."""
        found = (_FINGERPRINT.fullmatch(text.strip()) for text in self.fingerprints)
        return {match["host"]: match["fingerprint"] for match in found if match}
