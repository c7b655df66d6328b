# SPDX-License-Identifier: Apache-2.0
"""S3 clients that many targets and places have together, for as long as somebody goes through many of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any


class _Shared:
    """Clients by what they were made of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: dict[Any, Any] = {}

    def get(self, options: Any, make: Callable[[Any], Any]) -> Any:
        with self._lock:
            if options not in self._clients:
                self._clients[options] = make(options)
            return self._clients[options]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


_shared: ContextVar[_Shared | None] = ContextVar("_shared", default=None)


@contextmanager
def shared_clients() -> Iterator[None]:
    """Within the block, and in threads that run in a copy of its context, equal options give the same client.

    It ends with the block, so that credentials which are renewed meanwhile are read again the next time.
    """
    shared = _Shared()
    token = _shared.set(shared)
    try:
        yield
    finally:
        _shared.reset(token)
        shared.close()


def client_for(options: Any, make: Callable[[Any], Any]) -> Any:
    """A client for some options: a shared one within `shared_clients`, else one of its own.

    Args:
        options: How to reach the service; hashable.
        make: Makes a client.
    """
    shared = _shared.get()
    return make(options) if shared is None else shared.get(options, make)
