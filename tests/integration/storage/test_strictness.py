# SPDX-License-Identifier: Apache-2.0
"""Against a storage that checks everything and may lie: signatures, proxies, certificates, faults."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import ssl
from pathlib import Path
from typing import Any

import botocore.auth
import botocore.exceptions
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from archive.errors import (
    AccessRefused,
    ClockSkewed,
    DamagedInTransit,
    Retry,
    SessionExpired,
    StorageRefused,
    StorageUnreachable,
    StoredBytesDiffer,
    StoredObjectMissing,
)
from archive.storage import s3_errors
from archive.storage.open_target import open_target
from archive.storage.parts import digest_for_upload
from archive.storage.s3 import S3Options, S3Target
from archive.storage.s3_client import make_client
from archive.storage.target import MemoryUploadSession
from tests.integration.storage.conftest import EXPIRED, SMALL_PART, StrictS3, serve_strictly

PART = SMALL_PART


@pytest.fixture(autouse=True)
def short_parts(small_parts: None) -> None:
    """Every test with small parts."""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of four parts."""
    path = tmp_path_factory.mktemp("large") / "large.tar"
    path.write_bytes(bytes(range(256)) * (3 * PART >> 8) + b"the end of the last part")
    return path


def _target(state: StrictS3, **options: Any) -> S3Target:
    return S3Target(
        "strict", "", S3Options(**{"endpoint": state.endpoint, "attempts": 1, "timeout": 10, **options})
    )


def _upload(target: Any, path: Path, session: MemoryUploadSession | None = None) -> Any:
    digests = digest_for_upload(path, PART)
    return target.upload(
        path,
        "bag.tar",
        sha256=digests.sha256,
        part_size=PART,
        part_sha256=digests.part_sha256,
        metadata={"Title": "Köln, 100 %"},
        session=session or MemoryUploadSession(),
    )


def _puts(state: StrictS3) -> list[str]:
    return sorted(request for request in state.requests if request.startswith("PUT"))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"ContentMD5": base64.b64encode(bytes(16)).decode()}, "BadDigest"),
        ({"ChecksumSHA256": base64.b64encode(bytes(32)).decode()}, "XAmzContentChecksumMismatch"),
    ],
)
def test_the_double_takes_nothing_that_differs_from_what_is_said_of_it(
    wrong: dict[str, str], code: str, strict_s3: StrictS3
) -> None:
    client = make_client(S3Options(endpoint=strict_s3.endpoint, attempts=1))
    with pytest.raises(botocore.exceptions.ClientError, match=code):
        client.put_object(Bucket="strict", Key="x", Body=b"bytes", **wrong)
    upload = client.create_multipart_upload(Bucket="strict", Key="x")["UploadId"]
    where = {"Bucket": "strict", "Key": "x", "UploadId": upload}
    with pytest.raises(botocore.exceptions.ClientError, match=code):
        client.upload_part(**where, PartNumber=1, Body=b"bytes", **wrong)
    tag = client.upload_part(**where, PartNumber=1, Body=b"bytes")["ETag"]
    with pytest.raises(botocore.exceptions.ClientError, match="InvalidPart"):
        client.complete_multipart_upload(
            **where,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": tag}, {"PartNumber": 2, "ETag": tag}]},
        )
    assert strict_s3.objects == {}


@pytest.mark.parametrize("at_once", [1, 2])
def test_parts_go_in_parallel_within_the_bound_and_each_is_signed(
    at_once: int, strict_s3: StrictS3, large: Path
) -> None:
    target = _target(strict_s3, parts_at_once=at_once)
    copy = _upload(target, large)
    assert target.confirm(copy).proof == "whole-digest-read-back+composite-sha256"
    assert _puts(strict_s3) == [f"PUT partNumber {number}" for number in (1, 2, 3, 4)]
    assert strict_s3.most_at_once <= at_once
    assert strict_s3.refusals == []


