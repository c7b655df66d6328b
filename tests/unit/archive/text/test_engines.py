# SPDX-License-Identifier: Apache-2.0
"""OCR engines are found by name; a site's own is loaded when asked for, and a broken one names who offers it."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from archive.errors import EngineBroken, EngineUnknown
from archive.text.engine import OcrEngine
from archive.text.engines import TESSERACT, find_engine, forget_engines, site_engines
from tests.unit.archive.text.conftest import GOOD_ENGINE

Install = Callable[..., None]


def test_tesseract_is_an_engine_as_any_other() -> None:
    assert find_engine("tesseract") is TESSERACT
    assert isinstance(TESSERACT, OcrEngine)


def test_a_sites_own_engine_is_found_by_the_name_of_its_entry_point(install_engine: Install) -> None:
    install_engine("city_ocr", GOOD_ENGINE, "copyist = city_ocr:engine")
    assert find_engine("copyist") is find_engine("copyist")
    assert find_engine("copyist").version() == "copyist 1.2"
    assert [(engine.name, engine.distribution, engine.broken) for engine in site_engines()] == [
        ("copyist", "city_ocr 1.2", None)
    ]


def test_an_engine_is_loaded_only_when_it_is_asked_for(install_engine: Install) -> None:
    install_engine("city_ocr", "raise RuntimeError('no licence here')", "copyist = city_ocr:engine")
    assert find_engine("tesseract") is TESSERACT
    with pytest.raises(EngineBroken) as raised:
        find_engine("copyist")
    told = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 - our own error, as Celery sends it
    assert "city_ocr 1.2" in told.message
    assert "no licence here" in told.message


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("engine = len", "is none"),
        (GOOD_ENGINE.replace("engine = Engine()", "engine = Engine"), "is none"),
        (GOOD_ENGINE.replace("def languages", "def tongues"), "is none"),
        (GOOD_ENGINE.replace('"copyist"', '"monk"'), "calls itself 'monk'"),
        ("nothing = 1", "AttributeError"),
    ],
)
def test_what_is_no_engine_is_told_with_its_distribution(
    install_engine: Install, code: str, told: str
) -> None:
    install_engine("city_ocr", code, "copyist = city_ocr:engine")
    (engine,) = site_engines()
    assert engine.broken is not None
    assert told in engine.broken.message
    assert "city_ocr 1.2" in engine.broken.message


def test_an_engine_that_two_distributions_offer_is_refused(install_engine: Install) -> None:
    install_engine("city_ocr", GOOD_ENGINE, "copyist = city_ocr:engine")
    install_engine("state_ocr", GOOD_ENGINE, "copyist = state_ocr:engine")
    with pytest.raises(EngineBroken, match="offered more than once"):
        find_engine("copyist")


def test_nobody_can_take_the_place_of_tesseract(install_engine: Install) -> None:
    install_engine("city_ocr", GOOD_ENGINE, "tesseract = city_ocr:engine")
    assert find_engine("tesseract") is TESSERACT
    (engine,) = site_engines()
    assert engine.broken is not None
    assert "comes with Recto" in engine.broken.message


def test_an_unknown_engine_is_refused_with_the_nearest_name() -> None:
    forget_engines()
    with pytest.raises(EngineUnknown, match="Did you mean tesseract"):
        find_engine("teseract")
