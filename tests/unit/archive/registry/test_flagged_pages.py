# SPDX-License-Identifier: Apache-2.0
"""What is to be looked at in a large batch is found by an index of the flagged pages alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import event, text

from archive.registry import open_registry
from archive.registry.findings import open_findings


def test_pages_that_nothing_was_found_about_are_not_read(tmp_path: Path) -> None:
    registry = open_registry(f"sqlite:///{tmp_path / 'registry.sqlite3'}")
    asked: list[str] = []

    def listen(*told: Any) -> None:
        asked.append(told[2])

    with registry.reading() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", listen)
        open_findings(session, "batch")
        query = next(words for words in asked if "FROM page" in words)
        plan = connection.execute(text("EXPLAIN QUERY PLAN " + query.replace("?", "'batch'"))).all()
    registry.close()
    assert any("ix_page_flagged" in row[3] for row in plan), plan