def test_a_wrong_secret_is_found_by_the_signature(
    strict_s3: StrictS3, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(AccessRefused):
        _upload(_target(strict_s3), large)
    assert set(strict_s3.refusals) == {"SignatureDoesNotMatch"}


def test_an_expired_session_waits_for_new_credentials(
    strict_s3: StrictS3, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", EXPIRED)
    with pytest.raises(SessionExpired) as caught:
        _upload(_target(strict_s3), large)
    assert caught.value.retry == Retry.AFTER_OPERATOR
    assert "AWS_SESSION_TOKEN" in caught.value.remedy


def test_a_session_token_is_signed_and_sent(
    strict_s3: StrictS3, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of-today")
    target = _target(strict_s3)
    target.confirm(_upload(target, large))
    assert (strict_s3.tokens, strict_s3.refusals) == ({"of-today"}, [])


@pytest.mark.parametrize(("hours", "told"), [(-1, "behind"), (2, "ahead")])
def test_a_wrong_clock_is_told_with_how_wrong_it_is(
    hours: int, told: str, strict_s3: StrictS3, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    off = dt.timedelta(hours=hours)

    def wrong_time(**_: Any) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + off

    monkeypatch.setattr(botocore.auth, "get_current_datetime", wrong_time)
    monkeypatch.setattr(s3_errors, "_our_time", wrong_time)
    with pytest.raises(ClockSkewed, match=f"seconds {told}") as caught:
        _upload(_target(strict_s3), large)
    assert caught.value.facts["seconds_off"] == pytest.approx(off.total_seconds(), abs=5)
    assert "timedatectl" in caught.value.remedy
    assert strict_s3.objects == {}


def test_a_session_that_expires_on_the_way_costs_only_the_parts_not_yet_stored(
    strict_s3: StrictS3, large: Path
) -> None:
    strict_s3.faults["PUT partNumber"] = [None, None, (("status"), 400, "ExpiredToken")]
    session = MemoryUploadSession()
    with pytest.raises(SessionExpired):
        _upload(_target(strict_s3, parts_at_once=1), large, session)
    _upload(_target(strict_s3, parts_at_once=1), large, session)
    assert _puts(strict_s3).count("PUT partNumber 3") == 2
    assert len(_puts(strict_s3)) == 5


def test_a_part_the_storage_only_claims_to_have_is_sent_again(strict_s3: StrictS3, large: Path) -> None:
    strict_s3.faults["PUT partNumber"] = [None, "lie"]
    session = MemoryUploadSession()
    target = _target(strict_s3, parts_at_once=1)
    with pytest.raises(DamagedInTransit) as caught:
        _upload(target, large, session)
    assert caught.value.retry == Retry.AUTO
    assert strict_s3.refusals == ["InvalidPart"]
    target.confirm(_upload(target, large, session))
    assert len(_puts(strict_s3)) == 5


def test_a_completion_that_only_claims_success_is_no_copy(strict_s3: StrictS3, large: Path) -> None:
    strict_s3.faults["POST uploadId"] = ["lie"]
    with pytest.raises(StoredObjectMissing):
        _upload(_target(strict_s3), large)


def test_an_error_within_a_success_is_an_error(strict_s3: StrictS3, large: Path) -> None:
    strict_s3.faults["POST uploadId"] = ["200-error"]
    session = MemoryUploadSession()
    with pytest.raises(StorageUnreachable):
        _upload(_target(strict_s3), large, session)
    target = _target(strict_s3)
    target.confirm(_upload(target, large, session))
    assert len(_puts(strict_s3)) == 4


@pytest.mark.parametrize("request_line", ["PUT partNumber", "POST uploadId"])
def test_a_request_that_arrives_twice_does_no_harm(
    request_line: str, strict_s3: StrictS3, large: Path
) -> None:
    strict_s3.faults[request_line] = ["twice"]
    target = _target(strict_s3)
    assert target.confirm(_upload(target, large)).proof == "whole-digest-read-back+composite-sha256"
    assert list(strict_s3.objects) == ["bag.tar"]


def test_a_storage_that_asks_to_slow_down_gets_its_parts_later(strict_s3: StrictS3, large: Path) -> None:
    strict_s3.faults["PUT partNumber"] = [("status", 503, "SlowDown"), ("status", 503, "SlowDown")]
    target = _target(strict_s3, attempts=4)
    target.confirm(_upload(target, large))
    assert len(_puts(strict_s3)) == 6


def test_an_answer_that_never_comes_is_given_up(strict_s3: StrictS3, large: Path) -> None:
    strict_s3.faults["PUT partNumber"] = [None, "hang"]
    session = MemoryUploadSession()
    with pytest.raises(StorageUnreachable):
        _upload(_target(strict_s3, timeout=1.0), large, session)
    target = _target(strict_s3)
    target.confirm(_upload(target, large, session))
    assert len(_puts(strict_s3)) <= 5


def test_both_forms_of_addresses_are_signed_and_sent_through_a_proxy(
    strict_s3: StrictS3, large: Path
) -> None:
    # the double answers as proxy: the names below exist nowhere else
    for addressing, host in (("path", "s3.example.test"), ("virtual", "strict.s3.example.test")):
        strict_s3.objects.clear()
        strict_s3.hosts.clear()
        target = open_target(
            f"s3://strict?endpoint=http://s3.example.test&addressing={addressing}&proxy={strict_s3.endpoint}"
        )
        target.confirm(_upload(target, large))
        assert (list(strict_s3.objects), strict_s3.hosts) == (["bag.tar"], {host})


def test_the_proxy_of_the_environment_is_used(
    strict_s3: StrictS3, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", strict_s3.endpoint)
    monkeypatch.setenv("http_proxy", strict_s3.endpoint)
    _upload(open_target("s3://strict?endpoint=http://s3.example.test"), large)
    assert list(strict_s3.objects) == ["bag.tar"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that only those trust who are told to, with its key behind it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "The Library")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("authority") / "library.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return file


def test_an_own_certificate_authority_is_trusted_only_when_named(authority: Path, large: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    with serve_strictly(context) as state:
        with pytest.raises(StorageUnreachable) as caught:
            _upload(_target(state), large)
        assert "ca=FILE" in caught.value.remedy
        target = open_target(f"s3://strict?endpoint={state.endpoint}&ca={authority}")
        assert target.confirm(_upload(target, large)).sha256 == digest_for_upload(large, PART).sha256


def test_only_uploads_older_than_the_grace_time_and_below_the_prefix_are_aborted(strict_s3: StrictS3) -> None:
    old = (dt.datetime.now(dt.UTC) - dt.timedelta(days=8)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    for name, key, begun in (
        ("old", "in/a.tar", old),
        ("new", "in/b.tar", ""),
        ("foreign", "into/c.tar", old),
    ):
        strict_s3.uploads[name] = {}
        strict_s3.upload_keys[name] = key
        if begun:
            strict_s3.initiated[name] = begun
    target = S3Target("strict", "in", S3Options(endpoint=strict_s3.endpoint, attempts=1))
    # a service that does not tell the age of an upload gets none of them aborted
    strict_s3.uploads["ageless"] = {}
    strict_s3.upload_keys["ageless"] = "in/d.tar"
    strict_s3.initiated["ageless"] = ""
    week = dt.timedelta(days=7)
    (told,) = target.abandon_orphans(week, only_list=True)
    assert (told.url, told.upload_id) == ("s3://strict/in/a.tar", "old")
    assert target.abandon_orphans(week, spare={"old"}) == []
    assert set(strict_s3.uploads) == {"old", "new", "foreign", "ageless"}
    assert target.abandon_orphans(week) == [told]
    assert set(strict_s3.uploads) == {"new", "foreign", "ageless"}
    assert target.abandon_orphans(week) == []


def test_what_no_s3_takes_is_refused_before_the_first_byte(strict_s3: StrictS3, tmp_path: Path) -> None:
    path = tmp_path / "huge.tar"
    with path.open("wb") as file:
        file.truncate((5 << 40) + 1)
    part = 1 << 30
    with pytest.raises(StorageRefused):
        _target(strict_s3).upload(
            path,
            "huge.tar",
            sha256="0" * 64,
            part_size=part,
            part_sha256=["0" * 64] * (5 * 1024 + 1),
            metadata={},
            session=MemoryUploadSession(),
        )
    assert strict_s3.requests == []


def test_the_bandwidth_holds_for_all_parts_together(
    strict_s3: StrictS3, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    target = _target(strict_s3, bytes_per_second=1 << 20)
    monkeypatch.setattr(target._bandwidth, "_sleep", slept.append)
    monkeypatch.setattr(target._bandwidth, "_clock", lambda: 0.0)
    _upload(target, large)
    # with a clock that stands still, a byte more would wait for all bytes before it
    target._bandwidth.take(1)
    assert slept[-1] == pytest.approx(large.stat().st_size / (1 << 20))


def test_the_bandwidth_holds_for_reading_back_too(
    strict_s3: StrictS3, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = _upload(_target(strict_s3), large)
    slept: list[float] = []
    target = _target(strict_s3, bytes_per_second=1 << 20)
    monkeypatch.setattr(target._bandwidth, "_sleep", slept.append)
    monkeypatch.setattr(target._bandwidth, "_clock", lambda: 0.0)
    target.confirm(copy)
    target._bandwidth.take(1)
    assert slept[-1] == pytest.approx(large.stat().st_size / (1 << 20))


def test_a_body_cut_short_on_the_way_is_refused_and_sent_again(strict_s3: StrictS3, large: Path) -> None:
    strict_s3.faults["PUT partNumber"] = [None, "truncate"]
    session = MemoryUploadSession()
    target = _target(strict_s3, parts_at_once=1)
    with pytest.raises(DamagedInTransit):
        _upload(target, large, session)
    target.confirm(_upload(target, large, session))
    assert len(_puts(strict_s3)) == 5


def test_a_part_lost_after_it_was_taken_is_sent_again(strict_s3: StrictS3, large: Path) -> None:
    strict_s3.faults["PUT partNumber"] = ["lose-part"]
    session = MemoryUploadSession()
    target = _target(strict_s3)
    with pytest.raises(DamagedInTransit):
        _upload(target, large, session)
    target.confirm(_upload(target, large, session))
    assert _puts(strict_s3).count("PUT partNumber 1") == 2 or len(_puts(strict_s3)) == 5


def test_an_object_kept_otherwise_than_it_was_taken_is_found_by_reading_back(
    strict_s3: StrictS3, large: Path
) -> None:
    strict_s3.faults["PUT partNumber"] = ["rot"]
    target = _target(strict_s3)
    copy = _upload(target, large)
    # all checksums that it tells are right: only the bytes are not
    assert copy.proof == "composite-sha256"
    with pytest.raises(StoredBytesDiffer):
        target.confirm(copy)


def test_a_failed_part_stops_the_others_and_those_that_arrived_are_not_sent_again(
    strict_s3: StrictS3, large: Path
) -> None:
    strict_s3.faults["PUT partNumber"] = [None, ("status", 403, "AccessDenied")]
    session = MemoryUploadSession()
    target = _target(strict_s3, parts_at_once=3)
    with pytest.raises(AccessRefused):
        _upload(target, large, session)
    (held,) = strict_s3.uploads.values()
    state = session.load()
    assert state is not None
    assert {int(number) for number in state["parts"]} == set(held)
    assert all(state["parts"].values())
    arrived = len(held)
    sent = len(_puts(strict_s3))
    target.confirm(_upload(target, large, session))
    assert len(_puts(strict_s3)) - sent == 4 - arrived
