# SPDX-License-Identifier: Apache-2.0
"""One request to a remote endpoint: paced, bounded in time and size, never redirected, tried again where that helps."""

from __future__ import annotations

import http.client
import random
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive.fetching.http_errors import seconds_to_wait
from workers.errors import ProviderFailed

LARGEST_ANSWER = 256 << 10
"""Bytes: forty suggestions have a tenth of it."""
TRIES = 3
LONGEST_PAUSE = 60.0
"""Seconds that a server may have us wait; the item goes on without where it asks for more."""
_FIRST_PAUSE = 1.0
_BLOCK = 16 << 10
_TOO_MANY, _SERVER_ERRORS, _REDIRECTS = 429, 500, range(300, 400)


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent, and within which bounds.

    Attributes:
        url: Where to.
        body: JSON.
        key: The bearer's key; None where the server asks for none.
        timeout: Seconds for the whole answer.
        per_minute: Requests of this process in a minute.
    """

    url: str
    body: bytes = field(repr=False)
    key: str | None = field(repr=False)
    timeout: float
    per_minute: float

    @property
    def place(self) -> str:
        """Host and port, for messages and for the pace."""
        return urlsplit(self.url).netloc


@dataclass
class Breaker:
    """Stops asking a server that fails again and again.

    Attributes:
        failures: Failures in a row.
        next_at: When the next request may leave, for the pace.
        closed_until: Before when nothing is asked.
    """

    failures: int = 0
    next_at: float = 0.0
    closed_until: float = 0.0


PATIENCE = 5
"""Failures in a row after which a server is left alone."""
REST_SECONDS = 300.0
_breakers: dict[str, Breaker] = {}
_lock = threading.Lock()


def forget_failures() -> None:
    """Ask every server again, as a new process does."""
    with _lock:
        _breakers.clear()


class _TryAgain(Exception):
    def __init__(self, message: str, pause: float = 0.0) -> None:
        super().__init__(message)
        self.message = message
        self.pause = pause


def send(
    sending: Sending,
    *,
    wait: Callable[[float], None],
    before_each: Callable[[], None],
    now: Callable[[], float] = time.monotonic,
) -> bytes:
    """Send, and read the answer.

    Only an overloaded or failing server (429, 5xx) is tried again, with growing pauses that differ by chance.

    Args:
        sending: What, where to and within which bounds.
        wait: Waits some seconds, for the pace and between tries.
        before_each: Called before each try; what it raises ends them.
        now: The clock.

    Raises:
        ProviderFailed: There is no usable answer.
    """
    _require_open(sending.place, now())
    trouble = ""
    for attempt in range(TRIES):
        if pause := _until_turn(sending, now()):
            wait(pause)
        before_each()
        try:
            answer = _once(sending, now)
        except _TryAgain as error:
            trouble = error.message
            _note_failure(sending.place, now())
            if error.pause > LONGEST_PAUSE or attempt == TRIES - 1:
                break
            # jitter only: it keeps workers from coming back all at once
            wait(max(error.pause, _FIRST_PAUSE * 2**attempt) * random.uniform(1.0, 1.5))  # noqa: S311
        except ProviderFailed:
            _note_failure(sending.place, now())
            raise
        else:
            with _lock:
                _breakers[sending.place].failures = 0
            return answer
    raise ProviderFailed(trouble)


def _until_turn(sending: Sending, now: float) -> float:
    """Seconds until this process may send again; the place in the row is taken."""
    with _lock:
        breaker = _breakers.setdefault(sending.place, Breaker())
        turn = max(now, breaker.next_at)
        breaker.next_at = turn + 60.0 / sending.per_minute
    return turn - now


def _require_open(place: str, now: float) -> None:
    with _lock:
        breaker = _breakers.setdefault(place, Breaker())
        if now < breaker.closed_until:
            raise ProviderFailed(
                f"{place} failed {breaker.failures} times in a row and is left alone for a while."
            )


def _note_failure(place: str, now: float) -> None:
    with _lock:
        breaker = _breakers[place]
        breaker.failures += 1
        if breaker.failures >= PATIENCE:
            breaker.closed_until = now + REST_SECONDS


def _once(sending: Sending, now: Callable[[], float]) -> bytes:
    opener = urllib.request.OpenerDirector()
    # an opener that knows of no redirects follows none: texts go to the host that was allowed, or nowhere
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    opener.addheaders = []
    request = urllib.request.Request(  # noqa: S310 - the opener knows HTTP and HTTPS only
        sending.url,
        data=sending.body,
        method="POST",
        headers={
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "recto",
        },
    )
    if sending.key is not None:
        request.add_unredirected_header("Authorization", f"Bearer {sending.key}")
    end = now() + sending.timeout
    try:
        with opener.open(request, timeout=sending.timeout) as answer:
            return _read(answer, sending, end, now)
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(sending.place, error) from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        told = str(reason).rstrip(".") or type(reason).__name__
        raise ProviderFailed(f"{sending.place} cannot be asked: {told}.") from None


def _refusal(place: str, error: urllib.error.HTTPError) -> Exception:
    if error.code == _TOO_MANY or error.code >= _SERVER_ERRORS:
        pause = seconds_to_wait(error.headers.get("Retry-After"))
        return _TryAgain(f"{place} answers {error.code} again and again.", pause)
    if error.code in _REDIRECTS:
        return ProviderFailed(f"{place} sends us on to another address, which is not followed.")
    return ProviderFailed(f"{place} refuses: it answers {error.code}.")


def _read(answer: http.client.HTTPResponse, sending: Sending, end: float, now: Callable[[], float]) -> bytes:
    content = bytearray()
    while block := answer.read1(_BLOCK):
        content += block
        if len(content) > LARGEST_ANSWER:
            raise ProviderFailed(f"{sending.place} answers more than {LARGEST_ANSWER >> 10} KiB.")
        if now() > end:
            # a byte now and then keeps a connection open for ever
            raise ProviderFailed(f"{sending.place} has not answered within {sending.timeout:g} seconds.")
    return bytes(content)
