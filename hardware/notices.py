# SPDX-License-Identifier: Apache-2.0
"""What went wrong while devices were looked for, and did not stop the search."""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

_REMEDY = (
    "If no scanner here needs it, leave it out: name the others as sane_backends in the settings, or take it out of "
    "the system's dll.conf."
)


@dataclass(frozen=True, slots=True)
class DiscoveryNotice:
    """One backend that did not answer; its scanners are missing from the list.

    Attributes:
        backend: The SANE backend, or `net:HOST` for one host of it; empty for SANE as a whole.
        code: What happened, in one word for programs.
        message: What happened and what it means.
        remedy: What can be done.
        facts: More, for those who want to find out why.
    """

    backend: str
    code: str
    message: str
    remedy: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The notice as a JSON object."""
        return asdict(self)

    @classmethod
    def silent(cls, backend: str | None, seconds: float) -> Self:
        """A backend hung, and was killed."""
        return cls(
            backend or "",
            "discovery.silent",
            f"{_name(backend)} did not answer within {seconds:g} s; its scanners are missing.",
            f"{_REMEDY} If it is only slow, raise backend_seconds.",
            {"seconds": seconds},
        )

    @classmethod
    def crashed(cls, backend: str | None, status: int, last_words: str) -> Self:
        """A backend ended before it had answered."""
        how = f"signal {_signal_name(-status)}" if status < 0 else f"exit code {status}"
        return cls(
            backend or "",
            "discovery.crashed",
            f"{_name(backend)} crashed ({how}); its scanners are missing.",
            _REMEDY,
            {"status": status, "last_words": last_words},
        )

    @classmethod
    def failed(cls, backend: str | None, error: Mapping[str, Any]) -> Self:
        """A backend, or libsane, said itself that it could not look."""
        return cls(
            backend or "",
            str(error["code"]),
            f"{error['message']} Its scanners are missing.",
            str(error["remedy"]),
            dict(error.get("facts", {})),
        )

    @classmethod
    def not_installed(cls, backend: str | None) -> Self:
        """A backend that the settings name is not there."""
        return cls(
            backend or "",
            "discovery.not_installed",
            f"The SANE backend {backend}, which the settings name, is not installed; it finds no scanners.",
            "Install it, or correct its name in sane_backends; the installed ones are files libsane-NAME.so.1.",
        )

    @classmethod
    def nothing_offered(cls, backend: str | None) -> Self:
        """A host that the settings name has told of no scanner; libsane does not say whether it took the call."""
        host = (backend or "").partition(":")[2]
        return cls(
            backend or "",
            "discovery.nothing_offered",
            f"The host {host}, which the settings name, offers no scanners, or takes no call.",
            "See there whether saned runs, lets this machine in (saned.conf) and finds its scanners, or take the "
            "host out of sane_hosts.",
        )

    @classmethod
    def out_of_time(cls, backends: Sequence[str | None], seconds: float) -> Self:
        """The time for the whole search was over."""
        named = ", ".join(backend or "all of SANE" for backend in backends)
        return cls(
            "",
            "discovery.out_of_time",
            f"SANE was not done within {seconds:g} s; these backends had not answered: {named}.",
            "Raise discovery_seconds in the settings, or name the backends that are needed as sane_backends.",
            {"backends": [backend or "" for backend in backends], "seconds": seconds},
        )


def _name(backend: str | None) -> str:
    name, _, host = (backend or "").partition(":")
    if host:
        return f"The host {host}, called by the SANE backend {name},"
    return f"The SANE backend {name}" if name else "SANE"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
