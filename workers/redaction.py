# SPDX-License-Identifier: Apache-2.0
"""Taking secrets out of texts that people, logs and reports get to see."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

HIDDEN = "***"

SHORTEST = 4
"""Letters below which a secret is not looked for: taking it out would tear ordinary words apart."""

# up to the last @: who types a password into an address forgets to write its / and @ as %2F and %40
_PASSWORD_IN_ADDRESS = re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://[^\s/?#@:'\"]*:)[^\s'\"]+(?=@)")

_NAMED = re.compile(
    r"(?i)((?:secret[_-]?(?:access[_-]?)?key|session[_-]?token|password|passwd)\w*['\"]?\s*[=:]\s*['\"]?)"
    r"[^\s'\",;]+"
)

_known: set[str] = set()


def remember_secret(secret: str) -> None:
    """Have `redact` take this secret out of texts from now on, in every process that has read it itself."""
    if len(secret) >= SHORTEST:
        _known.update({secret, quote(secret, safe=""), json.dumps(secret)[1:-1]})


def holds_secret(text: str) -> bool:
    """Whether a text has a password in an address, or a value that is named as a secret."""
    return bool(_PASSWORD_IN_ADDRESS.search(text) or _NAMED.search(text))


def redact(text: str) -> str:
    """The text without secrets read in this process, passwords in addresses, and values named as secrets."""
    # the longest first: one secret may be part of another
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return _NAMED.sub(rf"\g<1>{HIDDEN}", _PASSWORD_IN_ADDRESS.sub(rf"\g<1>{HIDDEN}", text))
