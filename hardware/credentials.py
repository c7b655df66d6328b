# SPDX-License-Identifier: Apache-2.0
"""User names and passwords for scanners behind saned; they are never logged and never in a message."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

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
