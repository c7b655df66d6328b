# SPDX-License-Identifier: Apache-2.0
"""`recto doctor` tells of the OCR engines that other packages offer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.commands.doctor import CHECKS, Finding
from tests.unit.archive.text.conftest import GOOD_ENGINE, install_engine
from workers.node import Node
from workers.settings import load_settings

__all__ = ["install_engine"]

Install = Callable[..., None]


def findings() -> dict[str, Finding]:
    (check,) = [check for check in CHECKS if check.__name__ == "_engines"]
    return {finding.check: finding for finding in check(Node(load_settings()))}


def test_each_engine_is_told_with_its_package_and_a_broken_one_with_what_to_do(
    install_engine: Install, recto_home: Path
) -> None:
    install_engine("city_ocr", GOOD_ENGINE, "copyist = city_ocr:engine", "monk = city_ocr:monk")
    told = findings()
    assert told["OCR engine copyist"].good
    assert told["OCR engine copyist"].found == "offered by city_ocr 1.2"
    assert not told["OCR engine monk"].good
    assert "city_ocr 1.2" in told["OCR engine monk"].found
    assert told["OCR engine monk"].remedy
    assert not told["OCR engine monk"].needed
