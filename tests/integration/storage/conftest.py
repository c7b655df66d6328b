# SPDX-License-Identifier: Apache-2.0
"""S3 on loopback: moto's server, and a strict double that checks every digest and can fail on purpose."""

from __future__ import annotations

import base64
import datetime as dt
import email.utils
import hashlib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import boto3.session
import moto.s3.models
import pytest
from moto.server import ThreadedMotoServer

from archive.storage import parts
from tests.integration.storage.signature import refusal

ACCESS_KEY = "RECTOTESTKEY"

SECRETS = {ACCESS_KEY: ("not-a-secret", "opensesame")}
"""The secrets the double knows: that of these tests, and that of the end-to-end tests."""

EXPIRED = "expired-session"
"""A session token whose time is over."""

SMALL_PART = 1 << 16
"""Bytes of a part where a test asks for `small_parts`: enough for every step, and soon digested."""


@pytest.fixture(autouse=True)
def aws_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials of these tests, and nothing of this machine's AWS configuration."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def moto_endpoint() -> Iterator[str]:
    """The address of moto's S3 server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def moto_client(moto_endpoint: str, aws_environment: None) -> Iterator[Any]:
    """A client to look behind Recto's back, with an empty bucket `receiving`."""
    client = boto3.session.Session().client("s3", endpoint_url=moto_endpoint, region_name="us-east-1")
    client.create_bucket(Bucket="receiving")
    yield client
    for upload in client.list_multipart_uploads(Bucket="receiving").get("Uploads", []):
        client.abort_multipart_upload(Bucket="receiving", Key=upload["Key"], UploadId=upload["UploadId"])
    for item in client.list_objects_v2(Bucket="receiving").get("Contents", []):
        client.delete_object(Bucket="receiving", Key=item["Key"])
    client.delete_bucket(Bucket="receiving")
    client.close()


@dataclass
class Stored:
    """An object of the double."""

    body: bytes
    metadata: dict[str, str]
    checksum: str
    at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))


@dataclass
class StrictS3:
    """What the double holds, what it saw, and which faults it shall make next.

    `faults` maps "METHOD" or "METHOD query-name" to a list of faults, each used up once:
    ("status", 503, "SlowDown"), "drop" (close without an answer), "flip" (a bit of the body turns in
    flight), "lose-answer" (do the work, then close), "cut" (close in the middle of the answer),
    "lie" (tell of success and do nothing), "twice" (do the work twice, as a proxy that repeats a
    request), "200-error" (an error in the body of a success), "hang" (no answer until the test ends),
    "truncate" (the body arrives cut short), "lose-part" (take a part and lose it afterwards), "rot" (take a
    part and keep it with a turned bit, its checksums unchanged).
    `on_request` is told of each request, "before" and "after" the work; True closes without an answer.
    """

    endpoint: str = ""
    objects: dict[str, Stored] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    upload_facts: dict[str, dict[str, str]] = field(default_factory=dict)
    upload_keys: dict[str, str] = field(default_factory=dict)
    initiated: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    faults: dict[str, list[Any]] = field(default_factory=dict)
    tells_checksums: bool = True
    knows_conditions: bool = True
    lists_checksums: bool = True
    checks_parts: bool = True
    most_at_once: int = 0
    page_keys: int = 1000
    refusals: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    rotten: dict[tuple[str, int], bytes] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)
    on_request: Callable[[str, str], bool] = lambda request, moment: False

    def fault(self, request: str) -> Any:
        """The next fault for a request, used up."""
        waiting = self.faults.get(request, [])
        return waiting.pop(0) if waiting else None


