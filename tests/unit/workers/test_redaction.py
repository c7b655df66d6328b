# SPDX-License-Identifier: Apache-2.0
"""Secrets are taken out of texts, whatever form they come in, and what surrounds them stays."""

from __future__ import annotations

import json

import pytest

from workers.redaction import redact


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Authorization: Bearer hush", "Authorization: "),
        ('{"Authorization": "AWS4-HMAC-SHA256 Signature=hush", "Host": "s3"}', '"Host": "s3"}'),
        ("Cookie: session=hush; theme=hush", "Cookie: "),
        ("password='hush with hush' then", " then"),
        (r'{"password": "hush \"hush", "user": "joe"}', '"user": "joe"}'),
        ("aws_secret_access_key=hush region=eu", " region=eu"),
        ("x-amz-security-token: hush", "x-amz-security-token: "),
        ("https://s3/b?X-Amz-Signature=hush&X-Amz-Date=2026", "&X-Amz-Date=2026"),
        ("mount --password hush /data", " /data"),
        ("-----BEGIN EC PRIVATE KEY-----\nhush\nhush\n-----END EC PRIVATE KEY----- end", " end"),
        ("-----BEGIN PRIVATE KEY-----\nhush, and the log ends", "-----BEGIN PRIVATE KEY-----"),
        ("amqp://guest:hush%40x@host//", "@host//"),
    ],
)
def test_a_secret_goes_and_the_rest_stays(text: str, rest: str) -> None:
    shown = redact(text)
    assert "hush" not in shown
    assert rest in shown


def test_a_line_of_json_stays_json() -> None:
    line = json.dumps({"password": 'hu"sh', "Authorization": "Bearer hush", "event": "kept"})
    assert json.loads(redact(line)) == {"password": "***", "Authorization": "***", "event": "kept"}


@pytest.mark.parametrize(
    "text",
    [
        "The password of s3://archive is in the keyring.",
        "12 passwords asked, token passed to the feeder",
        "simulated:flatbed was authorized; cookies are none of ours",
        "sha256=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact(text) == text
