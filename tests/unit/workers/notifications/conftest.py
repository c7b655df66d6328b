# SPDX-License-Identifier: Apache-2.0
"""Services on this machine that take messages: a webhook, and a mailbox; each refuses when told to."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from archive.registry.notifications import Kind, notify
from workers.node import Node
from workers.settings import load_settings

PASSWORD = "correct-horse-battery"  # noqa: S105 (made up)
TOKEN = "T0K3N-in-the-path-of-an-address"  # noqa: S105


class Webhook:
    """An HTTP service that keeps what it was sent."""

    def __init__(self) -> None:
        self.refuses = False
        self.taken: list[tuple[str, dict[str, Any]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not outer.refuses:
                    outer.taken.append((self.path, json.loads(body)))
                self.send_response(503 if outer.refuses else 200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def titles(self) -> list[str]:
        return [body["title"] for _, body in self.taken]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Mailbox:
    """A mail server that keeps what it was sent by whoever knows the password."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            authenticator=self._authenticate,
            auth_required=True,
            auth_require_tls=False,
        )
        self._controller.start()

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _how: Any, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        known = data.password == PASSWORD.encode()
        # what is not handled here is refused by the server, with 535
        return AuthResult(success=known, handled=known)

    async def handle_DATA(  # noqa: N802 (aiosmtpd calls it so)
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        assert envelope.content is not None
        raw = envelope.content if isinstance(envelope.content, bytes) else envelope.content.encode()
        self.mails.append(email.message_from_bytes(raw, policy=email.policy.default))
        return "250 kept"

    def close(self) -> None:
        self._controller.stop(no_assert=True)


@pytest.fixture(scope="session")
def started_webhook() -> Iterator[Webhook]:
    made = Webhook()
    yield made
    made.close()


@pytest.fixture
def webhook(started_webhook: Webhook) -> Webhook:
    started_webhook.taken.clear()
    started_webhook.refuses = False
    return started_webhook


@pytest.fixture
def webhook_url(webhook: Webhook) -> str:
    return f"json://clerk:{PASSWORD}@127.0.0.1:{webhook.port}/{TOKEN}"


@pytest.fixture
def make_node(recto_home: Path) -> Iterator[Callable[..., Node]]:
    made: list[Node] = []

    def make(targets: dict[str, Any], **notifications: Any) -> Node:
        node = Node(load_settings({"notifications": {"targets": targets, **notifications}}))
        made.append(node)
        return node

    yield make
    for node in made:
        node.close()


def tell(node: Node, kind: Kind, subject: str, **facts: Any) -> bool:
    with node.registry.transaction() as session:
        return notify(session, kind, subject, facts)
