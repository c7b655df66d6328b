# SPDX-License-Identifier: Apache-2.0
"""Why a service did not take a message, in words of ours: what programs say of it may repeat address and password."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DETAIL = re.compile(r"\bExceptions?\b[^:]*: ")
"""Lines in which Apprise's plug-ins tell what they caught."""

_CAUSES = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (r"self[- ]signed|unable to get (local )?issuer", "no authority known here signed its certificate"),
        (r"certificate has expired", "its certificate has expired"),
        (r"hostname mismatch|not valid for", "its certificate is for another name"),
        (r"CERTIFICATE_VERIFY_FAILED", "its certificate is not valid"),
        (r"\[SSL|SSLError|STARTTLS", "no encrypted connection can be made with it"),
        (r"NameResolutionError|getaddrinfo|Errno -[235]\b", "the name of its server is not known"),
        (r"Errno 111\b|Connection refused", "nothing listens at its address"),
        (r"Errno 11[03]\b|Errno 101\b|timed out", "its server does not answer"),
        (
            r"ConnectionReset|Connection aborted|RemoteDisconnected|IncompleteRead|unexpectedly closed",
            "its server broke off",
        ),
        (r"\((?:530|534|535|538), ", "it refuses the user or the password"),
        (r"(?:\(|error=)(?:421|429|450|451|452)\b", "it takes no more messages for now"),
        (r"\((?:550|551|553|554), ", "it refuses the sender or the recipient"),
    )
)


def is_detail(line: str) -> bool:
    """Whether a line of Apprise's log tells what a plug-in caught."""
    return _DETAIL.search(line) is not None


def causes_in(lines: Iterable[str]) -> list[str]:
    """What these lines tell of the cause, the first that fits for each; nothing of the lines themselves."""
    found = (next((words for pattern, words in _CAUSES if pattern.search(line)), "") for line in lines)
    return list(dict.fromkeys(words for words in found if words))
