# SPDX-License-Identifier: Apache-2.0
"""A receipt is proved without Recto, as the documentation says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from archive.custody.keys import SigningKey
from archive.receiving.receipts import sign_receipt
from tests.conftest import missing

DOCUMENTATION = Path(__file__).parents[4] / "docs" / "receiving.md"
RECEIPT = "letter_1.tar.receipt.json"


def test_openssl_alone_proves_a_receipt_by_the_documented_commands(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        missing("openssl is not installed")
    (block,) = re.findall(r"```sh\n(R=.*?)```", DOCUMENTATION.read_text(), re.DOTALL)
    key = SigningKey.generate()
    content = sign_receipt({"verdict": "ingested", "bag": {"name": 'Köln, "1"'}, "copies": []}, key)
    (tmp_path / RECEIPT).write_bytes(content)
    (tmp_path / "letter_1.tar").write_bytes(b"tar")
    (tmp_path / "archive.pem").write_bytes(key.public.pem)

    def proved() -> subprocess.CompletedProcess[str]:
        command = ["sh", "-e", "-c", block]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    ended = proved()
    assert ended.returncode == 0, ended.stderr
    assert f"\n{key.public.id}" in ended.stdout
    (tmp_path / RECEIPT).write_bytes(content.replace(b"ingested", b"unchanged"))
    assert proved().returncode == 1
