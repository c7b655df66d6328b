# SPDX-License-Identifier: Apache-2.0
"""Answering a driver that asks for a user name and a password (SANE standard 1.06, section 4.3.1)."""

from __future__ import annotations

import ctypes
import hashlib
import sys
from collections.abc import Callable, Sequence
from ctypes import CFUNCTYPE, POINTER, c_char, c_char_p
from fnmatch import fnmatch
from typing import Any

from hardware.credentials import LONGEST, Credentials
from hardware.sane.binding import decode

_MARK = "$MD5$"
_SALT = 128

AuthorizationCallback = CFUNCTYPE(None, c_char_p, POINTER(c_char), POINTER(c_char))
"""SANE_Auth_Callback."""


def answer(credentials: Sequence[Credentials], resource: str) -> tuple[str, str] | None:
    """The user name and password for a resource, or None when there are none for it.

    A resource that ends in `$MD5$` and a salt asks for the MD5 digest of salt and password instead of
    the password (section 5.2.10, on the network protocol).
    """
    name, mark, salt = resource.partition(_MARK)
    for known in credentials:
        if fnmatch(name, known.resource):
            if not mark:
                return known.user, known.password
            salted = salt.encode()[:_SALT] + known.password.encode()
            # MD5 is what the protocol prescribes
            return known.user, _MARK + hashlib.md5(salted, usedforsecurity=False).hexdigest()
    return None


def authorization_callback(credentials: Sequence[Credentials]) -> Any:
    """A callback for `sane_init`; it must be kept as long as the library is used."""

    def authorize(resource: bytes | None, user: Any, password: Any) -> None:
        found = answer(credentials, decode(resource))
        if found is None:
            sys.stderr.write(f"no user name is known for {decode(resource).partition(_MARK)[0]}\n")
        for text, place in zip(found or ("", ""), (user, password), strict=True):
            data = text.encode()[:LONGEST] + b"\0"
            ctypes.memmove(place, data, len(data))

    callback: Callable[..., None] = AuthorizationCallback(authorize)
    return callback
