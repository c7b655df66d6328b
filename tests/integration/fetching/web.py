# SPDX-License-Identifier: Apache-2.0
"""A web server on loopback that serves files from memory, lists them as others do, and can fail on purpose."""

from __future__ import annotations

import base64
import hashlib
import html
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, unquote, urlsplit


@dataclass
class Web:
    """What the server holds, what it saw, and which faults it shall make next.

    `faults` maps a path to a list of faults, each used up once: ("status", 503, {"Retry-After": "7"}),
    ("cut", bytes) closes after so many bytes, ("redirect", address), ("body", bytes) another body,
    ("headers", {...}) adds headers, ("chunks", bytes) sends chunks and closes after so many bytes, "silence" never answers until the test ends, "drop" closes at once.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, list[Any]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    password: str = ""
    knows_ranges: bool = True
    tells_etags: bool = True
    ended: threading.Event = field(default_factory=threading.Event)

    def etag_of(self, path: str) -> str:
        """The strong tag of a file."""
        return f'"{hashlib.sha256(self.files[path]).hexdigest()[:12]}"'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        web = self.server.web
        path = unquote(urlsplit(self.path).path)
        web.requests.append((path, self.headers.get("Range")))
        self.close_connection = True
        waiting = web.faults.get(path, [])
        fault = waiting.pop(0) if waiting else None
        if fault == "silence":
            web.ended.wait(30)
        if isinstance(fault, str):
            return
        kind, *rest = fault if isinstance(fault, tuple) else ("",)
        expected = f"Basic {base64.b64encode(f'anna:{web.password}'.encode()).decode()}"
        if web.password and self.headers.get("Authorization") != expected:
            self._answer(401, b"", {})
        elif kind == "status":
            self._answer(rest[0], b"on purpose", rest[1])
        elif kind == "chunks":
            self._chunks(web.files[path], rest[0])
        elif kind == "redirect":
            self._answer(302, b"", {"Location": rest[0]})
        elif path in web.files:
            self._file(web, path, kind, rest)
        elif path.endswith("/") and any(name.startswith(path) for name in web.files):
            self._answer(200, _index(web, path), {"Content-Type": "text/html; charset=utf-8"})
        else:
            self._answer(404, b"", {})

    def _chunks(self, body: bytes, cut: int) -> None:
        """The body in chunks, without its length (RFC 9112 section 7.1); no last chunk where it is cut."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for begin in range(0, min(len(body), cut), 1 << 16):
            piece = body[begin : begin + (1 << 16)]
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        if cut > len(body):
            self.wfile.write(b"0\r\n\r\n")

    def _file(self, web: Web, path: str, kind: str, rest: list[Any]) -> None:
        body = rest[0] if kind == "body" else web.files[path]
        headers = {"Content-Type": web.types.get(path, "application/octet-stream")}
        if web.tells_etags:
            headers["ETag"] = web.etag_of(path)
        status, wanted = 200, self.headers.get("Range", "")
        if wanted and web.knows_ranges and self.headers.get("If-Range") == web.etag_of(path):
            first = int(wanted.removeprefix("bytes=").partition("-")[0])
            if first >= len(body):
                self._answer(416, b"", {"Content-Range": f"bytes */{len(body)}"})
                return
            headers["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
            status, body = 206, body[first:]
        if kind == "headers":
            headers |= rest[0]
        self._answer(status, body, headers, cut=rest[0] if kind == "cut" else None)

    def _answer(self, status: int, body: bytes, headers: dict[str, str], cut: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if cut is None else body[:cut])


def _index(web: Web, folder: str) -> bytes:
    """An index page as Apache's mod_autoindex writes it, with its columns to sort by and the way up."""
    names = dict.fromkeys(
        rest.partition("/")[0] + ("/" if "/" in rest else "")
        for rest in (name.removeprefix(folder) for name in web.files if name.startswith(folder))
    )
    rows = "".join(
        f'<tr><td><a href="{quote(name)}">{html.escape(name)}</a></td><td>2026-01-02 10:00</td></tr>'
        for name in names
    )
    return (
        f"<!DOCTYPE HTML><html><head><title>Index of {html.escape(folder)}</title></head><body><table>"
        f'<tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th></tr>'
        f'<tr><td><a href="{quote(folder.rstrip("/").rpartition("/")[0])}/">Parent Directory</a></td></tr>'
        f"{rows}</table></body></html>"
    ).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, web: Web) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.web = web

    def handle_error(self, *arguments: object) -> None:
        """A client that went away is part of these tests."""


@contextmanager
def serve_web(tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    """The server, as long as the block lasts."""
    web = Web()
    server = _Server(web)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    web.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web
    finally:
        web.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