def _base64_sha256(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        state = self.server.state
        with self.server.lock:
            self.server.running += 1
            state.most_at_once = max(state.most_at_once, self.server.running)
        try:
            self._serve_one(state)
        finally:
            with self.server.lock:
                self.server.running -= 1

    def _serve_one(self, state: StrictS3) -> None:
        # through a proxy the whole address stands in the first line
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = next((name for name in ("partNumber", "uploads", "uploadId", "delete") if name in query), "")
        request = f"{self.command} {kind}".strip()
        with self.server.lock:
            state.requests.append(f"{request} {query.get('partNumber', '')}".strip())
            state.hosts.add(self.headers["Host"])
            fault = state.fault(request)
        if fault == "hang":
            state.ended.wait(30)
        if fault in {"drop", "hang"}:
            self.close_connection = True
            return
        if isinstance(fault, tuple):
            self._error(fault[1], fault[2])
            return
        if fault == "flip":
            body = bytes([body[0] ^ 1]) + body[1:]
        if fault == "truncate":
            body = body[: len(body) // 2]
        bucket, key = self._bucket_and_key(unquote(address.path))
        problem = self._refusal(address.path, address.query, body, bucket, kind)
        if problem:
            state.refusals.append(problem[1])
            self._error(*problem)
            return
        line = f"{request} {query.get('partNumber', '')}".strip()
        if state.on_request(line, "before"):
            self.close_connection = True
            return
        answer = self._do(kind, key, query, body, fault)
        if state.on_request(line, "after"):
            self.close_connection = True
            return
        if fault == "lose-answer":
            self.close_connection = True
            return
        self._answer(*answer, cut=fault == "cut")

    def _bucket_and_key(self, path: str) -> tuple[str, str]:
        host = self.headers["Host"]
        if host.startswith("strict."):
            return "strict", path.lstrip("/")
        bucket, _, key = path.lstrip("/").partition("/")
        return bucket, key

    def _refusal(self, path: str, query: str, body: bytes, bucket: str, kind: str) -> tuple[int, str] | None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if headers.get("x-amz-security-token") == EXPIRED:
            return 400, "ExpiredToken"
        self.server.state.tokens |= {token for token in [headers.get("x-amz-security-token")] if token}
        problem = refusal(self.command, path, query, headers, body, SECRETS)
        if problem:
            return problem
        if bucket != "strict":
            return 404, "NoSuchBucket"
        told = headers.get("x-amz-checksum-sha256")
        if told and body and kind != "uploadId" and told != _base64_sha256(body):
            return 400, "XAmzContentChecksumMismatch"
        md5 = headers.get("content-md5")
        if md5 and md5 != base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode():
            return 400, "BadDigest"
        return None

    def _do(
        self, kind: str, key: str, query: dict[str, str], body: bytes, fault: Any
    ) -> tuple[int, bytes, dict[str, str]]:
        work = getattr(self, f"_{self.command.lower()}_{kind.lower() or 'object'}")
        if fault == "lie":
            return 200, b"<CompleteMultipartUploadResult/>", {"ETag": self._etag(body)}
        if fault == "200-error":
            return 200, b"<Error><Code>InternalError</Code><Message>on purpose</Message></Error>", {}
        with self.server.lock:
            if fault == "twice":
                work(key, query, body)
            answer: tuple[int, bytes, dict[str, str]] = work(key, query, body)
            if fault == "lose-part":
                del self.server.state.uploads[query["uploadId"]][int(query["partNumber"])]
            if fault == "rot":
                turned = bytes([body[0] ^ 1]) + body[1:]
                self.server.state.rotten[query["uploadId"], int(query["partNumber"])] = turned
            return answer

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _serve  # noqa: N815 - http.server's names

    def _put_object(self, key: str, _: dict[str, str], body: bytes) -> tuple[int, bytes, dict[str, str]]:
        refusal = self._conditions(key)
        if refusal:
            return refusal
        self.server.state.objects[key] = Stored(body, self._metadata(), _base64_sha256(body))
        return 200, b"", self._told(_base64_sha256(body))

    def _get_object(self, key: str, query: dict[str, str], __: bytes) -> tuple[int, bytes, dict[str, str]]:
        if not key:
            return self._listing(query)
        stored = self.server.state.objects.get(key)
        if stored is None:
            return self._error_answer(404, "NoSuchKey")
        if self.headers.get("If-Match", self._etag(stored.body)) != self._etag(stored.body):
            return self._error_answer(412, "PreconditionFailed")
        facts = {f"x-amz-meta-{name}": value for name, value in stored.metadata.items()}
        facts |= {
            "ETag": self._etag(stored.body),
            "Last-Modified": email.utils.format_datetime(stored.at, usegmt=True),
        }
        if "Range" in self.headers:
            first, _, last = self.headers["Range"].removeprefix("bytes=").partition("-")
            begin, end = int(first), min(int(last or len(stored.body)) + 1, len(stored.body))
            if begin >= len(stored.body):
                return self._error_answer(416, "InvalidRange")
            facts["Content-Range"] = f"bytes {begin}-{end - 1}/{len(stored.body)}"
            return 206, stored.body[begin:end], facts
        return 200, stored.body, {**facts, **self._told(stored.checksum)}

    def _listing(self, query: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        """A page of a list; its token is the key behind which it goes on."""
        objects = self.server.state.objects
        behind = query.get("continuation-token", "")
        keys = sorted(key for key in objects if key.startswith(query.get("prefix", "")) and key > behind)
        page = keys[: self.server.state.page_keys]
        listed = "".join(
            f"<Contents><Key>{escape(quote(key))}</Key><Size>{len(objects[key].body)}</Size>"
            f"<ETag>{escape(self._etag(objects[key].body))}</ETag>"
            f"<LastModified>{objects[key].at:%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
            for key in page
        )
        more = len(page) < len(keys)
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        xml = (
            f"<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>{str(more).lower()}</IsTruncated>"
            f"{listed}{token}</ListBucketResult>"
        )
        return 200, xml.encode(), {}

    def _post_delete(self, _: str, __: dict[str, str], body: bytes) -> tuple[int, bytes, dict[str, str]]:
        for element in ET.fromstring(body).iter():  # noqa: S314 - written by the client under test
            if element.tag.rpartition("}")[2] == "Key":
                self.server.state.objects.pop(element.text or "", None)
        return 200, b"<DeleteResult/>", {}

    _head_object = _get_object

    def _get_uploads(self, _: str, query: dict[str, str], __: bytes) -> tuple[int, bytes, dict[str, str]]:
        state = self.server.state
        now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        uploads = "".join(
            f"<Upload><Key>{escape(state.upload_keys[name])}</Key><UploadId>{name}</UploadId>"
            + (f"<Initiated>{moment}</Initiated>" if (moment := state.initiated.get(name, now)) else "")
            + "</Upload>"
            for name in sorted(state.uploads)
            if state.upload_keys[name].startswith(query.get("prefix", ""))
        )
        xml = f"<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>{uploads}</ListMultipartUploadsResult>"
        return 200, xml.encode(), {}

    def _post_uploads(self, key: str, _: dict[str, str], __: bytes) -> tuple[int, bytes, dict[str, str]]:
        identifier = f"upload-{len(self.server.state.upload_facts)}"
        self.server.state.uploads[identifier] = {}
        self.server.state.upload_facts[identifier] = self._metadata()
        self.server.state.upload_keys[identifier] = key
        xml = f"<InitiateMultipartUploadResult><UploadId>{identifier}</UploadId></InitiateMultipartUploadResult>"
        return 200, xml.encode(), {}

    def _put_partnumber(
        self, _: str, query: dict[str, str], body: bytes
    ) -> tuple[int, bytes, dict[str, str]]:
        upload = self.server.state.uploads.get(query["uploadId"])
        if upload is None:
            return self._error_answer(404, "NoSuchUpload")
        upload[int(query["partNumber"])] = body
        return 200, b"", {"ETag": self._etag(body)}

    def _get_uploadid(self, _: str, query: dict[str, str], __: bytes) -> tuple[int, bytes, dict[str, str]]:
        upload = self.server.state.uploads.get(query["uploadId"])
        if upload is None:
            return self._error_answer(404, "NoSuchUpload")
        parts = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{escape(self._etag(body))}</ETag>"
            f"<Size>{len(body)}</Size>"
            + (
                f"<ChecksumSHA256>{_base64_sha256(body)}</ChecksumSHA256>"
                if self.server.state.lists_checksums
                else ""
            )
            + "</Part>"
            for number, body in sorted(upload.items())
        )
        xml = f"<ListPartsResult><IsTruncated>false</IsTruncated>{parts}</ListPartsResult>"
        return 200, xml.encode(), {}

    def _post_uploadid(
        self, key: str, query: dict[str, str], body: bytes
    ) -> tuple[int, bytes, dict[str, str]]:
        refused = self._conditions(key)
        if refused:
            return refused
        state = self.server.state
        parts = state.uploads.get(query["uploadId"])
        if parts is None:
            return self._error_answer(404, "NoSuchUpload")
        problem = self._parts_problem(body, parts) if state.checks_parts else None
        if problem:
            state.refusals.append(problem)
            return self._error_answer(400, problem)
        del state.uploads[query["uploadId"]]
        bodies = [part for _, part in sorted(parts.items())]
        digests = b"".join(hashlib.sha256(part).digest() for part in bodies)
        checksum = f"{_base64_sha256(digests)}-{len(bodies)}"
        kept = [state.rotten.get((query["uploadId"], number), part) for number, part in sorted(parts.items())]
        state.objects[key] = Stored(b"".join(kept), state.upload_facts[query["uploadId"]], checksum)
        return 200, b"<CompleteMultipartUploadResult/>", {}

    def _parts_problem(self, body: bytes, held: dict[int, bytes]) -> str | None:
        """Why the list of parts in a completion does not fit the parts that are there."""
        listed = [
            {element.tag.rpartition("}")[2]: element.text or "" for element in part}
            for part in ET.fromstring(body)  # noqa: S314 - written by the client under test
        ]
        numbers = [int(part["PartNumber"]) for part in listed]
        if numbers != sorted(set(numbers)):
            return "InvalidPartOrder"
        for part in listed:
            there = held.get(int(part["PartNumber"]))
            if there is None or part["ETag"].strip('"') != self._etag(there).strip('"'):
                return "InvalidPart"
            if part.get("ChecksumSHA256", _base64_sha256(there)) != _base64_sha256(there):
                return "InvalidPart"
        if any(len(held[number]) < parts.SMALLEST_PART for number in numbers[:-1]):
            return "EntityTooSmall"
        return None

    def _delete_uploadid(self, _: str, query: dict[str, str], __: bytes) -> tuple[int, bytes, dict[str, str]]:
        known = self.server.state.uploads.pop(query["uploadId"], None)
        return (204, b"", {}) if known is not None else self._error_answer(404, "NoSuchUpload")

    def _delete_object(self, key: str, _: dict[str, str], __: bytes) -> tuple[int, bytes, dict[str, str]]:
        refusal = self._conditions(key)
        if refusal:
            return refusal
        self.server.state.objects.pop(key, None)
        return 204, b"", {}

    def _conditions(self, key: str) -> tuple[int, bytes, dict[str, str]] | None:
        wanted = self.headers.get("If-Match")
        if "If-None-Match" not in self.headers and wanted is None:
            return None
        state = self.server.state
        if not state.knows_conditions:
            return self._error_answer(501, "NotImplemented")
        there = key in state.objects
        met = there and self._etag(state.objects[key].body) == wanted if wanted is not None else not there
        return None if met else self._error_answer(412, "PreconditionFailed")

    def _metadata(self) -> dict[str, str]:
        prefix = "x-amz-meta-"
        return {
            name.lower().removeprefix(prefix): value
            for name, value in self.headers.items()
            if name.lower().startswith(prefix)
        }

    def _told(self, checksum: str) -> dict[str, str]:
        return {"x-amz-checksum-sha256": checksum} if self.server.state.tells_checksums else {}

    def _etag(self, body: bytes) -> str:
        return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'

    def _error(self, status: int, code: str) -> None:
        self._answer(*self._error_answer(status, code))

    def _error_answer(self, status: int, code: str) -> tuple[int, bytes, dict[str, str]]:
        return status, f"<Error><Code>{code}</Code><Message>on purpose</Message></Error>".encode(), {}

    def _answer(self, status: int, body: bytes, headers: dict[str, str], *, cut: bool = False) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = self.close_connection or cut


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, state: StrictS3) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.state = state
        self.lock = threading.RLock()
        self.running = 0

    def handle_error(self, *arguments: object) -> None:
        """A client that went away is part of these tests."""


@contextmanager
def serve_strictly(tls: ssl.SSLContext | None = None) -> Iterator[StrictS3]:
    """The double, with one bucket `strict`, as long as the block lasts."""
    state = StrictS3()
    server = _Server(state)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    state.endpoint = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        state.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def strict_s3() -> Iterator[StrictS3]:
    """The double over plain HTTP."""
    with serve_strictly() as state:
        yield state


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of 64 KiB, taken by us, by moto and by the double as S3 takes those of 5 MiB."""
    monkeypatch.setattr(parts, "SMALLEST_PART", SMALL_PART)
    monkeypatch.setattr(moto.s3.models, "S3_UPLOAD_PART_MIN_SIZE", SMALL_PART)
