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
    r"(?i)((?:secret[_-]?(?:access[_-]?)?key|(?:session|security|access|refresh|auth)[_-]?token|api[_-]?key"
    r"|x-amz-signature|password|passwd)\w*['\"]?\s*[=:]\s*(?P<quote>['\"])?)"
    # quoted, it ends with its quotation mark; else with the word
    r"(?(quote)(?:\\.|(?!(?P=quote))[^\\\n])+|[^\s'\",;&]+)"
)

_OPTION = re.compile(r"(?i)(--?(?:password|passwd|secret|token)\s+)\S+")

# such a header's value has blanks: it goes to the end of the line, or of the quoted text
_HEADER = re.compile(
    r"(?i)(\b(?:proxy-)?(?:authorization|set-cookie|cookie)['\"]?\s*[=:]\s*['\"]?)[^\r\n'\"]+"
)

_PRIVATE_KEY = re.compile(r"(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(?=-----END|\Z)", re.DOTALL)

_known: set[str] = set()


def remember_secret(secret: str) -> None:
    """Have `redact` take this secret out of texts from now on, in every process that has read it itself."""
    if len(secret) >= SHORTEST:
        _known.update({secret, quote(secret, safe=""), json.dumps(secret)[1:-1]})


def holds_secret(text: str) -> bool:
    """Whether a text has a password in an address, or a value that is named as a secret."""
    return bool(_PASSWORD_IN_ADDRESS.search(text) or _NAMED.search(text))


def redact(text: str) -> str:
    """The text without secrets read in this process, passwords in addresses, private keys, and values named as secrets."""
    # the longest first: one secret may be part of another
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for pattern in (_PASSWORD_IN_ADDRESS, _PRIVATE_KEY, _HEADER, _NAMED, _OPTION):
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return text
