# SPDX-License-Identifier: Apache-2.0
"""Addresses of files on servers: what they may be, what they declare, and that no secret stays in one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import HostNotAllowed, SourceUrlInvalid
from archive.fetching.access import Access
from archive.fetching.addresses import Declared, SourceAddress, is_address, parse_address

DIGEST = "ab" * 32


@pytest.mark.parametrize(
    ("text", "scheme", "place", "path"),
    [
        ("https://scans.example.org/v%201/0001.tif", "https", "scans.example.org", "/v 1/0001.tif"),
        ("http://127.0.0.1:8000/a.jpg?size=full", "http", "127.0.0.1:8000", "/a.jpg"),
        ("https://[::1]:8443/a.jpg", "https", "[::1]:8443", "/a.jpg"),
        ("s3://Bucket/prefix/a.tif", "s3", "Bucket", "/prefix/a.tif"),
        ("sftp://anna@host:2222/~/a.tif", "sftp", "host:2222", "/~/a.tif"),
    ],
)
def test_what_can_be_fetched_is_understood(text: str, scheme: str, place: str, path: str) -> None:
    address = parse_address(text)
    assert (address.scheme, address.place, address.plain_path) == (scheme, place, path)
    assert address.url == text


@pytest.mark.parametrize(
    "text",
    [
        "file:///etc/passwd",
        "ftp://host/a.tif",
        "https:///a.tif",
        "https://host:99999/a.tif",
        "https://host/a b.tif",
        "https://host/a\u202eb.tif",
        "https://host/../a.tif",
        "https://host/x/%2e%2e/%2E%2E/etc/passwd",
        "https://host/a%00b.tif",
        "https://host/a%0Ab.tif",
        "https://host\\@evil/a.tif",
        "https://[::1/a.tif",
        "s3://bucket/a.tif?endpoint=http://elsewhere",
        "s3://key@bucket/a.tif",
        "https://host/a.tif#page=2",
        "https://host/a.tif#frontispiece",
        "https://host/a.tif#sha256=abc",
        "https://host/a.tif#size=-1",
        "https://host/a.tif#size=\uff11\uff12",
        "https://host/a.tif#size=" + "9" * 30,
    ],
)
def test_what_cannot_be_fetched_is_refused(text: str) -> None:
    assert is_address(text)
    with pytest.raises(SourceUrlInvalid) as told:
        parse_address(text)
    assert not told.value.facts.get("secret")


@pytest.mark.parametrize(
    "text",
    [
        "https://anna:opensesame@host/a.tif",
        "sftp://anna:opensesame@host/a.tif",
        "s3://AKIA:opensesame@bucket/a.tif",
        "https://host/a.tif?X-Amz-Signature=opensesame",
        "https://host/a.tif?access_token=opensesame",
        "https://host/a.tif?v=1&API-Key=opensesame",
    ],
)
def test_an_address_with_a_secret_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(SourceUrlInvalid) as told:
        parse_address(text)
    assert told.value.facts["secret"]
    assert "opensesame" not in str(told.value.to_json())


def test_what_is_declared_stands_behind_the_number_sign_and_is_never_asked_for() -> None:
    address = parse_address(f"https://host/a.tif?v=2#sha256={DIGEST.upper()}&size=12")
    assert address.declared == Declared(DIGEST, "", 12)
    assert address.url == "https://host/a.tif?v=2"
    assert address.whole == f"https://host/a.tif?v=2#sha256={DIGEST}&size=12"


names = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"), min_size=1, max_size=20
).filter(lambda name: name not in {".", ".."})


@given(names, names)
def test_an_address_made_of_names_is_read_back_to_the_same_names(folder: str, name: str) -> None:
    address = parse_address("sftp://host/base").below(f"{folder}/{name}", Declared(size=3))
    read = parse_address(address.whole)
    assert read == address
    assert read.plain_path == f"/base/{folder}/{name}"
    # the characters that part lists in a cell
    assert not set("|;\n") & set(address.whole)


@given(st.text(max_size=60))
def test_whatever_stands_in_a_manifest_is_understood_or_refused(text: str) -> None:
    for candidate in (text, f"https://{text}", f"https://host/a.tif#{text}"):
        try:
            assert parse_address(candidate).scheme in {"https", "http", "s3", "sftp"}
        except SourceUrlInvalid:
            continue


def test_hosts_are_named_whole_with_port_or_by_their_domain() -> None:
    def allows(hosts: tuple[str, ...], url: str) -> bool:
        try:
            Access(hosts=hosts).require_host(parse_address(url))
        except HostNotAllowed:
            return False
        return True

    assert allows((), "https://anywhere.example/a")
    assert allows(("Scans.example.org",), "https://scans.EXAMPLE.org/a")
    assert allows(("scans.example.org",), "sftp://scans.example.org:2222/a")
    assert allows(("*.example.org",), "https://a.b.example.org/a")
    assert allows(("s3://scans",), "s3://scans/a")
    assert not allows(("*.example.org",), "https://example.org.evil.net/a")
    assert not allows(("*.example.org",), "https://notexample.org/a")
    assert not allows(("example.org:443",), "https://example.org:8443/a")
    assert not allows(("scans",), "s3://scans/a")


@pytest.mark.parametrize(
    ("asked", "target", "hosts", "allowed"),
    [
        ("https://a/x", "https://a/y", (), True),
        ("http://a/x", "https://a/x", (), True),
        ("https://a/x", "http://a/x", (), False),
        ("https://a/x", "http://b/x", ("b",), False),
        ("https://a/x", "https://a:8443/x", (), False),
        ("https://a/x", "https://b/x", (), False),
        ("https://a/x", "https://cdn.b.org/x?token=1", ("*.b.org",), True),
        ("https://a/x", "sftp://a/x", ("a",), False),
    ],
)
def test_a_redirect_leads_nowhere_that_nobody_allowed(
    asked: str, target: str, hosts: tuple[str, ...], *, allowed: bool
) -> None:
    access = Access(redirect_hosts=hosts)
    if allowed:
        assert isinstance(access.require_redirect(parse_address(asked), target), SourceAddress)
    else:
        with pytest.raises(HostNotAllowed):
            access.require_redirect(parse_address(asked), target)
