# SPDX-License-Identifier: Apache-2.0
"""User names and passwords for scanners behind saned; they are never logged and never in a message."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LONGEST = 127
"""Bytes of a user name or password (SANE_MAX_USERNAME_LEN and SANE_MAX_PASSWORD_LEN, without the end)."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who may use which scanners.

    Attributes:
        user: The user name.
        password: The password.
        resource: Pattern of what it is for, as SANE names it: "*" for all, "host:*" for the devices of
            a host, "host:epson2" for those of one backend there.
    """

    user: str
    password: str = field(repr=False)
    resource: str = "*"

    def __post_init__(self) -> None:
        if not self.user or max(len(self.user.encode()), len(self.password.encode())) > LONGEST:
            raise ValueError(f"A user name has 1 to {LONGEST} bytes, a password at most {LONGEST}")


def credentials_from_environment(environment: Mapping[str, str] = os.environ) -> tuple[Credentials, ...]:
    """Those of SANED_USER and SANED_PASSWORD, for SANED_RESOURCE or all; none without a user."""
    user = environment.get("SANED_USER", "")
    if not user:
        return ()
    password = environment.get("SANED_PASSWORD", "")
    return (Credentials(user, password, environment.get("SANED_RESOURCE", "*")),)


PASSWORD_FILE = Path(".sane/pass")
"""Where scanimage(1) keeps passwords, below the home directory."""


def credentials_from_file(file: Path | None = None) -> tuple[Credentials, ...]:
    """Those of a file of scanimage's form: lines of `user:password:resource`; a resource may have colons.

    Args:
        file: The file; scanimage's own, which need not exist, when left out.

    Raises:
        OSError: The file cannot be read.
        ValueError: Others than its owner may read it, or a line is none of that form; the message does
            not repeat it.
    """
    chosen = file or Path.home() / PASSWORD_FILE
    try:
        # of the open file: another may take its place meanwhile
        with chosen.open(encoding="utf-8") as opened:
            if os.fstat(opened.fileno()).st_mode & 0o077:
                raise ValueError(f"others may read {chosen}; take their rights away with: chmod 600 {chosen}")
            lines = opened.read().splitlines()
    except FileNotFoundError:
        if file is not None:
            raise
        return ()
    return tuple(
        _line(chosen, number, line) for number, line in enumerate(lines, 1) if line.strip() and line[0] != "#"
    )


def _line(file: Path, number: int, line: str) -> Credentials:
    user, _, rest = line.partition(":")
    password, _, resource = rest.partition(":")
    try:
        return Credentials(user, password, resource or "*")
    except ValueError as error:
        raise ValueError(f"line {number} of {file} is not user:password:resource") from error
