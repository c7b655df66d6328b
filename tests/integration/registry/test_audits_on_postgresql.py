# SPDX-License-Identifier: Apache-2.0
"""Audits with the registry on PostgreSQL: several at once share the work, and the figures are those of SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.audited_copies import Archive, flip_bit, make_archive
from workers.node import Node
from workers.receiving import audits
from workers.receiving.audit_report import AuditReport, AuditRequest
from workers.receiving.audits import audit_copies, preview_audit
from workers.receiving.fixity_standing import fixity_standing
from workers.settings import load_settings

PAGE = b"a page" * 100


@pytest.fixture
def archive(recto_home: Path, tmp_path: Path, emptied_registry_url: str) -> Iterator[Archive]:
    settings = load_settings({"database_url": emptied_registry_url})
    made = make_archive([str(tmp_path / "here"), str(tmp_path / "there")], settings)
    yield made
    made.node.close()


def audit(node: Node) -> AuditReport:
    try:
        return audit_copies(node, AuditRequest())
    finally:
        node.close()


def test_auditors_share_the_work_and_mend_what_is_damaged(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audits, "CLAIM_COPIES", 5)
    archive.keep("letters", [PAGE, *(number.to_bytes(2) * 9 for number in range(30))])
    archive.keep("diaries", [number.to_bytes(2) * 7 for number in range(30)])
    flip_bit(archive.file("letters", PAGE, 0))
    assert preview_audit(archive.node, AuditRequest())["copies"] == 122
    assert fixity_standing(archive.node).figures.overdue == 122
    nodes = [Node(archive.node.settings) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        reports = list(pool.map(audit, nodes))
    assert sum(report.good for report in reports) == 121
    assert sum(report.mended for report in reports) == 1
    standing = fixity_standing(archive.node).figures
    assert (dict(standing.states), standing.overdue, standing.never) == ({"verified": 122}, 0, 0)
    assert archive.chain("letters").whole
    assert archive.chain("diaries").whole
