# SPDX-License-Identifier: Apache-2.0
"""Whoever reads why a message was not sent knows whom to ask: certificate, password, name, or a service that is busy."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.servers.certificates import make_certificates
from tests.unit.workers.notifications.conftest import PASSWORD, TOKEN, Mailbox
from workers.errors import NotificationNotSent
from workers.node import Node
from workers.notifications.causes import causes_in, is_detail
from workers.notifications.delivery import send_trial

MakeNode = Callable[..., Node]

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


class _Busy(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(429)
        self.send_header("Retry-After", "600")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


class _Quiet(HTTPServer):
    def handle_error(self, *_: Any) -> None:
        """A client that does not trust us ends the connection."""


@pytest.fixture
def busy_port(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[int]:
    server = _Quiet(("127.0.0.1", 0), _Busy)
    if request.param == "tls":
        made = make_certificates(tmp_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made.certificate, made.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield int(server.server_address[1])
    server.shutdown()
    thread.join()
    server.server_close()


def why(node: Node) -> str:
    with pytest.raises(NotificationNotSent) as caught:
        send_trial(node, "office")
    assert PASSWORD not in str(caught.value.to_json())
    assert TOKEN not in str(caught.value.to_json())
    return caught.value.message


@pytest.mark.parametrize("busy_port", ["tls"], indirect=True)
def test_an_authority_that_nobody_here_knows_is_told(make_node: MakeNode, busy_port: int) -> None:
    node = make_node({"office": {"url": f"jsons://clerk:{PASSWORD}@localhost:{busy_port}/{TOKEN}"}})
    assert why(node).endswith("no authority known here signed its certificate.")


@pytest.mark.parametrize("busy_port", ["plain"], indirect=True)
def test_a_service_that_takes_no_more_for_now_is_told(make_node: MakeNode, busy_port: int) -> None:
    node = make_node({"office": {"url": f"json://clerk:{PASSWORD}@localhost:{busy_port}/{TOKEN}"}})
    assert why(node).endswith("it takes no more messages for now.")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_password_that_is_refused_is_told(make_node: MakeNode) -> None:
    mailbox = Mailbox()
    try:
        url = f"mailto://clerk:not-{PASSWORD}@127.0.0.1:{mailbox.port}?from=r@example.org&to=a@example.org&mode=insecure"
        assert why(make_node({"office": {"url": url}})).endswith("it refuses the user or the password.")
    finally:
        mailbox.close()


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("Socket Exception: [Errno 111] Connection refused", "nothing listens at its address"),
        ("Socket Exception: Read timed out. (read timeout=4.0)", "its server does not answer"),
        ("Socket Exception: [Errno -2] Name or service not known", "the name of its server is not known"),
        ("Socket Exception: Remote end closed, RemoteDisconnected(x)", "its server broke off"),
        (
            "Socket Exception: certificate verify failed: certificate has expired",
            "its certificate has expired",
        ),
        ("Socket Exception: {'a@b': (550, b'no such user')}", "it refuses the sender or the recipient"),
    ],
)
def test_a_cause_is_told_in_words_of_ours(line: str, cause: str) -> None:
    assert is_detail(line)
    assert causes_in([line, line]) == [cause]


def test_what_is_not_known_is_not_repeated() -> None:
    assert causes_in([f"Socket Exception: odd {PASSWORD}"]) == []
    assert not is_detail(f"JSON POST URL: http://h/{TOKEN}")
