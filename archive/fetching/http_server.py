# SPDX-License-Identifier: Apache-2.0
"""Files over HTTP and HTTPS: opened from any byte on where the server can, and redirects only whither they may lead."""

from __future__ import annotations

import base64
import http.client
import re
import ssl
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from email.message import Message
from typing import IO, Self

from archive.errors import AnswerUnusable, SourceTooLarge
from archive.fetching.access import Access
from archive.fetching.addresses import SourceAddress, parse_address
from archive.fetching.http_errors import http_errors
from archive.fetching.remote import BLOCK, Entry, RemoteFacts

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_UNSATISFIABLE = 416
_PARTIAL = 206
LARGEST_LIST = 64 << 20
"""Bytes that an index page or a list of files may have; a list of as many files as a manifest takes has fewer."""


class HttpServer:
    """Web servers, asked as `Access` allows.

    Args:
        access: How they may be reached.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._tls = ssl.create_default_context(cafile=str(access.ca) if access.ca else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Each answer has its own connection, closed with it."""

    def open(self, address: SourceAddress, offset: int = 0, known: RemoteFacts | None = None) -> HttpFile:
        """Open a file, as `Server.open`."""
        headers = {}
        if offset and known is not None and known.can_be_known_again:
            headers = {"Range": f"bytes={offset}-", "If-Range": known.etag or known.modified}
        url = address.url
        with http_errors(url):
            try:
                answer = self._ask(address, headers)
            except urllib.error.HTTPError as error:
                if error.code != _UNSATISFIABLE or not headers:
                    raise
                error.close()
                # the file has become shorter: it is another
                answer = self._ask(address, {})
        try:
            return HttpFile(url, answer, offset if headers else 0)
        except BaseException:
            answer.close()
            raise

    def files(self, folder: SourceAddress) -> Iterator[Entry]:
        """All files that the index pages of a folder, or a list of files, name."""
        from archive.fetching.http_listing import files_of

        yield from files_of(self, folder)

    def document(self, address: SourceAddress) -> tuple[SourceAddress, str, bytes]:
        """A small document: where it lies after all redirects, its media type, and its bytes.

        Raises:
            FetchError: It cannot be had, or is larger than a list of files may be.
        """
        with http_errors(address.url), closing(self._ask(address, {})) as answer:
            content = answer.read(LARGEST_LIST + 1)
            media_type = answer.headers.get_content_type()
        if len(content) > LARGEST_LIST:
            raise SourceTooLarge(f"{address.url} is longer than {LARGEST_LIST >> 20} MiB.")
        place = self._access.require_redirect(address, answer.url)
        if place.origin == address.origin:
            # who asks is not told to the server in the address, and so not back by it
            place = replace(place, user=address.user)
        return place, media_type, content

    def _ask(self, address: SourceAddress, headers: dict[str, str]) -> http.client.HTTPResponse:
        self._access.require_host(address)
        # built anew each time: an opener that knows of no file: and ftp: can be sent to none
        opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(context=self._tls),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            _Redirects(self._access),
        ):
            opener.add_handler(handler)
        opener.addheaders = []
        asked = urllib.request.Request(  # noqa: S310 - the opener knows HTTP and HTTPS only
            _without_user(address), headers={"User-Agent": "recto", "Accept-Encoding": "identity", **headers}
        )
        if address.user and (password := self._access.password_of(address)) is not None:
            word = base64.b64encode(f"{address.user}:{password}".encode()).decode()
            # unredirected: the password goes to no host but this
            asked.add_unredirected_header("Authorization", f"Basic {word}")
        answer: http.client.HTTPResponse = opener.open(asked, timeout=self._access.timeout)
        return answer


def _without_user(address: SourceAddress) -> str:
    query = f"?{address.query}" if address.query else ""
    return f"{address.scheme}://{address.place}{address.path or '/'}{query}"


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect where the settings allow it, and refuses it else."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        self._access.require_redirect(parse_address(req.full_url, from_server=True), newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


class HttpFile:
    """The answer to a request, read block by block; see `RemoteFile`.

    Args:
        url: What was asked for.
        answer: The answer.
        asked_from: The byte that was asked for; 0 where the whole was.

    Raises:
        AnswerUnusable: The answer is not the bytes of the file.
    """

    def __init__(self, url: str, answer: http.client.HTTPResponse, asked_from: int) -> None:
        self._url = url
        self._answer = answer
        headers = answer.headers
        if headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
            raise AnswerUnusable(
                f"{url} comes encoded as {headers['Content-Encoding']}, though it was asked for as it is.",
                remedy="Have the server send files of this kind unchanged.",
            )
        size = headers.get("Content-Length")
        total = int(size) if size is not None and size.isdecimal() else None
        self.offset = 0
        if answer.status == _PARTIAL:
            first, total = self._range(headers.get("Content-Range", ""))
            if first != asked_from:
                raise AnswerUnusable(
                    f"{url} was asked for from byte {asked_from} on and comes from {first} on."
                )
            self.offset = asked_from
        etag = headers.get("ETag", "").strip()
        # a weak tag does not promise the same bytes (RFC 9110 section 8.8.1)
        strong = "" if etag.startswith("W/") else etag
        self.facts = RemoteFacts(total, strong, headers.get("Last-Modified", "").strip())

    def _range(self, text: str) -> tuple[int, int | None]:
        told = _CONTENT_RANGE.fullmatch(text.strip())
        if told is None:
            raise AnswerUnusable(f"{self._url} comes in parts of which it does not say where they belong.")
        return int(told[1]), None if told[3] == "*" else int(told[3])

    def read(self) -> bytes:
        """The next bytes, as they arrive; b"" at the end, or where the connection ended early."""
        with http_errors(self._url):
            return self._answer.read1(BLOCK)

    def close(self) -> None:
        """Close the connection."""
        self._answer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
